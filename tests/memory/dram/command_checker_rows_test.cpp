// Timing rows in the command checker: every row of two specs binds exactly at its latency and exactly where it says, a
// brute-force reading of the rows finds the same violations in random streams, and the micro cases on which two public
// simulators agree are legal as they stand and illegal in any command one cycle earlier.
#include <gtest/gtest.h>

#include "base/random.h"
#include "checking.h"

namespace lutetia {
namespace {

constexpr Command ACT = Command::kActivate, PRE = Command::kPrecharge, RD = Command::kRead, WR = Command::kWrite,
                  REF = Command::kRefresh;
constexpr Cycle kStart = 20'000;  ///< of the pair under test; what it needs lies thousands of cycles before

std::vector<Command> commands_of(std::uint32_t mask) {
  std::vector<Command> out;
  for (std::size_t c = 0; c < kCommands; ++c)
    if ((mask >> c & 1) != 0) out.push_back(static_cast<Command>(c));
  return out;
}

Level below(Level level) {
  return static_cast<Level>(static_cast<int>(level) + 1);
}

/// A bank that shares a node of this level with bank 0 and none of a deeper level.
std::uint32_t bank_sharing(const DramGeometry& g, Level level) {
  return level == Level::kBank ? 0 : g.banks_below(below(level));
}

/// `first` to bank 0 (a window's worth of them, to one bank group each), then `second` to `other` after `distance`
/// cycles; with the rows opened and closed that make it legal but for that distance.
std::vector<DramCommand> built(const DramSpec& spec, const DramConstraint& row, Command first, Command second,
                               std::uint32_t other, Cycle distance) {
  std::vector<DramCommand> out;
  if (is_column(first)) out.push_back(at(kStart - 3000, ACT, 0));
  if (is_column(second) && other != 0) out.push_back(at(kStart - 2000, ACT, other));
  for (std::uint32_t i = 0; i < row.window; ++i)
    out.push_back(at(kStart + i * (row.latency / row.window), first, i * spec.geometry.banks));
  const bool needs_closed = second == ACT || second == REF || second == Command::kRefreshBank;
  if (first == ACT && needs_closed && (other == 0 || second == REF)) out.push_back(at(kStart + 39, PRE, 0));
  out.push_back(at(kStart + distance, second, other));
  return out;
}

class EveryRow : public testing::TestWithParam<int> {
 protected:
  DramSpec spec = GetParam() == 0 ? ddr4_like() : hbm_like();
};
INSTANTIATE_TEST_SUITE_P(Specs, EveryRow, testing::Values(0, 1));

TEST_P(EveryRow, AllowsItsLatencyAndNoCycleLess) {
  for (const DramConstraint& row : spec.constraints) {
    std::uint32_t other = row.sibling ? spec.geometry.banks_below(row.level) : bank_sharing(spec.geometry, row.level);
    if (row.window > 1) other = 1;  // the other groups have had their ACT
    int binding = 0;
    for (const Command first : commands_of(row.from)) {
      for (const Command second : commands_of(row.to)) {
        const Judgement early = judged(spec, built(spec, row, first, second, other, row.latency - 1));
        const Judgement in_time = judged(spec, built(spec, row, first, second, other, row.latency));
        const std::string what = row.name + " " + std::string(name(first)) + "-" + std::string(name(second)) + "\n";
        EXPECT_TRUE(early.broke(row.name)) << what << early.text;
        EXPECT_FALSE(in_time.broke(row.name)) << what << in_time.text;
        for (const Violation& v : early.first) {
          if (v.rule != row.name) continue;
          EXPECT_EQ(v.earliest, kStart + row.latency) << what;
          ASSERT_TRUE(v.earlier.has_value()) << what;
          EXPECT_EQ(v.earlier->at, kStart) << what;
          EXPECT_EQ(v.earlier->command, first) << what;
        }
        binding += in_time.violations == 0 ? 1 : 0;
      }
    }
    EXPECT_GT(binding, 0) << row.name << " is never the row that binds";
  }
}

TEST_P(EveryRow, HoldsAtItsOwnNodesOnly) {
  const DramGeometry& g = spec.geometry;
  for (const DramConstraint& row : spec.constraints) {
    if (row.level == Level::kChannel) continue;
    const std::uint32_t other = row.sibling ? bank_sharing(g, row.level) : g.banks_below(row.level);
    if (other >= g.banks_per_channel()) continue;
    for (const Command first : commands_of(row.from)) {
      for (const Command second : commands_of(row.to)) {
        const Judgement j = judged(spec, built(spec, row, first, second, other, row.latency - 1));
        EXPECT_FALSE(j.broke(row.name)) << j.text;
      }
    }
  }
}

/// The rows read literally: for every command, all that went before.
std::map<std::string, std::uint64_t> brute_force(const DramSpec& spec, const std::vector<DramCommand>& commands) {
  const DramGeometry& g = spec.geometry;
  const auto touches = [&](const DramCommand& c, Level level, std::uint32_t node) {
    if (!is_rank_wide(c.command) || level <= Level::kRank) return g.node(level, c.bank) == node;
    return g.node(Level::kRank, c.bank) == node * g.banks_below(level) / g.banks_per_rank();
  };
  std::map<std::string, std::uint64_t> out;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const DramCommand& now = commands[i];
    for (const DramConstraint& row : spec.constraints) {
      if ((row.to & mask(now.command)) == 0) continue;
      bool broken = false;
      for (std::uint32_t node = 0; node < g.nodes(row.level); ++node) {
        bool here = touches(now, row.level, node);
        if (row.sibling) {
          const std::uint32_t parent = row.level == Level::kRank ? g.ranks : g.pseudo_channels;
          here = !here && node / parent == g.node(row.level, now.bank) / parent;
        }
        std::uint32_t left = row.window;
        for (std::size_t p = i; here && p-- > 0;) {
          const DramCommand& past = commands[p];
          if (past.channel != now.channel || (row.from & mask(past.command)) == 0) continue;
          if (!touches(past, row.level, node) || --left > 0) continue;
          broken = broken || now.at - past.at < row.latency;
          break;
        }
      }
      out[row.name] += broken ? 1 : 0;
    }
  }
  return out;
}

TEST_P(EveryRow, IsReadAsABruteForceReadingReadsIt) {
  spec.constraints.push_back({"window of two kinds", Level::kBankGroup, kAct | kReads, kAct, 60, 3});
  spec.constraints.push_back({"rank-wide at banks", Level::kBank, kPreAll | kAct, kAct | kRef, 50});
  Random random(GetParam() + 1);
  std::vector<DramCommand> commands;
  Cycle now = 0;
  const std::uint32_t kinds = GetParam() == 0 ? kCommands - 1 : kCommands;
  // Few banks, of which any two share another level, so that all rows have something to look at.
  const std::vector<std::uint32_t> banks = {0, 1, 4, 16, 17, 20, spec.geometry.banks_per_channel() - 1};
  for (int i = 0; i < 4000; ++i) {
    now += random.below(2);
    commands.push_back(at(now, static_cast<Command>(random.below(kinds)), banks[random.below(banks.size())], 0, 0,
                          static_cast<std::uint32_t>(random.below(spec.geometry.channels))));
  }
  const Judgement j = judged(spec, commands);
  for (const auto& [rule, count] : brute_force(spec, commands)) {
    EXPECT_EQ(j.broke(rule) ? j.by_rule.at(rule) : 0, count) << rule;
    EXPECT_GT(count, 0u) << rule << " was never tried";
  }
}

using Cases = std::map<std::string, std::vector<DramCommand>>;

/// Four short request lists for which Ramulator 2.1 and DRAMSys 5.1 issue the same commands. Bank group g, bank b of
/// rank 0 is bank 4 g + b.
const Cases kMicroCases = {
    {"row_conflict_2", {at(0, ACT, 0, 5), at(17, RD, 0, 5), at(39, PRE, 0), at(56, ACT, 0, 6), at(73, RD, 0, 6)}},
    {"faw_5_banks",
     {at(0, ACT, 0), at(4, ACT, 4), at(8, ACT, 8), at(12, ACT, 12), at(17, RD, 0), at(21, RD, 4), at(25, RD, 8),
      at(26, ACT, 1), at(29, RD, 12), at(43, RD, 1)}},
    {"read_then_write_diff_bg", {at(0, ACT, 0), at(4, ACT, 4), at(17, RD, 0), at(28, WR, 4)}},
    {"write_conflict_write", {at(0, ACT, 0, 5), at(17, WR, 0, 5), at(51, PRE, 0), at(68, ACT, 0, 6), at(85, WR, 0, 6)}},
};
/// Distances that the micro cases do not try, each as short as it may be.
const Cases kTightCases = {
    {"reads of a bank group", {at(0, ACT, 0), at(6, ACT, 1), at(30, RD, 0), at(36, RD, 1), at(45, PRE, 1)}},
    {"write to read in a bank group", {at(0, ACT, 0), at(6, ACT, 1), at(30, WR, 0), at(55, RD, 1)}},
    {"write to read across bank groups", {at(0, ACT, 0), at(6, ACT, 4), at(30, WR, 0), at(49, RD, 4)}},
    {"refresh", {at(0, REF, 0), at(420, ACT, 0)}},
};

TEST(MicroCases, AreLegalAsTheyStand) {
  for (const Cases& cases : {kMicroCases, kTightCases})
    for (const auto& [name, commands] : cases) EXPECT_TRUE(accepted(ddr4_like(), commands)) << name;
}

TEST(MicroCases, AreIllegalWithAnyCommandACycleEarlier) {
  for (const auto& [name, commands] : kMicroCases) {
    for (std::size_t i = 1; i < commands.size(); ++i) {  // the first is bound by nothing
      std::vector<DramCommand> shifted = commands;
      --shifted[i].at;
      const Judgement j = judged(ddr4_like(), shifted);
      ASSERT_GT(j.violations, 0u) << name << ", command " << i;
      EXPECT_EQ(j.first[0].command.at, shifted[i].at) << name << ", command " << i;
      EXPECT_EQ(j.first[0].earliest, commands[i].at) << name << ", command " << i << "\n" << j.text;
    }
  }
}

TEST(MicroCases, NoticeEveryTimingThatIsOneCycleLonger) {
  using T = HandMadeTimings;
  const std::map<std::string, std::uint32_t T::*> timings = {
      {"tRCD", &T::RCD},     {"tRP", &T::RP},       {"tRAS", &T::RAS},     {"tRC", &T::RC},
      {"tRTP", &T::RTP},     {"tWR", &T::WR},       {"tCCD_S", &T::CCD_S}, {"tCCD_L", &T::CCD_L},
      {"tRRD_S", &T::RRD_S}, {"tRRD_L", &T::RRD_L}, {"tFAW", &T::FAW},     {"tWTR_S", &T::WTR_S},
      {"tWTR_L", &T::WTR_L}, {"tRFC", &T::RFC},     {"CL", &T::CL},        {"CWL", &T::CWL},
  };
  for (const auto& [name, member] : timings) {
    HandMadeTimings longer;
    ++(longer.*member);
    std::uint64_t violations = 0;
    for (const Cases& cases : {kMicroCases, kTightCases})
      for (const auto& entry : cases) violations += judged(ddr4_like(longer), entry.second).violations;
    EXPECT_GT(violations, 0u) << name;
  }
}

}  // namespace
}  // namespace lutetia
