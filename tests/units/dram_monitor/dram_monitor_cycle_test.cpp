// The cycle body on sequences that a person can follow. Random ones are in sim/cosim/dram_monitor_bench.cpp.
#include "units/dram_monitor/dram_monitor_cycle.h"

#include <gtest/gtest.h>

namespace lutetia {
namespace {

using Code = DramMonitorCode;
using Kind = DramMonitorVerdict;

/// 2 pseudo channels x 2 ranks x 2 bank groups x 2 banks; every command takes one cycle of the bus.
class DramMonitor : public testing::Test {
 protected:
  DramMonitor() {
    config_.bank_bits = 4;
    unit_ = std::make_unique<DramMonitorCycle>(config_);
  }
  void begin(const std::vector<DramMonitorRule>& rules, bool split_bus = false, std::uint32_t commands = 0) {
    configure(DramMonitorWord::of_channel({1, 2, 3, split_bus}));
    for (std::uint32_t code = 0; code < Code::kCodes; ++code) configure(DramMonitorWord::of_command(code, 1));
    for (std::uint32_t i = 0; i < rules.size(); ++i) configure(DramMonitorWord::of_rule(i, rules[i]));
    configure(DramMonitorWord::of_run(commands));
  }
  void configure(const DramMonitorWord& word) { push(DramMonitorPort::kConfig, word.encode()); }
  void push(std::uint32_t input, const Payload& payload) {
    for (int i = 0; i < 100 && !unit_->ready(input); ++i) unit_->clock();
    ASSERT_TRUE(unit_->ready(input));
    unit_->push(input, payload);
    unit_->clock();
  }
  void send(std::uint32_t code, std::uint32_t bank, std::uint64_t at, std::uint32_t row = 0) {
    Payload payload(config_.command_bits());
    DramMonitorCommand{code, bank, row, at}.encode(config_, payload);
    push(DramMonitorPort::kCommand, payload);
  }
  DramMonitorVerdict judge(std::uint32_t code, std::uint32_t bank, std::uint64_t at, std::uint32_t row = 0) {
    send(code, bank, at, row);
    clocks_ = 0;
    for (; clocks_ < 100 && !unit_->valid(0); ++clocks_) unit_->clock();
    EXPECT_TRUE(unit_->valid(0));
    const DramMonitorVerdict verdict = DramMonitorVerdict::decode(config_, unit_->front(0));
    unit_->pop(0);
    unit_->clock();
    return verdict;
  }

