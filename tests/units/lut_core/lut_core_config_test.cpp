#include "units/lut_core/lut_core_config.h"

#include <gtest/gtest.h>

#include "config/leaves.h"
#include "config/read.h"
#include "config/rtl_parameters.h"

namespace lutetia {
namespace {

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
  EXPECT_EQ(fields, 8u);
}

TEST(LutCoreConfig, RulesAcrossFieldsSayWhatMustHold) {
  EXPECT_NE(faults("activation_bits: 9\n").find("activation_bits must be 8 or 16"), std::string::npos);
  EXPECT_NE(faults("rows: 4\ntable_generators: 3\n").find("table_generators must divide rows"), std::string::npos);
  EXPECT_NE(faults("lanes: 60\nepilogue_lanes: 8\n").find("epilogue_lanes must divide lanes"), std::string::npos);
  EXPECT_NE(faults("lanes: 40\nepilogue_lanes: 8\n").find("must be at least 6"), std::string::npos);
  EXPECT_NE(faults("psum_bits: 17\n").find("psum_bits must hold at least 64 products"), std::string::npos);
  EXPECT_EQ(faults("rows: 8\ntable_generators: 4\nlanes: 48\npsum_bits: 18\n"), "");
}

TEST(LutCoreConfig, DerivedNumbersFollowFromTheParameters) {
  LutCoreConfig c;
  c.rows = 6;
  c.table_generators = 3;
  c.lanes = 96;
  c.epilogue_lanes = 8;
  EXPECT_EQ(c.build_interval(), 2u);
  EXPECT_EQ(c.chunks(), 12u);
  EXPECT_EQ(c.plane_macs_per_cycle(), 6u * 96 * 4);
  c.max_planes = 1;
  EXPECT_EQ(c.plane_buffer_depth(), 2u);
  c.max_planes = 3;
  EXPECT_EQ(c.plane_buffer_depth(), 3u);
}

TEST(LutCoreConfig, ASafeScaleGroupIsTheLargestWhosePartialSumFits) {
  LutCoreConfig c;
  for (const std::uint32_t bits : {8u, 16u})
    for (c.psum_bits = 26; c.psum_bits <= 48; ++c.psum_bits)
      for (std::uint32_t planes = 1; planes <= 8; ++planes) {
        c.activation_bits = bits;
        const std::uint64_t most = (std::uint64_t{1} << (c.psum_bits - 1)) - 1;
        const std::uint64_t term = (std::uint64_t{1} << (bits - 1)) * ((std::uint64_t{1} << planes) - 1);
        const std::uint64_t safe = c.safe_group_elements(planes);
        ASSERT_LE(safe * term, most);
        ASSERT_GT((safe + 1) * term, most);
      }
}

}  // namespace
}  // namespace lutetia
