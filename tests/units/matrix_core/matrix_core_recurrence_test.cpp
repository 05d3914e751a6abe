// Law 2 for the frame of matrix cores alone: the transaction body's stamps equal those of the cycle body, transfer by
// transfer, for random shapes of every kind of operand, commands and stalls; and skipping steady states changes
// nothing.
#include "units/matrix_core/matrix_core_recurrence.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "units/matrix_core/matrix_core_beats.h"
#include "units/matrix_core/matrix_core_cycle.h"
#include "units/matrix_core/random_shape.h"

namespace lutetia {
namespace {

/// Hold-off of each beat of each input after the previous one was accepted, and the receiver's readiness by cycle.
struct Stalls {
  std::vector<std::vector<std::uint32_t>> hold = std::vector<std::vector<std::uint32_t>>(MatrixCorePort::kInputs);
  std::vector<bool> sink;  ///< repeats

  Stalls(Generator& random, std::uint32_t input_percent, std::uint32_t output_percent) {
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

Transfers run_cycle_body(const MatrixCoreShape& shape, const std::vector<MatrixCoreCommand>& commands,
                         const Stalls& stalls, MatrixCoreActivity* activity) {
  MatrixCoreCycle body(shape);
  std::vector<std::uint64_t> beats(MatrixCorePort::kInputs, 0);
  std::uint64_t outputs = 0;
  for (const MatrixCoreCommand& command : commands) {
    ++beats[MatrixCorePort::kCommand];
    beats[MatrixCorePort::kActivation] += command.activation_beats(shape);
    beats[MatrixCorePort::kWeight] += command.fires(shape);
    beats[MatrixCorePort::kScale] += command.scale_beats(shape);
    if (command.fill) beats[MatrixCorePort::kFill] += command.output_beats(shape);
    outputs += command.output_beats(shape);
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
      Payload payload(MatrixCoreBeats::bits(shape, port));
      if (port == MatrixCorePort::kCommand) payload = commands[done.size()].encode();
      body.push(port, payload);
      done.push_back(now);
    }
    if (body.valid(0) && stalls.ready(now)) {
      body.pop(0);
      transfers.back().push_back(now);
    }
    std::int64_t* counters[] = {&activity->busy, &activity->no_command, &activity->operands, &activity->weights,
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

void expect_agreement(OperandKind kind, std::uint64_t seed, std::uint32_t input_percent, std::uint32_t output_percent) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Generator random(seed);
  const MatrixCoreShape shape = random_shape(random, kind);
  std::vector<MatrixCoreCommand> commands;
  for (std::uint32_t i = pick(random, 1, 6); i > 0; --i) commands.push_back(random_command(random, shape));
  const Stalls stalls(random, input_percent, output_percent);

  MatrixCoreActivity measured;
  const Transfers cycle = run_cycle_body(shape, commands, stalls, &measured);
  StalledEnvironment environment{stalls};
  MatrixCoreRecurrence<StalledEnvironment> recurrence(shape);
  for (const MatrixCoreCommand& command : commands) recurrence.run(command, environment);

  for (std::size_t port = 0; port < cycle.size(); ++port)
    ASSERT_EQ(cycle[port], environment.transfers[port]) << "port " << port;
  EXPECT_EQ(measured.busy, recurrence.activity().busy);
  EXPECT_EQ(measured.operands, recurrence.activity().operands);
  EXPECT_EQ(measured.weights, recurrence.activity().weights);
  EXPECT_EQ(measured.epilogue, recurrence.activity().epilogue);
}

class MatrixCoreRecurrenceOf : public testing::TestWithParam<OperandKind> {
 protected:
  void expect_agreements(std::uint64_t first_seed, std::uint32_t input_percent, std::uint32_t output_percent) {
    for (std::uint64_t seed = first_seed; seed < first_seed + 200 && !HasFailure(); ++seed)
      expect_agreement(GetParam(), seed, input_percent, output_percent);
  }
};

TEST_P(MatrixCoreRecurrenceOf, EqualsTheCycleBodyWithoutStalls) {
  expect_agreements(0, 0, 0);
}

TEST_P(MatrixCoreRecurrenceOf, EqualsTheCycleBodyUnderInputStalls) {
  expect_agreements(1000, 20, 0);
}

TEST_P(MatrixCoreRecurrenceOf, EqualsTheCycleBodyUnderOutputStalls) {
  expect_agreements(2000, 0, 60);
}

TEST_P(MatrixCoreRecurrenceOf, EqualsTheCycleBodyUnderAllStalls) {
  expect_agreements(3000, 30, 80);
}

TEST_P(MatrixCoreRecurrenceOf, SkippingSteadyStatesChangesNoStamp) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Generator random(seed);
    const MatrixCoreShape shape = random_shape(random, GetParam());
    MatrixCoreRecurrence<FreeEnvironment<true>> fast(shape);
    MatrixCoreRecurrence<FreeEnvironment<false>> slow(shape);
    FreeEnvironment<true> fast_environment;
    FreeEnvironment<false> slow_environment;
    for (std::uint32_t i = pick(random, 1, 6); i > 0; --i) {
      MatrixCoreCommand command = random_command(random, shape, 300);
      command.rows = pick(random, 1, 30 * shape.rows);
      fast_environment.start += pick(random, 0, 1) * pick(random, 0, 3000);
      slow_environment.start = fast_environment.start;
      fast.run(command, fast_environment);
      slow.run(command, slow_environment);
      ASSERT_EQ(0, std::memcmp(&fast.stamps(), &slow.stamps(), sizeof fast.stamps())) << "seed " << seed;
      ASSERT_EQ(0, std::memcmp(&fast.activity(), &slow.activity(), sizeof fast.activity())) << "seed " << seed;
    }
  }
}

/// The machine's environment: operands that wait in buffers, and steady states that are skipped.
TEST_P(MatrixCoreRecurrenceOf, SkippingSteadyStatesEndsWhenTheCycleBodyDoes) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Generator random(seed);
    const MatrixCoreShape shape = random_shape(random, GetParam());
    const std::vector<MatrixCoreCommand> commands = {random_command(random, shape, 120),
                                                     random_command(random, shape, 120)};
    const Stalls none(random, 0, 0);
    MatrixCoreActivity measured;
    const Transfers cycle = run_cycle_body(shape, commands, none, &measured);
    FreeEnvironment<true> environment;
    MatrixCoreRecurrence<FreeEnvironment<true>> recurrence(shape);
    for (const MatrixCoreCommand& command : commands) recurrence.run(command, environment);
    const MatrixCoreStamps& stamps = recurrence.stamps();
    const Stamp last[] = {stamps.command_accept, stamps.act_accept,  stamps.weight_accept,
                          stamps.scale_accept,   stamps.fill_accept, stamps.out_pop[0]};
    for (std::size_t port = 0; port < cycle.size(); ++port)
      ASSERT_EQ(cycle[port].empty() ? -1 : cycle[port].back(), last[port]) << "port " << port;
    ASSERT_EQ(measured.busy, recurrence.activity().busy);
    ASSERT_EQ(measured.operands, recurrence.activity().operands);
  }
}

INSTANTIATE_TEST_SUITE_P(Operands, MatrixCoreRecurrenceOf, testing::ValuesIn(kAllOperandKinds),
                         [](const auto& info) { return std::string(to_text(info.param)); });

}  // namespace
}  // namespace lutetia
