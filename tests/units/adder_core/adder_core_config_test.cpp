#include "units/adder_core/adder_core_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/leaves.h"
#include "config/read.h"
#include "config/rtl_parameters.h"
#include "units/adder_core/adder_core_array.h"

namespace lutetia {
namespace {

using testing::HasSubstr;

std::string faults(const std::string& text) {
  AdderCoreConfig config;
  Problems problems;
  read_yaml_text(text, "x.yaml", config, problems);
  std::string out;
  for (const Problem& p : problems.items()) out += p.text() + "\n";
  return out;
}

TEST(AdderCoreConfig, DescribesItselfSoundly) {
  EXPECT_TRUE(check_schema<AdderCoreConfig>().empty());
}

TEST(AdderCoreConfig, EveryFieldIsAParameterOfTheRtl) {
  std::size_t fields = 0;
  for_each_leaf(prototype_of<AdderCoreConfig>(), [&](const std::string& path, const Field& leaf) {
    EXPECT_FALSE(leaf.rtl_name().empty()) << path;
    ++fields;
  });
  EXPECT_EQ(fields, 8u);
}

TEST(AdderCoreConfig, RulesAcrossFieldsSayWhatMustHold) {
  EXPECT_THAT(faults("activation_bits: 9\n"), HasSubstr("activation_bits must be 8 or 16"));
  EXPECT_THAT(faults("lanes: 60\n"), HasSubstr("epilogue_lanes must divide lanes"));
  EXPECT_THAT(faults("lanes: 40\n"), HasSubstr("must be larger than the latency of an FP32 accumulator, 5"));
  EXPECT_THAT(faults("psum_bits: 17\n"), HasSubstr("activation_bits + max_planes + 6"));
  EXPECT_THAT(faults("table_generators: 1\n"), HasSubstr("unknown key"));
  EXPECT_EQ(faults("rows: 3\nlanes: 48\npsum_bits: 18\ngroup_length: 6\n"), "");
}

TEST(AdderCoreConfig, ItsShapeStoresActivationsAsTheyComeAndTakesPlainPlanes) {
  AdderCoreConfig c;
  c.rows = 3;
  c.lanes = 48;
  c.group_length = 5;
  c.activation_bits = 16;
  c.max_planes = 1;
  const MatrixCoreShape s = c.shape();
  EXPECT_STREQ(s.unit, "adder_core");
  EXPECT_EQ(s.build_interval, 0u);
  EXPECT_EQ(s.row_elements, 5u);
  EXPECT_EQ(s.element_bits, 16u);
  EXPECT_FALSE(s.ready_operands);
  EXPECT_FALSE(s.folded);
  EXPECT_EQ(s.weight_bits, 1u);
  EXPECT_EQ(s.weight_lane_bits(), 5u);
  EXPECT_EQ(s.weight_buffer_depth(), 2u);
  EXPECT_EQ(s.chunks(), 6u);
  EXPECT_EQ(s.macs_per_fire(), 3u * 48 * 5);
  EXPECT_EQ(s.array->operand_words(), 5u);
}

/// Every pattern of weight bits, one a lane, with every group of activations of `bits` bits.
TEST(AdderCoreArray, AddsEveryActivationWithTheSignOfItsBit) {
  for (std::uint32_t length = 2; length <= 6; ++length) {
    const std::uint32_t patterns = 1u << length, bits = length <= 4 ? 3 : 2, groups = 1u << bits * length;
    const AdderCoreArray array(patterns, length);
    Payload weights(patterns * length);
    for (std::uint32_t p = 0; p < patterns; ++p) weights.set(p * length, length, p);
    for (std::uint32_t group = 0; group < groups; ++group) {
      std::vector<std::int64_t> activations(length), operand(length), terms(patterns);
      std::int64_t sum = 0;
      for (std::uint32_t k = 0; k < length; ++k) {
        activations[k] = static_cast<std::int64_t>(group >> k * bits & ((1u << bits) - 1)) - (1 << (bits - 1));
        sum += activations[k];
      }
      array.build(activations.data(), operand.data());
      array.terms(operand.data(), weights, terms.data());
      ASSERT_EQ(array.row_sum(operand.data()), sum);
      for (std::uint32_t p = 0; p < patterns; ++p) {
        std::int64_t expected = -sum;  // and twice what the bits turn round
        for (std::uint32_t k = 0; k < length; ++k) expected += (p >> k & 1) != 0 ? 2 * activations[k] : 0;
        ASSERT_EQ(terms[p], expected) << "length " << length << " group " << group << " pattern " << p;
      }
    }
  }
}

}  // namespace
}  // namespace lutetia
