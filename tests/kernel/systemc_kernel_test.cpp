// The SystemC kernel does what the plain event loop does. SystemC elaborates once per process: every test runs in a
// process of its own under CTest, and one test builds at most one SystemcKernel.
#include "kernel/systemc_kernel.h"

#include <gtest/gtest.h>

#include <sstream>
#include <systemc>

#include "kernel/event_kernel.h"
#include "toy_graphs.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kTokens = 60;

void expect_same_stamps(std::uint64_t seed, bool several_clocks) {
  ToyGraph plain, simulated;
  build_random_graph(plain, seed, kTokens, several_clocks);
  build_random_graph(simulated, seed, kTokens, several_clocks);
  EventKernel event_kernel;
  SystemcKernel systemc_kernel("top");
  const RunOutcome a = plain.run(event_kernel, kTokens), b = simulated.run(systemc_kernel, kTokens);
  EXPECT_EQ(a.status, RunStatus::kFinished);
  EXPECT_EQ(b.status, RunStatus::kFinished);
  EXPECT_FALSE(plain.stamps().empty());
  EXPECT_EQ(plain.stamps(), simulated.stamps());
}

TEST(SystemcKernel, GivesTheStampsOfTheEventKernel) {
  expect_same_stamps(11, false);
}
TEST(SystemcKernel, GivesTheStampsOfTheEventKernelForAnotherGraph) {
  expect_same_stamps(12, false);
}
TEST(SystemcKernel, GivesTheStampsOfTheEventKernelForAThirdGraph) {
  expect_same_stamps(13, false);
}
TEST(SystemcKernel, GivesTheStampsOfTheEventKernelWithSeveralClocks) {
  expect_same_stamps(14, true);
}
TEST(SystemcKernel, GivesTheStampsOfTheEventKernelWithSeveralClocksInAnotherGraph) {
  expect_same_stamps(15, true);
}

std::string text_of(const DeadlockReport& report) {
  std::ostringstream out;
  out << report;
  return out.str();
}

void expect_same_deadlock(const std::function<void(ToyGraph&)>& build, std::uint64_t tokens, bool cured) {
  ToyGraph plain, simulated;
  build(plain);
  build(simulated);
  EventKernel event_kernel;
  SystemcKernel systemc_kernel("top");
  const RunOutcome a = plain.run(event_kernel, tokens), b = simulated.run(systemc_kernel, tokens);
  ASSERT_EQ(a.status, RunStatus::kDeadlock);
  ASSERT_EQ(b.status, RunStatus::kDeadlock);
  EXPECT_EQ(text_of(a.deadlock), text_of(b.deadlock));
  EXPECT_EQ(a.deadlock.cured_by_depth, cured);
  EXPECT_EQ(b.deadlock.cured_by_depth, cured);
}

TEST(SystemcKernel, ReportsADeadlockLikeTheEventKernel) {
  expect_same_deadlock([](ToyGraph& graph) { build_reconvergent(graph, 10, 3); }, 40, true);
}

TEST(SystemcKernel, ReportsADeadlockAcrossClocksLikeTheEventKernel) {
  const ClockDomain slow{"slow", Hertz(100'000'000)}, fast{"fast", Hertz(1'410'000'000)};
  expect_same_deadlock([&](ToyGraph& graph) { build_reconvergent(graph, 10, 3, slow, fast); }, 40, true);
}

TEST(SystemcKernel, ReportsADeadlockThatNoDepthCuresLikeTheEventKernel) {
  expect_same_deadlock(build_circle, 1, false);
}

TEST(SystemcKernel, ReportsBlocksInTheOrderInWhichTheyWereAddedWhateverTheirPlaceInTheHierarchy) {
  const auto build = [](ToyGraph& graph) {
    Toy& a = graph.add("z.inner.ping", {});
    Toy& b = graph.add("pong", {});
    Toy& c = graph.add("a.pang", {});
    graph.join(a, b, {"ab", 2, 1});
    graph.join(b, c, {"bc", 2, 1});
    graph.join(c, a, {"ca", 2, 1});
    graph.join(c, graph.add("m.sink", {}), {"out", 2, 1});
  };
  expect_same_deadlock(build, 1, false);
}

TEST(SystemcKernel, BlocksHaveTheirPlaceInTheHierarchyOfModules) {
  ToyGraph graph;
  Toy& load = graph.add("dma.load", {5, 1, 1, 1});
  Toy& store = graph.add("dma.store", {});
  Toy& sequencer = graph.add("sequencer", {});
  graph.join(load, store, {"a", 2, 1});
  graph.join(store, sequencer, {"b", 2, 1});
  SystemcKernel kernel("top");
  EXPECT_EQ(graph.run(kernel, 5).status, RunStatus::kFinished);
  for (const char* name : {"top", "top.dma", "top.dma.load", "top.dma.store", "top.sequencer"}) {
    const sc_core::sc_object* object = sc_core::sc_find_object(name);
    ASSERT_NE(object, nullptr) << name;
    EXPECT_STREQ(object->kind(), "sc_module");
  }
  EXPECT_EQ(sc_core::sc_find_object("top.load"), nullptr);
}

TEST(SystemcKernel, AnInterruptedRunSaysSo) {
  ToyGraph graph;
  Toy& source = graph.add("source", {1'000'000, 1, 1, 1});
  Toy& sink = graph.add("sink", {});
  graph.join(source, sink, {"c", 2, 1});
  SystemcKernel kernel("top");
  const RunOutcome outcome = graph.run(kernel, 1'000'000, [&] { return sink.taken() >= 100; });
  EXPECT_EQ(outcome.status, RunStatus::kInterrupted);
  EXPECT_EQ(sink.taken(), 100u);
}

TEST(SystemcKernel, AnInterruptEndsTheSearchForADepth) {
  ToyGraph graph;
  build_reconvergent(graph, 1000, 2);
  SystemcKernel kernel("top");
  const auto& blocks = graph.blocks();
  const RunOutcome outcome = graph.run(kernel, 4000, [&] { return blocks[1]->taken() > 100; });
  EXPECT_EQ(outcome.status, RunStatus::kDeadlock);
  EXPECT_FALSE(outcome.deadlock.cured_by_depth);
}

TEST(SystemcKernel, WorkThatIsAlreadyDoneNeedsNoElaboration) {
  ToyGraph graph;
  graph.add("idle", {});
  SystemcKernel kernel("top");
  EXPECT_EQ(graph.run(kernel, 0).status, RunStatus::kFinished);
  EXPECT_EQ(sc_core::sc_find_object("top"), nullptr);
}

}  // namespace
}  // namespace lutetia
