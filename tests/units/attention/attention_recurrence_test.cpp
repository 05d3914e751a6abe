// Law 2 for the attention unit alone: the transaction body's stamps equal those of the cycle body, transfer by
// transfer, for random units, programs and stalls; and skipping steady states changes nothing.
#include "units/attention/attention_recurrence.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "units/attention/attention_stalls.h"

namespace lutetia {
namespace {

struct StalledEnvironment {
  static constexpr bool may_skip() { return false; }
  const Stalls& stalls;
  Transfers transfers = Transfers(AttentionPort::kInputs + 1);

  Stamp offer(std::uint32_t input, Stamp earliest) const {
    return std::max(earliest, stalls.offered(input, transfers[input]));
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
  std::array<Stamp, AttentionPort::kInputs> start{};
  std::uint64_t offers = 0;
  Stamp offer(std::uint32_t input, Stamp earliest) {
    ++offers;
    return std::max(earliest, start[input]);
  }
  static Stamp take(Stamp earliest) { return earliest; }
  static void transfer_in(std::uint32_t, Stamp) {}
  static void transfer_out(Stamp) {}
};

void expect_equal(const AttentionActivity& a, const AttentionActivity& b) {
  EXPECT_EQ(a.busy, b.busy);
  EXPECT_EQ(a.queries, b.queries);
  EXPECT_EQ(a.keys, b.keys);
  EXPECT_EQ(a.downstream, b.downstream);
}

void expect_equal(const std::vector<FifoOccupancy>& a, const std::vector<FifoOccupancy>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].name, b[i].name);
    EXPECT_EQ(a[i].depth, b[i].depth) << a[i].name;
    EXPECT_EQ(a[i].most, b[i].most) << a[i].name;
  }
}

void expect_agreement(std::uint64_t seed, std::uint32_t input_percent, std::uint32_t output_percent) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  const AttentionConfig config = random_config(random);
  const std::vector<AttentionCommand> commands = random_commands(random, config);
  const Stalls stalls(random, input_percent, output_percent);

  AttentionActivity measured;
  AttentionCycle body(config);
  const Transfers cycle = drive_stalled(body, commands, stalls, measured);
  StalledEnvironment environment{stalls};
  AttentionRecurrence<StalledEnvironment> recurrence(config);
  for (const AttentionCommand& command : commands) recurrence.run(command, environment);
  for (std::size_t port = 0; port < cycle.size(); ++port)
    ASSERT_EQ(cycle[port], environment.transfers[port]) << "port " << port;
  expect_equal(measured, recurrence.activity());
  EXPECT_EQ(measured.idle, recurrence.activity().idle + recurrence.stamps().out - recurrence.stamps().score);
  expect_equal(body.fifo_occupancies(), recurrence.fifo_occupancies());
}

void expect_agreements(std::uint64_t first_seed, std::uint32_t input_percent, std::uint32_t output_percent) {
  for (std::uint64_t seed = first_seed; seed < first_seed + 1000 && !testing::Test::HasFailure(); ++seed)
    expect_agreement(seed, input_percent, output_percent);
}

TEST(AttentionRecurrence, EqualsTheCycleBodyWithoutStalls) {
  expect_agreements(0, 0, 0);
}

TEST(AttentionRecurrence, EqualsTheCycleBodyUnderInputStalls) {
  expect_agreements(10000, 20, 0);
}

TEST(AttentionRecurrence, EqualsTheCycleBodyUnderOutputStalls) {
  expect_agreements(20000, 0, 80);
}

TEST(AttentionRecurrence, EqualsTheCycleBodyUnderAllStalls) {
  expect_agreements(30000, 30, 70);
}

TEST(AttentionRecurrence, SkippingSteadyStatesChangesNoStamp) {
  std::uint64_t fast_offers = 0, slow_offers = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const AttentionConfig config = random_config(random);
    AttentionRecurrence<FreeEnvironment<true>> fast(config);
    AttentionRecurrence<FreeEnvironment<false>> slow(config);
    FreeEnvironment<true> fast_environment;
    FreeEnvironment<false> slow_environment;
    for (const AttentionCommand& command : random_commands(random, config, 300)) {
      for (Stamp& start : fast_environment.start) start += random.bernoulli(0.1) ? pick(random, 0, 3000) : 0;
      slow_environment.start = fast_environment.start;
      fast.run(command, fast_environment);
      slow.run(command, slow_environment);
      expect_equal(fast.activity(), slow.activity());
      EXPECT_EQ(fast.activity().idle, slow.activity().idle);
      for (std::uint32_t input = 0; input < AttentionPort::kInputs; ++input)
        ASSERT_EQ(fast.accepted(input), slow.accepted(input)) << "input " << input;
      ASSERT_EQ(0, std::memcmp(&fast.stamps(), &slow.stamps(), sizeof fast.stamps()));
      expect_equal(fast.fifo_occupancies(), slow.fifo_occupancies());
    }
    fast_offers += fast_environment.offers;
    slow_offers += slow_environment.offers;
  }
  EXPECT_LT(fast_offers * 3, slow_offers) << "the test is about skipping";
}

/// The machine's environment: operands that wait in buffers, and steady states that are skipped.
TEST(AttentionRecurrence, SkippingSteadyStatesEndsWhenTheCycleBodyDoes) {
  for (std::uint64_t seed = 0; seed < 300 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const AttentionConfig config = random_config(random);
    const std::vector<AttentionCommand> commands = random_commands(random, config, 60);
    const Stalls none(random, 0, 0);
    AttentionActivity measured;
    AttentionCycle body(config);
    const Transfers cycle = drive_stalled(body, commands, none, measured);
    FreeEnvironment<true> environment;
    AttentionRecurrence<FreeEnvironment<true>> recurrence(config);
    for (const AttentionCommand& command : commands) recurrence.run(command, environment);
    for (std::uint32_t port = 0; port < AttentionPort::kInputs; ++port)
      ASSERT_EQ(cycle[port].empty() ? -1 : cycle[port].back(), recurrence.accepted(port)) << "port " << port;
    ASSERT_EQ(cycle.back().back(), recurrence.stamps().out);
    expect_equal(measured, recurrence.activity());
    expect_equal(body.fifo_occupancies(), recurrence.fifo_occupancies());
  }
}

}  // namespace
}  // namespace lutetia
