// The figures of configs/dram against ../shared/data/dram/constraints.json, taken from Ramulator 2.1: the same timings,
// and no row looser than any of its rows, but for the exceptions listed here with their reasons.
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "memory/dram/timing_expression.h"
#include "standards.h"

namespace lutetia {
namespace {

using Json = nlohmann::json;

struct Preset {
  std::string standard, device, speed, theirs, timing;  ///< theirs: the key in the file; timing: its preset
};

const std::vector<Preset> kPresets = {
    {"ddr4", "8Gb_x4", "2400U_x4", "DDR4", "DDR4_2400U / DDR4_2Gb_x4"},
    {"ddr4", "8Gb_x8", "2400U", "DDR4", "DDR4_2400U / DDR4_2Gb_x4"},
    {"ddr4", "8Gb_x16", "2400U_x16", "DDR4", "DDR4_2400U / DDR4_2Gb_x4"},
    {"ddr4", "8Gb_x8", "3200W", "DDR4", "DDR4_3200W / DDR4_2Gb_x4"},
    {"ddr4", "8Gb_x8", "3200AA", "DDR4", "DDR4_3200AA / DDR4_2Gb_x4"},
    {"ddr4", "8Gb_x16", "3200AA_x16", "DDR4", "DDR4_3200AA / DDR4_2Gb_x4"},
    {"ddr5", "8Gb_x8", "4800AN", "DDR5", "DDR5_4800AN / DDR5_8Gb_x4"},
    {"ddr5", "8Gb_x8", "4800BN", "DDR5", "DDR5_4800BN / DDR5_8Gb_x4"},
    {"ddr5", "8Gb_x8", "5600AN", "DDR5", "DDR5_5600AN / DDR5_8Gb_x4"},
    {"ddr5", "8Gb_x8", "6400AN", "DDR5", "DDR5_6400AN / DDR5_8Gb_x4"},
    {"lpddr5", "8Gb_x16", "6400", "LPDDR5", "LPDDR5_6400 / LPDDR5_8Gb_x16"},
    {"gddr6", "8Gb_x8", "14000_1350mV", "GDDR6", "GDDR6_14000_1350mV_quad / GDDR6_8Gb_x8"},
    {"gddr6", "8Gb_x8", "14000_1350mV", "GDDR6", "GDDR6_14000_1350mV_double / GDDR6_8Gb_x8"},
    {"gddr6", "8Gb_x8", "14000_1250mV", "GDDR6", "GDDR6_14000_1250mV_quad / GDDR6_8Gb_x8"},
    {"hbm2", "8Gb", "2000", "HBM2", "HBM2_2000Mbps / HBM2_1Gb"},
    {"hbm2", "8Gb", "2400", "HBM2", "HBM2_2400Mbps / HBM2_1Gb"},
    {"hbm3", "16Gb_4hi", "6400", "HBM3", "HBM3_6400Mbps / HBM3_4Gb"},
};

struct Exception {
  std::string standard, speed, timing;  ///< speed empty: all of them
  const char* reason;
};

const std::vector<Exception> kExceptions = {
    {"ddr4", "", "tRFC", "theirs is of 2 Gb devices"},
    {"ddr4", "2400U", "tFAW", "theirs is of x4 devices"},
    {"ddr4", "2400U_x16", "tFAW", "theirs is of x4 devices"},
    {"ddr4", "2400U_x16", "tRRD_S", "theirs is of x4 devices"},
    {"ddr4", "2400U_x16", "tRRD_L", "theirs is of x4 devices"},
    {"ddr4", "3200W", "tFAW", "theirs is of x4 devices"},
    {"ddr4", "3200AA", "tFAW", "theirs is of x4 devices"},
    {"ddr4", "3200AA_x16", "tFAW", "theirs is of x4 devices"},
    {"ddr4", "3200AA_x16", "tRRD_S", "theirs is of x4 devices"},
    {"ddr4", "3200AA_x16", "tRRD_L", "theirs is of x4 devices"},
    {"ddr5", "", "tFAW", "max(32 cycles, 10 ns at 6400) by the data sheet, theirs is a rough 20 ns"},
    {"ddr5", "5600AN", "tRRD_S", "8 cycles by the data sheet, theirs falls back to 5 ns"},
    {"ddr5", "6400AN", "tRRD_S", "8 cycles by the data sheet, theirs falls back to 5 ns"},
    {"ddr5", "5600AN", "tCCD_L", "5 ns are 14 cycles, not 12"},
    {"ddr5", "5600AN", "tRTP", "7.5 ns are 21 cycles, not 20"},
    {"ddr5", "5600AN", "tWTR_S", "2.5 ns are 7 cycles, not 5"},
    {"ddr5", "6400AN", "tWTR_S", "2.5 ns are 8 cycles, not 5"},
    {"hbm2", "", "tRFC", "theirs is of 1 Gb"},
};

/// Timings that are times in our files: theirs are divided by a clock period rounded down to picoseconds, so larger by
/// up to 0.25 % and by the rounding up.
const std::set<std::string> kRoundedClock = {"tRFC", "tRFCpb", "tREFI"};

/// What is in their presets but no timing here.
const std::set<std::string> kNoTiming = {"rate",   "tCK_ps", "nCAS", "nAAD",    "nWCKPST",
                                         "nRFMab", "nRFMpb", "nBL",  "nBL_min", "nREFIpb"};

/// nCCDL_WR -> tCCD_L_WR, nRFCab -> tRFC, nCL -> CL, ...
std::string our_name(const std::string& theirs) {
  static const std::map<std::string, std::string> kIrregular = {
      {"nCL", "CL"},         {"nCWL", "CWL"},    {"nBL", "BL"},    {"nBL_min", "BL"},
      {"nBL_max", "BL_max"}, {"nRFCab", "tRFC"}, {"nRTPL", "tRTP"}};
  const auto found = kIrregular.find(theirs);
  if (found != kIrregular.end()) return found->second;
  for (const std::string stem : {"nCCD", "nRRD", "nWTR"})
    if (theirs.compare(0, 4, stem) == 0) return "t" + stem.substr(1) + "_" + theirs.substr(4);
  return "t" + theirs.substr(1);
}

class StandardFigures : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ifstream in(LUTETIA_SOURCE_DIR "/../shared/data/dram/constraints.json");
    if (!in) GTEST_SKIP() << "no ../shared/data/dram/constraints.json beside the sources";
    all_ = Json::parse(in);
  }
  Json all_;
};

