#include "stats/stats.h"

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "stats/stats_json.h"

namespace lutetia {
namespace {

TEST(Stats, CountersCount) {
  StatGroup group("unit");
  Counter macs{group, "macs", Unit::kOperations, "multiply-accumulates performed"};
  macs += 5;
  ++macs;
  macs++;
  EXPECT_EQ(macs.value(), 7u);
  EXPECT_EQ(macs.unit(), Unit::kOperations);
}

TEST(Stats, ASnapshotIsSortedByPathRelativeToTheGroup) {
  StatGroup machine("machine");
  StatGroup core("lut_core", &machine);
  StatGroup array("array", &core);
  Counter cycles{machine, "cycles", Unit::kCycles, "elapsed"};
  Counter macs{array, "macs", Unit::kOperations, "performed"};
  macs += 3;
  EXPECT_EQ(array.path(), "machine.lut_core.array");
  const Snapshot all = snapshot(machine);
  ASSERT_EQ(all.values.size(), 2u);
  EXPECT_EQ(all.values.begin()->first, "cycles");
  EXPECT_EQ(all.counter("lut_core.array.macs"), 3u);
  EXPECT_EQ(snapshot(core).counter("array.macs"), 3u);
  EXPECT_EQ(all.find("nothing"), nullptr);
  EXPECT_EQ(all.counter("nothing"), 0u);
}

TEST(Stats, NameAndTextAreMandatoryAndNamesAreUnique) {
  StatGroup group("unit");
  Counter macs{group, "macs", Unit::kNone, "text"};
  EXPECT_THROW((Counter{group, "x", Unit::kNone, ""}), std::logic_error);
  EXPECT_THROW((Counter{group, "", Unit::kNone, "text"}), std::logic_error);
  EXPECT_THROW((Counter{group, "a.b", Unit::kNone, "text"}), std::logic_error);
  EXPECT_THROW((Counter{group, "a b", Unit::kNone, "text"}), std::logic_error);
  EXPECT_THROW((Counter{group, "macs", Unit::kNone, "text"}), std::logic_error);
  EXPECT_THROW((Histogram{group, "h", Unit::kNone, "text", 0, 4}), std::logic_error);
  EXPECT_THROW((StatGroup{"macs", &group}), std::logic_error);
  EXPECT_THROW((StatGroup{""}), std::logic_error);
  EXPECT_EQ(group.stats().size(), 1u) << "what was refused left no trace";
  EXPECT_TRUE(group.groups().empty());
}

TEST(Stats, GroupsAndStatisticsMayBeDestroyedInAnyOrder) {
  auto root = std::make_unique<StatGroup>("root");
  auto child = std::make_unique<StatGroup>("child", root.get());
  auto counter = std::make_unique<Counter>(*child, "n", Unit::kNone, "text");
  auto other = std::make_unique<Counter>(*root, "m", Unit::kNone, "text");
  root.reset();
  EXPECT_EQ(child->parent(), nullptr);
  EXPECT_EQ(child->path(), "child");
  *counter += 1;
  EXPECT_EQ(snapshot(*child).counter("n"), 1u);
  child.reset();
  counter.reset();
  other.reset();
}

TEST(Stats, ADestroyedStatisticLeavesItsGroupAndItsNameIsFree) {
  StatGroup group("unit");
  { Counter n{group, "n", Unit::kNone, "text"}; }
  { StatGroup below("n", &group); }
  EXPECT_TRUE(snapshot(group).values.empty());
  Counter n{group, "n", Unit::kNone, "text"};
  EXPECT_EQ(snapshot(group).values.size(), 1u);
}

TEST(Stats, TwoTreesDoNotKnowEachOther) {
  StatGroup a("machine"), b("machine");
  Counter in_a{a, "n", Unit::kNone, "text"}, in_b{b, "n", Unit::kNone, "text"};
  in_a += 1;
  EXPECT_EQ(snapshot(b).counter("n"), 0u);
}

TEST(Histogram, LogarithmicBucketsHoldPowersOfTwo) {
  StatGroup group("unit");
  Histogram h{group, "latency", Unit::kCycles, "of reads"};
  EXPECT_EQ(h.mean(), 0);
  for (std::uint64_t v : {0u, 1u, 2u, 3u, 4u, 7u, 8u}) h.record(v);
  h.record(~std::uint64_t{0}, 0);
  EXPECT_EQ(h.data().buckets, (std::vector<std::uint64_t>{1, 1, 2, 2, 1}));
  EXPECT_EQ(h.data().low(3), 4u);
  EXPECT_EQ(h.data().high(3), 7u);
  EXPECT_EQ(h.data().high(64), ~std::uint64_t{0});
  EXPECT_EQ(h.count(), 7u);
  EXPECT_EQ(h.sum(), 25u);
  EXPECT_EQ(h.min(), 0u);
  EXPECT_EQ(h.max(), 8u);
  h.record(~std::uint64_t{0});
  EXPECT_EQ(h.data().buckets.size(), 65u);
}

TEST(Histogram, FixedBucketsEndInOneForEverythingAbove) {
  StatGroup group("unit");
  Histogram h{group, "depth", Unit::kNone, "of the queue", 10, 3};
  h.record(0);
  h.record(9, 2);
  h.record(10);
  h.record(29);
  h.record(30);
  h.record(1000);
  EXPECT_EQ(h.data().buckets, (std::vector<std::uint64_t>{3, 1, 1, 2}));
  EXPECT_EQ(h.data().low(3), 30u);
  EXPECT_EQ(h.data().high(2), 29u);
  EXPECT_EQ(h.min(), 0u);
  EXPECT_EQ(h.max(), 1000u);
}

TEST(Ratio, IsComputedWhenAsked) {
  StatGroup group("unit");
  Counter busy{group, "busy", Unit::kCycles, "text"}, idle{group, "idle", Unit::kCycles, "text"};
  Ratio share{group, "share", Unit::kNone, "busy part", {&busy}, {&busy, &idle}};
  Ratio plain{group, "plain", Unit::kNone, "busy over idle", busy, idle};
  EXPECT_EQ(share.value(), 0) << "0/0 is 0";
  busy += 1;
  EXPECT_EQ(plain.value(), 0) << "a ratio over nothing is 0, never infinite";
  idle += 3;
  EXPECT_EQ(share.value(), 0.25);
  EXPECT_EQ(snapshot(group).find("share")->number(), 0.25);
}

struct Sample {
  StatGroup group{"unit"};
  Counter hits{group, "hits", Unit::kTransfers, "row hits"};
  Counter all{group, "all", Unit::kTransfers, "all accesses"};
  Ratio rate{group, "rate", Unit::kNone, "hit rate", hits, all};
  Histogram latency{group, "latency", Unit::kCycles, "of accesses"};
  void access(bool hit, std::uint64_t cycles) {
    all += 1;
    hits += hit;
    latency.record(cycles);
  }
};

TEST(Snapshot, TheDifferenceIsWhatHappenedInBetween) {
  Sample s;
  s.access(true, 4);
  const Snapshot before = snapshot(s.group);
  s.access(false, 20);
  s.access(false, 18);
  s.access(true, 5);
  s.access(true, 5);
  const Snapshot after = snapshot(s.group);
  const Snapshot between = difference(after, before);
  EXPECT_EQ(between.counter("all"), 4u);
  EXPECT_EQ(between.find("rate")->number(), 0.5) << "recomputed, not subtracted";
  const HistogramData& h = between.find("latency")->histogram;
  EXPECT_EQ(h.count, 4u);
  EXPECT_EQ(h.sum, 48u);
  EXPECT_EQ(h.mean(), 12);
  EXPECT_EQ(h.min, 4u) << "known to the bucket 4..7 only";
  EXPECT_EQ(h.max, 20u);
  EXPECT_EQ(difference(after, after).find("latency")->histogram.max, 0u);
  EXPECT_EQ(difference(after, Snapshot{}).find("latency")->histogram.min, 4u);
  EXPECT_THROW(difference(before, after), std::logic_error);
}

TEST(Snapshot, PrintsAnAlignedTable) {
  Sample s;
  s.access(true, 4);
  s.access(false, 20);
  std::ostringstream out;
  write_table(out, snapshot(s.group));
  EXPECT_EQ(out.str(),
            "all        2 transfers  all accesses\n"
            "hits       1 transfers  row hits\n"
            "latency   12 cycles     of accesses (mean of 2, 4..20)\n"
            "rate     0.5            hit rate\n");
}

TEST(Snapshot, WritesJsonWithUnitAndText) {
  Sample s;
  s.access(true, 4);
  const nlohmann::json json = to_json(snapshot(s.group));
  EXPECT_EQ(
      json.dump(),
      R"({"all":{"text":"all accesses","unit":"transfers","value":1},)"
      R"("hits":{"text":"row hits","unit":"transfers","value":1},)"
      R"("latency":{"buckets":[[4,7,1]],"count":1,"max":4,"min":4,"sum":4,"text":"of accesses","unit":"cycles","value":4.0},)"
      R"("rate":{"text":"hit rate","unit":"","value":1.0}})");
}

}  // namespace
}  // namespace lutetia
