// Law 1, order: the order in which blocks are evaluated, and how often, changes no transfer.
#include "kernel/event_kernel.h"

#include <gtest/gtest.h>

#include "toy_graphs.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kTokens = 40;

struct Result {
  Stamps stamps;
  std::uint64_t ticks = 0;
};

Result run_random(std::uint64_t seed, bool several_clocks, EventKernelOptions options) {
  ToyGraph graph;
  build_random_graph(graph, seed, kTokens, several_clocks);
  EventKernel kernel(options);
  const RunOutcome outcome = graph.run(kernel, kTokens);
  EXPECT_EQ(outcome.status, RunStatus::kFinished) << "seed " << seed << "\n" << outcome.deadlock;
  Result result{graph.stamps(), 0};
  for (const auto& block : graph.blocks()) result.ticks += block->ticks();
  EXPECT_EQ(outcome.activations, result.ticks);
  return result;
}

void expect_order_does_not_matter(bool several_clocks) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    const Result plain = run_random(seed, several_clocks, {});
    ASSERT_FALSE(plain.stamps.empty());
    for (std::uint64_t order = 1; order <= 5; ++order)
      ASSERT_EQ(plain.stamps, run_random(seed, several_clocks, {true, order, false}).stamps)
          << "graph " << seed << " order " << order;
  }
}

TEST(EventKernel, ShufflingTheOrderOfEvaluationChangesNoTransfer) {
  expect_order_does_not_matter(false);
}

TEST(EventKernel, ShufflingTheOrderOfEvaluationChangesNoTransferAcrossClocks) {
  expect_order_does_not_matter(true);
}

TEST(EventKernel, TickingEveryCycleChangesNoTransferAndSleepingSavesTicks) {
  std::uint64_t all = 0, needed = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed)
    for (const bool several_clocks : {false, true}) {
      const Result sleeping = run_random(seed, several_clocks, {});
      const Result ticking = run_random(seed, several_clocks, {true, seed, true});
      ASSERT_EQ(sleeping.stamps, ticking.stamps) << "graph " << seed;
      ASSERT_LE(sleeping.ticks, ticking.ticks);
      all += ticking.ticks;
      needed += sleeping.ticks;
    }
  EXPECT_LT(needed, all);
}

TEST(EventKernel, WorkThatIsAlreadyDoneTakesNoActivation) {
  ToyGraph graph;
  graph.add("idle", {});
  EventKernel kernel;
  const RunOutcome outcome = graph.run(kernel, 0);
  EXPECT_EQ(outcome.status, RunStatus::kFinished);
  EXPECT_EQ(outcome.activations, 0u);
}

TEST(EventKernel, AnInterruptedRunSaysSoAndIsNoDeadlock) {
  ToyGraph graph;
  Toy& source = graph.add("source", {1'000'000, 1, 1, 1});
  Toy& sink = graph.add("sink", {});
  graph.join(source, sink, {"c", 2, 1});
  EventKernel kernel;
  const RunOutcome outcome = graph.run(kernel, 1'000'000, [&] { return sink.taken() >= 100; });
  EXPECT_EQ(outcome.status, RunStatus::kInterrupted);
  EXPECT_TRUE(outcome.deadlock.blocks.empty());
  EXPECT_EQ(sink.taken(), 100u);
}

TEST(EventKernel, ABlockThatOutlivesItsKernelIsNoLongerHeard) {
  ToyGraph graph;
  Toy& source = graph.add("source", {10, 1, 1, 1});
  Toy& sink = graph.add("sink", {});
  graph.join(source, sink, {"c", 2, 1});
  {
    EventKernel kernel;
    graph.run(kernel, 10);
  }
  sink.wake(1);  // would reach into the kernel that is gone
}

TEST(EventKernel, BlocksMayBeDestroyedBeforeTheirKernel) {
  EventKernel kernel;
  {
    ToyGraph graph;
    build_random_graph(graph, 5, kTokens, false);
    EXPECT_EQ(graph.run(kernel, kTokens).status, RunStatus::kFinished);
  }
  EXPECT_EQ(kernel.run([] { return false; }).status, RunStatus::kDeadlock)
      << "a kernel without blocks has nothing to do";
}

}  // namespace
}  // namespace lutetia
