// How depths decide: deadlock, loss of throughput, full throughput.
#include "dataflow/depths.h"

#include "dataflow/diagnosis.h"
#include "graphs.h"
#include "random_graph.h"

namespace lutetia::dataflow {
namespace {

using Sets = std::vector<std::string>;

/// Latencies 1 and intervals 1 everywhere.
Sets unit(const std::string& graph, std::uint64_t n) {
  Sets sets = {set("length", n),       "score_latency=1",  "sum_latency=1",
               "accumulate_latency=1", "divide_latency=1", "accumulate_interval=1"};
  if (graph == "online") sets.push_back("max_latency=1");
  return sets;
}

TEST(Depths, UnitLatenciesTakeNNPlus4AndNNPlusNPlus3) {
  for (const std::uint64_t n : {1, 2, 3, 7, 32, 64, 512, 2048}) {
    EXPECT_EQ(finished(shipped("online", unit("online", n))).cycles, n * n + 4);
    EXPECT_EQ(finished(shipped("naive", unit("naive", n))).cycles, n * n + n + 3);
  }
}

TEST(Depths, AFifoOfOneSlotHalvesTheThroughputOfOnline) {
  for (const auto& [n, one, two] : {std::tuple<std::uint64_t, Cycle, Cycle>{32, 2051, 1028}, {64, 8195, 4100}}) {
    Sets sets = unit("online", n);
    EXPECT_EQ(finished(shipped("online", sets)).cycles, two);
    sets.push_back("depth=1");
    EXPECT_EQ(finished(shipped("online", sets)).cycles, one);
  }
}

TEST(Depths, SlotsForThePipelineAreNeededBecauseItsElementsCount) {
  for (const auto& [n, cycles] : {std::pair<std::uint64_t, Cycle>{32, 4481}, {64, 17'793}}) {
    Graph graph = shipped("online", {set("length", n)});
    for (Channel& c : graph.channels) c.depth = 2;
    EXPECT_EQ(finished(graph).cycles, cycles);
  }
}

Graph naive(const Sets& sets, std::uint64_t long_depth) {
  Graph graph = shipped("naive", sets);
  channel(graph, "long_fifo").depth = long_depth;
  return graph;
}

TEST(Depths, BelowARowTheNaiveGraphDeadlocksAndTheReportNamesFifoAndDepth) {
  for (const std::uint64_t n : {2, 3, 7, 32, 64, 200})
    for (const Sets& sets : {unit("naive", n), Sets{set("length", n)}})
      for (std::uint64_t depth = 1; depth < n; depth = depth < 4 ? depth + 1 : depth + 1 + n / 8) {
        SCOPED_TRACE(set("length", n) + " " + set("depth", depth));
        const Graph graph = naive(sets, depth);
        const GraphRun run = run_transaction(graph);
        ASSERT_EQ(run.status, RunStatus::kDeadlock);
        DeadlockReport report = diagnose(graph, run);
        find_sufficient_depths(graph, {}, report);
        EXPECT_EQ(report.circle,
                  (std::vector<std::string>{"score", "long_fifo", "divide", "denominators", "row_sum", "short_fifo"}));
        ASSERT_EQ(report.depths.size(), 1u);
        EXPECT_EQ(report.depths[0].channel, "long_fifo");
        EXPECT_EQ(report.depths[0].depth, depth);
        EXPECT_EQ(report.depths[0].sufficient, n);
        EXPECT_TRUE(report.cured_by_depth);
      }
}

TEST(Depths, UnitNaiveIsFullAtNPlus2AndEveryMissingSlotCostsNMinus1) {
  for (const std::uint64_t n : {2, 3, 7, 32, 64, 512}) {
    const Cycle full = n * n + n + 3;
    EXPECT_EQ(finished(naive(unit("naive", n), n)).cycles, full + 2 * (n - 1));
    EXPECT_EQ(finished(naive(unit("naive", n), n + 1)).cycles, full + n - 1);
    for (const std::uint64_t more : {2, 3, 24}) EXPECT_EQ(finished(naive(unit("naive", n), n + more)).cycles, full);
  }
}

TEST(Depths, CalibratedNaiveIsFullAtNPlus16AndEveryMissingSlotCosts2NMinus2) {
  for (const std::uint64_t n : {32, 64, 512})
    for (std::uint64_t more = 0; more <= 24; ++more) {
      const std::uint64_t missing = more < 16 ? 16 - more : 0;
      EXPECT_EQ(finished(naive({set("length", n)}, n + more)).cycles, 2 * n * n + 2 * n + 52 + missing * 2 * (n - 1));
    }
}

TEST(Depths, MinimaOfNaiveAreNPlus16OnTheLongFifoAndFewElsewhere) {
  Graph graph = naive({set("length", 64)}, 64 + 24);
  const FifoDepths found = find_fifo_depths(graph, {});
  EXPECT_TRUE(found.verified);
  EXPECT_EQ(found.cycles, 2u * 64 * 64 + 2 * 64 + 52);
  for (std::size_t c = 0; c < graph.channels.size(); ++c) {
    if (graph.channels[c].name == "long_fifo")
      EXPECT_EQ(found.rows[c].minimal, 64u + 16);
    else
      EXPECT_LE(found.rows[c].minimal, 24u) << graph.channels[c].name;
    graph.channels[c].depth = found.rows[c].minimal;
  }
  EXPECT_EQ(finished(graph).cycles, found.cycles);
  for (Channel& c : graph.channels) {  // and none can be smaller
    if (c.depth == 1) continue;
    --c.depth;
    const GraphRun run = run_transaction(graph);
    EXPECT_TRUE(run.status == RunStatus::kDeadlock || run.cycles > found.cycles) << c.name;
    ++c.depth;
  }
}

TEST(Depths, OfRandomGraphsAreVerifiedAndCureDeadlocks) {
  int deadlocks = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE(seed);
    Graph graph;
    Problems problems;
    ASSERT_TRUE(resolve(RandomGraph(seed).make(), graph, problems));
    const GraphRun run = run_transaction(graph);
    const FifoDepths found = find_fifo_depths(graph, {});
    EXPECT_TRUE(found.verified);
    EXPECT_TRUE(run.status == RunStatus::kDeadlock || found.cycles <= run.cycles);
    if (run.status != RunStatus::kDeadlock) continue;
    ++deadlocks;
    DeadlockReport report = diagnose(graph, run);
    const DeadlockReport stepped = diagnose(graph, run_cycle(graph));
    EXPECT_EQ(report.circle, stepped.circle);
    ASSERT_EQ(report.blocks.size(), stepped.blocks.size());
    for (std::size_t i = 0; i < report.blocks.size(); ++i) {
      EXPECT_EQ(report.blocks[i].state, stepped.blocks[i].state);
      EXPECT_EQ(report.blocks[i].waits, stepped.blocks[i].waits);
    }
    find_sufficient_depths(graph, {}, report);
    EXPECT_TRUE(report.cured_by_depth);
    EXPECT_FALSE(report.depths.empty());
    for (const auto& depth : report.depths) channel(graph, depth.channel).depth = depth.sufficient;
    EXPECT_EQ(run_cycle(graph).status, RunStatus::kFinished);
  }
  EXPECT_GT(deadlocks, 50);
}

}  // namespace
}  // namespace lutetia::dataflow
