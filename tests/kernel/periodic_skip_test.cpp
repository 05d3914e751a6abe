// Skipping the periodic rest of a (max, +) recurrence gives what stepping it to the end gives.
#include "kernel/periodic_skip.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/random.h"

namespace lutetia {
namespace {

constexpr std::size_t kMost = 8;

struct Stamps {
  std::int64_t x[kMost] = {};
};
struct Counters {
  std::int64_t steps = 0;
  std::int64_t progress = 0;  ///< a difference of the same stamp before and after
  std::int64_t distance = 0;  ///< a difference of two stamps
};

/// x_i' = max(b_i, max_j (x_j + a_ij)), or x_i' = x_i for stamps that nothing writes any more. An event is later than
/// the one before it of its kind, so a_ii >= 1.
struct System {
  std::size_t size = 1;
  std::vector<bool> written;
  std::vector<std::vector<std::int64_t>> a;  ///< kNone = no dependence
  std::vector<std::int64_t> b;
  Stamps start;
  std::size_t from = 0, to = 0;  ///< stamps of the counter `distance`
  static constexpr std::int64_t kNone = INT64_MIN;

  System(std::size_t n, Random& random) : size(n), written(n), a(n, std::vector<std::int64_t>(n, kNone)), b(n) {
    for (std::size_t i = 0; i < n; ++i) {
      start.x[i] = random.between(-50, 200);
      written[i] = i == 0 || random.bernoulli(0.75);
      b[i] = random.between(-50, 400);
      for (std::size_t j = 0; j < n; ++j)
        if (random.bernoulli(0.4)) a[i][j] = random.between(-20, 20);
      if (written[i]) a[i][i] = random.between(1, 12);
    }
    do from = random.below(n);
    while (!written[from]);
    do to = random.below(n);
    while (!written[to]);
  }
  void step(Stamps& s, Counters& c) const {
    const Stamps old = s;
    for (std::size_t i = 0; i < size; ++i) {
      if (!written[i]) continue;
      s.x[i] = b[i];
      for (std::size_t j = 0; j < size; ++j)
        if (a[i][j] != kNone) s.x[i] = std::max(s.x[i], old.x[j] + a[i][j]);
    }
    ++c.steps;
    c.progress += s.x[from] - old.x[from];
    c.distance += s.x[to] - s.x[from];
  }
};

TEST(PeriodicSkip, EqualsSteppingToTheEndForRandomSystems) {
  std::uint64_t skipped = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    Random random(seed);
    const System system(1 + random.below(kMost), random);
    const std::uint64_t times = random.below(600);
    Stamps slow = system.start, fast = system.start;
    Counters slow_counters, fast_counters;
    for (std::uint64_t i = 0; i < times; ++i) system.step(slow, slow_counters);
    std::uint64_t calls = 0;
    repeat_with_skip(fast, fast_counters, times, [&] {
      ++calls;
      system.step(fast, fast_counters);
    });
    for (std::size_t i = 0; i < kMost; ++i) ASSERT_EQ(slow.x[i], fast.x[i]) << "seed " << seed << " stamp " << i;
    ASSERT_EQ(slow_counters.steps, fast_counters.steps) << "seed " << seed;
    ASSERT_EQ(slow_counters.progress, fast_counters.progress) << "seed " << seed;
    ASSERT_EQ(slow_counters.distance, fast_counters.distance) << "seed " << seed;
    ASSERT_LE(calls, times);
    skipped += times - calls;
  }
  EXPECT_GT(skipped, 100'000u) << "the test is about skipping";
}

TEST(PeriodicSkip, AMillionStepsOfAPeriodicSystemTakeAFewCalls) {
  struct {
    std::int64_t producer = 0, consumer = 500, old = 3;
  } s;
  static_assert(sizeof s == 24);
  Counters c;
  std::uint64_t calls = 0;
  repeat_with_skip(s, c, 1'000'000, [&] {
    ++calls;
    ++c.steps;
    s.producer = std::max({s.producer + 1, s.consumer - 2, s.old});
    s.consumer = std::max(s.consumer + 7, s.producer + 3);
  });
  EXPECT_LE(calls, 5u);
  EXPECT_EQ(s.consumer, 500 + 7'000'000);
  EXPECT_EQ(s.old, 3);
  EXPECT_EQ(c.steps, 1'000'000);
}

TEST(PeriodicSkip, AFarConstantIsNotMistakenForAPeriod) {
  // The second stamp is ruled by a constant at first, by the first stamp after a thousand steps.
  struct {
    std::int64_t a = 0, b = 0;
  } s;
  Counters c;
  repeat_with_skip(s, c, 5000, [&] {
    s.a += 3;
    s.b = std::max({s.b + 1, s.a, std::int64_t{3000}});
  });
  EXPECT_EQ(s.a, 15000);
  EXPECT_EQ(s.b, 15000);
}

TEST(PeriodicSkip, NoStepsChangeNothing) {
  Stamps s;
  Counters c;
  repeat_with_skip(s, c, 0, [] { FAIL(); });
  EXPECT_EQ(s.x[0], 0);
}

TEST(PeriodicSkip, AStepThatMovesNothingIsNotSkipped) {
  Stamps s;
  Counters c;
  int calls = 0;
  repeat_with_skip(s, c, 10, [&] { ++calls; });
  EXPECT_EQ(calls, 10);
}

}  // namespace
}  // namespace lutetia
