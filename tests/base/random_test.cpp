#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

namespace lutetia {
namespace {

TEST(Random, MixIsSplitmix64) {
  // First outputs of the published splitmix64 for seed 1234567.
  constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15u;
  EXPECT_EQ(mix64(1234567), 6457827717110365317u);
  EXPECT_EQ(mix64(1234567 + kStep), 3203168211198807973u);
  EXPECT_EQ(mix64(1234567 + 2 * kStep), 9817491932198370423u);
}

TEST(Random, TheSameSeedGivesTheSameSequence) {
  Random a(7), b(7), c(8);
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t x = a.next();
    EXPECT_EQ(x, b.next());
    differs = differs || x != c.next();
  }
  EXPECT_TRUE(differs);
}

TEST(Random, TheSequenceNeverChangesBetweenVersions) {
  Random random(42);  // results of users depend on these
  EXPECT_EQ(random.next(), 1546998764402558742u);
  EXPECT_EQ(random.next(), 6990951692964543102u);
}

TEST(Random, BelowIsUniformAndInRange) {
  Random random(1);
  std::array<int, 6> seen{};
  for (int i = 0; i < 60000; ++i) ++seen.at(random.below(6));
  for (int n : seen) EXPECT_NEAR(n, 10000, 500);
  EXPECT_EQ(random.below(1), 0u);
}

TEST(Random, BelowHasNoModuloBiasForLargeBounds) {
  // With next() % n the lower half of 0 .. 3 * 2^62 - 1 would be hit twice as often as it should.
  Random random(2);
  const std::uint64_t n = std::uint64_t{3} << 62;
  int low_third = 0;
  for (int i = 0; i < 30000; ++i) low_third += random.below(n) < n / 3;
  EXPECT_NEAR(low_third, 10000, 400);
}

TEST(Random, BetweenIncludesBothEndsAndTheWholeRangeOfIntegers) {
  Random random(3);
  std::set<std::int64_t> seen;
  for (int i = 0; i < 200; ++i) seen.insert(random.between(-2, 2));
  EXPECT_EQ(seen, (std::set<std::int64_t>{-2, -1, 0, 1, 2}));
  bool negative = false, positive = false;
  for (int i = 0; i < 100; ++i) {
    const std::int64_t x = random.between(INT64_MIN, INT64_MAX);
    negative = negative || x < 0;
    positive = positive || x > 0;
  }
  EXPECT_TRUE(negative && positive);
}

TEST(Random, BernoulliHitsItsProbabilityAndItsEndsAreCertain) {
  Random random(4);
  int hits = 0;
  for (int i = 0; i < 40000; ++i) {
    hits += random.bernoulli(0.25);
    EXPECT_FALSE(random.bernoulli(0));
    EXPECT_TRUE(random.bernoulli(1));
  }
  EXPECT_NEAR(hits, 10000, 450);
}

TEST(Random, BytesFillExactlyWhatWasAskedFor) {
  Random random(5), again(5);
  std::array<unsigned char, 16> a{}, b{};
  random.bytes(a.data(), 13);
  again.bytes(b.data(), 13);
  EXPECT_EQ(a, b);
  EXPECT_EQ(a[13] | a[14] | a[15], 0);
  EXPECT_GT(std::set<unsigned char>(a.begin(), a.begin() + 13).size(), 8u);
}

TEST(Random, ShuffleIsAPermutation) {
  Random random(6);
  std::vector<int> items(50), sorted(50);
  std::iota(items.begin(), items.end(), 0);
  sorted = items;
  random.shuffle(items);
  EXPECT_NE(items, sorted);
  std::sort(items.begin(), items.end());
  EXPECT_EQ(items, sorted);
}

TEST(Bell, IsSymmetricAndReachesItsBoundsOnlyAtTheEnds) {
  for (const std::int64_t largest : {1, 7, 127, 32767, 1 << 17}) {
    EXPECT_EQ(bell(0, largest), -largest);
    EXPECT_EQ(bell(~std::uint64_t{0}, largest), largest);
    for (std::uint64_t i = 0; i < 1000; ++i) {
      const std::int64_t x = bell(hash(1, i), largest);
      EXPECT_LE(std::abs(x), largest);
      EXPECT_NEAR(x, -bell(~hash(1, i), largest), 1) << "halves are rounded up";
    }
  }
}

TEST(Bell, HasTheStandardDeviationThatItSays) {
  double sum = 0, squares = 0;
  constexpr int kDraws = 20'000;
  for (int i = 0; i < kDraws; ++i) {
    const auto x = static_cast<double>(bell(hash(2, i), 32767));
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0, 200);
  EXPECT_NEAR(std::sqrt(squares / kDraws), 32767 / 3.464, 150);
}

TEST(Hash, DependsOnEveryArgumentAndOnTheirOrder) {
  std::set<std::uint64_t> values;
  for (std::uint64_t s = 0; s < 4; ++s) {
    for (std::uint64_t a = 0; a < 8; ++a) {
      for (std::uint64_t b = 0; b < 8; ++b) {
        for (std::uint64_t c = 0; c < 8; ++c) values.insert(hash(s, a, b, c));
      }
    }
  }
  EXPECT_EQ(values.size(), 4u * 8 * 8 * 8);
  static_assert(hash(1, 2, 3, 4) != hash(1, 3, 2, 4), "usable at compile time");
}

TEST(Hash, EachInputBitFlipsAboutHalfOfTheOutputBits) {
  for (int bit = 0; bit < 64; ++bit) {
    int flipped = 0;
    for (std::uint64_t i = 0; i < 64; ++i) {
      flipped += __builtin_popcountll(hash(1, i, 0, 0) ^ hash(1, i ^ (std::uint64_t{1} << bit), 0, 0));
    }
    EXPECT_NEAR(flipped / 64.0, 32.0, 3.0) << bit;
  }
}

}  // namespace
}  // namespace lutetia
