// The simple mapper: the larger of the legal tiles, the cheaper of the two orders, and a helpful word when nothing
// fits.
#include "mapping/mapper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/quantity.h"
#include "base/random.h"

namespace lutetia {
namespace {

using testing::HasSubstr;

Product random_product(Random& random) {
  const double sizes[] = {0.125, 0.25, 0.375, 0.5, 1, 2, 4};
  Product p;
  p.batch = 1 + random.below(3);
  p.m = 1 + random.below(60);
  p.n = 1 + random.below(60);
  p.k = 1 + random.below(60);
  p.weight_bytes = sizes[random.below(7)];
  p.activation_bytes = sizes[4 + random.below(3)];
  p.output_bytes = sizes[4 + random.below(3)];
  if (random.bernoulli(0.4)) p.scale_group = 4 * (1 + random.below(5));
  return p;
}

TileLimits random_limits(Random& random) {
  TileLimits l;
  l.n_step = 1 + random.below(16);
  l.n_most = l.n_step * (1 + random.below(4));
  l.m_step = 1 + random.below(4);
  l.k_step = random.bernoulli(0.5) ? 4 : 1;
  l.k_most = l.k_step * (1 + random.below(40));
  l.slots = {1 + random.below(2000), 1 + random.below(2000), 1 + random.below(2000)};
  return l;
}

/// Walks over the tiles and adds up a load whenever a slot holds another tile than the one needed.
double traffic_of_a_walk(const Product& p, const ProductTiling& t) {
  double bytes = 0;
  const bool weights_stay = t.order == TileOrder::kWeightsStay;
  for (std::uint64_t b = 0; b < p.batch; ++b) {
    std::uint64_t held_weights = UINT64_MAX, held_activations = UINT64_MAX;
    const std::uint64_t outer_end = weights_stay ? p.n : p.m, inner_end = weights_stay ? p.m : p.n;
    for (std::uint64_t outer = 0; outer < outer_end; outer += weights_stay ? t.n : t.m)
      for (std::uint64_t inner = 0; inner < inner_end; inner += weights_stay ? t.m : t.n)
        for (std::uint64_t k = 0; k < p.k; k += t.k) {
          const std::uint64_t m = weights_stay ? inner : outer, n = weights_stay ? outer : inner;
          const double depth = static_cast<double>(std::min(t.k, p.k - k));
          if (n * p.k + k != held_weights)
            bytes += p.weight_bytes * static_cast<double>(std::min(t.n, p.n - n)) * depth;
          if (m * p.k + k != held_activations)
            bytes += p.activation_bytes * static_cast<double>(std::min(t.m, p.m - m)) * depth;
          held_weights = n * p.k + k;
          held_activations = m * p.k + k;
        }
  }
  return bytes;
}

TEST(Mapper, TheTrafficItComparesIsThatOfAWalkOverTheTiles) {
  Random random(1);
  for (int i = 0; i < 3000; ++i) {
    const Product p = random_product(random);
    ProductTiling t{1 + random.below(p.m), 1 + random.below(p.n), 1 + random.below(p.k),
                    random.bernoulli(0.5) ? TileOrder::kWeightsStay : TileOrder::kActivationsStay};
    ASSERT_DOUBLE_EQ(operand_traffic(p, t), traffic_of_a_walk(p, t));
  }
}

TEST(Mapper, ChoosesTheOrderWithLessTraffic) {
  Random random(2);
  std::array<int, 2> chosen{};
  for (int i = 0; i < 3000; ++i) {
    const Product p = random_product(random);
    MappingFault fault;
    const auto tiling = map_product(p, random_limits(random), fault);
    if (!tiling) continue;
    ProductTiling other = *tiling;
    other.order = tiling->order == TileOrder::kWeightsStay ? TileOrder::kActivationsStay : TileOrder::kWeightsStay;
    ASSERT_LE(traffic_of_a_walk(p, *tiling), traffic_of_a_walk(p, other) * (1 + 1e-12));
    ++chosen[static_cast<std::size_t>(tiling->order)];
  }
  EXPECT_GT(chosen[0], 100);
  EXPECT_GT(chosen[1], 100);
}

TEST(Mapper, TilesAreLegalSplitKEvenlyAndCannotGrowInNThenM) {
  Random random(3);
  int mapped = 0;
  for (int i = 0; i < 5000; ++i) {
    const Product p = random_product(random);
    const TileLimits l = random_limits(random);
    MappingFault fault;
    const auto tiling = map_product(p, l, fault);
    const auto fits = [&](std::uint64_t m, std::uint64_t n, std::uint64_t k) {
      const auto bytes = [](double each, std::uint64_t a, std::uint64_t b) {
        return each * static_cast<double>(a) * static_cast<double>(b);
      };
      return k <= l.k_most && n <= std::max(l.n_most, std::uint64_t{1}) && m <= l.m_most &&
             bytes(p.weight_bytes, n, k) <= static_cast<double>(l.slots.weights) &&
             bytes(p.activation_bytes, m, k) <= static_cast<double>(l.slots.activations) &&
             bytes(p.output_bytes, m, n) <= static_cast<double>(l.slots.outputs);
    };
    const std::uint64_t k_step = std::max(p.scale_group, l.k_step), n_least = std::min(l.n_step, p.n);
    if (!tiling) {
      ASSERT_FALSE(fits(1, n_least, std::min(k_step, p.k))) << "the smallest tile would fit, but: " << fault.why;
      continue;
    }
    ++mapped;
    const ProductTiling& t = *tiling;
    ASSERT_TRUE(fits(t.m, t.n, t.k));
    ASSERT_TRUE(t.k == p.k || t.k % k_step == 0);
    ASSERT_TRUE(t.n == p.n || t.n % l.n_step == 0);
    const std::uint64_t parts = ceil_div(p.k, t.k), even = ceil_div(ceil_div(p.k, parts), k_step) * k_step;
    ASSERT_TRUE(t.k == p.k || t.k == even || !fits(1, n_least, std::min(p.k, t.k + k_step))) << "uneven split of K";
    ASSERT_TRUE(t.n == p.n || !fits(1, std::min(p.n, t.n + l.n_step), t.k));
    ASSERT_TRUE(t.m == p.m || !fits(std::min(p.m, t.m + l.m_step), t.n, t.k));
  }
  EXPECT_GT(mapped, 1000);
}

TEST(Mapper, SaysWhichSlotIsTooSmall) {
  Product p;
  p.m = p.n = p.k = 64;
  TileLimits l;
  l.n_step = 16;
  l.n_most = 64;
  l.k_step = 4;
  l.slots = {63, 1000, 1000};  // 16 columns of 4 elements are 64 bytes
  MappingFault fault;
  EXPECT_FALSE(map_product(p, l, fault));
  EXPECT_THAT(fault.why, HasSubstr("16 columns by 4 elements of K does not fit the weight slot (63 bytes)"));
  EXPECT_EQ(fault.key, "buffers.vector");
  l.slots = {64, 3, 1000};
  EXPECT_FALSE(map_product(p, l, fault));
  EXPECT_THAT(fault.why, HasSubstr("or the activation slot (3 bytes)"));
  l.slots = {64, 1000, 63};
  EXPECT_FALSE(map_product(p, l, fault));
  EXPECT_THAT(fault.why, HasSubstr("one row of 16 outputs does not fit the output slot"));
  l.slots = {64, 4, 64};
  EXPECT_TRUE(map_product(p, l, fault));
}

TEST(Mapper, SmallProductsShareATileThatStillLeavesEight) {
  Product p;  // attention of one query over ten keys, 32 heads of 100, FP16
  p.batch = 32;
  p.n = 10;
  p.k = 100;
  p.activation_bytes = p.weight_bytes = 2;
  TileLimits l;
  l.n_most = 1 << 20;
  l.slots = {1 << 20, 1 << 20, 1 << 20};
  MappingFault fault;
  EXPECT_EQ(map_product(p, l, fault)->batch, 1u) << "a matrix unit takes one product at a time";
  l.batches = true;
  EXPECT_EQ(map_product(p, l, fault)->batch, 4u) << "eight tiles";
  p.batch = 40'000;
  EXPECT_EQ(map_product(p, l, fault)->batch, (1u << 20) / 2000) << "what the slot of the second operand holds";
  l.slots.outputs = 100;
  EXPECT_EQ(map_product(p, l, fault)->batch, 2u) << "ten outputs of four bytes each";
  l.slots.weights = 1999;
  EXPECT_EQ(map_product(p, l, fault)->batch, 1u) << "not even one product as a whole";
}

TEST(Mapper, LimitsOfAnArrayKeepCommandFieldsAndPartialSumsInRange) {
  MatrixUnitShape shape;
  shape.rows = 4;
  shape.lanes = 32;
  shape.blocks = 3;
  shape.safe_group_elements[2] = 1001;
  shape.safe_group_elements[3] = 10'000'000;
  const TileLimits two = matrix_limits(shape, 2), three = matrix_limits(shape, 3);
  EXPECT_EQ(two.k_most, 1000u);
  EXPECT_EQ(three.k_most, 65535u * 4);
  EXPECT_EQ(two.n_step, 32u);
  EXPECT_EQ(two.n_most, 96u);
  EXPECT_EQ(two.m_most, 65535u);
}

TEST(Mapping, PrintsItsLevelsAndFindsExtents) {
  Mapping mapping;
  mapping.levels = {{"memory", {{'b', 1, false}, {'m', 8, false}, {'n', 64, false}}}, {"array", {{'m', 1, true}}}};
  EXPECT_EQ(to_text(mapping), "memory: b=1 m=8 n=64; array: m=1*");
  EXPECT_EQ(mapping.extent("memory", 'n'), 64u);
  EXPECT_EQ(mapping.extent("array", 'b'), 0u);
  EXPECT_EQ(mapping.extent("nowhere", 'm'), 0u);
}

}  // namespace
}  // namespace lutetia