TEST_F(StandardFigures, EveryTimingOfAPresetIsTheirsOrAnExplainedException) {
  std::set<const Exception*> used;
  for (const Preset& preset : kPresets) {
    const DramSpec spec = resolved(standard_named(preset.standard), preset.device, preset.speed);
    for (const auto& [key, value] : all_.at(preset.theirs).at("timing_presets").at(preset.timing).items()) {
      if (kNoTiming.count(key) != 0) continue;
      const std::string timing = our_name(key), what = preset.standard + " " + preset.speed + " " + timing;
      const auto ours = spec.timings.find(timing);
      ASSERT_TRUE(ours != spec.timings.end()) << what;
      const double theirs = value.get<double>();
      if (ours->second == theirs) continue;
      if (kRoundedClock.count(timing) != 0 && ours->second < theirs && ours->second >= std::floor(theirs * 0.9975) - 1)
        continue;
      bool explained = false;
      for (const Exception& e : kExceptions)
        if (e.standard == preset.standard && (e.speed.empty() || e.speed == preset.speed) && e.timing == timing)
          explained = used.insert(&e).second || true;
      EXPECT_TRUE(explained) << what << ": " << ours->second << ", theirs " << theirs;
    }
  }
  for (const Exception& e : kExceptions)
    EXPECT_EQ(used.count(&e), 1u) << e.standard << " " << e.speed << " " << e.timing << ": nothing left to explain";
}

TEST_F(StandardFigures, TheirBurstsAndClocksAreOurs) {
  for (const Preset& preset : kPresets) {
    const DramStandard standard = standard_named(preset.standard);
    const DramSpec spec = resolved(standard, preset.device, preset.speed);
    const Json& theirs = all_.at(preset.theirs).at("timing_presets").at(preset.timing);
    EXPECT_EQ(spec.burst_cycles, theirs.value("nBL", theirs.value("nBL_min", 0u))) << preset.timing;
    EXPECT_EQ(spec.clock.frequency.value * standard.data_rate, theirs.at("rate").get<std::uint64_t>() * 1'000'000)
        << preset.timing;
  }
}

std::vector<std::string> our_commands(const Json& theirs) {
  static const std::map<std::string, std::string> kNames = {{"PREpb", "PRE"}, {"PREab", "PREA"}, {"ACT1", "ACT"}};
  std::vector<std::string> out;
  for (const std::string name : theirs) out.push_back(kNames.count(name) != 0 ? kNames.at(name) : name);
  return out;
}

Level our_level(const std::string& theirs) {
  static const std::map<std::string, Level> kNames = {
      {"Channel", Level::kChannel}, {"PseudoChannel", Level::kPseudoChannel}, {"Sid", Level::kRank},
      {"Rank", Level::kRank},       {"BankGroup", Level::kBankGroup},         {"Bank", Level::kBank}};
  return kNames.at(theirs);
}

