// The tables of 2^-f against the rule that makes them, in long double, and every value of exp2_minus against MPFR.
#include "numeric/exp2_segments.h"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "base/sha256.h"

namespace lutetia {
namespace {

/// 2^(-distance / 1024), rounded once, to 64 bits.
long double power(std::uint32_t distance) {
  mpfr_t x;
  mpfr_init2(x, 64);
  mpfr_set_si_2exp(x, -static_cast<long>(distance), -10, MPFR_RNDN);  // exact
  mpfr_exp2(x, x, MPFR_RNDN);
  const long double value = mpfr_get_ld(x, MPFR_RNDN);
  mpfr_clear(x);
  return value;
}

TEST(Exp2Segments, TheTablesAreChordsLoweredByHalfTheirLargestDeviation) {
  for (std::uint32_t i = 0; i < kExp2Segments; ++i) {
    const long double a = i / 32.0L, left = std::exp2(-a), right = std::exp2(-((i + 1) / 32.0L));
    const long double slope = 32 * (right - left);
    // Where the curve's derivative, -ln 2 * 2^-x, is the slope.
    const long double x = -std::log2(-slope / std::log(2.0L));
    const long double deviation = left + slope * (x - a) - std::exp2(-x);
    ASSERT_GT(x, a);
    ASSERT_LT(x, a + 1 / 32.0L);
    ASSERT_GT(deviation, 0);
    EXPECT_EQ(kExp2Base[i], std::llround((left - deviation / 2) * 65536)) << i;
    EXPECT_EQ(kExp2Slope[i], std::llround(-slope * 4096)) << i;
    EXPECT_LT(kExp2Base[i], 1u << 17);
    EXPECT_LT(kExp2Slope[i], 1u << 12);
  }
}

TEST(Exp2Segments, TheDigestOfTheTablesIsKnown) {
  std::string text;
  for (const std::uint32_t base : kExp2Base) text += std::to_string(base) + "\n";
  for (const std::uint32_t slope : kExp2Slope) text += std::to_string(slope) + "\n";
  Sha256 sha;
  sha.update(text);
  EXPECT_EQ(sha.hex(), "cdc42c87c837ecfbacf8ae59b07e539c7fe4133862a03354a89e397fe077f24a");
}

TEST(Exp2Segments, TheLargestErrorOfAllFractionsIsTheDocumentedOne) {
  long double absolute = 0, relative = 0;
  for (std::uint32_t fraction = 0; fraction < 1024; ++fraction) {
    const long double exact = power(fraction), error = std::fabs(exp2_minus(fraction) / 1048576.0L - exact);
    absolute = std::max(absolute, error);
    relative = std::max(relative, error / exact);
  }
  EXPECT_LT(absolute, 3.85e-5L);
  EXPECT_GT(absolute, 3.75e-5L) << "better than the header says: it should say so";
  EXPECT_LT(std::log2(relative), -14.05L);
}

TEST(Exp2Segments, EveryDistanceIsTheChordOfItsFractionRoundedOnce) {
  long double largest = 0;  // of the error before the rounding, relative to 2^-whole
  for (std::uint32_t distance = 0; distance < 22 * 1024; ++distance) {
    const std::uint32_t whole = distance / 1024;
    const std::uint32_t value = exp2_minus(distance);
    // Both roundings by themselves, to the nearest integer, halves up.
    const std::uint32_t segment = distance % 1024 / 32;
    const long double chord = kExp2Base[segment] - std::floor(kExp2Slope[segment] * (distance % 32) / 64.0L + 0.5L);
    const long double rounded = std::floor(std::ldexp(chord, 4 - static_cast<int>(whole)) + 0.5L);
    ASSERT_EQ(value, distance < 21 * 1024 ? rounded : 0) << distance;
    const long double error = std::fabs(value - std::ldexp(power(distance), 20));
    largest = std::max(largest, std::ldexp(std::max(error - 0.5L, 0.0L), static_cast<int>(whole)));
    ASSERT_LE(error, 0.5L + std::ldexp(3.85e-5L, 20 - static_cast<int>(whole))) << distance;
  }
  EXPECT_GT(largest, 0) << "the bound has no other term than the rounding: it does not test the chords";
}

TEST(Exp2Segments, WeightsNeverRiseWithTheDistanceWithinASegmentNorFarAway) {
  for (std::uint32_t distance = 1; distance < 21 * 1024; ++distance)
    ASSERT_LE(exp2_minus(distance), exp2_minus(distance - 1)) << distance;
  for (const std::uint32_t distance : {21u * 1024, 21u * 1024 + 1, 32u * 1024, 33u * 1024, 64u * 1024, 1u << 21})
    EXPECT_EQ(exp2_minus(distance), 0u) << distance;
}

}  // namespace
}  // namespace lutetia
