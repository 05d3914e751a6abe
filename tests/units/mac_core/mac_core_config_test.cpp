#include "units/mac_core/mac_core_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "config/leaves.h"
#include "config/read.h"
#include "config/rtl_parameters.h"
#include "units/mac_core/mac_core_array.h"

namespace lutetia {
namespace {

using testing::HasSubstr;

std::string faults(const std::string& text) {
  MacCoreConfig config;
  Problems problems;
  read_yaml_text(text, "x.yaml", config, problems);
  std::string out;
  for (const Problem& p : problems.items()) out += p.text() + "\n";
  return out;
}

TEST(MacCoreConfig, DescribesItselfSoundly) {
  EXPECT_TRUE(check_schema<MacCoreConfig>().empty());
}

TEST(MacCoreConfig, EveryFieldIsAParameterOfTheRtl) {
  std::size_t fields = 0;
  for_each_leaf(prototype_of<MacCoreConfig>(), [&](const std::string& path, const Field& leaf) {
    EXPECT_FALSE(leaf.rtl_name().empty()) << path;
    ++fields;
  });
  EXPECT_EQ(fields, 10u);
}

TEST(MacCoreConfig, RulesAcrossFieldsSayWhatMustHold) {
  EXPECT_THAT(faults("activation_bits: 12\n"), HasSubstr("activation_bits must be 8 or 16"));
  EXPECT_THAT(faults("lanes: 60\n"), HasSubstr("epilogue_lanes must divide lanes"));
  EXPECT_THAT(faults("lanes: 40\n"), HasSubstr("must be larger than the latency of an FP32 accumulator, 5"));
  EXPECT_THAT(faults("psum_bits: 21\n"), HasSubstr("activation_bits + weight_bits + 6"));
  EXPECT_THAT(faults("max_planes: 4\n"), HasSubstr("unknown key"));
  EXPECT_NE(faults("weight_bits: 1\n"), "");
  EXPECT_NE(faults("weight_bits: 9\n"), "");
  EXPECT_EQ(faults("rows: 3\nlanes: 48\nweight_bits: 4\npsum_bits: 18\ngroup_length: 6\n"), "");
}

TEST(MacCoreConfig, ItsShapeStoresActivationsAsTheyComeAndTakesIntegers) {
  MacCoreConfig c;
  c.rows = 3;
  c.lanes = 48;
  c.group_length = 5;
  c.activation_bits = 16;
  c.weight_bits = 6;
  const MatrixCoreShape s = c.shape();
  EXPECT_STREQ(s.unit, "mac_core");
  EXPECT_EQ(s.build_interval, 0u);
  EXPECT_EQ(s.row_elements, 5u);
  EXPECT_EQ(s.element_bits, 16u);
  EXPECT_EQ(s.max_planes, 1u);
  EXPECT_FALSE(s.folded);
  EXPECT_EQ(s.weight_lane_bits(), 30u);
  EXPECT_EQ(s.weight_buffer_depth(), 2u);
  EXPECT_EQ(s.macs_per_fire(), 3u * 48 * 5);
}

TEST(MacCoreConfig, ASafeScaleGroupIsTheLargestWhosePartialSumFits) {
  MacCoreConfig c;
  for (const std::uint32_t bits : {8u, 16u})
    for (c.weight_bits = 2; c.weight_bits <= 8; ++c.weight_bits)
      for (c.psum_bits = 30; c.psum_bits <= 47; ++c.psum_bits) {
        c.activation_bits = bits;
        const std::uint64_t most = (std::uint64_t{1} << (c.psum_bits - 1)) - 1;
        const std::uint64_t term = std::uint64_t{1} << (bits - 1 + c.weight_bits - 1);
        const std::uint64_t safe = c.shape().safe_group_elements(1);
        ASSERT_LE(safe * term, most);
        ASSERT_GT((safe + 1) * term, most);
      }
}

TEST(MacCoreArray, GivesTheDotProductOfEveryPairOfShortGroups) {
  constexpr std::uint32_t kBits = 3, kLength = 2, kGroups = 1u << kBits * kLength;  // one lane per group of weights
  const auto element = [](std::uint32_t group, std::uint32_t k) {
    return static_cast<std::int64_t>(group >> k * kBits & 7) - ((group >> k * kBits & 4) != 0 ? 8 : 0);
  };
  const MacCoreArray array(kGroups, kLength, kBits);
  Payload weights(kGroups * kLength * kBits);
  for (std::uint32_t w = 0; w < kGroups; ++w) weights.set(w * kLength * kBits, kLength * kBits, w);
  for (std::uint32_t a = 0; a < kGroups; ++a) {
    const std::int64_t activations[] = {element(a, 0), element(a, 1)};
    std::int64_t operand[kLength], terms[kGroups];
    array.build(activations, operand);
    array.terms(operand, weights, terms);
    ASSERT_EQ(array.row_sum(operand), activations[0] + activations[1]);
    for (std::uint32_t w = 0; w < kGroups; ++w)
      ASSERT_EQ(terms[w], activations[0] * element(w, 0) + activations[1] * element(w, 1)) << a << " times " << w;
  }
}

TEST(MacCoreArray, GivesTheDotProductForEveryWidthAndLength) {
  constexpr std::uint32_t kLanes = 9;
  std::uint64_t seed = 0;
  for (std::uint32_t bits = 2; bits <= 8; ++bits)
    for (std::uint32_t length = 2; length <= 6; ++length)
      for (int repeat = 0; repeat < 50; ++repeat) {
        Random random(++seed);
        const MacCoreArray array(kLanes, length, bits);
        std::vector<std::int64_t> activations(length), operand(length), expected(kLanes), terms(kLanes);
        Payload weights(kLanes * length * bits);
        for (std::int64_t& a : activations) a = random.below(4) == 0 ? -32768 : random.between(-32768, 32767);
        for (std::uint32_t n = 0; n < kLanes; ++n)
          for (std::uint32_t k = 0; k < length; ++k) {
            const std::int64_t low = -(1 << (bits - 1)),
                               weight = random.below(4) == 0 ? low : random.between(low, -low - 1);
            weights.set((n * length + k) * bits, bits, static_cast<std::uint64_t>(weight));
            expected[n] += activations[k] * weight;
          }
        array.build(activations.data(), operand.data());
        array.terms(operand.data(), weights, terms.data());
        ASSERT_EQ(terms, expected) << "seed " << seed;
      }
}

}  // namespace
}  // namespace lutetia