/// Their expression with our names.
std::string our_expression(const std::string& theirs) {
  std::istringstream in(theirs);
  std::string out, word;
  while (in >> word) out += (out.empty() ? "" : " ") + (word[0] == 'n' ? our_name(word) : word);
  return out;
}

/// Rows of theirs that ours do not imply, with the reason.
std::string left_out(const std::string& standard, const std::string& from, const std::string& to, Level level,
                     bool sibling) {
  for (const std::string& command : {from, to})
    if (command.compare(0, 3, "RFM") == 0 || command.compare(0, 4, "CAS_") == 0) return "no such command here";
  if (standard == "LPDDR5" && sibling && is_write(command_named(from)))
    return "theirs has CL and CWL the wrong way round";
  if (standard == "GDDR6" && level == Level::kChannel && to == "REFpb" && (from == "RDA" || from == "WRA"))
    return "another bank's precharge does not concern the refreshed one";
  return "";
}

TEST_F(StandardFigures, NoRowIsLooserThanAnyOfTheirs) {
  int compared = 0, skipped = 0;
  for (const Preset& preset : kPresets) {
    const DramSpec spec = resolved(standard_named(preset.standard), preset.device, preset.speed);
    for (const Json& row : all_.at(preset.theirs).at("constraints")) {
      const std::uint32_t window = row.at("window");
      const bool sibling = row.at("sibling");
      const Level level = our_level(row.at("level"));
      const TimingValue value = evaluate_timing(our_expression(row.at("latency")), spec.timings);
      for (const std::string& from : our_commands(row.at("preceding")))
        for (const std::string& to : our_commands(row.at("following"))) {
          if (!left_out(preset.theirs, from, to, level, sibling).empty()) {
            ++skipped;
            continue;
          }
          ASSERT_EQ(value.error, "") << row.dump();
          const Command a = command_named(from), b = command_named(to);
          // Two commands that share no more than that level; a rank-wide one shares its rank at least.
          const bool wide = is_rank_wide(a) || is_rank_wide(b);
          const int same = static_cast<int>(level) - (sibling ? 1 : 0);
          const Level shared = wide ? std::max(level, Level::kRank) : static_cast<Level>(same);
          std::uint32_t ours = window == 1 ? distance(spec, a, b, shared) : 0;
          for (const DramConstraint& c : spec.constraints)
            if (window > 1 && c.window == window && c.level <= level && (c.from & mask(a)) && (c.to & mask(b)))
              ours = std::max(ours, c.latency);
          EXPECT_GE(ours, value.cycles) << preset.standard << " " << preset.speed << ": " << row.dump();
          ++compared;
        }
    }
  }
  EXPECT_GT(compared, 1000);
  EXPECT_GT(skipped, 0);
}

TEST_F(StandardFigures, OrganisationsAreTheirsOrCorrected) {
  const std::map<std::string, std::string> others = {
      {"HBM2 4Gb", "HBM2_2Gb"}, {"HBM2 8Gb", "HBM2_4Gb"}, {"HBM3 16Gb_4hi", "HBM3_4Gb"}};
  for (const std::string& name : standard_names()) {
    std::string key = name;
    for (char& c : key) c = static_cast<char>(std::toupper(c));
    for (const DramDevice& device : standard_named(name).devices) {
      const std::string plain = key + " " + device.name;
      // HBM2's densities of theirs are those of a pseudo channel.
      const std::string preset = others.count(plain) != 0 ? others.at(plain) : key + "_" + device.name;
      const Json& theirs = all_.at(key).at("org_presets").at(preset);
      EXPECT_EQ(device.width, theirs.at("dq").get<std::uint32_t>()) << plain;
      EXPECT_EQ(device.channel_width, theirs.at("channel_width").get<std::uint32_t>()) << plain;
      EXPECT_EQ(device.pseudo_channels, theirs.value("pseudochannel", 1u)) << plain;
      EXPECT_EQ(device.ranks, theirs.value("sid", 1u)) << plain;
      EXPECT_EQ(device.bank_groups, theirs.at("bankgroup").get<std::uint32_t>()) << plain;
      EXPECT_EQ(device.banks, theirs.at("bank").get<std::uint32_t>()) << plain;
      EXPECT_EQ(device.rows, theirs.at("row").get<std::uint32_t>()) << plain;
      EXPECT_EQ(device.columns, theirs.at("column").get<std::uint32_t>()) << plain;
    }
  }
}

}  // namespace
}  // namespace lutetia
