// The transaction body's stamps equal those of the cycle body, transfer by transfer, for random parameters, commands
// and stalls; and skipping steady states changes nothing.
#include "units/weight_decoder/weight_decoder_recurrence.h"

#include <gtest/gtest.h>

#include <cstring>

#include "units/weight_decoder/weight_decoder_drive.h"

namespace lutetia {
namespace {

struct StalledEnvironment {
  static constexpr bool may_skip() { return false; }
  const Stalls& stalls;
  Driven driven{};

  Stamp offer(std::uint32_t input, Stamp earliest) const {
    return std::max(earliest, stalls.offered(input, driven.accepted[input]));
  }
  Stamp take(Stamp earliest) const {
    while (!stalls.ready(earliest)) ++earliest;
    return earliest;
  }
  void transfer_in(std::uint32_t input, Stamp at) { driven.accepted[input].push_back(at); }
  void transfer_out(Stamp at) { driven.taken.push_back(at); }
};

template <bool kSkip>
struct FreeEnvironment {
  static constexpr bool may_skip() { return kSkip; }
  Stamp start = 0;
  Stamp pace = 0;  ///< the receiver takes a beat in multiples of it
  Stamp offer(std::uint32_t, Stamp earliest) const { return std::max(earliest, start); }
  Stamp take(Stamp earliest) const { return earliest + pace; }
  void transfer_in(std::uint32_t, Stamp) {}
  void transfer_out(Stamp) {}
};

void expect_agreement(std::uint64_t seed, std::uint32_t input_percent, std::uint32_t output_percent) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  const WeightDecoderConfig config = random_config(random);
  const std::vector<WeightDecoderCommand> commands = random_commands(random, config);
  const Stalls stalls(random, input_percent, output_percent);

  const Driven cycle = drive(config, commands, stalls);
  StalledEnvironment environment{stalls};
  WeightDecoderRecurrence<StalledEnvironment> recurrence(config);
  for (const WeightDecoderCommand& command : commands) recurrence.run(command, environment);

  ASSERT_EQ(cycle.accepted, environment.driven.accepted);
  ASSERT_EQ(cycle.taken, environment.driven.taken);
  EXPECT_EQ(cycle.activity.busy, recurrence.activity().busy);
  EXPECT_EQ(cycle.activity.codes, recurrence.activity().codes);
  EXPECT_EQ(cycle.activity.fill, recurrence.activity().fill);
  EXPECT_EQ(cycle.activity.output, recurrence.activity().output);
  EXPECT_GE(cycle.activity.no_command, recurrence.activity().no_command) << "after the last command, too";
}

TEST(WeightDecoderRecurrence, EqualsTheCycleBodyWithoutStalls) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) expect_agreement(seed, 0, 0);
}

TEST(WeightDecoderRecurrence, EqualsTheCycleBodyUnderInputStalls) {
  for (std::uint64_t seed = 1000; seed < 1300; ++seed) expect_agreement(seed, 20, 0);
}

TEST(WeightDecoderRecurrence, EqualsTheCycleBodyUnderOutputStalls) {
  for (std::uint64_t seed = 2000; seed < 2300; ++seed) expect_agreement(seed, 0, 60);
}

TEST(WeightDecoderRecurrence, EqualsTheCycleBodyUnderAllStalls) {
  for (std::uint64_t seed = 3000; seed < 3300; ++seed) expect_agreement(seed, 30, 50);
}

TEST(WeightDecoderRecurrence, SkippingSteadyStatesChangesNoStamp) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Random random(seed);
    const WeightDecoderConfig config = random_config(random);
    WeightDecoderRecurrence<FreeEnvironment<true>> fast(config);
    WeightDecoderRecurrence<FreeEnvironment<false>> slow(config);
    FreeEnvironment<true> fast_environment;
    FreeEnvironment<false> slow_environment;
    fast_environment.pace = slow_environment.pace = pick(random, 0, 2);
    for (WeightDecoderCommand command : random_commands(random, config)) {
      command.row_blocks = pick(random, 1, 30);
      command.k_groups = pick(random, 1, 300);
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
