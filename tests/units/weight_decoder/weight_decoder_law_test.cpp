// The law by which a machine may leave the decoder out of its calculations: with a code offered in every cycle, a beat
// becomes valid one cycle after the transfer of the beat before it, or a constant after the start of its command,
// whatever the receiver does. The decoder adds latency, and never a bubble.
#include <gtest/gtest.h>

#include "units/weight_decoder/weight_decoder_drive.h"

namespace lutetia {
namespace {

void expect_no_bubbles(const WeightDecoderConfig& config, const std::vector<WeightDecoderCommand>& commands,
                       const Stalls& stalls) {
  const Driven d = drive(config, commands, stalls);
  std::size_t beat = 0, code = 0;
  for (std::size_t c = 0; c < commands.size(); ++c) {
    // A command starts when it and its first code are inside the decoder.
    const Stamp start =
        std::max(d.accepted[WeightDecoderPort::kCommand][c], d.accepted[WeightDecoderPort::kCode][code]);
    code += commands[c].code_beats(config);
    for (const std::size_t end = beat + commands[c].weight_beats(); beat < end; ++beat) {
      const Stamp after_last = beat == 0 ? 0 : d.taken[beat - 1] + 1;
      ASSERT_EQ(d.valid[beat], std::max(after_last, start + config.latency())) << "command " << c << ", beat " << beat;
    }
  }
}

TEST(WeightDecoderLaw, ABeatWaitsOnlyForTheOneBeforeItWhateverTheReceiverDoes) {
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const WeightDecoderConfig config = random_config(random);
    const std::vector<WeightDecoderCommand> commands = random_commands(random, config);
    Stalls stalls(random, 0, static_cast<std::uint32_t>(seed % 10) * 10);
    stalls.start = pick(random, 0, 5);
    expect_no_bubbles(config, commands, stalls);
  }
}

TEST(WeightDecoderLaw, HoldsForCommandsThatComeLate) {
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const WeightDecoderConfig config = random_config(random);
    const std::vector<WeightDecoderCommand> commands = random_commands(random, config);
    Stalls stalls(random, 0, static_cast<std::uint32_t>(seed % 10) * 10);
    for (std::uint32_t& hold : stalls.hold[WeightDecoderPort::kCommand]) hold = pick(random, 0, 60);
    expect_no_bubbles(config, commands, stalls);
  }
}

TEST(WeightDecoderLaw, OnePlanePerCycleAfterTheFirst) {
  Random random(1);
  const Stalls stalls(random, 0, 0);
  for (const TernaryCode code : kAllTernaryCodes) {
    WeightDecoderConfig config;
    config.lanes = 2;
    config.code = static_cast<std::uint32_t>(code);
    const WeightDecoderCommand command{3, 101, 3};
    const Driven d = drive(config, {command}, stalls);
    ASSERT_EQ(d.taken.size(), command.weight_beats());
    EXPECT_EQ(d.taken.front(), config.latency()) << to_text(code);
    EXPECT_EQ(d.taken.back() - d.taken.front() + 1, static_cast<Stamp>(d.taken.size())) << to_text(code);
    EXPECT_EQ(d.activity.busy, static_cast<std::int64_t>(d.taken.size()));
  }
}

TEST(WeightDecoderLaw, LatencyIsThatOfOneCodeMoreIfAGroupNeedsTwo) {
  WeightDecoderConfig config;
  const std::uint32_t expected[] = {3, 4, 3};
  for (config.code = 0; config.code < 3; ++config.code) EXPECT_EQ(config.latency(), expected[config.code]);
}

}  // namespace
}  // namespace lutetia
