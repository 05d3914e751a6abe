// What the command checker knows apart from timing rows: bank states, buses, order, ranges, refresh, and how it
// reports.
#include "memory/dram/command_checker.h"

#include <gtest/gtest.h>

#include "checking.h"

namespace lutetia {
namespace {

constexpr Command ACT = Command::kActivate, PRE = Command::kPrecharge, PREA = Command::kPrechargeAll,
                  RD = Command::kRead, RDA = Command::kReadPrecharge, WR = Command::kWrite,
                  WRA = Command::kWritePrecharge, REF = Command::kRefresh, REFPB = Command::kRefreshBank;

/// Without timing rows, only what is under test can be broken.
DramSpec without_rows(DramSpec spec) {
  spec.constraints.clear();
  return spec;
}
const DramSpec kDdr4 = without_rows(ddr4_like()), kHbm = without_rows(hbm_like());

TEST(CommandChecker, ActivatesOnlyPrechargedBanks) {
  EXPECT_TRUE(breaks_only("row open", kDdr4, {at(0, ACT, 3), at(100, ACT, 3)}));
  EXPECT_TRUE(accepted(kDdr4, {at(0, ACT, 3), at(100, ACT, 4), at(200, PRE, 3), at(300, ACT, 3)}));
  EXPECT_TRUE(accepted(kDdr4, {at(0, ACT, 3), at(100, ACT, 4), at(200, PREA, 9), at(300, ACT, 3), at(400, ACT, 4)}));
  EXPECT_TRUE(breaks_only("row open", kDdr4, {at(0, ACT, 3), at(200, PREA, 16), at(300, ACT, 3)})) << "other rank";
}

TEST(CommandChecker, ColumnCommandsNeedTheirRowOpen) {
  for (const Command c : {RD, RDA, WR, WRA}) {
    EXPECT_TRUE(accepted(kDdr4, {at(0, ACT, 3, 7), at(100, c, 3, 7)}));
    EXPECT_TRUE(breaks_only("row closed", kDdr4, {at(100, c, 3, 7)}));
    EXPECT_TRUE(breaks_only("row closed", kDdr4, {at(0, ACT, 3, 7), at(100, c, 2, 7)}));
    EXPECT_TRUE(breaks_only("row closed", kDdr4, {at(0, ACT, 3, 7), at(50, PRE, 3), at(100, c, 3, 7)}));
    EXPECT_TRUE(breaks_only("wrong row", kDdr4, {at(0, ACT, 3, 7), at(100, c, 3, 8)}));
  }
}

TEST(CommandChecker, AutoPrechargeClosesTheBank) {
  for (const Command c : {RDA, WRA}) {
    EXPECT_TRUE(accepted(kDdr4, {at(0, ACT, 3), at(100, c, 3), at(200, ACT, 3), at(300, RD, 3)}));
    EXPECT_TRUE(breaks_only("row closed", kDdr4, {at(0, ACT, 3), at(100, c, 3), at(200, RD, 3)}));
  }
}

TEST(CommandChecker, PrechargeOfAClosedBankIsAllowed) {
  EXPECT_TRUE(accepted(kDdr4, {at(0, PRE, 3), at(50, PRE, 3), at(100, PREA, 0), at(150, PREA, 0)}));
}

TEST(CommandChecker, RefreshOfARankNeedsAllItsBanksPrecharged) {
  EXPECT_TRUE(breaks_only("row open", kDdr4, {at(0, ACT, 15), at(100, REF, 0)}));
  EXPECT_TRUE(accepted(kDdr4, {at(0, ACT, 16), at(100, REF, 0)})) << "the open bank is in the other rank";
  EXPECT_TRUE(accepted(kDdr4, {at(0, ACT, 15), at(50, PRE, 15), at(100, REF, 3)}));
  EXPECT_TRUE(accepted(kDdr4, {at(0, ACT, 15), at(50, RDA, 15), at(100, REF, 3)}));
  EXPECT_EQ(judged(kDdr4, {at(0, ACT, 1), at(10, ACT, 2), at(100, REF, 0)}).violations, 1u) << "told once";
}

TEST(CommandChecker, RefreshOfABankNeedsOnlyThisPrecharged) {
  EXPECT_TRUE(accepted(kHbm, {at(0, ACT, 4), at(100, REFPB, 5)}));
  EXPECT_TRUE(breaks_only("row open", kHbm, {at(0, ACT, 5), at(100, REFPB, 5)}));
}

TEST(CommandChecker, CommandsThatTheStandardLacksAreViolations) {
  EXPECT_TRUE(breaks_only("no such command", kDdr4, {at(0, REFPB, 0)}));
  EXPECT_TRUE(breaks_only("no such command", kDdr4, {at(0, static_cast<Command>(77), 0)}));
  EXPECT_FALSE(judged(kDdr4, {at(0, static_cast<Command>(77), 0)}).text.empty());
}

TEST(CommandChecker, CommandsMustAddressWhatThereIs) {
  const DramGeometry& g = kHbm.geometry;
  EXPECT_TRUE(accepted(kHbm, {at(0, ACT, 63, g.rows - 1, 0, 1), at(50, RD, 63, g.rows - 1, g.bursts - 1, 1)}));
  EXPECT_TRUE(breaks_only("range", kHbm, {at(0, ACT, 64)}));
  EXPECT_TRUE(breaks_only("range", kHbm, {at(0, ACT, 0, 5, 0, 2)}));
  EXPECT_TRUE(breaks_only("range", kHbm, {at(0, ACT, 0, g.rows)}));
  EXPECT_TRUE(breaks_only("range", kHbm, {at(0, ACT, 0), at(50, RD, 0, 5, g.bursts)}));
  EXPECT_TRUE(breaks_only("range", kHbm, {at(kNever, ACT, 0)}));
}

TEST(CommandChecker, OneBusCarriesOneCommandAtATime) {
  EXPECT_TRUE(breaks_only("bus", kDdr4, {at(0, ACT, 0), at(50, RD, 0), at(50, PRE, 1)}));
  EXPECT_TRUE(accepted(kDdr4, {at(0, ACT, 0), at(50, RD, 0), at(51, PRE, 1)}));
}

TEST(CommandChecker, SplitBusCarriesARowAndAColumnCommand) {
  EXPECT_TRUE(accepted(kHbm, {at(0, ACT, 0), at(50, RD, 0), at(50, PRE, 1)}));
  EXPECT_TRUE(breaks_only("bus", kHbm, {at(50, PRE, 0), at(50, PRE, 1)}));
  EXPECT_TRUE(breaks_only("bus", kHbm, {at(0, ACT, 0), at(2, ACT, 32), at(50, RD, 0), at(50, WR, 32)}));
  EXPECT_TRUE(accepted(kHbm, {at(50, PRE, 0), at(50, PRE, 1, 0, 0, 1)})) << "channels have buses of their own";
}

TEST(CommandChecker, LongCommandsHoldTheBus) {
  const Judgement j = judged(kHbm, {at(10, ACT, 0), at(11, PRE, 1)});
  ASSERT_EQ(j.violations, 1u);
  EXPECT_EQ(j.first[0].rule, "bus");
  EXPECT_EQ(j.first[0].earliest, Cycle{12});
  EXPECT_TRUE(accepted(kHbm, {at(10, ACT, 0), at(12, PRE, 1)}));
}

TEST(CommandChecker, DataOfTwoCommandsMayNotMeet) {
  const std::vector<DramCommand> open = {at(0, ACT, 0), at(10, ACT, 16)};
  const auto then = [&](std::vector<DramCommand> more) {
    more.insert(more.begin(), open.begin(), open.end());
    return more;
  };
  EXPECT_TRUE(breaks_only("data bus", kDdr4, then({at(50, RD, 0), at(53, RD, 16)})));
  EXPECT_TRUE(accepted(kDdr4, then({at(50, RD, 0), at(54, RD, 16)})));
  // Reads come 17 cycles after their command, writes 12: the write at 56 meets the read before the last.
  EXPECT_TRUE(breaks_only("data bus", kDdr4, then({at(50, RD, 0), at(55, RD, 0), at(56, WR, 16)})));
  EXPECT_TRUE(accepted(kDdr4, then({at(50, RD, 0), at(51, WR, 16)}))) << "the write's data are first";
}

TEST(CommandChecker, TimeDoesNotGoBackWithinAChannel) {
  EXPECT_TRUE(breaks_only("order", kHbm, {at(0, ACT, 0), at(50, PRE, 1), at(49, RD, 0)}));
  const Judgement j = judged(kDdr4, {at(50, PRE, 0), at(60, PRE, 1), at(59, ACT, 0), at(61, RD, 0)});
  EXPECT_EQ(j.by_rule, (std::map<std::string, std::uint64_t>{{"order", 1}, {"bus", 1}})) << "counts as of cycle 60";
  EXPECT_TRUE(accepted(kHbm, {at(50, PRE, 0), at(49, ACT, 0, 5, 0, 1)})) << "each channel has its own time";
}

DramSpec with_refresh(DramSpec spec, std::uint32_t interval = 100) {
  spec.refresh_interval = interval;
  spec.bank_refresh_interval = interval / spec.geometry.banks_per_rank();
  return spec;
}

TEST(CommandChecker, ARankIsRefreshedWithinNineIntervals) {
  const DramSpec spec = with_refresh(kDdr4);
  EXPECT_TRUE(breaks_only("refresh interval", spec, {at(900, REF, 0), at(901, REF, 16), at(1800, REF, 0)}, 1801));
  EXPECT_TRUE(accepted(spec, {at(899, REF, 16), at(900, REF, 0), at(1799, REF, 16), at(1800, REF, 0)}, 2699));
  EXPECT_TRUE(breaks_only("refresh interval", spec, {at(800, REF, 16), at(901, REF, 0)}, 1000)) << "the first";
  EXPECT_TRUE(breaks_only("refresh interval", spec, {at(10, REF, 0), at(800, REF, 16), at(911, REF, 0)}, 1000));
  EXPECT_TRUE(breaks_only("refresh interval", spec, {at(800, REF, 16)}, 901)) << "none until the end";
  EXPECT_EQ(judged(spec, {at(5, PRE, 0)}, 901).by_rule.at("refresh interval"), 2u) << "no rank was refreshed";
  EXPECT_TRUE(accepted(spec, {at(5, PRE, 0)}, 900));
}

TEST(CommandChecker, WithoutARefreshIntervalNoRefreshIsMissed) {
  EXPECT_TRUE(accepted(kDdr4, {at(5, PRE, 0), at(1'000'000'000, PRE, 0)}, 2'000'000'000));
}

TEST(CommandChecker, EachBankIsRefreshedWithinNineRoundsOfItsRank) {
  const DramSpec spec = with_refresh(kHbm, 160);  // a round of 16 banks, 10 cycles each
  std::vector<DramCommand> rounds;
  for (std::uint32_t i = 0; i < 320; ++i)
    for (std::uint32_t rank = 0; rank < 8; ++rank)
      rounds.push_back(at(10 * i + rank, REFPB, rank % 4 * 16 + i % 16, 0, 0, rank / 4));
  EXPECT_TRUE(accepted(spec, rounds, 3200));
  EXPECT_TRUE(accepted(spec, rounds, 3040 + 9 * 160));
  EXPECT_TRUE(breaks_only("refresh interval", spec, rounds, 3041 + 9 * 160)) << "bank 0 of the first rank";
  std::vector<DramCommand> without_bank_7;
  for (const DramCommand& c : rounds)
    if (c.bank != 7 || c.channel != 1) without_bank_7.push_back(c);
  EXPECT_TRUE(breaks_only("refresh interval", spec, without_bank_7, 3200));
  without_bank_7.push_back(at(3300, REFPB, 7, 0, 0, 1));
  EXPECT_TRUE(breaks_only("refresh interval", spec, without_bank_7, 3301)) << "late instead of never";
}

TEST(CommandChecker, ARefreshOfTheRankCountsForEachOfItsBanks) {
  const DramSpec spec = with_refresh(kHbm, 160);
  std::vector<DramCommand> commands;
  for (std::uint32_t rank = 0; rank < 8; ++rank) commands.push_back(at(800 + rank, REF, rank % 4 * 16, 0, 0, rank / 4));
  commands.push_back(at(900, REFPB, 7));
  EXPECT_TRUE(accepted(spec, commands, 800 + 9 * 160));
  EXPECT_EQ(judged(spec, commands, 801 + 9 * 160).violations, 15u) << "all banks of the rank but the seventh";
}

TEST(CommandChecker, KeepsTheFirstViolationsAndCountsAll) {
  CommandChecker checker(kDdr4, 3);
  for (Cycle i = 0; i < 10; ++i) checker.issued(at(i * 100, RD, 0));
  EXPECT_EQ(checker.violations(), 10u);
  EXPECT_EQ(checker.first_violations().size(), 3u);
  EXPECT_EQ(checker.first_violations()[2].command.at, 200u);
  EXPECT_EQ(checker.commands(), 10u);
  EXPECT_EQ(checker.commands(RD), 10u);
  EXPECT_EQ(checker.commands(WR), 0u);
}

TEST(CommandChecker, AViolationSaysWhatWhereAndWhyInWords) {
  const DramSpec ddr4 = ddr4_like();
  EXPECT_EQ(judged(ddr4, {at(0, ACT, 22), at(16, RD, 22, 5, 3)}).text,
            "cycle 16: RD row 5 column 3 of rank 1, bank_group 1, bank 2: tRCD (bank), legal from cycle 17; "
            "earlier: cycle 0, ACT row 5 of rank 1, bank_group 1, bank 2\n");
  EXPECT_EQ(
      judged(kHbm, {at(0, ACT, 22, 5, 0, 1), at(16, RD, 22, 6, 3, 1)}).text,
      "cycle 16: RD row 6 column 3 of channel 1, pseudo_channel 0, rank 1, bank_group 1, bank 2: wrong row (bank); "
      "earlier: cycle 0, ACT row 5 of channel 1, pseudo_channel 0, rank 1, bank_group 1, bank 2\n");
  EXPECT_EQ(judged(with_refresh(kDdr4), {at(3, REF, 16)}, 901).text,
            "cycle 901: REFab of rank 0: refresh interval (rank)\n");
  EXPECT_EQ(judged(kHbm, {at(3, PRE, 64)}).text,
            "cycle 3: PRE of channel 0, bank 64 of the channel's 64: range (channel)\n");
}

}  // namespace
}  // namespace lutetia
