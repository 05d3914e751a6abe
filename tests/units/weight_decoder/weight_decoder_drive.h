// Drives the cycle body of the weight decoder under given stalls, and writes down when everything happened.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/random.h"
#include "units/weight_decoder/weight_decoder_beats.h"
#include "units/weight_decoder/weight_decoder_cycle.h"
#include "units/weight_decoder/weight_decoder_recurrence.h"

namespace lutetia {

inline std::uint32_t pick(Random& random, std::uint32_t low, std::uint32_t high) {
  return static_cast<std::uint32_t>(random.between(low, high));
}

inline WeightDecoderConfig random_config(Random& random) {
  WeightDecoderConfig c;
  c.lanes = pick(random, 1, 3);
  c.code = pick(random, 0, 2);
  c.blocks = pick(random, 1, 4);
  return c;
}

inline std::vector<WeightDecoderCommand> random_commands(Random& random, const WeightDecoderConfig& c) {
  std::vector<WeightDecoderCommand> commands(pick(random, 1, 8));
  for (WeightDecoderCommand& command : commands) {
    command.row_blocks = pick(random, 1, 3);
    command.k_groups = pick(random, 1, pick(random, 1, 20));
    command.n_blocks = pick(random, 1, c.blocks);
  }
  return commands;
}

/// Hold-off of each beat of each input after the previous one was accepted, and the receiver's readiness by cycle.
struct Stalls {
  std::vector<std::vector<std::uint32_t>> hold = std::vector<std::vector<std::uint32_t>>(WeightDecoderPort::kInputs);
  std::vector<bool> sink;  ///< repeats
  Stamp start = 0;         ///< first offers

  Stalls(Random& random, std::uint32_t input_percent, std::uint32_t output_percent) {
    for (auto& port : hold) {
      const std::uint32_t longest = pick(random, 1, 12);
      for (int i = 0; i < 997; ++i) port.push_back(pick(random, 0, 99) < input_percent ? pick(random, 1, longest) : 0);
    }
    for (int i = 0; i < 1009; ++i) sink.push_back(pick(random, 0, 99) >= output_percent);
    sink.push_back(true);
  }
  bool ready(Stamp at) const { return sink[static_cast<std::size_t>(at) % sink.size()]; }
  Stamp offered(std::uint32_t port, const std::vector<Stamp>& done) const {
    return (done.empty() ? start : done.back() + 1) + hold[port][done.size() % hold[port].size()];
  }
};

struct Driven {
  std::vector<std::vector<Stamp>> accepted = std::vector<std::vector<Stamp>>(WeightDecoderPort::kInputs);
  std::vector<Stamp> valid, taken;  ///< per output beat: first cycle with valid, transfer
  WeightDecoderActivity activity;
};

inline Driven drive(const WeightDecoderConfig& config, const std::vector<WeightDecoderCommand>& commands,
                    const Stalls& stalls) {
  WeightDecoderCycle body(config);
  std::vector<std::uint64_t> beats(WeightDecoderPort::kInputs, 0);
  std::uint64_t outputs = 0;
  for (const WeightDecoderCommand& command : commands) {
    ++beats[WeightDecoderPort::kCommand];
    beats[WeightDecoderPort::kCode] += command.code_beats(config);
    outputs += command.weight_beats();
  }
  Driven d;
  for (Stamp now = 0; d.taken.size() < outputs; ++now) {
    EXPECT_LT(now, 1'000'000);
    if (now >= 1'000'000) break;
    for (std::uint32_t port = 0; port < WeightDecoderPort::kInputs; ++port) {
      std::vector<Stamp>& done = d.accepted[port];
      if (done.size() == beats[port] || now < stalls.offered(port, done) || !body.ready(port)) continue;
      body.push(port, port == WeightDecoderPort::kCommand ? commands[done.size()].encode()
                                                          : Payload(config.code_beat_bits()));
      done.push_back(now);
    }
    if (body.valid(0)) {
      if (d.valid.size() == d.taken.size()) d.valid.push_back(now);
      if (stalls.ready(now)) {
        body.pop(0);
        d.taken.push_back(now);
      }
    }
    WeightDecoderActivity& a = d.activity;
    std::int64_t* counters[] = {&a.busy, &a.no_command, &a.codes, &a.fill, &a.output};
    ++*counters[body.activity()];
    body.clock();
  }
  EXPECT_TRUE(body.idle());
  EXPECT_EQ(d.accepted[WeightDecoderPort::kCode].size(), beats[WeightDecoderPort::kCode]);
  return d;
}

}  // namespace lutetia
