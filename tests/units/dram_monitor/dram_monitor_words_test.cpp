// The words of the monitor: what is encoded comes back, at the bits that README.md of the unit names.
#include "units/dram_monitor/dram_monitor_words.h"

#include <gtest/gtest.h>

namespace lutetia {
namespace {

TEST(DramMonitorWords, ARuleComesBack) {
  DramMonitorRule rule;
  rule.level = 3;
  rule.from = 0x155;
  rule.to = 0x0aa;
  rule.latency = (1u << 24) - 1;
  rule.window = 8;
  rule.sibling = true;
  const Payload payload = DramMonitorWord::of_rule(200, rule).encode();
  EXPECT_EQ(payload.bits(), 59u);
  EXPECT_EQ(payload.get(34, 9), 0x155u);
  EXPECT_EQ(payload.get(55, 3), 7u) << "a window of 1 is 0";
  const DramMonitorWord word = DramMonitorWord::decode(payload);
  EXPECT_EQ(word.what, DramMonitorWord::kRule);
  EXPECT_EQ(word.index, 200u);
  EXPECT_EQ(word.rule.level, rule.level);
  EXPECT_EQ(word.rule.from, rule.from);
  EXPECT_EQ(word.rule.to, rule.to);
  EXPECT_EQ(word.rule.latency, rule.latency);
  EXPECT_EQ(word.rule.window, rule.window);
  EXPECT_TRUE(word.rule.sibling);
}

TEST(DramMonitorWords, AChannelComesBack) {
  const DramMonitorChannel c = DramMonitorWord::decode(DramMonitorWord::of_channel({2, 5, 7, true}).encode()).channel();
  EXPECT_EQ(c.bank_group_shift, 2u);
  EXPECT_EQ(c.rank_shift, 5u);
  EXPECT_EQ(c.pseudo_channel_shift, 7u);
  EXPECT_TRUE(c.split_bus);
}

TEST(DramMonitorWords, AChannelKnowsTheNodesOfABank) {
  const DramMonitorChannel c = {2, 5, 7, false};
  const std::uint32_t bank = 0b1'10'101'11;
  EXPECT_EQ(c.node(0, bank), 0u);
  EXPECT_EQ(c.node(1, bank), 0b1u);
  EXPECT_EQ(c.node(2, bank), 0b110u);
  EXPECT_EQ(c.node(3, bank), 0b110101u);
  EXPECT_EQ(c.node(4, bank), bank);
}

TEST(DramMonitorWords, CommandsAndVerdictsComeBackInEveryWidth) {
  for (const std::uint32_t time_bits : {25u, 40u, 64u}) {
    DramMonitorConfig config;
    config.time_bits = time_bits;
    const std::uint64_t latest = ~std::uint64_t{0} >> (64 - time_bits);
    Payload payload(config.command_bits());
    DramMonitorCommand{8, config.banks() - 1, (1u << 24) - 1, latest}.encode(config, payload);
    const DramMonitorCommand c = DramMonitorCommand::decode(config, payload);
    EXPECT_EQ(c.code, 8u);
    EXPECT_EQ(c.bank, config.banks() - 1);
    EXPECT_EQ(c.row, (1u << 24) - 1);
    EXPECT_EQ(c.at, latest);

    Payload answer(config.verdict_bits());
    DramMonitorVerdict{DramMonitorVerdict::kTooEarly, true, 255, latest}.encode(config, answer);
    const DramMonitorVerdict v = DramMonitorVerdict::decode(config, answer);
    EXPECT_EQ(v.kind, DramMonitorVerdict::kTooEarly);
    EXPECT_TRUE(v.too_early);
    EXPECT_EQ(v.rule, 255u);
    EXPECT_EQ(v.earliest, latest);
  }
}

}  // namespace
}  // namespace lutetia
