#include "units/weight_decoder/weight_decoder_config.h"

#include <gtest/gtest.h>

#include "config/leaves.h"
#include "config/read.h"
#include "config/rtl_parameters.h"

namespace lutetia {
namespace {

TEST(WeightDecoderConfig, DescribesItselfSoundly) {
  EXPECT_TRUE(check_schema<WeightDecoderConfig>().empty());
}

TEST(WeightDecoderConfig, EveryFieldIsAParameterOfTheRtl) {
  std::size_t fields = 0;
  for_each_leaf(prototype_of<WeightDecoderConfig>(), [&](const std::string& path, const Field& leaf) {
    EXPECT_FALSE(leaf.rtl_name().empty()) << path;
    ++fields;
  });
  EXPECT_EQ(fields, 3u);
}

TEST(WeightDecoderConfig, WidthsAreThoseOfTheCode) {
  WeightDecoderConfig c;
  c.lanes = 10;
  const std::uint32_t beats[] = {80, 50, 80};
  for (c.code = 0; c.code < 3; ++c.code) {
    EXPECT_EQ(c.code_beat_bits(), beats[c.code]);
    EXPECT_EQ(c.weight_beat_bits(), 41u);
    EXPECT_EQ(c.illegal_bit(), 40u);
  }
}

TEST(WeightDecoderConfig, CodesAreTheFewestThatHoldTheWeights) {
  WeightDecoderConfig c;
  const std::uint64_t expected[3][7] = {{0, 1, 2, 3, 4, 5, 6}, {0, 2, 3, 4, 6, 7, 8}, {0, 1, 2, 3, 4, 4, 5}};
  for (c.code = 0; c.code < 3; ++c.code)
    for (std::uint32_t groups = 0; groups < 7; ++groups) EXPECT_EQ(c.codes(groups), expected[c.code][groups]);
}

TEST(WeightDecoderConfig, NothingIsLeftOverAfterAPeriod) {
  WeightDecoderConfig c;
  for (c.code = 0; c.code < 3; ++c.code) {
    EXPECT_EQ(c.codes(c.period()) * c.code_weights(), c.period() * WeightDecoderConfig::kGroupLength);
    for (std::uint32_t j = 1; j < c.period(); ++j)
      EXPECT_GT(c.codes(j) * c.code_weights(), j * WeightDecoderConfig::kGroupLength);
  }
}

}  // namespace
}  // namespace lutetia
