// Clocks of different frequencies: exact conversions, and a channel between them never shows anything too early.
#include "kernel/clock_domain.h"

#include <gtest/gtest.h>

#include <deque>
#include <tuple>
#include <utility>

#include "base/random.h"
#include "probe.h"

namespace lutetia {
namespace {

ClockDomain clock_of(std::uint64_t hertz) {
  return {"c", Hertz(hertz)};
}

/// Whether the edge of cycle `a` of clock `x` is earlier than that of cycle `b` of `y`, without rounding.
bool earlier(const ClockDomain& x, Cycle a, const ClockDomain& y, Cycle b) {
  return Wide(a) * y.frequency.value < Wide(b) * x.frequency.value;
}

TEST(ClockDomain, WithinOneFrequencyTheNextCycleIsTheNextCycle) {
  EXPECT_EQ(next_cycle_in(clock_of(800'000'000), clock_of(800'000'000), 41), 42u);
}

TEST(ClockDomain, ConversionIsExactOverTenBillionCycles) {
  // 1.41 GHz to 800 MHz is 141 to 80: every 141 cycles of one are 80 of the other, without drift.
  const ClockDomain fast = clock_of(1'410'000'000), slow = clock_of(800'000'000);
  for (const Cycle periods : {0ull, 1ull, 70'921'985ull, 70'921'986ull, 1'000'000'000ull})
    for (Cycle rest = 0; rest < 141; ++rest) {
      ASSERT_EQ(next_cycle_in(slow, fast, 141 * periods + rest), 80 * periods + 80 * rest / 141 + 2);
      if (rest < 80) {
        ASSERT_EQ(next_cycle_in(fast, slow, 80 * periods + rest), 141 * periods + 141 * rest / 80 + 2);
      }
    }
  EXPECT_EQ(next_cycle_in(slow, fast, 10'000'000'000), 5'673'758'865u + 2);
  EXPECT_EQ(fast.femtoseconds(14'100'000'000), 10'000'000'000'000'000u);
}

/// x with x * a = 1 modulo b, for a and b without a common divisor.
std::int64_t inverse(std::int64_t a, std::int64_t b) {
  std::int64_t x = 1, y = 0, r = a, s = b;
  while (s != 0) {
    const std::int64_t q = r / s;
    std::tie(r, s) = std::make_pair(s, r - q * s);
    std::tie(x, y) = std::make_pair(y, x - q * y);
  }
  return (x % b + b) % b;
}

TEST(ClockDomain, ConversionIsExactWhereFloatingPointWouldRoundUp) {
  const std::uint64_t from = 1'410'000'007, to = 800'000'011;
  const std::uint64_t just_below =
      from - static_cast<std::uint64_t>(inverse(to, from));  // times `to`: 1 short of a cycle
  ASSERT_EQ(just_below * to % from, from - 1);
  for (const std::uint64_t seconds : {0ull, 7ull, 1'000'000ull})
    EXPECT_EQ(next_cycle_in(clock_of(to), clock_of(from), seconds * from + just_below),
              seconds * to + just_below * to / from + 2);
}

TEST(ClockDomain, WhatLeavesOneClockIsSeenLaterInTheOtherAndInOrder) {
  Random random(3);
  for (int pair = 0; pair < 200; ++pair) {
    const ClockDomain from = clock_of(static_cast<std::uint64_t>(random.between(1'000'000, 5'000'000'000)));
    const ClockDomain to = clock_of(static_cast<std::uint64_t>(random.between(1'000'000, 5'000'000'000)));
    Cycle last = 0;
    for (Cycle at = random.below(10'000'000'000), end = at + 100; at < end; ++at) {
      const Cycle seen = next_cycle_in(to, from, at);
      ASSERT_TRUE(earlier(from, at, to, seen)) << from.frequency.value << " Hz to " << to.frequency.value << " Hz";
      ASSERT_LT(from.femtoseconds(at), to.femtoseconds(seen));
      ASSERT_GE(seen, last);
      ASSERT_FALSE(earlier(from, at, to, seen - 2)) << "more than a synchroniser's delay";
      last = seen;
    }
  }
}

TEST(ClockDomain, AChannelBetweenTwoClocksKeepsOrderAndNeverShowsAnythingEarly) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    Probe producer("p", clock_of(static_cast<std::uint64_t>(random.between(500'000'000, 2'000'000'000))));
    Probe consumer("c", clock_of(static_cast<std::uint64_t>(random.between(500'000'000, 2'000'000'000))));
    Channel<Cycle> channel(
        {"c", static_cast<std::uint32_t>(random.between(1, 5)), static_cast<std::uint32_t>(random.between(1, 3))});
    channel.connect(&producer, &consumer);
    std::deque<Cycle> expected, freed;
    std::uint64_t popped = 0;
    for (Cycle p = 0, c = 0; p < 500;) {
      if (!earlier(consumer.clock(), c, producer.clock(), p)) {
        if (channel.can_push(p) && random.bernoulli(0.8)) {
          if (channel.pushes() >= channel.capacity()) {  // into a slot that a pop has freed
            ASSERT_TRUE(earlier(consumer.clock(), freed.front(), producer.clock(), p));
            freed.pop_front();
          }
          channel.push(p, p);
          expected.push_back(p);
        }
        ++p;
        continue;
      }
      if (channel.can_pop(c) && random.bernoulli(0.8)) {
        const Cycle sent = channel.pop(c);
        ASSERT_EQ(sent, expected.front());
        ASSERT_TRUE(earlier(producer.clock(), sent, consumer.clock(), c));
        expected.pop_front();
        freed.push_back(c);
        ++popped;
      }
      ++c;
    }
    EXPECT_GT(popped, 20u);
  }
}

TEST(ClockDomain, CyclesThatCoverATimeAreRoundedUp) {
  EXPECT_EQ(cycles_in(clock_of(800'000'000), Picoseconds(100'000)), 80u);
  EXPECT_EQ(cycles_in(clock_of(800'000'000), Picoseconds(100'001)), 81u);
  EXPECT_EQ(cycles_in(clock_of(1'000'000), Picoseconds(1)), 1u);
  EXPECT_EQ(cycles_in(clock_of(1'000'000), Picoseconds(0)), 0u);
}

TEST(ClockDomain, FemtosecondsNeverAccumulateRounding) {
  const ClockDomain third = clock_of(3'000'000'000);
  EXPECT_EQ(third.femtoseconds(1), 333'333u);
  EXPECT_EQ(third.femtoseconds(3'000'000), 1'000'000'000'000u);
}

}  // namespace
}  // namespace lutetia
