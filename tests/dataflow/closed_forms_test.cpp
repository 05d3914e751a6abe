// Cycles as formulas, for any latencies. With the published latencies they are the published cycles; they were found
// from measurements of another model of the same rules. One exception belongs to them: the last firing of a node takes
// its whole interval, even if its result is out before. So max(latency, interval) stands at the end of each formula,
// where the simple ones have the latency alone. FIFOs are deep enough: where rows are shorter than a latency, more
// results are under way than depth 2 has room for.
#include "base/random.h"
#include "graphs.h"

namespace lutetia::dataflow {
namespace {

struct Latencies {
  std::uint64_t score, maximum, sum, accumulate, interval, divide;
};

Latencies draw(Random& random) {
  const bool short_ones = random.bernoulli(0.3);
  const auto any = [&](std::uint64_t most) { return 1 + random.below(short_ones ? 2 : most); };
  return {any(16), any(8), any(30), any(30), 1 + random.below(4), any(30)};
}

std::vector<std::string> sets(std::uint64_t n, const Latencies& l, bool has_maximum) {
  std::vector<std::string> out = {set("length", n),
                                  set("depth", n < 64 ? 40 : 2),
                                  set("score_latency", l.score),
                                  set("sum_latency", l.sum),
                                  set("accumulate_latency", l.accumulate),
                                  set("accumulate_interval", l.interval),
                                  set("divide_latency", l.divide)};
  if (has_maximum) out.push_back(set("max_latency", l.maximum));
  return out;
}

constexpr std::uint64_t kLengths[] = {1, 2, 3, 7, 64, 512};

TEST(ClosedForms, OfOnline) {
  Random random(1);
  int exceptions = 0;
  for (const std::uint64_t n : kLengths)
    for (int i = 0; i < 60; ++i) {
      const Latencies l = draw(random);
      SCOPED_TRACE(testing::Message() << "N " << n << " of " << i);
      const Cycle last = 1 + l.score + l.maximum + l.interval * (n * n - 1);  // the sums take the last score
      const Cycle published = last + std::max(l.accumulate, l.sum) + l.divide;
      const Cycle exact = std::max(published, last + l.interval);
      exceptions += exact != published;
      const Graph graph = shipped("online", sets(n, l, true));
      EXPECT_EQ(finished(graph).cycles, exact);
      Graph unbounded = graph;
      unbound(unbounded);
      if (n <= 64) {
        EXPECT_EQ(finished(unbounded).cycles, exact);
      }
    }
  EXPECT_GT(exceptions, 0);
}

TEST(ClosedForms, OfNaiveWithALongFifoThatIsLongEnough) {
  Random random(2);
  int exceptions = 0;
  for (const std::uint64_t n : kLengths)
    for (int i = 0; i < 60; ++i) {
      const Latencies l = draw(random);
      SCOPED_TRACE(testing::Message() << "N " << n << " of " << i);
      const Cycle first = 1 + l.score + l.interval * (n - 1) + l.sum + l.divide;  // the first weight
      const Cycle simple = first + l.interval * (n * n - 1) + l.accumulate;
      const Cycle exact = first + l.interval * (n * n - 1) + std::max(l.accumulate, l.interval);
      exceptions += exact != simple;
      Graph graph = shipped("naive", sets(n, l, false));
      channel(graph, "long_fifo").depth = n + 100;
      EXPECT_EQ(finished(graph).cycles, exact);
    }
  EXPECT_GT(exceptions, 0);
}

TEST(ClosedForms, OfReordered) {
  Random random(3);
  for (const std::uint64_t n : kLengths)
    for (int i = 0; i < 60; ++i) {
      const Latencies l = draw(random);
      SCOPED_TRACE(testing::Message() << "N " << n << " of " << i);
      const Cycle last = 1 + l.score + l.interval * (n * n - 1);
      EXPECT_EQ(finished(shipped("reordered", sets(n, l, false))).cycles,
                last + std::max(std::max(l.accumulate, l.sum) + l.divide, l.interval));
    }
}

}  // namespace
}  // namespace lutetia::dataflow
