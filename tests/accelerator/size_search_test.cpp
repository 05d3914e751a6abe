// The largest design within limits, against values worked out by hand; and the bandwidth that weights ask for.
#include "accelerator/size_search.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "accelerator/weight_stream.h"

namespace lutetia {
namespace {

Design lut_design() {
  Design d;
  d.name = "d";
  d.lut_core.emplace();
  d.lut_core->rows = 4;
  d.lut_core->lanes = 64;
  d.lut_core->epilogue_lanes = 8;
  return d;
}

DesignKey key_of(const Design& design, const std::string& text) {
  std::string error;
  const auto key = DesignKey::find(design, text, error);
  EXPECT_TRUE(key) << error;
  return key.value();
}

std::string error_of(const Design& design, const std::string& text) {
  std::string error;
  EXPECT_FALSE(DesignKey::find(design, text, error)) << text;
  return error;
}

double lanes_of(const Design& design) {
  return design.lut_core->lanes;
}

TEST(SizeSearch, KeysAreOfTheMatrixCoreOrPaths) {
  EXPECT_EQ(key_of(lut_design(), "lanes").path(), "lut_core.lanes");
  EXPECT_EQ(key_of(lut_design(), "vector.lanes").path(), "vector.lanes");
  EXPECT_EQ(error_of(lut_design(), "lames"), "the design has no key \"lut_core.lames\", did you mean \"lanes\"?");
  EXPECT_EQ(error_of(lut_design(), "mac_core.lanes"), "the design has no mac_core");
  EXPECT_EQ(error_of(lut_design(), "lut_core.fold"), "does not hold one whole number");
  EXPECT_EQ(error_of(lut_design(), "lut_core."), "expected a key, e.g. lut_core.lanes");
  EXPECT_EQ(error_of(lut_design(), "lut_core.lanes.x"), "is not the key of a value");
  EXPECT_EQ(error_of(Design(), "lanes"), "the design has no matrix core");
}

TEST(SizeSearch, LegalValuesObeyRangeAndRules) {
  // lanes is a multiple of epilogue_lanes, more than 5 of them.
  const auto lanes = key_of(lut_design(), "lanes").legal_values(lut_design());
  EXPECT_EQ(lanes.front(), 48u);
  EXPECT_EQ(lanes[1], 56u);
  EXPECT_EQ(lanes.back(), 8192u);
  EXPECT_EQ(lanes.size(), 1019u);
  // rows are multiples of what the table generators and the epilogue take at once.
  Design design = lut_design();
  design.lut_core->table_generators = 4;
  design.lut_core->epilogue_rows = 6;
  const auto rows = key_of(design, "rows").legal_values(design);
  EXPECT_EQ(rows.front(), 12u);
  EXPECT_EQ(rows[1], 24u);
  // Rules of the design itself count, too: a decoder needs two planes.
  design = lut_design();
  design.weight_decoder.emplace();
  EXPECT_EQ(key_of(design, "max_planes").legal_values(design).front(), 2u);
}

TEST(SizeSearch, FindsTheLargestValueWithinEveryLimit) {
  const Design design = lut_design();
  const DesignKey key = key_of(design, "lanes");
  const auto sized = largest_within(
      design, key, {{"area", 1000, lanes_of}, {"twice", 400, [](const Design& d) { return 2 * lanes_of(d); }}});
  ASSERT_TRUE(sized && sized->found);
  EXPECT_EQ(sized->chosen.value, 200u);
  EXPECT_EQ(sized->chosen.measures, (std::vector<double>{200, 400}));
  EXPECT_EQ(sized->next->value, 208u);
  EXPECT_EQ(sized->next->measures, (std::vector<double>{208, 416}));
  EXPECT_EQ(sized->design.lut_core->lanes, 200u);
  EXPECT_EQ(design.lut_core->lanes, 64u);
}

TEST(SizeSearch, AssumesNothingOfTheMeasure) {
  // Larger at 72 and 80 than at 88: the largest that fits, not the last before the first that does not.
  const auto bumpy = [](const Design& d) {
    return d.lut_core->lanes == 72 || d.lut_core->lanes == 80 ? 1e9 : lanes_of(d);
  };
  const auto sized = largest_within(lut_design(), key_of(lut_design(), "lanes"), {{"area", 90, bumpy}});
  EXPECT_EQ(sized->chosen.value, 88u);
  const auto blind = [](const Design& d) {
    return d.lut_core->lanes > 64 ? std::numeric_limits<double>::infinity() : lanes_of(d);
  };
  EXPECT_EQ(largest_within(lut_design(), key_of(lut_design(), "lanes"), {{"area", 90, blind}})->chosen.value, 64u);
}

TEST(SizeSearch, TellsWhenNothingFitsAndWhenAllDoes) {
  const DesignKey key = key_of(lut_design(), "lanes");
  const auto none = largest_within(lut_design(), key, {{"area", 47, lanes_of}});
  EXPECT_FALSE(none->found);
  EXPECT_EQ(none->chosen.value, 48u);
  EXPECT_EQ(none->chosen.measures[0], 48);
  const auto all = largest_within(lut_design(), key, {{"area", 1e9, lanes_of}});
  EXPECT_TRUE(all->found);
  EXPECT_EQ(all->chosen.value, 8192u);
  EXPECT_FALSE(all->next);
  Design impossible = lut_design();
  impossible.lut_core->table_generators = 3;  // rows are 4
  EXPECT_FALSE(largest_within(impossible, key, {{"area", 1e9, lanes_of}}));
}

double stream(const Design& design, const std::string& format, std::uint64_t m) {
  const WeightStream s = weight_stream(design, *find_number_format(format), m);
  EXPECT_EQ(s.obstacle, "");
  return s.bytes_per_cycle;
}

std::string obstacle(const Design& design, const std::string& format) {
  return weight_stream(design, *find_number_format(format), 1).obstacle;
}

TEST(WeightStream, CountsBytesOverPlanesAndBlocksOfRows) {
  // 64 lanes x 4 weights; a plane of one bit each per cycle: 32 bytes.
  const Design lut = lut_design();
  EXPECT_EQ(stream(lut, "int1", 1), 32);
  EXPECT_EQ(stream(lut, "int4", 1), 32);
  EXPECT_EQ(stream(lut, "ternary", 4), 32);
  EXPECT_EQ(stream(lut, "ternary", 5), 16);  // a second block of four rows
  EXPECT_EQ(stream(lut, "ternary", 512), 0.25);
  // Multipliers take 256 weights a cycle, whatever their bits.
  Design mac;
  mac.mac_core.emplace();
  mac.mac_core->lanes = 64;
  mac.mac_core->rows = 4;
  EXPECT_EQ(stream(mac, "int2", 1), 64.0 * mac.mac_core->group_length * 2 / 8);
  // Five bits hold three weights, decoded to two planes.
  Design decoder = lut_design();
  decoder.weight_decoder.emplace();
  decoder.weight_decoder->code = TernaryCode::kTl2;
  EXPECT_EQ(default_weight_format(decoder).name, "tl2");
  EXPECT_NEAR(stream(decoder, "tl2", 1), 256 * 5 / 3.0 / 8 / 2, 1e-12);
  EXPECT_EQ(default_weight_format(lut).name, "ternary");
}

TEST(WeightStream, NamesWhatTheCoreDoesNotTake) {
  EXPECT_EQ(obstacle(Design(), "int2"), "the design has no matrix core");
  EXPECT_EQ(obstacle(lut_design(), "fp16"), "lut_core does not take fp16");
  EXPECT_EQ(obstacle(lut_design(), "int8"), "int8 has more bit planes than lut_core takes");
  EXPECT_EQ(obstacle(lut_design(), "tl2"), "lut_core has no decoder for tl2");
  Design mac;
  mac.mac_core.emplace();
  mac.mac_core->weight_bits = 4;
  EXPECT_EQ(obstacle(mac, "int8"), "int8 has more bits than mac_core takes");
}

}  // namespace
}  // namespace lutetia