  DramMonitorConfig config_;
  std::unique_ptr<DramMonitorCycle> unit_;
  int clocks_ = 0;  ///< from the command's transfer to its verdict
};

constexpr std::uint32_t bit(std::uint32_t code) {
  return 1u << code;
}

TEST_F(DramMonitor, ARuleHoldsAtItsNodeOnly) {
  begin({{3, bit(Code::kActivate), bit(Code::kActivate), 10, 1, false}});
  EXPECT_EQ(judge(Code::kActivate, 0, 100).kind, Kind::kLegal);
  EXPECT_EQ(judge(Code::kActivate, 2, 101).kind, Kind::kLegal) << "another bank group";
  const DramMonitorVerdict early = judge(Code::kActivate, 1, 109);
  EXPECT_EQ(early.kind, Kind::kTooEarly);
  EXPECT_EQ(early.rule, 0u);
  EXPECT_EQ(early.earliest, 110u);
  EXPECT_EQ(judge(Code::kActivate, 3, 111).kind, Kind::kLegal) << "exactly 10 after bank 2";
}

TEST_F(DramMonitor, AWindowCountsFromTheCommandThatLeavesIt) {
  begin({{2, bit(Code::kActivate), bit(Code::kActivate), 50, 3, false}});
  for (std::uint32_t i = 0; i < 3; ++i) EXPECT_EQ(judge(Code::kActivate, i, 10 * i).kind, Kind::kLegal);
  EXPECT_EQ(judge(Code::kActivate, 3, 49).kind, Kind::kTooEarly);
  EXPECT_EQ(judge(Code::kPrecharge, 0, 59).kind, Kind::kLegal);
  EXPECT_EQ(judge(Code::kActivate, 0, 60).kind, Kind::kLegal) << "50 after the one of cycle 10";
}

TEST_F(DramMonitor, ASiblingIsAnotherNodeOfTheSameParent) {
  begin({{2, bit(Code::kRefreshBank), bit(Code::kRefreshBank), 20, 1, true}});
  EXPECT_EQ(judge(Code::kRefreshBank, 0, 0).kind, Kind::kLegal);
  EXPECT_EQ(judge(Code::kRefreshBank, 1, 1).kind, Kind::kLegal) << "the same rank";
  EXPECT_EQ(judge(Code::kRefreshBank, 8, 2).kind, Kind::kLegal) << "a rank of the other pseudo channel";
  EXPECT_EQ(judge(Code::kRefreshBank, 4, 20).earliest, 21u);
  EXPECT_EQ(judge(Code::kRefreshBank, 4, 21).kind, Kind::kLegal);
  EXPECT_EQ(judge(Code::kRefreshBank, 0, 40).earliest, 41u);
}

TEST_F(DramMonitor, ACommandForARankMeetsAllItsBanks) {
  begin({{4, bit(Code::kPrechargeAll), bit(Code::kActivate), 10, 1, false},
         {4, bit(Code::kActivate), bit(Code::kPrechargeAll), 30, 1, false}});
  EXPECT_EQ(judge(Code::kActivate, 3, 0).kind, Kind::kLegal);
  EXPECT_EQ(judge(Code::kActivate, 4, 1).kind, Kind::kLegal);
  EXPECT_EQ(judge(Code::kRefresh, 0, 20).kind, Kind::kNotPrecharged);
  EXPECT_EQ(clocks_, 8) << "twice over the four banks, one cycle to its FIFO";
  const DramMonitorVerdict all = judge(Code::kPrechargeAll, 0, 29);
  EXPECT_EQ(all.kind, Kind::kTooEarly);
  EXPECT_EQ(all.rule, 1u);
  EXPECT_EQ(all.earliest, 30u);
  EXPECT_EQ(judge(Code::kActivate, 2, 38).earliest, 39u) << "of a bank that was not even open";
  EXPECT_EQ(judge(Code::kRead, 3, 50).kind, Kind::kBankClosed);
  EXPECT_EQ(judge(Code::kRead, 4, 51).kind, Kind::kLegal) << "the other rank";
}

TEST_F(DramMonitor, BanksHaveAState) {
  begin({});
  EXPECT_EQ(judge(Code::kRead, 0, 0).kind, Kind::kBankClosed);
  EXPECT_EQ(judge(Code::kActivate, 0, 1, 7).kind, Kind::kLegal);
  EXPECT_EQ(judge(Code::kActivate, 0, 2, 7).kind, Kind::kBankOpen);
  EXPECT_EQ(judge(Code::kWrite, 0, 3, 6).kind, Kind::kOtherRow);
  EXPECT_EQ(judge(Code::kWritePrecharge, 0, 4, 7).kind, Kind::kLegal);
  EXPECT_EQ(judge(Code::kRead, 0, 5, 7).kind, Kind::kBankClosed);
  EXPECT_EQ(judge(Code::kPrecharge, 0, 6).kind, Kind::kLegal) << "of a closed bank";
  EXPECT_EQ(judge(Code::kRefreshBank, 0, 7).kind, Kind::kLegal);
  EXPECT_EQ(judge(Code::kActivate, 1, 8, 7).kind, Kind::kLegal);
  EXPECT_EQ(judge(Code::kRefreshBank, 1, 9).kind, Kind::kNotPrecharged);
}

TEST_F(DramMonitor, OneBusOrTwo) {
  begin({}, false, 2);
  EXPECT_EQ(judge(Code::kActivate, 0, 5).kind, Kind::kLegal);
  EXPECT_EQ(judge(Code::kRead, 0, 5).kind, Kind::kBusBusy);
  begin({}, true);
  EXPECT_EQ(judge(Code::kActivate, 0, 5).kind, Kind::kLegal);
  EXPECT_EQ(judge(Code::kRead, 0, 5).kind, Kind::kLegal);
  EXPECT_EQ(judge(Code::kPrecharge, 0, 5).kind, Kind::kBusBusy);
}

TEST_F(DramMonitor, ARejectedCommandChangesNothing) {
  begin({{4, bit(Code::kPrecharge), bit(Code::kActivate), 10, 1, false}});
  EXPECT_EQ(judge(Code::kActivate, 0, 20).kind, Kind::kLegal);
  EXPECT_EQ(judge(Code::kPrecharge, 0, 19).kind, Kind::kTimeWentBack);
  EXPECT_EQ(judge(9, 0, 22).kind, Kind::kUnknownCommand);
  EXPECT_EQ(judge(Code::kRead, 0, 21).kind, Kind::kLegal);
  EXPECT_EQ(judge(Code::kActivate, 0, 22).earliest, 22u);
}

TEST_F(DramMonitor, ANewChannelForgetsEverything) {
  begin({{4, bit(Code::kActivate), bit(Code::kActivate), 1000, 1, false}}, false, 1);
  EXPECT_EQ(judge(Code::kActivate, 0, 500).kind, Kind::kLegal);
  begin({{4, bit(Code::kActivate), bit(Code::kActivate), 1000, 1, false}});
  EXPECT_EQ(judge(Code::kActivate, 0, 100).kind, Kind::kLegal);
}

TEST_F(DramMonitor, ACommandTakesOneCycle) {
  begin({});
  unit_->clock();  // takes the word that begins the run
  for (std::uint64_t i = 0; i < 20; ++i) {
    ASSERT_TRUE(unit_->ready(DramMonitorPort::kCommand));
    if (i >= 2) {
      ASSERT_TRUE(unit_->valid(0));
      unit_->pop(0);
    }
    send(Code::kPrecharge, 0, i);
  }
}

}  // namespace
}  // namespace lutetia
