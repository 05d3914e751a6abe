// Law 2 for the LUT core alone: the transaction body's stamps equal those of the cycle body, transfer by transfer, for
// random parameters, commands and stalls; and skipping steady states changes nothing.
#include "units/matrix_core/matrix_core_recurrence.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "units/matrix_core/matrix_core_beats.h"
#include "units/matrix_core/matrix_core_cycle.h"

namespace lutetia {
namespace {

using Random = std::mt19937_64;

std::uint32_t pick(Random& random, std::uint32_t low, std::uint32_t high) {
  return low + static_cast<std::uint32_t>(random() % (high - low + 1));
}

LutCoreConfig random_config(Random& random) {
  LutCoreConfig c;
  c.table_generators = pick(random, 1, 3);
  c.rows = c.table_generators * pick(random, 1, 4);
  c.epilogue_lanes = pick(random, 1, 2);
  c.lanes = c.epilogue_lanes * pick(random, 6, 9);
  c.psum_blocks = pick(random, 1, 3);
  c.max_planes = pick(random, 1, 4);
  return c;
}

MatrixCoreCommand random_command(Random& random, const LutCoreConfig& c) {
  MatrixCoreCommand command;
  command.rows = pick(random, 1, 3 * c.rows);
  command.k_groups = pick(random, 1, 24);
  command.scale_group_length = pick(random, 1, 26);
  command.n_blocks = pick(random, 1, c.psum_blocks);
  command.planes = pick(random, 1, c.max_planes);
  command.fill = pick(random, 0, 3) == 0;
  return command;
}

/// Hold-off of each beat of each input after the previous one was accepted, and the receiver's readiness by cycle.
struct Stalls {
  std::vector<std::vector<std::uint32_t>> hold = std::vector<std::vector<std::uint32_t>>(MatrixCorePort::kInputs);
  std::vector<bool> sink;  ///< repeats

  Stalls(Random& random, std::uint32_t input_percent, std::uint32_t output_percent) {
    for (auto& port : hold) {
      const std::uint32_t longest = pick(random, 1, 40);
      for (int i = 0; i < 997; ++i) port.push_back(pick(random, 0, 99) < input_percent ? pick(random, 1, longest) : 0);
    }
    for (int i = 0; i < 1009; ++i) sink.push_back(pick(random, 0, 99) >= output_percent);
    sink.push_back(true);
  }
  bool ready(Stamp at) const { return sink[static_cast<std::size_t>(at) % sink.size()]; }
};

using Transfers = std::vector<std::vector<Stamp>>;  ///< by port; the output is the last entry

Transfers run_cycle_body(const LutCoreConfig& config, const std::vector<MatrixCoreCommand>& commands,
                         const Stalls& stalls, MatrixCoreActivity* activity) {
  LutCoreCycle body(config);
  std::vector<std::uint64_t> beats(MatrixCorePort::kInputs, 0);
  std::uint64_t outputs = 0;
  for (const MatrixCoreCommand& command : commands) {
    ++beats[MatrixCorePort::kCommand];
    beats[MatrixCorePort::kActivation] += command.activation_beats(config);
    beats[MatrixCorePort::kWeight] += command.fires(config);
    beats[MatrixCorePort::kScale] += command.scale_beats(config);
    if (command.fill) beats[MatrixCorePort::kFill] += command.output_beats(config);
    outputs += command.output_beats(config);
  }
  Transfers transfers(MatrixCorePort::kInputs + 1);
  for (Stamp now = 0; transfers.back().size() < outputs; ++now) {
    EXPECT_LT(now, 2'000'000);
    if (now >= 2'000'000) break;
    for (std::uint32_t port = 0; port < MatrixCorePort::kInputs; ++port) {
      std::vector<Stamp>& done = transfers[port];
      const auto& hold = stalls.hold[port];
      const Stamp offered = (done.empty() ? 0 : done.back() + 1) + hold[done.size() % hold.size()];
      if (done.size() == beats[port] || now < offered || !body.ready(port)) continue;
      Payload payload(MatrixCoreBeats::bits(config, port));
      if (port == MatrixCorePort::kCommand) payload = commands[done.size()].encode();
      body.push(port, payload);
      done.push_back(now);
    }
    if (body.valid(0) && stalls.ready(now)) {
      body.pop(0);
      transfers.back().push_back(now);
    }
    std::int64_t* counters[] = {&activity->busy, &activity->no_command, &activity->table, &activity->weights,
                                &activity->epilogue};
    ++*counters[body.activity()];
    body.clock();
  }
  EXPECT_TRUE(body.idle());
  return transfers;
}

struct StalledEnvironment {
  static constexpr bool may_skip() { return false; }
  const Stalls& stalls;
  Transfers transfers = Transfers(MatrixCorePort::kInputs + 1);

