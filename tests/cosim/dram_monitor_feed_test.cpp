// The monitor with the table of a whole standard: each row is kept to the cycle, legal sequences pass, and a table that
// is one cycle stricter is noticed; the Verilog and the cycle body say the same of every command.
#include "cosim/dram_monitor_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "base/random.h"
#include "cosim/dram_monitor_spec.h"

namespace lutetia {
namespace {

using Body = DramMonitorFeed::Body;
using testing::HasSubstr;

struct Pair {
  std::size_t row;
  Command from, to;
};

std::vector<Pair> pairs_of(const DramSpec& spec) {
  std::vector<Pair> pairs;
  for (std::size_t row = 0; row < spec.constraints.size(); ++row)
    for (std::size_t from = 0; from < kCommands; ++from)
      for (std::size_t to = 0; to < kCommands; ++to)
        if ((spec.constraints[row].from >> from & 1u) != 0 && (spec.constraints[row].to >> to & 1u) != 0)
          pairs.push_back({row, static_cast<Command>(from), static_cast<Command>(to)});
  return pairs;
}

/// What the monitor says of the last of window + 1 commands: `from` in different children of one node, then `to` in yet
/// another, `distance` cycles after the first. The state of the banks is of no concern.
DramMonitorVerdict last_of_pair(const DramSpec& spec, const Pair& pair, std::uint32_t distance, Body body) {
  const DramConstraint& row = spec.constraints[pair.row];
  const DramGeometry& g = spec.geometry;
  // Banks that share no level below the one of the row, as far as there are enough of them.
  const auto bank = [&](std::uint32_t i) {
    switch (row.level) {
      case Level::kChannel: return g.bank_index(0, i % g.ranks, i % g.bank_groups, i % g.banks);
      case Level::kRank: return g.bank_index(0, row.sibling ? i % g.ranks : 0, i % g.bank_groups, i / g.bank_groups);
      case Level::kBankGroup: return g.bank_index(0, 0, 0, i % g.banks);
      default: return g.bank_index(0, 0, 0, 0);
    }
  };
  DramMonitorVerdict last;
  DramMonitorFeed feed(spec, body);
  feed.set_listener([&last](const DramCommand&, const DramMonitorVerdict& v) { last = v; });
  constexpr Cycle kStart = 1'000'000;
  for (std::uint32_t i = 0; i < row.window; ++i)
    feed.issued({kStart + i * (row.latency / row.window), pair.from, 0, bank(i), 0, 0});
  feed.issued({kStart + distance, pair.to, 0, bank(row.window), 0, 0});
  feed.finish();
  return last;
}

class DramMonitorFeedOf : public testing::TestWithParam<Body> {};
INSTANTIATE_TEST_SUITE_P(Bodies, DramMonitorFeedOf, testing::Values(Body::kRtl, Body::kCycle),
                         [](const auto& info) { return info.param == Body::kRtl ? "rtl" : "cycle"; });

TEST_P(DramMonitorFeedOf, KeepsEveryRowToTheCycle) {
  const DramSpec spec = ddr4_spec();
  std::vector<bool> seen(spec.constraints.size());
  for (const Pair& pair : pairs_of(spec)) {
    const DramConstraint& row = spec.constraints[pair.row];
    SCOPED_TRACE(row.name + " row " + std::to_string(pair.row) + ": " + std::string(name(pair.from)) + " to " +
                 std::string(name(pair.to)));
    const DramMonitorVerdict good = last_of_pair(spec, pair, row.latency, GetParam());
    EXPECT_FALSE(good.too_early) << "rule " << good.rule;
    const DramMonitorVerdict bad = last_of_pair(spec, pair, row.latency - 1, GetParam());
    EXPECT_TRUE(bad.too_early);
    EXPECT_EQ(bad.rule, pair.row);
    EXPECT_GE(bad.earliest, 1'000'000u + row.latency);
    seen[pair.row] = true;
  }
  for (std::size_t row = 0; row < seen.size(); ++row) EXPECT_TRUE(seen[row]) << row;
}

TEST_P(DramMonitorFeedOf, NoticesEveryTimingThatIsOneCycleLonger) {
  std::uint32_t raised = 0;
  for (const char* timing : {"RCD", "RP", "RAS", "RC", "CCD_S", "CCD_L", "RRD_S", "RRD_L", "FAW", "WTR_S", "WTR_L",
                             "WR", "RTP", "RFC", "RFCpb", "RTRS"}) {
    SCOPED_TRACE(timing);
    Timings longer = ddr4_timings();
    ++longer[timing];
    const DramSpec spec = ddr4_spec(), strict = ddr4_spec(longer);
    std::uint32_t noticed = 0;
    for (const Pair& pair : pairs_of(spec)) {
      const std::uint32_t latency = spec.constraints[pair.row].latency;
      if (strict.constraints[pair.row].latency == latency) continue;
      EXPECT_FALSE(last_of_pair(spec, pair, latency, GetParam()).too_early);
      const DramMonitorVerdict verdict = last_of_pair(strict, pair, latency, GetParam());
      EXPECT_TRUE(verdict.too_early);
      EXPECT_EQ(verdict.rule, pair.row);
      ++noticed;
    }
    EXPECT_GT(noticed, 0u);
    ++raised;
  }
  EXPECT_GE(raised, 12u);
}

/// Commands of bank group.bank of rank 0, as "ACT@0 RD@17".
struct Micro {
  const char* name;
  std::vector<DramCommand> commands;
};
DramCommand at(Cycle cycle, Command command, std::uint32_t group, std::uint32_t bank, std::uint32_t row = 5) {
  return {cycle, command, 0, group * 4 + bank, row, 0};
}
std::vector<Micro> micro_cases() {
  constexpr Command kAct = Command::kActivate, kRd = Command::kRead, kWr = Command::kWrite, kPre = Command::kPrecharge;
  return {{"row_conflict_2",
           {at(0, kAct, 0, 0), at(17, kRd, 0, 0), at(39, kPre, 0, 0), at(56, kAct, 0, 0, 6), at(73, kRd, 0, 0, 6)}},
          {"faw_5_banks",
           {at(0, kAct, 0, 0), at(4, kAct, 1, 0), at(8, kAct, 2, 0), at(12, kAct, 3, 0), at(17, kRd, 0, 0),
            at(21, kRd, 1, 0), at(25, kRd, 2, 0), at(26, kAct, 0, 1), at(29, kRd, 3, 0), at(43, kRd, 0, 1)}},
          {"read_then_write_diff_bg", {at(0, kAct, 0, 0), at(4, kAct, 1, 0), at(17, kRd, 0, 0), at(28, kWr, 1, 0)}},
          {"write_conflict_write",
           {at(0, kAct, 0, 0), at(17, kWr, 0, 0), at(51, kPre, 0, 0), at(68, kAct, 0, 0, 6), at(85, kWr, 0, 0, 6)}}};
}

TEST_P(DramMonitorFeedOf, AcceptsWhatOtherSimulatorsDoAndNothingFaster) {
  for (const Micro& micro : micro_cases()) {
    SCOPED_TRACE(micro.name);
    DramMonitorFeed feed(ddr4_spec(), GetParam());
    for (const DramCommand& c : micro.commands) feed.issued(c);
    feed.finish();
    EXPECT_EQ(feed.commands(), micro.commands.size());
    EXPECT_EQ(feed.violations(), 0u) << feed.first_violations().front();

    DramMonitorFeed faster(ddr4_spec(), GetParam());
    std::vector<DramCommand> commands = micro.commands;
    --commands.back().at;
    for (const DramCommand& c : commands) faster.issued(c);
    faster.finish();
    EXPECT_EQ(faster.violations(), 1u);
  }
}

TEST_P(DramMonitorFeedOf, TellsWhatIsWrong) {
  const auto first = [](const std::vector<DramCommand>& commands, DramSpec spec = ddr4_spec()) {
    DramMonitorFeed feed(spec, GetParam());
    for (const DramCommand& c : commands) feed.issued(c);
    feed.finish();
    return feed.violations() == 0 ? "" : feed.first_violations().front();
  };
  constexpr Command kAct = Command::kActivate, kRd = Command::kRead;
  EXPECT_EQ(
      first({at(0, kAct, 2, 1), at(16, kRd, 2, 1)}),
      "cycle 16, channel 0: RD to pseudo channel 0, rank 0, bank group 2, bank 1, row 5: too early; violates tRCD "
      "(constraint row 0); timing allows it from cycle 17");
  EXPECT_THAT(first({at(100, kRd, 0, 0)}), HasSubstr("the bank is closed"));
  EXPECT_THAT(first({at(0, kAct, 0, 0, 5), at(17, kRd, 0, 0, 6)}), HasSubstr("another row is open"));
  EXPECT_THAT(first({at(0, kAct, 0, 0), at(99, kAct, 0, 0)}), HasSubstr("the bank is already open"));
  EXPECT_THAT(first({at(0, kAct, 3, 3), at(99, Command::kRefresh, 0, 0)}), HasSubstr("a bank to be refreshed is open"));
  EXPECT_EQ(first({at(0, kAct, 3, 3), at(99, Command::kRefresh, 4, 0)}), "") << "that is the other rank";
  EXPECT_EQ(first({at(0, kAct, 3, 3), at(99, Command::kPrechargeAll, 0, 0), at(200, Command::kRefresh, 0, 0)}), "");
  EXPECT_THAT(first({at(0, kAct, 0, 0), at(0, kAct, 4, 0)}), HasSubstr("the command bus is busy"));
  EXPECT_THAT(first({at(10, kAct, 0, 0), at(9, kAct, 4, 0)}), HasSubstr("time goes back"));
  EXPECT_THAT(first({at(10, kAct, 8, 0)}), HasSubstr("there is no such bank"));
  EXPECT_THAT(first({at(10, kAct, 0, 0, 65536)}), HasSubstr("there is no such row"));
  EXPECT_THAT(first({{10, kAct, 1, 0, 0, 0}}), HasSubstr("there is no such channel"));
  DramSpec poor = ddr4_spec();
  poor.command_cycles[static_cast<std::size_t>(Command::kRefreshBank)] = 0;
  EXPECT_THAT(first({at(0, Command::kRefreshBank, 0, 0)}, poor), HasSubstr("no such command"));
}

TEST_P(DramMonitorFeedOf, RefusesASpecThatItCannotHold) {
  DramSpec spec = ddr4_spec();
  spec.constraints[3].window = 9;
  EXPECT_THROW(DramMonitorFeed(spec, GetParam()), std::invalid_argument);
  spec = ddr4_spec();
  spec.constraints.resize(300, spec.constraints.front());
  EXPECT_THROW(DramMonitorFeed(spec, GetParam()), std::invalid_argument);
  spec = ddr4_spec();
  spec.constraints[0].latency = 1u << 24;
  EXPECT_THROW(DramMonitorFeed(spec, GetParam()), std::invalid_argument);
  DramMonitorFeed feed(ddr4_spec(), GetParam());
  EXPECT_THROW(feed.issued(at(Cycle{1} << 40, Command::kActivate, 0, 0)), std::out_of_range);
}

TEST(DramMonitorFeed, VerilogAndCycleBodySayTheSameOfEveryCommand) {
  struct Heard {
    DramCommand command;
    DramMonitorVerdict verdict;
  };
  for (const DramSpec& spec : {ddr4_spec(), stacked_spec()}) {
    std::vector<Heard> heard[2];
    std::uint64_t violations[2] = {};
    for (const Body body : {Body::kRtl, Body::kCycle}) {
      const auto which = static_cast<std::size_t>(body);
      DramMonitorFeed feed(spec, body);
      feed.set_listener([&](const DramCommand& c, const DramMonitorVerdict& v) { heard[which].push_back({c, v}); });
      Random random(7);
      std::vector<Cycle> now(spec.geometry.channels);
      for (int i = 0; i < 20'000; ++i) {
        DramCommand c;
        c.channel = static_cast<std::uint32_t>(random.below(spec.geometry.channels));
        c.command = static_cast<Command>(random.below(random.below(50) == 0 ? kCommands : 7));
        c.bank = static_cast<std::uint32_t>(random.below(spec.geometry.banks_per_channel()));
        c.row = static_cast<std::uint32_t>(random.below(2));
        c.at = now[c.channel] += random.below(40);
        feed.issued(c);
      }
      feed.finish();
      violations[which] = feed.violations();
    }
    ASSERT_EQ(heard[0].size(), 20'000u);
    ASSERT_EQ(heard[1].size(), 20'000u);
    EXPECT_EQ(violations[0], violations[1]);
    EXPECT_GT(violations[0], 1'000u);
    EXPECT_LT(violations[0], 20'000u);
    std::array<std::vector<Heard>, 2> by_channel;
    for (std::uint32_t channel = 0; channel < spec.geometry.channels; ++channel) {
      for (auto& list : by_channel) list.clear();
      for (std::size_t which = 0; which < 2; ++which)
        for (const Heard& h : heard[which])
          if (h.command.channel == channel) by_channel[which].push_back(h);
      ASSERT_EQ(by_channel[0].size(), by_channel[1].size());
      for (std::size_t i = 0; i < by_channel[0].size(); ++i) {
        const DramMonitorVerdict &a = by_channel[0][i].verdict, &b = by_channel[1][i].verdict;
        ASSERT_EQ(by_channel[0][i].command.at, by_channel[1][i].command.at);
        ASSERT_EQ(std::tie(a.kind, a.too_early, a.rule, a.earliest), std::tie(b.kind, b.too_early, b.rule, b.earliest));
      }
    }
  }
}

}  // namespace
}  // namespace lutetia
