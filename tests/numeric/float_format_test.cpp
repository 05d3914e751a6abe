// Decoding and encoding of every floating-point row against MPFR restricted to the format.
#include "numeric/float_format.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "base/random.h"
#include "mpfr_format.h"
#include "numeric/fp32.h"

namespace lutetia {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

/// One value and its negative in both overflow modes.
void expect_encoded_like_mpfr(const NumberFormat& f, MpfrFormat& mpfr, double value) {
  for (const double v : {value, -value})
    for (const bool saturate : {false, true})
      ASSERT_EQ(encode_float(f, v, saturate ? Overflow::kSaturate : Overflow::kInfinity), mpfr.encode(v, saturate))
          << f.name << " of " << std::hexfloat << v << (saturate ? " saturating" : "");
}

TEST(FloatFormat, EveryCodeHasTheValueThatMpfrGivesItAndComesBackFromIt) {
  for (const MpfrFormat::Description& description : MpfrFormat::all()) {
    const NumberFormat& f = *find_number_format(description.name);
    const MpfrFormat mpfr(description);
    std::uint32_t numbers = 0, infinities = 0, nans = 0;
    for (std::uint32_t code = 0; code < std::uint32_t{1} << f.bits; ++code) {
      const double value = decode_float(f, code);
      const std::uint32_t magnitude = code & (mpfr.sign() - 1);
      ASSERT_EQ(is_special(f, code), magnitude >= mpfr.values().size()) << f.name << " " << code;
      if (is_nan(f, code)) {
        ++nans;
        ASSERT_TRUE(std::isnan(value));
        ASSERT_EQ(encode_float(f, value, Overflow::kSaturate), description.nan);
        continue;
      }
      ASSERT_EQ(std::signbit(value), (code & mpfr.sign()) != 0);
      if (is_infinity(f, code)) {
        ++infinities;
        ASSERT_TRUE(std::isinf(value));
        ASSERT_EQ(magnitude, description.infinity);
        ASSERT_EQ(encode_float(f, value, Overflow::kInfinity), code);
        continue;
      }
      ++numbers;
      ASSERT_EQ(std::fabs(value), mpfr.values()[magnitude]) << f.name << " " << code;
      for (const Overflow overflow : {Overflow::kSaturate, Overflow::kInfinity})
        ASSERT_EQ(encode_float(f, value, overflow), code) << f.name;
    }
    EXPECT_EQ(numbers, 2 * mpfr.values().size());
    EXPECT_EQ(infinities, description.infinities ? 2u : 0u);
    EXPECT_EQ(nans, description.infinities ? 2 * ((1u << f.mantissa) - 1) : 2u);
    EXPECT_EQ(largest_finite(f), mpfr.values().size() - 1);
    EXPECT_EQ(canonical_nan(f), description.nan);
  }
}

TEST(FloatFormat, FieldsMakeUpTheValue) {
  for (const MpfrFormat::Description& description : MpfrFormat::all()) {
    const NumberFormat& f = *find_number_format(description.name);
    for (std::uint32_t code = 0; code < std::uint32_t{1} << f.bits; ++code) {
      if (is_special(f, code)) continue;
      ASSERT_GE(effective_exponent(f, code), 1u);
      ASSERT_LT(significand(f, code), 2u << f.mantissa);
      const int exponent = static_cast<int>(effective_exponent(f, code)) - f.bias - f.mantissa;
      const double magnitude = std::ldexp(significand(f, code), exponent);
      ASSERT_EQ(is_negative(f, code) ? -magnitude : magnitude, decode_float(f, code)) << f.name << " " << code;
    }
  }
}

TEST(FloatFormat, MidpointsOfAllNeighboursGoToTheEvenCodeAndWhatIsBesideThemToTheNearer) {
  for (const MpfrFormat::Description& description : MpfrFormat::all()) {
    const NumberFormat& f = *find_number_format(description.name);
    MpfrFormat mpfr(description);
    const std::vector<double>& values = mpfr.values();
    for (std::size_t code = 0; code < values.size(); ++code) {
      // Above the largest number stands the one that a wider exponent would allow.
      const double next = code + 1 < values.size() ? values[code + 1] : 2 * values[code] - values[code - 1];
      const double middle = (values[code] + next) / 2;
      if (code + 1 < values.size()) {
        ASSERT_EQ(encode_float(f, middle, Overflow::kInfinity), code % 2 == 0 ? code : code + 1) << f.name;
      }
      for (const double v : {std::nextafter(middle, 0.0), middle, std::nextafter(middle, kInfinite)}) {
        expect_encoded_like_mpfr(f, mpfr, v);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(FloatFormat, OverflowFollowsOfp8AndIeee) {
  struct Case {
    const char* name;
    double last, first;  // the largest value that rounds to a number, the smallest that does not
    std::uint32_t largest, infinity;
  };
  // 464 is a tie, and 448 the even one of 448 and 480; in the others the largest number is odd, so the tie overflows.
  const Case cases[] = {{"fp8_e4m3", 464, std::nextafter(464.0, kInfinite), 0x7e, 0x7f},
                        {"fp8_e5m2", std::nextafter(61440.0, 0.0), 61440, 0x7b, 0x7c},
                        {"fp16", std::nextafter(65520.0, 0.0), 65520, 0x7bff, 0x7c00}};
  for (const Case& c : cases) {
    const NumberFormat& f = *find_number_format(c.name);
    const std::uint32_t sign = std::uint32_t{1} << (f.bits - 1);
    EXPECT_EQ(encode_float(f, c.last, Overflow::kInfinity), c.largest) << c.name;
    for (const double v : {c.first, 1e300, kInfinite}) {
      EXPECT_EQ(encode_float(f, v, Overflow::kInfinity), c.infinity) << c.name << v;
      EXPECT_EQ(encode_float(f, -v, Overflow::kInfinity), sign | c.infinity) << c.name << v;
      EXPECT_EQ(encode_float(f, v, Overflow::kSaturate), c.largest) << c.name << v;
      EXPECT_EQ(encode_float(f, -v, Overflow::kSaturate), sign | c.largest) << c.name << v;
    }
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(encode_float(f, std::copysign(nan, -1.0), Overflow::kSaturate), canonical_nan(f));
    EXPECT_EQ(encode_float(f, -0.0, Overflow::kSaturate), sign);
    EXPECT_EQ(encode_float(f, -std::numeric_limits<double>::denorm_min(), Overflow::kSaturate), sign);
  }
}

TEST(FloatFormat, RandomFp32BitsAreEncodedLikeMpfr) {
  for (const MpfrFormat::Description& description : MpfrFormat::all()) {
    SCOPED_TRACE("seed 11");
    Random random(11);
    const NumberFormat& f = *find_number_format(description.name);
    MpfrFormat mpfr(description);
    const int smallest = 1 - f.bias - f.mantissa, largest = f.bias + 2;
    for (int i = 0; i < 200'000; ++i) {
      // Any FP32 at all (for the 8-bit formats nearly all overflow or vanish), or one in the range of the format.
      std::uint32_t bits = static_cast<std::uint32_t>(random.next());
      if (i % 4 != 0) {
        const auto field = static_cast<std::uint32_t>(random.between(smallest - 2, largest + 1) + 127);
        if (field < 255) bits = (bits & 0x807fffffu) | field << 23;
      }
      expect_encoded_like_mpfr(f, mpfr, fp32_value(bits));
      if (HasFatalFailure()) return;
    }
  }
}

TEST(FloatFormat, Fp32DecodesToItselfAndEncodesDoublesLikeMpfr) {
  SCOPED_TRACE("seed 12");
  Random random(12);
  const NumberFormat& f = *find_number_format("fp32");
  mpfr_t x;
  mpfr_init2(x, 24);
  for (int i = 0; i < 300'000; ++i) {
    const auto bits = static_cast<std::uint32_t>(random.next());
    const float number = fp32_value(bits);
    if (!std::isnan(number)) {
      ASSERT_EQ(decode_float(f, bits), static_cast<double>(number));
      ASSERT_EQ(encode_float(f, number, Overflow::kInfinity), bits);
    }
    // Doubles around the whole range of FP32, some of them ties.
    std::uint64_t fraction = random.next() >> 12;
    if (i % 3 == 0) fraction = (fraction >> 28 << 28);
    const double value =
        std::ldexp(1.0 + std::ldexp(static_cast<double>(fraction), -52), static_cast<int>(random.between(-155, 130)));
    mpfr_set_emin(-148);
    mpfr_set_emax(128);
    const int inexact = mpfr_set_d(x, value, MPFR_RNDN);
    mpfr_subnormalize(x, inexact, MPFR_RNDN);
    const std::uint32_t expected = fp32_bits(mpfr_get_flt(x, MPFR_RNDN));
    ASSERT_EQ(encode_float(f, value, Overflow::kInfinity), expected) << std::hexfloat << value;
    ASSERT_EQ(encode_float(f, -value, Overflow::kSaturate),
              0x80000000u | (expected == 0x7f800000u ? 0x7f7fffffu : expected));
  }
  mpfr_clear(x);
}

}  // namespace
}  // namespace lutetia
