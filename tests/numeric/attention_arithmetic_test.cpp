// The steps of streaming attention before the result, against their definition in integers without limits.
#include "numeric/attention_arithmetic.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "numeric/float_format.h"
#include "numeric/wide_integer.h"

namespace lutetia {
namespace {

constexpr std::int32_t kLeast = -(1 << 20), kMost = (1 << 20) - 1;  // SQ10.10

TEST(AttentionArithmetic, EveryFp16CodeIsItsValueInUnitsOfTwoToTheMinus24) {
  const NumberFormat& fp16 = *find_number_format("fp16");
  for (std::uint32_t code = 0; code < 0x10000; ++code) {
    const std::int64_t fixed = fp16_to_fixed(static_cast<std::uint16_t>(code));
    ASSERT_LT(std::llabs(fixed), std::int64_t{1} << 41) << code;
    const int exponent = code >> 10 & 31;
    // Alternative half precision: exponent 31 is 16 and not infinity, so twice the numbers of exponent 30.
    const double value = exponent == 31 ? 2 * decode_float(fp16, code - 1024) : decode_float(fp16, code);
    ASSERT_EQ(std::ldexp(static_cast<double>(fixed), -24), value) << code;
  }
}

void expect_score(WideInt total, std::uint32_t shift) {
  const Integer sum = integer(total) + power_of_two(shift - 1);
  const Integer expected = saturate(floor_divide(sum, power_of_two(shift)), kLeast, kMost);
  ASSERT_EQ(Integer(score_log2(total, shift)), expected) << expected << " shift " << shift;
}

TEST(AttentionArithmetic, AScoreIsTheShiftedTotalRoundedHalfUpAndSaturated) {
  Random random(31);
  for (std::uint32_t shift = 1; shift <= 127; ++shift) {
    for (int i = 0; i < 2000; ++i) expect_score(random_wide(random, 126), shift);
    // Within reach of the result, where nothing saturates; and around ties and both ends.
    for (int i = 0; i < 2000; ++i) {
      const unsigned bits = std::min(126u, shift + 20);
      expect_score(random_wide(random, bits), shift);
    }
    const WideInt half = WideInt{1} << (shift - 1);
    const WideInt most = (WideInt{1} << 126) - 1;
    for (const std::int32_t score : {kLeast - 1, kLeast, kLeast + 1, -1, 0, 1, kMost - 1, kMost, kMost + 1})
      for (const WideInt offset : {-half - 1, -half, -half + 1, WideInt{-1}, WideInt{0}, half - 1, half, half + 1}) {
        if (shift > 126 - 21) continue;  // beyond the operand
        expect_score(score * (half * 2) + offset, shift);
      }
    for (const WideInt total : {most, -most, most - 1, WideInt{0}, WideInt{1}, WideInt{-1}}) expect_score(total, shift);
  }
}

TEST(AttentionArithmetic, ABiasIsAddedWithSaturation) {
  const auto expect = [](std::int32_t score, std::int32_t bias) {
    ASSERT_EQ(Integer(add_bias(score, bias)), saturate(Integer(score) + bias, kLeast, kMost)) << score << " " << bias;
  };
  const std::vector<std::int32_t> corners = {kLeast, kLeast + 1, kLeast / 2, -1, 0, 1, kMost / 2 + 1, kMost - 1, kMost};
  for (const std::int32_t score : corners)
    for (const std::int32_t bias : corners) expect(score, bias);
  Random random(32);
  for (int i = 0; i < 100000; ++i)
    expect(static_cast<std::int32_t>(random.between(kLeast, kMost)),
           static_cast<std::int32_t>(random.between(kLeast, kMost)));
}

TEST(AttentionArithmetic, TheCeilingOfEveryScore) {
  for (std::int32_t score = kLeast; score <= kMost; ++score)
    ASSERT_EQ(ceiling(score), std::ceil(score / 1024.0)) << score;  // exact in double
  EXPECT_EQ(ceiling(kMost), 1024) << "within 12 bits";
  EXPECT_EQ(ceiling(kLeast), -1024);
}

TEST(AttentionArithmetic, RescalingRoundsDownAndEndsInZero) {
  Random random(33);
  for (const std::uint32_t width : {40u, 50u, 84u})
    for (std::uint32_t distance = 0; distance <= 4095; ++distance)
      for (int i = 0; i < 20; ++i) {
        const WideInt sum = random_wide(random, width - 1);
        const Integer expected = distance > width ? Integer(0) : floor_divide(integer(sum), power_of_two(distance));
        ASSERT_EQ(integer(rescale(sum, distance, width)), expected) << distance << " of " << width;
      }
  for (const std::uint32_t width : {50u, 84u}) {
    const WideInt least = -(WideInt{1} << (width - 1));
    EXPECT_EQ(static_cast<int>(rescale(least, width - 1, width)), -1);
    EXPECT_EQ(static_cast<int>(rescale(-1, width, width)), -1);
    EXPECT_EQ(static_cast<int>(rescale(-1, width + 1, width)), 0);
    EXPECT_EQ(static_cast<int>(rescale(least, 4095, width)), 0);
  }
}

TEST(AttentionArithmetic, AScaledWeightIsRoundedHalfUpForEveryWeight) {
  Random random(34);
  const auto expect = [](std::uint32_t weight, std::uint32_t fraction) {
    const Integer expected = floor_divide(Integer(weight) * fraction + 32768, 65536);
    ASSERT_EQ(Integer(scale_weight(weight, fraction)), expected) << weight << " " << fraction;
    ASSERT_LE(scale_weight(weight, fraction), weight);
  };
  for (std::uint32_t weight = 0; weight <= 1u << 20; ++weight) {
    for (const std::uint32_t fraction : {0u, 1u, 32767u, 32768u, 32769u, 65534u, 65535u}) expect(weight, fraction);
    expect(weight, static_cast<std::uint32_t>(random.below(65536)));
  }
}

TEST(AttentionArithmetic, AReciprocalIsTheQuotientRoundedDown) {
  Random random(35);
  const auto expect = [](std::uint64_t sum) {
    const Reciprocal r = reciprocal(sum);
    const Integer normalised = Integer(sum) << r.zeros;
    ASSERT_TRUE(normalised >= power_of_two(39) && normalised < power_of_two(40)) << sum;
    ASSERT_EQ(Integer(r.value), floor_divide(power_of_two(56), normalised)) << sum;
    ASSERT_GE(r.value, 1u << 16);
    ASSERT_LE(r.value, 1u << 17);
  };
  for (std::uint32_t bit = 0; bit < kRowSumBits; ++bit)
    for (std::int64_t offset = -3; offset <= 3; ++offset) {
      const std::int64_t sum = (std::int64_t{1} << bit) + offset;
      if (sum > 0) expect(static_cast<std::uint64_t>(sum));
    }
  for (std::uint64_t sum = 1; sum < 100000; ++sum) expect(sum);
  for (std::uint64_t sum = (std::uint64_t{1} << 40) - 1000; sum < std::uint64_t{1} << 40; ++sum) expect(sum);
  for (int i = 0; i < 200000; ++i) expect(1 + (random.next() >> (64 - 1 - random.below(39))));
}

}  // namespace
}  // namespace lutetia
