// Energy against DRAMPower: its first DDR4 test pattern to the picojoule, and the average power of a stream.
#include "memory/dram/dram_energy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "memory/dram/request_player.h"
#include "memory/dram/standards.h"

namespace lutetia {
namespace {

double part(const DramEnergy& energy, const std::string& name) {
  for (const auto& [part_name, pj] : energy.parts)
    if (part_name == name) return pj;
  ADD_FAILURE() << "no part " << name;
  return 0;
}

/// The memory of DRAMPower's tests (tests/tests_drampower/resources/ddr4.json): one x8 device, 16 banks, 1300 MHz.
DramSpec drampower_spec() {
  DramSpec spec;
  spec.clock = {"memory", Hertz(1'300'000'000)};
  spec.geometry.bank_groups = 2;
  spec.geometry.banks = 8;
  spec.geometry.burst_bytes = 8;
  spec.burst_cycles = 4;
  spec.timings = {{"tRAS", 10}, {"tRP", 10}, {"tRFC", 25}};
  DramCurrents c;
  c.vdd = 1.2;
  c.idd0 = 56.25;
  c.idd2n = 33.75;
  c.idd3n = 39.5;
  c.idd4r = 157.5;
  c.idd4w = 135.0;
  c.idd5b = 118.0;
  c.bank_standby_share = 0.5;
  spec.currents = c;
  return spec;
}

/// ACT@0 RD@15 PRE@35, seen at cycle 35: expected values of ddr4_test_pattern_1.cpp, rounded as there.
TEST(DramEnergy, DramPowersFirstPatternIsReproducedToThePicojoule) {
  DramCounts counts;
  for (const Command c : {Command::kActivate, Command::kRead, Command::kPrecharge})
    counts.commands[static_cast<std::size_t>(c)] = 1;
  counts.read_bursts = 1;
  counts.bank_open_cycles = counts.rank_open_cycles = 35;
  const auto energy = dram_energy(drampower_spec(), counts, 35);
  ASSERT_TRUE(energy);
  EXPECT_EQ(std::round(part(*energy, "activate")), 179);
  EXPECT_EQ(std::round(part(*energy, "precharge")), 208);
  EXPECT_EQ(std::round(part(*energy, "read")), 436);
  EXPECT_EQ(std::round(part(*energy, "standby_open")), 1189);
  EXPECT_EQ(std::round(part(*energy, "standby_precharged")), 0);
  EXPECT_EQ(std::round(energy->total_pj), 2012);
}

/// One refresh in its own time costs what the data sheet says: VDD IDD5B for tRFC.
TEST(DramEnergy, ARefreshCostsItsWholeCurrentForItsWholeTime) {
  DramCounts counts;
  counts.commands[static_cast<std::size_t>(Command::kRefresh)] = 1;
  const auto energy = dram_energy(drampower_spec(), counts, 25);
  ASSERT_TRUE(energy);
  EXPECT_NEAR(energy->total_pj, 1.2 * 118.0 * 25 / 1.3, 1e-9);
}

TEST(DramEnergy, WithoutCurrentsThereIsNone) {
  DramSpec spec = drampower_spec();
  spec.currents.reset();
  EXPECT_FALSE(dram_energy(spec, {}, 1000));
}

class Sequential final : public RequestSource {
 public:
  explicit Sequential(std::uint64_t requests) : requests_(requests) {}
  bool next(PlayedRequest& r) override {
    if (at_ == requests_) return false;
    r = {};
    r.address = 64 * at_++;
    r.bytes = 64;
    return true;
  }

 private:
  std::uint64_t requests_, at_ = 0;
};

/// 20,000 sequential reads over bank groups on DDR4-2400 with these currents: DRAMsim3 says 1343 mW, DRAMPower 1353 mW.
TEST(DramEnergy, ASequentialStreamsPowerIsThatOfTwoPublicSimulators) {
  DramSystem system(config_of(standard_named("ddr4"), "8Gb_x8", "2400U"));
  Sequential source(20'000);
  const PlayResult played = play(system, source);
  const auto energy = dram_energy(system.spec(), system.counts(played.cycles), played.cycles);
  ASSERT_TRUE(energy);
  const double nanoseconds = static_cast<double>(played.cycles) / 1.2;
  const double milliwatts = energy->total_pj / nanoseconds;
  RecordProperty("milliwatts", std::to_string(milliwatts));
  EXPECT_NEAR(milliwatts, 1343, 0.03 * 1343);
  EXPECT_NEAR(milliwatts, 1353, 0.03 * 1353);
}

TEST(DramEnergy, PartsOfAMillionRequestsSumToTheTotal) {
  DramSystem system(config_of(standard_named("ddr4"), "8Gb_x8", "2400U"));
  Sequential source(1'000'000);
  const PlayResult played = play(system, source);
  const auto energy = dram_energy(system.spec(), system.counts(played.cycles), played.cycles);
  ASSERT_TRUE(energy);
  double sum = 0;
  for (const auto& [name, pj] : energy->parts) {
    EXPECT_GE(pj, 0) << name;
    sum += pj;
  }
  EXPECT_DOUBLE_EQ(sum, energy->total_pj);
  EXPECT_GT(part(*energy, "read"), 0);
  EXPECT_GT(part(*energy, "refresh"), 0);
}

}  // namespace
}  // namespace lutetia
