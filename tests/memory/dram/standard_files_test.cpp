// configs/dram: every table loads, resolves for every device and speed, reaches the bandwidth that everybody knows, and
// its rows give the distances that other sources give.
#include <set>

#include "memory/dram/timing_expression.h"
#include "standards.h"

namespace lutetia {
namespace {

TEST(StandardFiles, ThereAreSixAndEachLoadsWithoutProblems) {
  EXPECT_EQ(standard_names(), (std::vector<std::string>{"ddr4", "ddr5", "gddr6", "hbm2", "hbm3", "lpddr5"}));
  for (const std::string& name : standard_names()) EXPECT_EQ(standard_named(name).name, name);
}

TEST(StandardFiles, EveryFittingDeviceAndSpeedResolvesWithEveryRefreshThatTheStandardHas) {
  for (const std::string& name : standard_names()) {
    const DramStandard standard = standard_named(name);
    std::set<std::string> devices, speeds;
    for (const auto& [device, speed] : legal_pairs(standard)) {
      devices.insert(device);
      speeds.insert(speed);
      for (const RefreshMode mode : {RefreshMode::kNone, RefreshMode::kAllBank, RefreshMode::kPerBank}) {
        if (mode == RefreshMode::kPerBank && standard.commands.count("REFpb") == 0) continue;
        DramSpec spec;
        Problems problems;
        EXPECT_TRUE(resolve(config_of(standard, device, speed, mode), "dram", spec, problems))
            << standard_file(name) << " " << device << " " << speed << "\n"
            << text_of(problems);
      }
    }
    EXPECT_EQ(devices.size(), standard.devices.size()) << name << ": a device without a speed";
    EXPECT_EQ(speeds.size(), standard.speeds.size()) << name << ": a speed without a device";
  }
}

TEST(StandardFiles, OnlyTheStandardsThatRefreshSingleBanksHaveTheCommand) {
  for (const std::string& name : standard_names())
    EXPECT_EQ(standard_named(name).commands.count("REFpb"), name == "ddr4" || name == "ddr5" ? 0u : 1u) << name;
}

TEST(StandardFiles, ThePinsOfEverySpeedHaveTheWellKnownBandwidth) {
  const std::map<std::string, std::uint64_t> megabytes = {
      {"ddr4 2400U", 19200},         {"ddr4 2400U_x4", 19200}, {"ddr4 2400U_x16", 19200},
      {"ddr4 3200W", 25600},         {"ddr4 3200AA", 25600},   {"ddr4 3200AA_x16", 25600},
      {"ddr5 4800AN", 19200},        {"ddr5 4800BN", 19200},   {"ddr5 5600AN", 22400},
      {"ddr5 6400AN", 25600},        {"lpddr5 6400", 12800},   {"gddr6 14000_1350mV", 28000},
      {"gddr6 14000_1250mV", 28000}, {"hbm2 2000", 32000},     {"hbm2 2400", 38400},
      {"hbm3 6400", 51200}};
  std::size_t speeds = 0;
  for (const std::string& name : standard_names()) {
    const DramStandard standard = standard_named(name);
    speeds += standard.speeds.size();
    for (const auto& [device, speed] : legal_pairs(standard)) {
      const DramSpec spec = resolved(standard, device, speed);
      ASSERT_EQ(megabytes.count(name + " " + speed), 1u) << name << " " << speed;
      EXPECT_EQ(spec.peak_bandwidth(), megabytes.at(name + " " + speed) * 1'000'000) << name << " " << device;
    }
  }
  EXPECT_EQ(speeds, megabytes.size());
}

TEST(StandardFiles, ABurstIsWhatTheStandardsAreKnownToMove) {
  const std::map<std::string, std::uint32_t> bytes = {{"ddr4", 64},  {"ddr5", 64}, {"lpddr5", 32},
                                                      {"gddr6", 32}, {"hbm2", 32}, {"hbm3", 32}};
  for (const std::string& name : standard_names()) {
    const DramStandard standard = standard_named(name);
    for (const auto& [device, speed] : legal_pairs(standard)) {
      const DramSpec spec = resolved(standard, device, speed);
      EXPECT_EQ(spec.geometry.burst_bytes, bytes.at(name)) << name << " " << device;
      for (const DramDevice& preset : standard.devices) {
        if (preset.name != device) continue;
        EXPECT_EQ(spec.geometry.channel_bytes(), preset.capacity.value) << name << device;
      }
    }
  }
}

TEST(StandardFiles, EveryRowNamesCommandsOfTheStandardAndTimingsThatExist) {
  for (const std::string& name : standard_names()) {
    const DramStandard standard = standard_named(name);
    for (const auto& [device, speed] : legal_pairs(standard)) {
      const DramSpec spec = resolved(standard, device, speed);
      for (const ConstraintRow& row : standard.constraints) {
        EXPECT_EQ(evaluate_timing(row.latency, spec.timings).error, "") << name << " " << row.name;
        for (const auto* commands : {&row.from, &row.to})
          for (const std::string& command : *commands) EXPECT_EQ(standard.commands.count(command), 1u) << command;
      }
    }
  }
}

TEST(StandardFiles, EveryTimingIsUsed) {
  const std::set<std::string> elsewhere = {"CL", "CWL", "tREFI"};  // by the controller
  for (const std::string& name : standard_names()) {
    const DramStandard standard = standard_named(name);
    for (const auto& [device, speed] : legal_pairs(standard)) {
      const DramSpec spec = resolved(standard, device, speed);
      for (const auto& [timing, cycles] : spec.timings) {
        bool used = elsewhere.count(timing) != 0;
        for (const ConstraintRow& row : standard.constraints) {
          const std::string padded = " " + row.latency + " ";
          used = used || padded.find(" " + timing + " ") != std::string::npos;
        }
        EXPECT_TRUE(used) << name << " " << device << " " << speed << ": " << timing;
      }
    }
  }
}

// A command of a rank as a whole is remembered by one of its banks only, and starves if the traffic of other ranks
// counts.
TEST(StandardFiles, RankWideCommandsAreConstrainedByTheirOwnRank) {
  for (const std::string& name : standard_names()) {
    for (const ConstraintRow& row : standard_named(name).constraints) {
      bool wide = false;
      for (const auto* commands : {&row.from, &row.to})
        for (const std::string& command : *commands) wide = wide || is_rank_wide(command_named(command));
      if (!wide || row.name == "tPPD") continue;
      EXPECT_EQ(row.level, Level::kRank) << name << " " << row.name << " " << row.latency;
      EXPECT_FALSE(row.sibling) << name << " " << row.name;
    }
  }
}

TEST(StandardFiles, EveryCheckIsTheDistanceThatTheRowsGive) {
  for (const std::string& name : standard_names()) {
    const DramStandard standard = standard_named(name);
    EXPECT_GE(standard.checks.size(), 8u) << name;
    for (std::size_t i = 0; i < standard.checks.size(); ++i) {
      const StandardCheck& check = standard.checks[i];
      const DramSpec spec = resolved(standard, check.device, check.speed);
      EXPECT_EQ(distance(spec, command_named(check.first), command_named(check.second), check.same), check.cycles)
          << standard_file(name) << ": checks[" << i << "]: " << check.first << " -> " << check.second << ", same "
          << kLevelNames[static_cast<std::size_t>(check.same)] << ", " << check.device << " at " << check.speed;
    }
  }
}

TEST(StandardFiles, Ddr4At2400HasTheTimingsOfTheThreeSimulatorsItIsComparedWith) {
  const DramSpec spec = resolved(standard_named("ddr4"), "8Gb_x8", "2400U");
  const std::map<std::string, std::uint32_t> expected = {
      {"CL", 17},    {"CWL", 12},   {"tRCD", 17},    {"tRP", 17},   {"tRAS", 39},  {"tRC", 56},   {"tRRD_S", 4},
      {"tRRD_L", 6}, {"tFAW", 26},  {"tCCD_S", 4},   {"tCCD_L", 6}, {"tWTR_S", 3}, {"tWTR_L", 9}, {"tWR", 18},
      {"tRTP", 9},   {"tRFC", 420}, {"tREFI", 9360}, {"tCS", 2},    {"BL", 4}};
  EXPECT_EQ(spec.timings, expected);
  EXPECT_EQ(spec.refresh_interval, 9360u);
  EXPECT_EQ(spec.devices_per_rank, 8u);
  EXPECT_EQ(spec.geometry.channel_bytes(), std::uint64_t{8} << 30);
  ASSERT_TRUE(spec.currents);
  EXPECT_EQ(spec.currents->idd4r, 135);
  EXPECT_EQ(spec.currents->ipp0, 3);
}

// Closed forms: a bank is idle tRP before a refresh however it was closed, and untouched until the refresh ends.
TEST(StandardFiles, NoBankIsRefreshedBeforeItsPrechargeEndsNorUsedBeforeTheRefreshEnds) {
  for (const std::string& name : standard_names()) {
    const DramStandard standard = standard_named(name);
    for (const auto& [device, speed] : legal_pairs(standard)) {
      const DramSpec spec = resolved(standard, device, speed);
      const auto t = [&](const char* timing) { return spec.timings.at(timing); };
      const auto after = [&](Command a, Command b, Level same) { return distance(spec, a, b, same); };
      const std::uint32_t all = spec.timings.count("tRPab") != 0 ? t("tRPab") : t("tRP");
      const std::uint32_t read = t("tRTP") + t("tRP"), write = t("CWL") + t("BL") + t("tWR") + t("tRP");
      const std::string what = name + " " + device + " " + speed;
      const Level rank = Level::kRank, bank = Level::kBank;
      std::vector<std::pair<Command, Level>> refreshes = {{Command::kRefresh, rank}};
      if (spec.has(Command::kRefreshBank)) refreshes.emplace_back(Command::kRefreshBank, bank);
      for (const auto& [refresh, same] : refreshes) {
        EXPECT_GE(after(Command::kActivate, refresh, same), t("tRC")) << what;
        EXPECT_GE(after(Command::kPrecharge, refresh, same), t("tRP")) << what;
        EXPECT_GE(after(Command::kPrechargeAll, refresh, rank), all) << what;
        EXPECT_GE(after(Command::kReadPrecharge, refresh, same), read) << what;
        EXPECT_GE(after(Command::kWritePrecharge, refresh, same), write) << what;
        EXPECT_GE(after(Command::kRefresh, refresh, rank), t("tRFC")) << what;
      }
      for (const Command c : {Command::kActivate, Command::kPrecharge, Command::kPrechargeAll}) {
        EXPECT_GE(after(Command::kRefresh, c, rank), t("tRFC")) << what << " " << lutetia::name(c);
        if (spec.has(Command::kRefreshBank)) {
          EXPECT_GE(after(Command::kRefreshBank, c, bank), t("tRFCpb")) << what << " " << lutetia::name(c);
        }
      }
      if (spec.has(Command::kRefreshBank)) {
        EXPECT_GE(after(Command::kRefreshBank, Command::kRefreshBank, bank), t("tRFCpb")) << what;
        EXPECT_GE(after(Command::kRefreshBank, Command::kRefresh, rank), t("tRFCpb")) << what;
        EXPECT_GT(after(Command::kRefreshBank, Command::kRefreshBank, rank), 0u) << what;
        EXPECT_GT(after(Command::kRefreshBank, Command::kActivate, rank), 0u) << what;
        EXPECT_GE(after(Command::kActivate, Command::kRefreshBank, Level::kBankGroup), t("tRRD_L")) << what;
      }
      for (const auto& [precharge, same] : {std::pair(Command::kPrecharge, bank), {Command::kPrechargeAll, rank}}) {
        EXPECT_GE(after(Command::kActivate, precharge, same), t("tRAS")) << what;
        for (const Command c : {Command::kRead, Command::kReadPrecharge})
          EXPECT_GE(after(c, precharge, same), t("tRTP")) << what;
        for (const Command c : {Command::kWrite, Command::kWritePrecharge})
          EXPECT_GE(after(c, precharge, same), write - t("tRP")) << what;
      }
      EXPECT_GE(after(Command::kPrechargeAll, Command::kActivate, rank), all) << what;
      EXPECT_GE(after(Command::kReadPrecharge, Command::kActivate, bank), read) << what;
      EXPECT_GE(after(Command::kWritePrecharge, Command::kActivate, bank), write) << what;
      EXPECT_GE(after(Command::kActivate, Command::kActivate, bank), t("tRAS") + t("tRP") - 1) << what;
    }
  }
}

// Whatever follows whatever, on whatever rank: bursts of one data bus never overlap.
TEST(StandardFiles, BurstsNeverMeetOnTheDataBus) {
  const std::vector<Command> columns = {Command::kRead, Command::kReadPrecharge, Command::kWrite,
                                        Command::kWritePrecharge};
  for (const std::string& name : standard_names()) {
    const DramStandard standard = standard_named(name);
    for (const auto& [device, speed] : legal_pairs(standard)) {
      const DramSpec spec = resolved(standard, device, speed);
      const auto data_at = [&](Command c) -> std::int64_t {
        return is_read(c) ? spec.read_latency : spec.write_latency;
      };
      for (const Command a : columns)
        for (const Command b : columns)
          for (const Level same : {Level::kPseudoChannel, Level::kRank, Level::kBankGroup, Level::kBank}) {
            const std::int64_t from = data_at(a), to = distance(spec, a, b, same) + data_at(b);
            EXPECT_GE(to, from + spec.burst_cycles)
                << name << " " << device << " " << speed << ": " << lutetia::name(a) << " " << lutetia::name(b);
          }
    }
  }
}

}  // namespace
}  // namespace lutetia
