// The law: transaction body == cycle body, in every transfer and every sum. On random graphs, of which many deadlock,
// and on the shipped ones. And: skipping rows changes nothing. Replay: LUTETIA_SEED=<seed> ctest -R Agreement.
#include <cstdlib>

#include "graphs.h"
#include "random_graph.h"

namespace lutetia::dataflow {
namespace {

void expect_equal(const Graph& graph, const GraphRun& a, const GraphRun& b, const std::string& what) {
  SCOPED_TRACE(what);
  ASSERT_EQ(a.status, b.status);
  EXPECT_EQ(a.cycles, b.cycles);
  EXPECT_EQ(a.last_event, b.last_event);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    SCOPED_TRACE(graph.nodes[i].name);
    EXPECT_EQ(a.nodes[i].firings, b.nodes[i].firings);
    EXPECT_EQ(a.nodes[i].holds, b.nodes[i].holds);
    if (a.status != RunStatus::kFinished) continue;
    EXPECT_EQ(a.nodes[i].busy, b.nodes[i].busy);
    EXPECT_EQ(a.nodes[i].reset, b.nodes[i].reset);
    EXPECT_EQ(a.nodes[i].wait_data, b.nodes[i].wait_data);
    EXPECT_EQ(a.nodes[i].wait_space, b.nodes[i].wait_space);
    EXPECT_EQ(a.nodes[i].finished, b.nodes[i].finished);
  }
  for (std::size_t c = 0; c < graph.channels.size(); ++c) {
    SCOPED_TRACE(graph.channels[c].name);
    EXPECT_EQ(a.channels[c].issued, b.channels[c].issued);
    EXPECT_EQ(a.channels[c].taken, b.channels[c].taken);
    if (a.status == RunStatus::kFinished) {
      EXPECT_EQ(a.channels[c].max_occupancy, b.channels[c].max_occupancy);
    }
    if (a.transfers.empty() || b.transfers.empty()) continue;
    EXPECT_EQ(a.transfers[c].issued, b.transfers[c].issued);
    EXPECT_EQ(a.transfers[c].taken, b.transfers[c].taken);
    // At the end of a deadlock, all that was issued has arrived.
    EXPECT_EQ(a.transfers[c].visible, b.transfers[c].visible);
  }
}

/// 100 % of the time of every node is explained.
void expect_conserved(const Graph& graph, const GraphRun& run) {
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const NodeRun& n = run.nodes[i];
    Cycle sum = n.busy + n.reset + n.finished;
    for (const Cycle x : n.wait_data) sum += x;
    for (const Cycle x : n.wait_space) sum += x;
    EXPECT_EQ(sum, run.cycles) << graph.nodes[i].name;
  }
}

RunStatus compare(const Graph& graph) {
  RunOptions recorded, stepped, fast;
  recorded.record_transfers = true;
  stepped.skip_periods = false;
  const GraphRun transaction = run_transaction(graph, recorded);
  expect_equal(graph, transaction, run_cycle(graph, recorded), "transaction, cycle");
  expect_equal(graph, transaction, run_transaction(graph, stepped), "recorded, not recorded");
  expect_equal(graph, transaction, run_transaction(graph, fast), "stepped, skipped");
  if (transaction.status == RunStatus::kFinished) expect_conserved(graph, transaction);
  return transaction.status;
}

TEST(Agreement, TransactionEqualsCycleInEveryTransferOfRandomGraphs) {
  const char* replay = std::getenv("LUTETIA_SEED");
  const std::uint64_t first = replay != nullptr ? std::strtoull(replay, nullptr, 10) : 1;
  int deadlocks = 0, finished = 0;
  for (std::uint64_t seed = first; seed < first + (replay != nullptr ? 1 : 3000); ++seed) {
    Graph graph;
    Problems problems;
    ASSERT_TRUE(resolve(RandomGraph(seed).make(), graph, problems)) << text_of(problems) << "seed " << seed;
    const RunStatus status = compare(graph);
    ASSERT_FALSE(HasFailure()) << "LUTETIA_SEED=" << seed;
    (status == RunStatus::kDeadlock ? deadlocks : finished) += 1;
  }
  if (replay == nullptr) {
    EXPECT_GT(deadlocks, 300);
    EXPECT_GT(finished, 300);
  }
}

TEST(Agreement, TransactionEqualsCycleInEveryTransferOfTheShippedGraphs) {
  for (const char* name : {"online", "naive", "reordered", "two_pass", "three_pass"})
    for (const std::uint64_t n : {4, 16, 48})
      for (const std::uint64_t depth : {1, 2, 3}) {
        SCOPED_TRACE(std::string(name) + " " + set("length", n) + " " + set("depth", depth));
        EXPECT_EQ(compare(shipped(name, {set("length", n), set("depth", depth)})), RunStatus::kFinished);
      }
}

TEST(Agreement, TransactionEqualsCycleInEveryTransferOfTheSchedules) {
  for (const char* name : {"schedule_unfused", "schedule_flat", "schedule_one_pass"})
    for (const std::uint64_t tile : {4, 8, 16})
      for (const std::uint64_t rate : {3, 40, 1000})
        for (const std::uint64_t bandwidth : {2, 64}) {
          std::vector<std::string> sets = {"length=48",
                                           "head_dim=5",
                                           set("query_tile", tile),
                                           "key_tile=12",
                                           "memory_latency=7",
                                           "pipeline=3",
                                           set("multiply_adds", rate),
                                           set("exponentials", 1 + rate / 7),
                                           set("bandwidth", bandwidth)};
          if (std::string(name) == "schedule_unfused") sets.push_back("softmax_rows=4");
          SCOPED_TRACE(std::string(name) + " " + set("tile", tile) + " " + set("rate", rate) + " " + sets.back());
          EXPECT_EQ(compare(shipped(name, sets)), RunStatus::kFinished);
        }
}

TEST(Agreement, TransactionEqualsCycleInEveryTransferOfTheSelectiveScans) {
  for (const std::uint64_t interval : {1, 4})
    for (const std::uint64_t bandwidth : {3, 200}) {
      const std::vector<std::string> sets = {"length=48",
                                             "inner_channels=6",
                                             "state=3",
                                             "channels_at_once=2",
                                             set("scan_interval", interval),
                                             set("bandwidth", bandwidth)};
      SCOPED_TRACE(set("scan_interval", interval) + " " + set("bandwidth", bandwidth));
      EXPECT_EQ(compare(shipped("selective_scan", sets)), RunStatus::kFinished);
      std::vector<std::string> chunked = sets;
      chunked.insert(chunked.end(), {"ways=3", "chunk=8"});
      EXPECT_EQ(compare(shipped("selective_scan_chunked", chunked)), RunStatus::kFinished);
    }
}

}  // namespace
}  // namespace lutetia::dataflow
