// Cycles that others published for these graphs.
#include <gtest/gtest.h>

#include "graphs.h"

namespace lutetia::dataflow {
namespace {

TEST(Published, OnlineTakes2NNPlus46BoundedAndUnbounded) {
  const std::pair<std::uint64_t, Cycle> logged[] = {{512, 524'334}, {1024, 0}, {2048, 8'388'654}, {8192, 134'217'774}};
  for (const auto& [n, cycles] : logged) {
    Graph graph = shipped("online", {set("length", n)});
    const GraphRun bounded = finished(graph);
    EXPECT_EQ(bounded.cycles, 2 * n * n + 46);
    if (cycles != 0) {
      EXPECT_EQ(bounded.cycles, cycles);
    }
    unbound(graph);
    EXPECT_EQ(finished(graph).cycles, bounded.cycles);
  }
}

TEST(Published, NaiveTakes2NNPlus2NPlus52WithALongFifoOfNPlus24) {
  const std::pair<std::uint64_t, Cycle> logged[] = {{512, 525'364}, {1024, 0}, {2048, 8'392'756}, {8192, 134'234'164}};
  for (const auto& [n, cycles] : logged) {
    const GraphRun run = finished(shipped("naive", {set("length", n)}));
    EXPECT_EQ(run.cycles, 2 * n * n + 2 * n + 52);
    if (cycles != 0) {
      EXPECT_EQ(run.cycles, cycles);
    }
  }
}

}  // namespace
}  // namespace lutetia::dataflow
