// Aligned activations against their definition, evaluated by MPFR without any restriction of range.
#include "numeric/activation_segment.h"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "base/random.h"
#include "numeric/float_format.h"
#include "numeric/fp32.h"

namespace lutetia {
namespace {

struct Variant {
  const char* name;
  int width;
};
constexpr Variant kVariants[] = {{"fp8_e4m3", 8},  {"fp8_e4m3", 16}, {"fp8_e5m2", 8},
                                 {"fp8_e5m2", 16}, {"fp16", 16},     {"bf16", 16}};

/// The nearest integer of value / 2^exponent, ties to even.
class MpfrQuotient {
 public:
  MpfrQuotient() {
    mpfr_set_emin(-4000);
    mpfr_set_emax(4000);
    mpfr_init2(x_, 53);
  }
  ~MpfrQuotient() { mpfr_clear(x_); }
  MpfrQuotient(const MpfrQuotient&) = delete;
  MpfrQuotient& operator=(const MpfrQuotient&) = delete;
  long operator()(double value, int exponent) {
    mpfr_set_d(x_, value, MPFR_RNDN);
    mpfr_mul_2si(x_, x_, -exponent, MPFR_RNDN);
    return mpfr_get_si(x_, MPFR_RNDN);
  }

 private:
  mpfr_t x_;
};

int scale_exponent(const NumberFormat& f, int width, std::uint32_t max_exponent) {
  return static_cast<int>(max_exponent) - f.bias - (width - 2);
}

TEST(ActivationSegment, EveryCodeBesideEveryLargestExponentIsTheNearestIntegerOfItsQuotient) {
  MpfrQuotient quotient;
  for (const Variant& v : kVariants) {
    const NumberFormat& f = *find_number_format(v.name);
    const std::uint32_t top = (1u << f.exponent) - 1;
    for (std::uint32_t code = 0; code < 1u << f.bits; ++code) {
      const std::uint32_t own = effective_exponent(f, code);
      const double value = is_special(f, code) ? 0 : decode_float(f, code);
      for (std::uint32_t e = own; e <= top; ++e) {
        if (e > own + 20 && e != top) continue;  // bf16: far away nothing changes any more
        const std::int32_t aligned = align_element(f, v.width, code, e);
        ASSERT_EQ(aligned, quotient(value, scale_exponent(f, v.width, e))) << v.name << " " << code << " beside " << e;
        ASSERT_LE(std::abs(aligned), (1 << (v.width - 1)) - (1 << guard_bits(f, v.width)));
        if (!is_special(f, code) && e <= own + static_cast<std::uint32_t>(guard_bits(f, v.width))) {
          ASSERT_EQ(std::ldexp(aligned, scale_exponent(f, v.width, e)), value);
        }
      }
    }
  }
}

TEST(ActivationSegment, ScaleIsAnExactPowerOfTwoEvenIfSubnormal) {
  for (const Variant& v : kVariants) {
    const NumberFormat& f = *find_number_format(v.name);
    bool subnormal = false;
    for (std::uint32_t e = 1; e < 1u << f.exponent; ++e) {
      const std::uint32_t bits = segment_scale(f, v.width, e, false);
      ASSERT_EQ(static_cast<double>(fp32_value(bits)), std::ldexp(1.0, scale_exponent(f, v.width, e)));
      ASSERT_EQ(segment_scale(f, v.width, e, true), 0x7fc00000u);
      subnormal = subnormal || bits < 0x00800000u;
    }
    EXPECT_EQ(subnormal, f.exponent == 8) << v.name;
  }
}

TEST(ActivationSegment, SegmentsShareTheLargestExponentAndOneSpecialElementPoisonsThem) {
  SCOPED_TRACE("seed 21");
  Random random(21);
  MpfrQuotient quotient;
  for (const Variant& v : kVariants) {
    const NumberFormat& f = *find_number_format(v.name);
    int poisoned = 0;
    for (int round = 0; round < 4000; ++round) {
      std::vector<std::uint32_t> codes(random.below(kSegmentLength + 1));
      const std::uint64_t below = 1 + random.below(1u << f.exponent);  // so that most segments hold numbers only
      for (std::uint32_t& code : codes)
        code = static_cast<std::uint32_t>(random.below(2) << (f.bits - 1) | random.below(below) << f.mantissa |
                                          random.below(1u << f.mantissa));
      if (!codes.empty() && random.below(8) == 0)
        codes[random.below(codes.size())] =
            encode_float(f, random.below(2) == 0 ? std::nan("") : -HUGE_VAL, Overflow::kInfinity);
      const AlignedSegment segment = align_segment(f, v.width, codes.data(), codes.size());

      double largest = std::ldexp(1.0, 1 - f.bias);  // the smallest normal number
      bool special = false;
      std::uint32_t field = 1;
      for (const std::uint32_t code : codes) {
        special = special || !std::isfinite(decode_float(f, code));
        field = std::max(field, exponent_field(f, code));
        if (std::isfinite(decode_float(f, code))) largest = std::max(largest, std::fabs(decode_float(f, code)));
      }
      poisoned += special ? 1 : 0;
      ASSERT_EQ(segment.poisoned, special);
      ASSERT_EQ(segment.max_exponent, field);
      if (special) {
        ASSERT_EQ(segment.scale, 0x7fc00000u);
      } else {
        ASSERT_EQ(static_cast<double>(fp32_value(segment.scale)), std::ldexp(1.0, std::ilogb(largest) - (v.width - 2)));
      }
      for (std::size_t i = 0; i < kSegmentLength; ++i) {
        const bool number = i < codes.size() && !is_special(f, codes[i]);
        const double value = number ? decode_float(f, codes[i]) : 0;
        ASSERT_EQ(segment.values[i], quotient(value, scale_exponent(f, v.width, field))) << v.name << " element " << i;
      }
    }
    EXPECT_GT(poisoned, 400) << v.name;  // both kinds did occur
    EXPECT_LT(poisoned, 2000) << v.name;
  }
}

TEST(ActivationSegment, NothingAndZerosOfBothSignsAreZeroWithTheSmallestScale) {
  const NumberFormat& f = *find_number_format("bf16");
  const std::uint32_t zeros[] = {0x0000, 0x8000};
  for (const std::size_t count : {0u, 1u, 2u}) {
    const AlignedSegment segment = align_segment(f, 16, zeros, count);
    for (const std::int32_t value : segment.values) EXPECT_EQ(value, 0);
    EXPECT_EQ(segment.max_exponent, 1u);
    EXPECT_EQ(fp32_value(segment.scale), std::ldexp(1.0f, -140));
  }
}

TEST(ActivationSegment, FormatsThatDoNotFitAreRefused) {
  EXPECT_EQ(guard_bits(*find_number_format("fp8_e4m3"), 8), 3);
  EXPECT_EQ(guard_bits(*find_number_format("fp8_e5m2"), 8), 4);
  EXPECT_EQ(guard_bits(*find_number_format("fp16"), 16), 4);
  EXPECT_EQ(guard_bits(*find_number_format("bf16"), 16), 7);
  EXPECT_THROW(guard_bits(*find_number_format("fp16"), 8), std::invalid_argument);
  EXPECT_THROW(guard_bits(*find_number_format("bf16"), 8), std::invalid_argument);
  EXPECT_THROW(guard_bits(*find_number_format("fp32"), 16), std::invalid_argument);
  EXPECT_THROW(guard_bits(*find_number_format("int8"), 16), std::invalid_argument);
  EXPECT_THROW(guard_bits(*find_number_format("fp16"), 12), std::invalid_argument);
  const std::vector<std::uint32_t> codes(65);
  EXPECT_THROW(align_segment(*find_number_format("fp16"), 16, codes.data(), 65), std::invalid_argument);
}

}  // namespace
}  // namespace lutetia
