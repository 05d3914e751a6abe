// What only shows when a standard, a device and a speed meet; and mistakes in a standard's file, with their places.
#include "memory/dram/dram_spec.h"

#include <fstream>

#include "config/write.h"
#include "standards.h"

namespace lutetia {
namespace {

DramConfig ddr4(const std::string& device = "8Gb_x8", const std::string& speed = "2400U") {
  return config_of(standard_named("ddr4"), device, speed);
}

std::string faults(const DramConfig& config) {
  DramSpec spec;
  Problems problems;
  const bool good = resolve(config, "memory.dram", spec, problems);
  EXPECT_EQ(good, problems.empty());
  return text_of(problems);
}

/// The speed that ddr4() names, to spoil it.
DramSpeed& speed_of(DramConfig& config) {
  return config.standard.speeds.at(0);
}

TEST(DramSpec, AnUnknownDeviceOrSpeedIsAnErrorWithTheNearestAndTheList) {
  EXPECT_EQ(
      faults(ddr4("8Gb_x9")),
      "error: memory.dram.device: \"8Gb_x9\" is no device of ddr4, did you mean \"8Gb_x4\"? Known: 4Gb_x8, 8Gb_x4, "
      "8Gb_x8, 8Gb_x16, 16Gb_x8\n");
  EXPECT_EQ(faults(ddr4("8Gb_x8", "zzz")),
            "error: memory.dram.speed: \"zzz\" is no speed of ddr4. Known: 2400U, 2400U_x4, 2400U_x16, 3200W, 3200AA, "
            "3200AA_x16\n");
}

TEST(DramSpec, ASpeedOfAnotherWidthIsAnError) {
  EXPECT_EQ(faults(ddr4("8Gb_x16", "2400U")),
            "error: memory.dram.speed: 2400U is for devices of 8 data pins, 8Gb_x16 has 16\n");
}

TEST(DramSpec, ATimingGivenTwiceIsAnErrorThatNamesBothPlaces) {
  DramConfig config = ddr4();
  speed_of(config).times["tRFC"] = Picoseconds(1000);
  EXPECT_EQ(
      faults(config),
      "error: memory.dram.standard.speeds[0].times.tRFC: contradicts memory.dram.standard.devices[2].times.tRFC: a "
      "timing is given once\n");
  config = ddr4();
  speed_of(config).times["CL"] = Picoseconds(1000);
  EXPECT_NE(faults(config).find("speeds[0].times.CL: contradicts memory.dram.standard.speeds[0].cycles.CL"),
            std::string::npos);
  config = ddr4();
  config.standard.devices.push_back(config.standard.devices[2]);
  EXPECT_EQ(faults(config), "error: memory.dram.standard.devices: two presets have the name 8Gb_x8\n");
}

TEST(DramSpec, TheBurstFollowsFromTheStandardAndCannotBeGiven) {
  DramConfig config = ddr4();
  speed_of(config).cycles["BL"] = 4;
  EXPECT_EQ(faults(config),
            "error: memory.dram.standard.speeds[0].cycles.BL: BL follows from burst_length / data_rate and cannot be "
            "given\n");
}

TEST(DramSpec, AMissingLatencyOrRefreshIntervalIsAnError) {
  for (const std::string timing : {"CL", "CWL"}) {
    DramConfig config = ddr4();
    speed_of(config).cycles.erase(timing);
    EXPECT_NE(faults(config).find("error: memory.dram.speed: " + timing +
                                  " is missing: neither standard, device nor speed gives it\n"),
              std::string::npos);
  }
  DramConfig config = ddr4();
  config.standard.times.erase("tREFI");
  EXPECT_NE(faults(config).find("memory.dram.speed: tREFI is missing"), std::string::npos);
  config.controller.refresh = RefreshMode::kNone;
  EXPECT_EQ(faults(config), "") << "nobody asks for it";
}

TEST(DramSpec, AnUnknownTimingInARowIsAnErrorAtTheRow) {
  DramConfig config = ddr4();
  config.standard.constraints[3].latency = "tCCDS + 1";
  EXPECT_EQ(faults(config),
            "error: memory.dram.standard.constraints[3].latency: unknown timing tCCDS, did you mean \"tCCD_S\"?\n");
  config.standard.constraints[3].latency = "99999999";
  EXPECT_EQ(faults(config), "error: memory.dram.standard.constraints[3].latency: 99999999 cycles is out of range\n");
}

TEST(DramSpec, AnUnknownOrAbsentCommandIsAnError) {
  DramConfig config = ddr4();
  config.standard.constraints[0].from = {"RDX"};
  config.standard.constraints[1].to = {"WR", "REFpb"};
  EXPECT_EQ(faults(config).substr(0, 87),
            "error: memory.dram.standard.constraints[0].from: \"RDX\" is no command, did you mean \"RD\"");
  EXPECT_NE(faults(config).find("constraints[1].to: REFpb is not among the standard's commands\n"), std::string::npos);
  config = ddr4();
  config.standard.commands["READ"] = 1;
  EXPECT_NE(faults(config).find("memory.dram.standard.commands.READ: \"READ\" is no command"), std::string::npos);
}

TEST(DramSpec, ARowOfSiblingsHasSiblingsAndNoWindow) {
  DramConfig config = ddr4();
  config.standard.constraints[0].sibling = true;
  config.standard.constraints[11].sibling = true;
  EXPECT_EQ(faults(config),
            "error: memory.dram.standard.constraints[0].sibling: a channel has no siblings\n"
            "error: memory.dram.standard.constraints[11].window: a sibling row counts from the last command only\n");
}

TEST(DramSpec, ARefreshWithoutItsCommandIsAnError) {
  DramConfig config = ddr4();
  config.controller.refresh = RefreshMode::kPerBank;
  EXPECT_EQ(faults(config), "error: memory.dram.controller.refresh: ddr4 has no command REFpb\n");
}

TEST(DramSpec, ARefreshThatLeavesNoTimeIsAnError) {
  DramConfig config = ddr4();
  config.cycles["tRFC"] = 9000;
  EXPECT_EQ(faults(config),
            "error: memory.dram.controller.refresh: tRFC = 9000 cycles leaves no time in an interval of 9360 cycles\n");
}

TEST(DramSpec, AnOverrideReplacesATimingThatExists) {
  DramConfig config = ddr4();
  config.cycles = {{"tFAW", 36}, {"tREFI", 4680}};
  const DramSpec spec = resolved(config);
  EXPECT_EQ(spec.timings.at("tFAW"), 36u);
  EXPECT_EQ(spec.refresh_interval, 4680u);
  for (const DramConstraint& row : spec.constraints)
    EXPECT_TRUE(row.name != "tFAW" || row.latency == 36) << "rows see it too";
  config.cycles = {{"tFOW", 36}};
  EXPECT_EQ(faults(config),
            "error: memory.dram.cycles.tFOW: is no timing of this device and speed, did you mean \"tFAW\"?\n");
}

TEST(DramSpec, TimesAreRoundedUpToCyclesAndIntervalsDown) {
  DramConfig config = ddr4();
  speed_of(config).times = {{"tX", Picoseconds(833)}, {"tY", Picoseconds(834)}, {"tZ", Picoseconds(2500)}};
  config.standard.times["tREFI"] = Picoseconds(7'800'500);
  const DramSpec spec = resolved(config);
  EXPECT_EQ(spec.timings.at("tX"), 1u);
  EXPECT_EQ(spec.timings.at("tY"), 2u);
  EXPECT_EQ(spec.timings.at("tZ"), 3u) << "exactly 3 cycles of 1200 MHz";
  EXPECT_EQ(spec.timings.at("tREFI"), 9360u);
}

TEST(DramSpec, RowsWithoutAPositiveLatencyAreLeftOut) {
  DramConfig config = ddr4();
  config.cycles["CL"] = 40;
  const DramSpec spec = resolved(config);
  EXPECT_EQ(spec.constraints.size(), config.standard.constraints.size() - 1) << "a write, then a read of another rank";
  for (const DramConstraint& row : spec.constraints) EXPECT_EQ(row.name, config.standard.constraints.at(row.row).name);
}

TEST(DramSpec, RanksOfDimmsMultiplyThoseOfTheDevice) {
  DramConfig config = config_of(standard_named("hbm3"), "16Gb_8hi", "6400");
  config.channels = 16;
  DramSpec spec = resolved(config);
  EXPECT_EQ(spec.geometry.bytes(), std::uint64_t{16} << 30) << "a stack of eight dies of 16 Gb";
  EXPECT_EQ(spec.peak_bandwidth(), 819'200'000'000u);
  EXPECT_EQ(spec.geometry.banks_per_channel(), 64u);
  EXPECT_EQ(spec.bank_refresh_interval, 390u);
  config.ranks = 2;
  spec = resolved(config);
  EXPECT_EQ(spec.geometry.ranks, 4u);
  EXPECT_EQ(spec.geometry.bytes(), std::uint64_t{32} << 30);
}

/// Reads DDR4's file with one text replaced by another; problems with the file's name cut off.
std::string file_faults(const std::string& from, const std::string& to) {
  std::string text;
  {
    std::ifstream in(standard_file("ddr4"));
    text.assign(std::istreambuf_iterator<char>(in), {});
  }
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  DramStandard standard;
  Problems problems;
  EXPECT_FALSE(read_yaml_text(text, "s.yaml", standard, problems));
  EXPECT_EQ(problems.size(), 1u) << text_of(problems);
  // Where in its line: as the line that was spoilt.
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
  EXPECT_EQ(problems.items().at(0).where.line, line);
  EXPECT_GT(problems.items().at(0).where.column, 0);
  EXPECT_EQ(problems.items().at(0).where.file, "s.yaml");
  return problems.items().at(0).path + ": " + problems.items().at(0).message;
}

TEST(DramSpec, AMistakeOfDimensionInAFileIsAnErrorAtItsPlace) {
  EXPECT_EQ(file_faults("{tRFC: 260ns}", "{tRFC: 260}"),
            "devices[0].times.tRFC: \"260\" has no unit; write for example 100ns");
  EXPECT_EQ(file_faults("{tRFC: 260ns}", "{tRFC: 260MHz}"),
            "devices[0].times.tRFC: \"260MHz\" has an unknown unit; known: ps, ns, us, ms, s");
  EXPECT_EQ(file_faults("clock: 1200MHz", "clock: 1200"),
            "speeds[0].clock: \"1200\" has no unit; write for example 1GHz");
  EXPECT_EQ(file_faults("tRCD: 17,", "tRCD: 17ns,"), "speeds[0].cycles.tRCD: expected a whole number, got \"17ns\"");
  EXPECT_EQ(file_faults("tRCD: 17,", "tRCD: 17.5,"), "speeds[0].cycles.tRCD: expected a whole number, got \"17.5\"");
}

TEST(DramSpec, ACapacityThatContradictsTheOrganisationIsAnErrorAtItsPlace) {
  const std::string found = file_faults("capacity: 4GiB", "capacity: 8GiB");
  EXPECT_EQ(found.substr(0, 60), "devices[0].capacity: capacity contradicts the organisation: ");
}

TEST(DramSpec, UnknownKeysAndLevelsOfAFileAreErrorsAtTheirPlace) {
  EXPECT_EQ(file_faults("level: channel", "level: chanel").substr(0, 69),
            "constraints[0].level: \"chanel\" is not allowed, did you mean \"channel\"");
  EXPECT_EQ(file_faults("latency: BL}", "latency: BL, windw: 4}").substr(0, 56),
            "constraints[0].windw: unknown key, did you mean \"window\"");
}

TEST(DramSpec, ADesignNamesTheFileOfAStandardAndWhatIsWrittenReadsTheSame) {
  const ReadOptions options{{"cycles.tCCD_L=5"}, LUTETIA_SOURCE_DIR "/configs"};
  for (const std::string& name : standard_names()) {
    const auto [device, speed] = legal_pairs(standard_named(name)).front();
    const std::string text = "standard: " + name + "\ndevice: \"" + device + "\"\nspeed: \"" + speed + "\"\n";
    DramConfig config, back;
    Problems problems;
    Origins origins;
    ASSERT_TRUE(read_yaml_text(text, "d.yaml", config, problems, options, &origins)) << text_of(problems);
    EXPECT_NE(origins.at("standard.speeds[0].cycles.CL").find("configs/dram/" + name + ".yaml:"), std::string::npos);
    const std::string written = write_yaml(config, &origins);
    ASSERT_TRUE(read_yaml_text(written, "d.yaml", back, problems)) << text_of(problems);
    EXPECT_EQ(write_yaml(back), write_yaml(config));
    EXPECT_EQ(resolved(back).timings, resolved(config).timings);
    EXPECT_EQ(resolved(back).timings.at("tCCD_L"), 5u);
  }
}

}  // namespace
}  // namespace lutetia