  Stamp offer(std::uint32_t input, Stamp earliest) const {
    const auto& done = transfers[input];
    const auto& hold = stalls.hold[input];
    return std::max<Stamp>(earliest, (done.empty() ? 0 : done.back() + 1) + hold[done.size() % hold.size()]);
  }
  Stamp take(Stamp earliest) const {
    while (!stalls.ready(earliest)) ++earliest;
    return earliest;
  }
  void transfer_in(std::uint32_t input, Stamp at) { transfers[input].push_back(at); }
  void transfer_out(Stamp at) { transfers.back().push_back(at); }
};

template <bool kSkip>
struct FreeEnvironment {
  static constexpr bool may_skip() { return kSkip; }
  Stamp start = 0;
  Stamp offer(std::uint32_t, Stamp earliest) const { return std::max(earliest, start); }
  Stamp take(Stamp earliest) const { return earliest; }
  void transfer_in(std::uint32_t, Stamp) {}
  void transfer_out(Stamp) {}
};

void expect_agreement(std::uint64_t seed, std::uint32_t input_percent, std::uint32_t output_percent) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  const LutCoreConfig config = random_config(random);
  std::vector<MatrixCoreCommand> commands;
  for (std::uint32_t i = pick(random, 1, 6); i > 0; --i) commands.push_back(random_command(random, config));
  const Stalls stalls(random, input_percent, output_percent);

  MatrixCoreActivity measured;
  const Transfers cycle = run_cycle_body(config, commands, stalls, &measured);
  StalledEnvironment environment{stalls};
  MatrixCoreRecurrence<StalledEnvironment> recurrence(config);
  for (const MatrixCoreCommand& command : commands) recurrence.run(command, environment);

  for (std::size_t port = 0; port < cycle.size(); ++port)
    ASSERT_EQ(cycle[port], environment.transfers[port]) << "port " << port;
  EXPECT_EQ(measured.busy, recurrence.activity().busy);
  EXPECT_EQ(measured.table, recurrence.activity().table);
  EXPECT_EQ(measured.weights, recurrence.activity().weights);
  EXPECT_EQ(measured.epilogue, recurrence.activity().epilogue);
}

TEST(MatrixCoreRecurrence, EqualsTheCycleBodyWithoutStalls) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) expect_agreement(seed, 0, 0);
}

TEST(MatrixCoreRecurrence, EqualsTheCycleBodyUnderInputStalls) {
  for (std::uint64_t seed = 1000; seed < 1200; ++seed) expect_agreement(seed, 20, 0);
}

TEST(MatrixCoreRecurrence, EqualsTheCycleBodyUnderOutputStalls) {
  for (std::uint64_t seed = 2000; seed < 2200; ++seed) expect_agreement(seed, 0, 60);
}

TEST(MatrixCoreRecurrence, EqualsTheCycleBodyUnderAllStalls) {
  for (std::uint64_t seed = 3000; seed < 3200; ++seed) expect_agreement(seed, 30, 80);
}

TEST(MatrixCoreRecurrence, SkippingSteadyStatesChangesNoStamp) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Random random(seed);
    const LutCoreConfig config = random_config(random);
    MatrixCoreRecurrence<FreeEnvironment<true>> fast(config);
    MatrixCoreRecurrence<FreeEnvironment<false>> slow(config);
    FreeEnvironment<true> fast_environment;
    FreeEnvironment<false> slow_environment;
    for (std::uint32_t i = pick(random, 1, 6); i > 0; --i) {
      MatrixCoreCommand command = random_command(random, config);
      command.rows = pick(random, 1, 30 * config.rows);
      command.k_groups = pick(random, 1, 300);
      command.scale_group_length = pick(random, 1, 320);
      fast_environment.start += pick(random, 0, 1) * pick(random, 0, 3000);
      slow_environment.start = fast_environment.start;
      fast.run(command, fast_environment);
      slow.run(command, slow_environment);
      ASSERT_EQ(0, std::memcmp(&fast.stamps(), &slow.stamps(), sizeof fast.stamps())) << "seed " << seed;
      ASSERT_EQ(0, std::memcmp(&fast.activity(), &slow.activity(), sizeof fast.activity())) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace lutetia
