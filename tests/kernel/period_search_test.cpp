// Skipping a pattern that repeats after many steps gives what stepping it to the end gives.
#include "kernel/period_search.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace lutetia {
namespace {

struct Counters {
  std::int64_t steps = 0;
  std::int64_t waits = 0;
};

/// Stations joined by FIFOs with credits; a step sends some items through all of them. Depths that do not divide
/// latencies and items make periods of several steps.
struct Line {
  std::uint32_t items = 1;
  std::vector<Stamp> pace, latency, station;
  std::vector<StampFifo> fifo;  ///< behind each station
  Stamp blocked = 0;            ///< until when the second station does not work: a constant, and a far one

  explicit Line(Random& random) : items(static_cast<std::uint32_t>(random.between(1, 4))) {
    for (std::int64_t n = random.between(2, 5); n > 0; --n) {
      pace.push_back(random.between(1, 4));
      latency.push_back(random.between(1, 9));
      station.push_back(-1);
      fifo.emplace_back(static_cast<std::uint32_t>(random.between(1, random.bernoulli(0.2) ? 40 : 7)));
    }
    if (random.bernoulli(0.3)) blocked = random.between(0, 3000);
  }
  void step(Counters& counters) {
    for (std::uint32_t i = 0; i < items; ++i) {
      for (std::size_t n = 0; n < station.size(); ++n) {
        const Stamp arrived = n == 0 ? 0 : station[n - 1] + latency[n - 1];
        const Stamp ready = std::max(arrived, station[n] + pace[n]);
        station[n] = std::max({ready, fifo[n].free(), n == 1 ? blocked : 0});
        counters.waits += station[n] - ready;
        if (n > 0) fifo[n - 1].leave(station[n]);
        fifo[n].enter(station[n]);
      }
      fifo.back().leave(station.back() + latency.back());
    }
    ++counters.steps;
  }
  template <class F>
  bool visit(F& f) {
    for (std::size_t n = 0; n < station.size(); ++n)
      if (!f(station[n]) || !fifo[n].visit(f)) return false;
    return true;
  }
};

TEST(PeriodSearch, EqualsSteppingToTheEndForRandomLines) {
  std::uint64_t calls = 0, all = 0;
  PeriodSearch search;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const Line start(random);
    Line slow = start, fast = start;
    Counters slow_counters, fast_counters;
    for (int run = 0; run < 2; ++run) {  // the second begins where the first left a pattern
      const std::uint64_t times = random.below(5000);
      for (std::uint64_t i = 0; i < times; ++i) slow.step(slow_counters);
      search.repeat([&](auto& f) { return fast.visit(f); }, fast_counters, times,
                    [&] {
                      ++calls;
                      fast.step(fast_counters);
                    });
      ASSERT_EQ(slow.station, fast.station);
      ASSERT_EQ(slow_counters.steps, fast_counters.steps);
      ASSERT_EQ(slow_counters.waits, fast_counters.waits);
      for (std::size_t n = 0; n < slow.fifo.size(); ++n) {
        ASSERT_EQ(slow.fifo[n].free(), fast.fifo[n].free()) << "station " << n;
        ASSERT_EQ(slow.fifo[n].occupancy("").most, fast.fifo[n].occupancy("").most) << "station " << n;
      }
      all += times;
    }
  }
  EXPECT_LT(calls * 5, all) << "the test is about skipping";
}

TEST(PeriodSearch, APatternOfManyStepsTakesAFewPeriodsOfCalls) {
  // Seven slots, each taken for 40 cycles: a step of three items moves by 120 / 7 cycles on average.
  StampFifo slots(7);
  Stamp entry = -1;
  Counters counters;
  std::uint64_t calls = 0;
  PeriodSearch().repeat([&](auto& f) { return f(entry) && slots.visit(f); }, counters, 7'000'000,
                        [&] {
                          ++calls;
                          for (int i = 0; i < 3; ++i) {
                            entry = std::max(entry + 1, slots.free());
                            slots.leave(entry + 39);
                          }
                        });
  EXPECT_LE(calls, 64u);
  EXPECT_EQ(entry, 21'000'000 / 7 * 40 - 40 + 6);
}

TEST(PeriodSearch, NoStepsChangeNothing) {
  Counters counters;
  PeriodSearch().repeat([](auto&) { return true; }, counters, 0, [] { FAIL(); });
}

}  // namespace
}  // namespace lutetia
