#include "numeric/kv_quantization.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "numeric/attention_scale.h"

namespace lutetia {
namespace {

std::vector<double> random_values(Random& random, std::size_t size, double low, double high) {
  std::vector<double> values(size);
  for (double& value : values) value = low + (high - low) * random.uniform();
  return values;
}

TEST(KvQuantization, SymmetricCodesAreWithinHalfAScaleAndUseTheWholeRange) {
  Random random(1);
  for (const int bits : {4, 8})
    for (int i = 0; i < 200; ++i) {
      const std::vector<double> values = random_values(random, 1 + random.below(300), -3, 2);
      const SymmetricCodes q = quantize_symmetric(values, bits);
      const std::int32_t most = (1 << (bits - 1)) - 1;
      std::int32_t largest = 0;
      for (std::size_t e = 0; e < values.size(); ++e) {
        largest = std::max(largest, std::abs(q.codes[e]));
        ASSERT_LE(std::fabs(values[e] - q.scale * q.codes[e]), q.scale * (0.5 + 1e-12));
      }
      ASSERT_EQ(largest, most);
    }
  const SymmetricCodes zeros = quantize_symmetric({0, 0}, 8);
  EXPECT_EQ(zeros.codes, (std::vector<std::int32_t>{0, 0}));
  EXPECT_EQ(zeros.scale, 1);
}

TEST(KvQuantization, GroupedCodesAreNearAndKeepZeroExact) {
  Random random(2);
  for (const int bits : {4, 8})
    for (const std::size_t group : {32u, 64u, 128u})
      for (const std::size_t columns : {32u, 59u, 64u, 111u, 128u, 200u}) {
        const double low = random.bernoulli(0.3) ? 1 : -1;  // a group may also lie on one side of 0
        std::vector<double> values = random_values(random, 7 * columns, low, 4);
        values[3] = 0;
        const GroupedCodes q = quantize_grouped(values, columns, group, bits);
        ASSERT_EQ(q.rows(), 7u);
        ASSERT_EQ(q.scales.size(), 7 * ((columns + group - 1) / group));
        ASSERT_EQ(q.value(0, 3), 0.0);
        for (std::size_t r = 0; r < 7; ++r)
          for (std::size_t c = 0; c < columns; ++c) {
            const double scale = q.scales[r * q.groups() + c / group];
            ASSERT_LT(q.codes[r * columns + c], 1 << bits);
            ASSERT_GE(q.codes[r * columns + c], 0);
            // Half a scale of the value and half of the zero point.
            ASSERT_LE(std::fabs(values[r * columns + c] - q.value(r, c)), scale * (1 + 1e-12));
          }
      }
}

TEST(KvQuantization, AGroupOfZerosNeedsNoScaleAndOneOfEqualNumbersIsExact) {
  const GroupedCodes q = quantize_grouped({0, 0, 5, 5, -3, -3}, 6, 2, 4);
  EXPECT_EQ(q.scales[0], 0);
  for (std::size_t c = 0; c < 6; ++c) EXPECT_NEAR(q.value(0, c), c < 2 ? 0 : c < 4 ? 5 : -3, 1e-12);
  EXPECT_NEAR(value_unit(q) * 65535 / 65536, 5.0 / 15, 1e-12) << "not of the zeros";
  EXPECT_EQ(value_scales(q, value_unit(q))[0].fraction, 0u);
  EXPECT_EQ(value_unit(quantize_grouped({0, 0}, 2, 2, 8)), 1);
}

TEST(KvQuantization, MultipliersAndFractionsAreTheScales) {
  Random random(3);
  const GroupedCodes q = quantize_grouped(random_values(random, 50 * 96, -1, 1), 96, 32, 8);
  const double scale = 0.013;
  const std::uint32_t shift = key_shift(q, scale);
  const std::vector<KeyScale> keys = key_scales(q, scale, shift);
  const double unit = value_unit(q);
  const std::vector<ValueScale> values = value_scales(q, unit);
  std::uint32_t largest_multiplier = 0, largest_fraction = 0;
  for (std::size_t g = 0; g < q.scales.size(); ++g) {
    EXPECT_EQ(keys[g].multiplier, attention_multiplier(ScoreUnit::kInteger, scale * q.scales[g], shift));
    EXPECT_EQ(keys[g].zero, q.zeros[g]);
    EXPECT_NEAR(values[g].fraction * unit / 65536, q.scales[g], unit / 131072 * (1 + 1e-9));
    EXPECT_EQ(values[g].zero, q.zeros[g]);
    largest_multiplier = std::max(largest_multiplier, keys[g].multiplier);
    largest_fraction = std::max(largest_fraction, values[g].fraction);
  }
  EXPECT_GE(largest_multiplier, 1u << 31);
  EXPECT_EQ(largest_fraction, 65535u);
  EXPECT_EQ(value_scales(q, unit / 4)[0].fraction, 65535u) << "saturates";
}

}  // namespace
}  // namespace lutetia
