// Prices of units, buffers and memory, with figures that follow by hand from tests/cost/toy.yaml.
#include "cost/unit_cost.h"

#include "cost/dram_cost.h"
#include "cost/sram_cost.h"
#include "cost/toy.h"

namespace lutetia {
namespace {

const EventNames kEvents = {"cycle", "fire", "busy", "cmd", "act", "weight", "scale", "fill", "out"};

RtlValues small_core() {
  return {{"ActBits", 8},         {"ActFormat", 0},       {"EpilogueLanes", 2}, {"EpilogueRows", 1},  {"Fold", 1},
          {"FusedTables", 0},     {"GroupLength", 4},     {"Lanes", 16},        {"MaxPlanes", 4},     {"PsumBits", 32},
          {"PsumBlocks", 4},      {"QuantizedTables", 0}, {"Rows", 2},          {"SegmentGroups", 0}, {"Symmetric", 1},
          {"TableGenerators", 1}, {"TernaryTables", 0}};
}

class UnitCost : public testing::Test {
 protected:
  std::optional<PricedUnit> price(const RtlValues& parameters, const std::string& unit = "lut_core") {
    reason_.clear();
    notes_.clear();
    return price_unit(technology_, unit, parameters, kEvents, reason_, notes_);
  }
  Technology technology_ = toy();
  std::string reason_;
  std::vector<std::string> notes_;
};

TEST_F(UnitCost, ComponentsArePricedForTheParameters) {
  const auto unit = price(small_core());
  ASSERT_TRUE(unit) << reason_;
  EXPECT_TRUE(notes_.empty()) << notes_.front();
  ASSERT_EQ(unit->components.size(), 2u);
  EXPECT_EQ(unit->components[0].area_um2, 2 * 16 * 4 * 100 + 7);
  EXPECT_EQ(unit->components[1].area_um2, 2 * 8 * 10 * 10) << "8 entries of 10 bits";
  EXPECT_EQ(unit->components[0].leakage_nw, 64);
  EXPECT_EQ(unit->fj("fire"), 32 * (10 + 6));
  EXPECT_EQ(unit->fj("act"), 2 * 4 * 20) << "8 needs 4 bits";
  EXPECT_EQ(unit->fj("cycle"), 32 * 3 + 2 * 8 + 5);
  EXPECT_EQ(unit->clock_fj(), 32 * 3 + 2 * 8);
  EXPECT_EQ(unit->fj("fill"), 40);
}

TEST_F(UnitCost, EnergyIsCountsTimesPricesWithItsInterval) {
  const auto unit = price(small_core());
  CostReport report;
  unit->add_area(report.area);
  const EventNumbers events = {{"cycle", 1000}, {"fire", 600}, {"busy", 600}, {"cmd", 1}, {"act", 150},
                               {"weight", 600}, {"scale", 8},  {"fill", 0},   {"out", 8}};
  unit->add_energy(events, "fire", 1e-6, report);
  const double clock = 1000 * (96 + 16) / 1e3;
  const double combinational = (600 * 320 + 8 * 8 + 1000 * 5 + 150 * 160 + 8 * 30 + 0) / 1e3;
  const double registers = (600 * 192 + 1 * 100 + 600 * 32) / 1e3;
  const double leaked = 64 * 1e-6 * 1e3;  // nW s are 1000 pJ
  EXPECT_NEAR(report.dynamic_pj(), clock + combinational + registers, 1e-9);
  EXPECT_NEAR(report.static_pj(), leaked, 1e-12);
  EXPECT_NEAR(report.idle_clock_pj, 400 * 112 / 1e3, 1e-9);
  EXPECT_NEAR(report.shared_pj, 400 * 117 / 1e3, 1e-9);
  const CostInterval total = report.total();
  EXPECT_NEAR(total.low, (clock + combinational + registers) / 1.25 * 0.9 + leaked * 0.98, 1e-9);
  EXPECT_NEAR(total.high, (clock + combinational * 1.5 + registers) * 1.1 + leaked * 1.02, 1e-9);
  EXPECT_NEAR(total.fit_error, (clock + combinational + registers) * 0.1 + leaked * 0.02, 1e-9);
  const CostInterval area = report.area.total();
  EXPECT_NEAR(area.value, 12807 + 1600, 1e-9);
  EXPECT_NEAR(area.low, area.value * 0.98, 1e-9);
  EXPECT_NEAR(area.high, area.value * 1.02, 1e-9);
}

TEST_F(UnitCost, InterpolatedFiguresAreWidenedByTheirSpread) {
  technology_.area_spread = 1.5;
  technology_.energy_spread = 2;
  const auto unit = price(small_core());
  CostReport report;
  unit->add_area(report.area);
  EventNumbers events;
  for (const std::string& event : kEvents) events[event] = event == "scale" ? 100 : 0;
  unit->add_energy(events, "fire", 0, report);
  EXPECT_NEAR(report.total().value, 3, 1e-12);
  EXPECT_NEAR(report.total().low, 3 / 1.25 * 0.9 / 2, 1e-12);
  EXPECT_NEAR(report.total().high, 3 * 1.5 * 1.1 * 2, 1e-12);
  EXPECT_NEAR(report.area.total().high, 14407 * 1.02 * 1.5, 1e-6);
}

TEST_F(UnitCost, WhatIsBeyondTheFitIsSaid) {
  RtlValues core = small_core();
  core["Lanes"] = 128;
  ASSERT_TRUE(price(core));
  ASSERT_EQ(notes_.size(), 1u);
  EXPECT_EQ(notes_[0], "lut_core extrapolated: Lanes 128 beyond 4..64");
  core = small_core();
  core["Brandnew"] = 1;
  ASSERT_TRUE(price(core));
  EXPECT_EQ(notes_.at(0), "lut_core: the technology says nothing of Brandnew");
}

TEST_F(UnitCost, WhatIsNotCalibratedSaysWhy) {
  RtlValues core = small_core();
  core["TernaryTables"] = 1;
  EXPECT_FALSE(price(core));
  EXPECT_EQ(reason_, "TernaryTables is 1, calibrated is 0 only");
  core = small_core();
  core.erase("Lanes");
  EXPECT_FALSE(price(core));
  EXPECT_EQ(reason_, "its RTL has no parameter Lanes, which the technology names");
  EXPECT_FALSE(price({}, "systolic"));
  EXPECT_EQ(reason_, "toy has no unit systolic");
  technology_.units[0].components[0].combinational_fj.push_back({"fires", {{"1", 1}}});
  EXPECT_FALSE(price(small_core()));
  EXPECT_NE(reason_.find("prices an event \"fires\""), std::string::npos) << reason_;
}

TEST_F(UnitCost, AFitThatFallsBelowZeroIsTakenAsZero) {
  technology_.units[0].components[0].area_um2 = {{"Rows", -10}};
  const auto unit = price(small_core());
  EXPECT_EQ(unit->components[0].area_um2, 0);
  EXPECT_EQ(notes_.at(0), "lut_core.psum: area comes out negative here and is taken as 0");
}

TEST(SramCost, ABufferIsCutIntoMacrosThatTheFiguresCover) {
  std::string reason;
  // 64 KiB in words of 128 bits: 4096 words; macros of at most 1024 x 64.
  const auto sram = price_sram(*toy().sram, 64 << 10, 128, reason);
  ASSERT_TRUE(sram) << reason;
  EXPECT_EQ(sram->text(), "4 x 2 macros of 1024 x 64 bit");
  const double macro = 1000 + 2 * 65536 + 10 * 64 + 1024;
  EXPECT_NEAR(sram->area_um2, 8 * macro, 1e-6);
  EXPECT_NEAR(sram->read_fj, 2 * (100 + 640), 1e-9) << "one bank, two columns";
  EXPECT_NEAR(sram->write_fj, 2 * (200 + 640), 1e-9);
  CostReport report;
  sram->add_area("buffers", "weights", report.area);
  sram->add_energy("buffers", "weights", 1000, 500, 1e-3, report);
  EXPECT_NEAR(report.dynamic_pj(), 1.48 * 1000 + 1.68 * 500, 1e-9);
  EXPECT_NEAR(report.static_pj(), 8 * 65.536 * 1e-3 * 1000, 1e-6);
  EXPECT_NEAR(report.total().high, report.total().value * 1.1, 1e-6);
  EXPECT_NEAR(report.area.total().low, report.area.total().value * 0.95, 1e-3);
}

TEST(SramCost, SmallBuffersTakeTheSmallestMacro) {
  std::string reason;
  const auto sram = price_sram(*toy().sram, 16, 4, reason);
  ASSERT_TRUE(sram);
  EXPECT_EQ(sram->text(), "1 x 1 macro of 64 x 8 bit");
}

TEST(DramCost, BitsOrCurrents) {
  CostReport report;
  add_dram_bits(toy().dram.at("hbm2"), 1000, report);
  EXPECT_EQ(report.total().value, 4000);
  EXPECT_EQ(report.total().low, 3000);
  EXPECT_EQ(report.total().high, 6000);
  add_dram_currents({{"read", 10}, {"refresh", 20}, {"standby_open", 30}}, report);
  EXPECT_EQ(report.static_pj(), 50);
  EXPECT_EQ(report.dynamic_pj(), 4010);
}

TEST(CostReport, EstimatesAreInNoTotalThatClaimsAnything) {
  CostReport report;
  report.area.parts.push_back({"a", "x", {10, 9, 11, 1}, false, false, ""});
  report.area.parts.push_back({"b", "y", {5, 4, 6, 1}, false, true, ""});
  report.area.parts.push_back({"m", "z", {100, 90, 110, 1}, true, false, ""});
  report.area.cell_growth = 1.2;
  report.area.utilization = 0.6;
  report.energy.push_back({"b", "y", "busy", CostKind::kClock, CostLevel::kClock, 1, {7, 6, 8, 1}, true, ""});
  EXPECT_EQ(report.area.total().value, 110);
  EXPECT_EQ(report.area.total_with_estimates().value, 115);
  EXPECT_NEAR(report.area.layout_um2(), 10 * 1.2 / 0.6 + 100, 1e-9);
  EXPECT_EQ(report.total().value, 0);
  EXPECT_EQ(report.total_with_estimates().value, 7);
  EXPECT_TRUE(report.by_unit().empty());
}

}  // namespace
}  // namespace lutetia
