// Synthetic operands: in range, reproducible, the same however a product is cut into tiles; and a check that notices
// every wrong output.
#include "accelerator/synthetic_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "numeric/fp32.h"

namespace lutetia {
namespace {

TileCommand tile(std::uint32_t m, std::uint32_t n, std::uint32_t k, WeightPlanes weights = ternary_weight_planes()) {
  TileCommand t;
  t.operator_index = 7;
  t.m = m;
  t.n = n;
  t.k = k;
  t.weights = weights;
  return t;
}

/// The outputs of a tile by float arithmetic that is exact for such short sums.
std::uint32_t output(const TileCommand& t, const MatrixCoreOperands& operands, std::uint32_t m, std::uint32_t n) {
  const std::uint32_t group = t.scale_group == 0 ? t.k : t.scale_group;
  std::uint32_t sum = t.fill ? operands.fill(m, n) : 0;
  for (std::uint32_t g = 0; g * group < t.k; ++g) {
    std::int64_t dot = 0;
    for (std::uint32_t k = g * group; k < std::min(t.k, (g + 1) * group); ++k) {
      const auto q = static_cast<std::int64_t>(operands.weight_code(n, k));
      dot += operands.activation(m, k) * (2 * q - ((1 << t.weights.planes) - 1) - operands.zero(n, g));
    }
    sum = fp32_fma(fp32_from_int(dot), operands.scale(n, g), sum);
  }
  return sum;
}

MatrixCoreShape core(std::uint32_t activation_bits) {
  MatrixCoreShape shape;
  shape.activation_bits = activation_bits;
  return shape;
}

TEST(SyntheticData, ActivationsAreBellShapedAndWeightsTakeEveryCode) {
  for (const std::uint32_t bits : {8u, 16u})
    for (const WeightPlanes weights : {ternary_weight_planes(), signed_weight_planes(1), signed_weight_planes(4)}) {
      SyntheticData data(1, core(bits));
      const TileCommand t = tile(50, 50, 100, weights);
      const auto operands = data.operands(t);
      double low = 0, high = 0, sum = 0, squares = 0;
      std::set<std::uint32_t> codes;
      for (std::uint32_t i = 0; i < 50; ++i)
        for (std::uint32_t k = 0; k < 100; ++k) {
          const double a = operands->activation(i, k);
          low = std::min(low, a);
          high = std::max(high, a);
          sum += a;
          squares += a * a;
          codes.insert(operands->weight_code(i, k));
        }
      const double largest = (1 << (bits - 1)) - 1, deviation = largest / 3.46;
      EXPECT_GE(low, -largest);
      EXPECT_LE(high, largest);
      EXPECT_LT(low, -0.75 * largest);
      EXPECT_GT(high, 0.75 * largest);
      EXPECT_NEAR(sum / 5000, 0, 0.06 * deviation);
      EXPECT_NEAR(std::sqrt(squares / 5000), deviation, 0.05 * deviation);
      EXPECT_EQ(codes.size(), weights.zero < 0 ? 3u : 1u << weights.planes) << "ternary has no fourth code";
      EXPECT_EQ(operands->zero(0, 0), weights.zero);
      const float scale = fp32_value(operands->scale(3, 0));
      EXPECT_GE(scale, 1.0f / 256);
      EXPECT_LT(scale, 1.0f / 128);
    }
}

TEST(SyntheticData, WhatLiesOutsideOfTheTileIsZero) {
  SyntheticData data(1, core(8));
  const auto operands = data.operands(tile(3, 5, 6));
  for (std::uint32_t i = 0; i < 20; ++i) {
    EXPECT_EQ(operands->activation(3 + i, 0), 0);
    EXPECT_EQ(operands->activation(0, 6 + i), 0);
    EXPECT_EQ(operands->weight_code(0, 6 + i), 0u);
    EXPECT_EQ(operands->fill(0, 5 + i), 0u);
  }
}

TEST(SyntheticData, CuttingAProductIntoTilesChangesNoValue) {
  SyntheticData data(3, core(8)), other_seed(4, core(8));
  const auto whole = data.operands(tile(12, 20, 32));
  TileCommand part = tile(4, 8, 16);
  part.m0 = 8;
  part.n0 = 12;
  part.k0 = 16;
  const auto cut = data.operands(part);
  bool differs = false;
  const auto other = other_seed.operands(tile(12, 20, 32));
  for (std::uint32_t m = 0; m < 4; ++m)
    for (std::uint32_t k = 0; k < 16; ++k) {
      ASSERT_EQ(cut->activation(m, k), whole->activation(8 + m, 16 + k));
      for (std::uint32_t n = 0; n < 8; ++n) {
        ASSERT_EQ(cut->weight_code(n, k), whole->weight_code(12 + n, 16 + k));
      }
      differs = differs || other->activation(m, k) != whole->activation(m, k);
    }
  EXPECT_TRUE(differs);
}

TEST(SyntheticData, RightOutputsPassTheCheckForEveryFormatAndScaleGroup) {
  for (const WeightPlanes weights : {ternary_weight_planes(), signed_weight_planes(1), signed_weight_planes(2),
                                     signed_weight_planes(3), signed_weight_planes(4)})
    for (const std::uint32_t group : {0u, 4u, 12u, 40u}) {
      SyntheticData data(1, core(8));
      TileCommand t = tile(5, 7, 30, weights);
      t.scale_group = group;
      const auto operands = data.operands(t);
      for (std::uint32_t m = 0; m < 5; ++m)
        for (std::uint32_t n = 0; n < 7; ++n) data.output(t, m, n, output(t, *operands, m, n));
      EXPECT_EQ(data.outputs_checked(), 35u);
      EXPECT_EQ(data.mismatches(), 0u) << data.first_mismatch();
    }
}

TEST(SyntheticData, AKTileGoesOnFromTheResultsOfTheOneBefore) {
  SyntheticData data(1, core(8));
  TileCommand first = tile(3, 4, 16), second = tile(3, 4, 16);
  second.k0 = 16;
  second.fill = true;
  const auto a = data.operands(first);
  for (std::uint32_t m = 0; m < 3; ++m)
    for (std::uint32_t n = 0; n < 4; ++n) data.output(first, m, n, output(first, *a, m, n));
  const auto b = data.operands(second);
  for (std::uint32_t m = 0; m < 3; ++m)
    for (std::uint32_t n = 0; n < 4; ++n) {
      EXPECT_EQ(b->fill(m, n), output(first, *a, m, n));
      data.output(second, m, n, output(second, *b, m, n));
    }
  EXPECT_EQ(data.outputs_checked(), 24u);
  EXPECT_EQ(data.mismatches(), 0u) << data.first_mismatch();
}

TEST(SyntheticData, EveryWrongBitIsAMismatchAndTheFirstIsDescribed) {
  for (std::uint32_t bit = 0; bit < 32; ++bit) {
    SyntheticData data(1, core(8));
    TileCommand t = tile(2, 2, 8);
    t.m0 = 10;
    t.n0 = 20;
    const auto operands = data.operands(t);
    data.output(t, 0, 0, output(t, *operands, 0, 0));
    data.output(t, 1, 1, output(t, *operands, 1, 1) ^ (1u << bit));
    data.output(t, 0, 1, output(t, *operands, 0, 1) ^ 1u);
    EXPECT_EQ(data.outputs_checked(), 3u);
    EXPECT_EQ(data.mismatches(), 2u);
    EXPECT_THAT(data.first_mismatch(), testing::StartsWith("operator 7 output [11][21] is "));
  }
}

}  // namespace
}  // namespace lutetia
