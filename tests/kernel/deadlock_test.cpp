// Law 8, progress: a deadlock is reported at once and exactly, with the FIFO depth that would have prevented it.
#include "kernel/deadlock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "kernel/event_kernel.h"
#include "toy_graphs.h"

namespace lutetia {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string text_of(const DeadlockReport& report) {
  std::ostringstream out;
  out << report;
  return out.str();
}

RunOutcome run_reconvergent(std::uint32_t needed, std::uint32_t bypass, EventKernelOptions options = {}) {
  ToyGraph graph;
  build_reconvergent(graph, needed, bypass);
  EventKernel kernel(options);
  return graph.run(kernel, 4 * std::uint64_t{needed});
}

TEST(Deadlock, TwoBlocksThatWaitForEachOtherAreReportedByName) {
  ToyGraph graph;
  build_circle(graph);
  EventKernel kernel;
  const RunOutcome outcome = graph.run(kernel, 1);
  ASSERT_EQ(outcome.status, RunStatus::kDeadlock);
  const DeadlockReport& report = outcome.deadlock;
  EXPECT_THAT(report.circle, ElementsAre("ping", "pong_ping", "pong", "ping_pong"));
  ASSERT_EQ(report.blocks.size(), 3u);
  EXPECT_EQ(report.blocks[0].name, "ping");
  EXPECT_EQ(report.blocks[0].state, "0 taken, 0 to give");
  EXPECT_THAT(report.blocks[0].waits, ElementsAre("for data from pong_ping (empty)"));
  EXPECT_THAT(report.blocks[1].waits, ElementsAre("for data from ping_pong (empty)"));
  EXPECT_THAT(report.blocks[2].waits, ElementsAre("for data from pong_sink (empty)"));
}

TEST(Deadlock, ThatNoDepthCanCureSaysSo) {
  ToyGraph graph;
  build_circle(graph);
  EventKernel kernel;
  const RunOutcome outcome = graph.run(kernel, 1);
  EXPECT_TRUE(outcome.deadlock.depths.empty());
  EXPECT_FALSE(outcome.deadlock.cured_by_depth);
  EXPECT_THAT(text_of(outcome.deadlock), HasSubstr("no FIFO depth lets the run pass"));
}

TEST(Deadlock, AReconvergentPathReportsTheSmallestSufficientDepth) {
  for (const std::uint32_t needed : {2u, 3u, 4u, 5u, 8u, 13u, 32u, 100u}) {
    SCOPED_TRACE("needs " + std::to_string(needed));
    const RunOutcome outcome = run_reconvergent(needed, 1);
    ASSERT_EQ(outcome.status, RunStatus::kDeadlock);
    const DeadlockReport& report = outcome.deadlock;
    EXPECT_TRUE(report.cured_by_depth);
    ASSERT_EQ(report.depths.size(), 1u);
    EXPECT_EQ(report.depths[0].channel, "bypass");
    EXPECT_EQ(report.depths[0].depth, 1u);
    EXPECT_EQ(report.depths[0].sufficient, needed);
    EXPECT_THAT(report.circle, ElementsAre("fork", "bypass", "join", "gather_join", "gather", "fork_gather"));
    EXPECT_EQ(run_reconvergent(needed, needed).status, RunStatus::kFinished);
    EXPECT_EQ(run_reconvergent(needed, needed - 1).status, RunStatus::kDeadlock);
  }
}

TEST(Deadlock, TheDepthAsBuiltIsReportedBesideTheSufficientOne) {
  const DeadlockReport report = run_reconvergent(9, 4).deadlock;
  ASSERT_EQ(report.depths.size(), 1u);
  EXPECT_EQ(report.depths[0].depth, 4u);
  EXPECT_EQ(report.depths[0].sufficient, 9u);
  const std::string text = text_of(report);
  EXPECT_THAT(text, HasSubstr("FIFO bypass of depth 4 is full; smallest depth that lets the run pass: 9"));
  EXPECT_THAT(text, HasSubstr("fork -(bypass)-> join -(gather_join)-> gather -(fork_gather)-> fork"));
  EXPECT_THAT(text, HasSubstr("for space in bypass (4 of 4 full)"));
}

TEST(Deadlock, TheReportIsTheSameWhateverTheOrderOfEvaluation) {
  const std::string plain = text_of(run_reconvergent(7, 2).deadlock);
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    EXPECT_EQ(text_of(run_reconvergent(7, 2, {true, seed, seed % 2 == 0}).deadlock), plain);
}

TEST(Deadlock, AFifoThatIsFullForeverIsGivenUp) {
  ToyGraph graph;  // gather never has enough, the source never ends
  Toy& source = graph.add("source", {UINT64_MAX, 1, 1, 1});
  ToyShape greedy;
  greedy.gather = UINT32_MAX;
  Toy& gather = graph.add("gather", greedy);
  Toy& join = graph.add("join", {});
  graph.join(source, gather, {"long", 2, 1});
  graph.join(source, join, {"short", 2, 1});
  graph.join(gather, join, {"never", 2, 1});
  EventKernel kernel;
  const RunOutcome outcome = graph.run(kernel, 1);
  ASSERT_EQ(outcome.status, RunStatus::kDeadlock);
  EXPECT_FALSE(outcome.deadlock.cured_by_depth);
  ASSERT_EQ(outcome.deadlock.depths.size(), 1u);
  EXPECT_EQ(outcome.deadlock.depths[0].depth, 2u);
  EXPECT_EQ(outcome.deadlock.depths[0].sufficient, 0u);
  EXPECT_THAT(text_of(outcome.deadlock), HasSubstr("no FIFO depth lets the run pass"));
}

// Blocks check that their cycles rise.
TEST(Deadlock, TheSearchForADepthNeverTurnsTimeBackAcrossClocks) {
  const ClockDomain slow{"slow", Hertz(100'000'000)}, fast{"fast", Hertz(1'410'000'000)};
  for (const bool swapped : {false, true}) {
    ToyGraph graph;
    build_reconvergent(graph, 12, 2, swapped ? fast : slow, swapped ? slow : fast);
    EventKernel kernel;
    const RunOutcome outcome = graph.run(kernel, 48);
    ASSERT_EQ(outcome.status, RunStatus::kDeadlock);
    ASSERT_EQ(outcome.deadlock.depths.size(), 1u);
    EXPECT_EQ(outcome.deadlock.depths[0].sufficient, 12u);
  }
}

TEST(Deadlock, AnInterruptEndsTheSearchForADepth) {
  ToyGraph graph;
  build_reconvergent(graph, 1000, 2);
  EventKernel kernel;
  const auto& blocks = graph.blocks();
  const RunOutcome outcome = graph.run(kernel, 4000, [&] { return blocks[1]->taken() > 100; });
  EXPECT_EQ(outcome.status, RunStatus::kDeadlock);
  EXPECT_FALSE(outcome.deadlock.cured_by_depth);
  EXPECT_LE(blocks[1]->taken(), 102u);
  ASSERT_EQ(outcome.deadlock.depths.size(), 1u);
  EXPECT_EQ(outcome.deadlock.depths[0].sufficient, 0u);
}

TEST(Deadlock, TheTimeOfTheReportIsThatOfTheLastEvaluation) {
  ToyGraph graph;
  build_circle(graph);
  EventKernel kernel;
  EXPECT_EQ(graph.run(kernel, 1).deadlock.femtoseconds, 0u);
  EXPECT_GT(run_reconvergent(5, 1).deadlock.femtoseconds, 1'000'000u);
}

}  // namespace
}  // namespace lutetia
