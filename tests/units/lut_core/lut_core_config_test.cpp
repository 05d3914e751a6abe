#include "units/lut_core/lut_core_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/leaves.h"
#include "config/read.h"
#include "config/rtl_parameters.h"

namespace lutetia {
namespace {

using testing::HasSubstr;

std::string faults(const std::string& text) {
  LutCoreConfig config;
  Problems problems;
  read_yaml_text(text, "x.yaml", config, problems);
  std::string out;
  for (const Problem& p : problems.items()) out += p.text() + "\n";
  return out;
}

TEST(LutCoreConfig, DescribesItselfSoundly) {
  EXPECT_TRUE(check_schema<LutCoreConfig>().empty());
}

TEST(LutCoreConfig, EveryFieldIsAParameterOfTheRtl) {
  std::size_t fields = 0;
  for_each_leaf(prototype_of<LutCoreConfig>(), [&](const std::string& path, const Field& leaf) {
    EXPECT_FALSE(leaf.rtl_name().empty()) << path;
    ++fields;
  });
  EXPECT_EQ(fields, 17u);
}

TEST(LutCoreConfig, RulesAcrossFieldsSayWhatMustHold) {
  EXPECT_THAT(faults("activation_bits: 9\n"), HasSubstr("activation_bits must be 8 or 16"));
  EXPECT_THAT(faults("rows: 4\ntable_generators: 3\n"), HasSubstr("table_generators must divide rows"));
  EXPECT_THAT(faults("lanes: 60\nepilogue_lanes: 8\n"), HasSubstr("epilogue_lanes must divide lanes"));
  EXPECT_THAT(faults("lanes: 40\nepilogue_lanes: 8\n"),
              HasSubstr("must be larger than the latency of an FP32 accumulator, 5"));
  EXPECT_THAT(faults("psum_bits: 17\n"), HasSubstr("psum_bits must hold at least 64 products"));
  EXPECT_THAT(faults("symmetric: false\n"), HasSubstr("fold needs symmetric"));
  EXPECT_THAT(faults("table_placement: fused\n"), HasSubstr("table_generators must equal rows"));
  EXPECT_EQ(faults("rows: 8\ntable_generators: 4\nlanes: 48\npsum_bits: 18\n"), "");
  EXPECT_EQ(faults("symmetric: false\nfold: false\n"), "");
  EXPECT_EQ(faults("fold: false\n"), "");
  EXPECT_EQ(faults("table_placement: fused\ntable_generators: 2\n"), "");
}

TEST(LutCoreConfig, RulesOfFloatingPointSayWhatMustHold) {
  const std::string wide = "activation_bits: 16\npsum_bits: 40\n";
  for (const char* format : {"fp16", "bf16"}) {
    const std::string text = std::string("activation_format: ") + format + "\n";
    EXPECT_THAT(faults(text), HasSubstr("activation_bits must hold a sign and a significand of the format"));
    EXPECT_EQ(faults(text + wide), "");
  }
  for (const char* format : {"fp8_e4m3", "fp8_e5m2"}) {
    const std::string text = std::string("activation_format: ") + format + "\n";
    EXPECT_EQ(faults(text), "");
    EXPECT_EQ(faults(text + wide + "float_path: quantized_table\n"), "");
    EXPECT_THAT(faults(text + "group_length: 3\n"), HasSubstr("floating-point activations need group_length 4"));
    EXPECT_THAT(faults(text + "lanes: 48\n"), HasSubstr("6 with floating-point"));
  }
  EXPECT_THAT(faults("float_path: quantized_table\n"),
              HasSubstr("float_path needs a floating-point activation_format"));
}

TEST(LutCoreConfig, DerivedNumbersFollowFromTheParameters) {
  LutCoreConfig c;
  c.rows = 6;
  c.table_generators = 3;
  c.lanes = 96;
  c.epilogue_lanes = 8;
  EXPECT_EQ(c.build_interval(), 2u);
  EXPECT_EQ(c.shape().build_interval, 2u);
  EXPECT_EQ(c.chunks(), 12u);
  EXPECT_EQ(c.shape().chunks(), 12u);
  EXPECT_EQ(c.shape().macs_per_fire(), 6u * 96 * 4);
  c.group_length = 5;
  EXPECT_EQ(c.shape().macs_per_fire(), 6u * 96 * 5);
  c.max_planes = 1;
  EXPECT_EQ(c.shape().weight_buffer_depth(), 2u);
  c.max_planes = 3;
  EXPECT_EQ(c.shape().weight_buffer_depth(), 3u);
}

TEST(LutCoreConfig, ActBeatsHoldActivationsCodesOrTables) {
  LutCoreConfig c;
  EXPECT_EQ(c.shape().row_elements, 4u);
  EXPECT_EQ(c.shape().element_bits, 8u);
  c.activation_format = ActivationFormat::kFp16;
  c.activation_bits = 16;
  EXPECT_EQ(c.shape().element_bits, 16u);
  EXPECT_EQ(c.shape().segment_groups, 16u);
  EXPECT_FALSE(c.shape().headers());
  c.activation_format = ActivationFormat::kFp8E4m3;
  EXPECT_EQ(c.shape().element_bits, 8u) << "codes come, whatever width they are aligned to";
  c.table_placement = TablePlacement::kFused;
  EXPECT_TRUE(c.shape().headers());
  EXPECT_EQ(c.shape().row_elements, 8u);
  EXPECT_EQ(c.shape().element_bits, 19u);
  EXPECT_EQ(c.shape().build_interval, 0u);
  c.float_path = FloatPath::kQuantizedTable;
  EXPECT_EQ(c.shape().element_bits, 8u);
  c.activation_format = ActivationFormat::kInteger;
  c.symmetric = c.fold = false;
  EXPECT_EQ(c.shape().row_elements, 16u);
  EXPECT_FALSE(c.shape().headers());
}

TEST(LutCoreConfig, EveryEntryOfAReadyMadeTableFitsItsBits) {
  LutCoreConfig c;
  for (c.group_length = 2; c.group_length <= 6; ++c.group_length)
    for (const std::uint32_t bits : {8u, 16u}) {
      c.activation_bits = bits;
      const std::int64_t largest = std::int64_t{c.group_length} << (bits - 1);  // all of them -2^(bits-1), negated
      EXPECT_LT(largest, std::int64_t{1} << (c.entry_bits() - 1));
      EXPECT_GE(2 * largest, std::int64_t{1} << (c.entry_bits() - 1)) << "a bit too many";
    }
}

TEST(LutCoreConfig, ASafeScaleGroupIsTheLargestWhosePartialSumFits) {
  LutCoreConfig c;
  for (const std::uint32_t bits : {8u, 16u})
    for (c.psum_bits = 26; c.psum_bits <= 47; ++c.psum_bits)
      for (std::uint32_t planes = 1; planes <= 8; ++planes) {
        c.activation_bits = bits;
        const std::uint64_t most = (std::uint64_t{1} << (c.psum_bits - 1)) - 1;
        const std::uint64_t term = (std::uint64_t{1} << (bits - 1)) * ((std::uint64_t{1} << planes) - 1);
        const std::uint64_t safe = c.shape().safe_group_elements(planes);
        ASSERT_LE(safe * term, most);
        ASSERT_GT((safe + 1) * term, most);
      }
}

}  // namespace
}  // namespace lutetia
