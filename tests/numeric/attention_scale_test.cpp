// Multipliers and biases against the definition in MPFR.
#include "numeric/attention_scale.h"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/random.h"

namespace lutetia {
namespace {

/// value * log2(e) * 2^exponent, rounded to a double only at the end.
double log2_units(double value, long exponent) {
  mpfr_set_emin(-100000);
  mpfr_set_emax(100000);
  mpfr_t x, ln2;
  mpfr_inits2(200, x, ln2, nullptr);
  mpfr_const_log2(ln2, MPFR_RNDN);
  mpfr_set_d(x, value, MPFR_RNDN);
  mpfr_div(x, x, ln2, MPFR_RNDN);
  mpfr_mul_2si(x, x, exponent, MPFR_RNDN);
  const double result = mpfr_get_d(x, MPFR_RNDN);
  mpfr_clears(x, ln2, nullptr);
  return result;
}

long places(ScoreUnit unit, std::uint32_t shift) {
  return static_cast<long>(shift) + (unit == ScoreUnit::kFp16 ? -38 : 10);
}

TEST(AttentionScale, TheMultiplierHasAllItsBitsAndIsNearestToTheDefinition) {
  Random random(21);
  for (const ScoreUnit unit : {ScoreUnit::kInteger, ScoreUnit::kFp16})
    for (int i = 0; i < 20000; ++i) {
      const double scale = std::ldexp(1 + random.uniform(), static_cast<int>(random.between(-40, 10)));
      const ScoreScale s = attention_scale(unit, scale);
      ASSERT_TRUE(s.shift == 127 || s.multiplier >= 1u << 31) << scale;
      ASSERT_GE(s.shift, 1u);
      ASSERT_LE(s.shift, 127u);
      // A double holds 21 bits more than the multiplier: both sides may only differ where those are a tie.
      const double exact = log2_units(scale, places(unit, s.shift));
      ASSERT_LE(std::fabs(s.multiplier - exact), 0.5 + 1e-5) << scale;
      ASSERT_EQ(s.multiplier, attention_multiplier(unit, scale, s.shift));
    }
}

TEST(AttentionScale, PowersOfTwoJustBelowTheMultipliersRangeTakeTheNextShift) {
  // multiplier = scale * log2(e) * 2^(shift + 10) just below 2^32, where it rounds up to it, and just above.
  for (int ulps = -40; ulps <= 40; ++ulps) {
    double scale = std::ldexp(std::log(2.0), -12);
    for (int i = 0; i < std::abs(ulps); ++i) scale = std::nextafter(scale, ulps < 0 ? 0.0 : 1.0);
    const ScoreScale s = attention_scale(ScoreUnit::kInteger, scale);
    EXPECT_EQ(s.multiplier, std::uint32_t{1} << 31) << ulps;
    EXPECT_EQ(s.shift, 33u) << ulps;
  }
}

TEST(AttentionScale, TheExtremes) {
  EXPECT_EQ(attention_scale(ScoreUnit::kInteger, 0).multiplier, 0u);
  EXPECT_EQ(attention_scale(ScoreUnit::kInteger, 1e12).multiplier, 0xffffffffu);
  EXPECT_EQ(attention_scale(ScoreUnit::kInteger, 1e12).shift, 1u);
  EXPECT_EQ(attention_scale(ScoreUnit::kFp16, 1e-20).shift, 127u);
  EXPECT_EQ(attention_multiplier(ScoreUnit::kInteger, 1, 31), 0xffffffffu) << "saturates";
}

TEST(AttentionScale, ABiasIsNearestInUnitsOf2ToTheMinus10AndSaturates) {
  Random random(22);
  for (int i = 0; i < 20000; ++i) {
    const double bias = std::ldexp(random.uniform() - 0.5, static_cast<int>(random.between(-10, 12)));
    const double exact = std::clamp(log2_units(bias, 10), -1048576.0, 1048575.0);
    ASSERT_LE(std::fabs(attention_bias(bias) - exact), 0.5 + 1e-9) << bias;
  }
  EXPECT_EQ(attention_bias(-INFINITY), -1048576);
  EXPECT_EQ(attention_bias(INFINITY), 1048575);
  EXPECT_EQ(attention_bias(-3.4e38), -1048576);
  EXPECT_EQ(attention_bias(std::log(2.0)), 1024);
}

}  // namespace
}  // namespace lutetia
