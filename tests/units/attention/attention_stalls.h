// Random attention units and commands, and a drive of the cycle body under given stalls that writes down when
// everything happened. Of when things happen only: payloads but commands are zeros.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/random.h"
#include "units/attention/attention_beats.h"
#include "units/attention/attention_cycle.h"
#include "units/attention/attention_recurrence.h"

namespace lutetia {

inline std::uint32_t pick(Random& random, std::uint32_t low, std::uint32_t high) {
  return static_cast<std::uint32_t>(random.between(low, high));
}

inline AttentionConfig random_config(Random& random) {
  AttentionConfig c;
  c.keys = pick(random, 1, 3);
  c.dims = pick(random, 2, 3);
  c.contexts = pick(random, 1, 5);
  c.max_chunks = pick(random, 1, 4);
  c.format = random.bernoulli(0.3) ? AttentionFormat::kFp16 : AttentionFormat::kInteger;
  if (!c.floating()) {
    c.kv_bits = random.bernoulli(0.5) ? 4 : 8;
    c.kv_scales = random.bernoulli(0.6);
    c.output_format = random.bernoulli(0.5) ? AttentionOutput::kInt8 : AttentionOutput::kFp16;
  }
  if (random.bernoulli(0.2)) return c;  // the FIFOs that never limit
  for (std::uint32_t* depth : {&c.score_fifo, &c.probability_fifo, &c.output_fifo, &c.key_fifo, &c.value_fifo})
    *depth = pick(random, 1, 8);
  return c;
}

/// A pass over the keys: one command, or a chain.
inline void append_pass(Random& random, const AttentionConfig& config, std::uint32_t most_blocks,
                        std::vector<AttentionCommand>& commands) {
  AttentionCommand c;
  c.contexts = pick(random, 1, config.contexts);
  c.key_chunks = pick(random, 1, config.max_chunks);
  c.value_chunks = pick(random, 1, config.max_chunks);
  const std::uint32_t length = random.bernoulli(0.6) ? 1 : pick(random, 2, 4);
  const bool partial = random.bernoulli(0.3);
  for (std::uint32_t i = 0; i < length; ++i) {
    c.open = i == 0;
    c.close = i + 1 == length;
    c.states = random.bernoulli(0.3) ? pick(random, 1, 3) : 0;
    c.sink_blocks = random.bernoulli(0.3) ? pick(random, 1, 2) : 0;
    c.blocks = c.states > 0 && random.bernoulli(0.4) ? 0 : pick(random, 1, most_blocks);
    c.from_block = c.sink_blocks + pick(random, 0, 5);
    const bool scales = config.kv_scales && random.bernoulli(0.8);
    c.key_group = scales ? pick(random, 1, c.key_chunks) : 0;
    c.value_group = scales && random.bernoulli(0.8) ? pick(random, 1, c.value_chunks) : 0;
    c.masked = random.bernoulli(0.3);
    c.partial = partial;
    commands.push_back(c);
  }
}

inline std::vector<AttentionCommand> random_commands(Random& random, const AttentionConfig& config,
                                                     std::uint32_t most_blocks = 7) {
  std::vector<AttentionCommand> commands;
  for (std::uint32_t i = pick(random, 1, 6); i > 0; --i) append_pass(random, config, most_blocks, commands);
  return commands;
}

/// Of every input, and of the output behind them.
inline std::vector<std::uint64_t> count_beats(const std::vector<AttentionCommand>& commands) {
  std::vector<std::uint64_t> n(AttentionPort::kInputs + 1, 0);
  for (const AttentionCommand& c : commands) {
    for (std::uint32_t input = 0; input < AttentionPort::kInputs; ++input) n[input] += attention_beats(c, input);
    n.back() += attention_output_beats(c);
  }
  return n;
}

/// Hold-off of each beat of each input after the previous one was accepted, and the receiver's readiness by cycle.
struct Stalls {
  std::vector<std::vector<std::uint32_t>> hold = std::vector<std::vector<std::uint32_t>>(AttentionPort::kInputs);
  std::vector<bool> sink;  ///< repeats

  Stalls(Random& random, std::uint32_t input_percent, std::uint32_t output_percent) {
    for (auto& port : hold) {
      const std::uint32_t longest = pick(random, 1, 12), percent = random.bernoulli(0.3) ? 0 : input_percent;
      for (int i = 0; i < 997; ++i) port.push_back(pick(random, 0, 99) < percent ? pick(random, 1, longest) : 0);
    }
    for (int i = 0; i < 1009; ++i) sink.push_back(pick(random, 0, 99) >= output_percent);
    sink.push_back(true);
  }
  bool ready(Stamp at) const { return sink[static_cast<std::size_t>(at) % sink.size()]; }
  Stamp offered(std::uint32_t port, const std::vector<Stamp>& done) const {
    return (done.empty() ? 0 : done.back() + 1) + hold[port][done.size() % hold[port].size()];
  }
};

using Transfers = std::vector<std::vector<Stamp>>;  ///< by port; the output is the last entry

/// Runs a fresh body to the end of its program; `activity` gets its cycles up to the last output.
inline Transfers drive_stalled(AttentionCycle& body, const std::vector<AttentionCommand>& commands,
                               const Stalls& stalls, AttentionActivity& activity) {
  const std::vector<std::uint64_t> beats = count_beats(commands);
  Transfers transfers(beats.size());
  for (Stamp now = 0; transfers.back().size() < beats.back(); ++now) {
    EXPECT_LT(now, 2'000'000);
    if (now >= 2'000'000) break;
    for (std::uint32_t port = 0; port < AttentionPort::kInputs; ++port) {
      std::vector<Stamp>& done = transfers[port];
      if (done.size() == beats[port] || now < stalls.offered(port, done) || !body.ready(port)) continue;
      body.push(port,
                port == AttentionPort::kCommand ? commands[done.size()].encode() : Payload(body.inputs()[port].bits));
      done.push_back(now);
    }
    if (body.valid(AttentionPort::kOut) && stalls.ready(now)) {
      body.pop(AttentionPort::kOut);
      transfers.back().push_back(now);
    }
    std::int64_t* counters[] = {&activity.busy, &activity.idle, &activity.queries, &activity.keys,
                                &activity.downstream};
    ++*counters[body.activity()];
    body.clock();
  }
  EXPECT_TRUE(body.idle());
  for (std::uint32_t port = 0; port < AttentionPort::kInputs; ++port)
    EXPECT_EQ(beats[port], transfers[port].size()) << "port " << port;
  return transfers;
}

}  // namespace lutetia
