// 8-bit tables against their definition in exact integers, and their scale against MPFR.
#include "numeric/quantized_table.h"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/random.h"
#include "numeric/float_format.h"
#include "numeric/fp32.h"

namespace lutetia {
namespace {

__extension__ using Int = __int128;

/// numerator / denominator to nearest even, by comparing distances; denominator > 0.
std::int64_t nearest(Int numerator, Int denominator) {
  Int low = numerator / denominator;
  if (low * denominator > numerator) --low;
  const Int below = numerator - low * denominator, above = denominator - below;
  if (below != above) return static_cast<std::int64_t>(below < above ? low : low + 1);
  return static_cast<std::int64_t>(low % 2 == 0 ? low : low + 1);
}

// A is below 2^17 in 16 bits; the hardware's port has one bit more.
constexpr std::uint32_t kLargestMagnitude = (1u << 18) - 1;

TEST(QuantizedTable, RatioIsTheDefinitionForEveryMagnitude) {
  for (std::uint32_t a = 0; a <= kLargestMagnitude; ++a) {
    const TableRatio ratio = table_ratio(a);
    // By search instead of bit lengths: the power of two that brings A into 16..31.99, then the least m above it.
    const double positive = a == 0 ? 1 : a;
    int t = -10;
    while (std::ldexp(positive, -t) >= 32) ++t;
    std::uint32_t m = 16;
    while (std::ldexp(m, t) < positive) ++m;
    ASSERT_GE(std::ldexp(positive, -t), 16);
    ASSERT_LE(m, 32u);
    ASSERT_EQ(ratio.shift, 8 + t) << a;
    ASSERT_GT(ratio.shift, 0);
    ASSERT_LE(ratio.shift, 21);
    ASSERT_EQ(ratio.multiplier, static_cast<std::uint32_t>(std::floor(127.0 * 256 / m))) << a;
    ASSERT_LT(ratio.multiplier, 1u << 11);
  }
}

TEST(QuantizedTable, TheLargestEntryIsBetween119And127ForEveryMagnitude) {
  std::int32_t least = 127;
  for (std::uint32_t a = 1; a <= kLargestMagnitude; ++a) {
    const auto entry = static_cast<std::int32_t>(a);
    const std::int32_t largest = quantize_entry(entry, table_ratio(a));
    ASSERT_LE(largest, 127) << a;
    ASSERT_EQ(quantize_entry(-entry, table_ratio(a)), -largest) << a;
    least = std::min(least, largest);
  }
  EXPECT_GE(least, 119);
  RecordProperty("least", least);
}

TEST(QuantizedTable, EveryEntryBesideEveryMagnitudeOfEightBitElementsIsTheNearestInteger) {
  for (std::int32_t a = 0; a <= 512; ++a) {
    const TableRatio ratio = table_ratio(static_cast<std::uint32_t>(a));
    for (std::int32_t entry = -a; entry <= a; ++entry) {
      const std::int32_t q = quantize_entry(entry, ratio);
      ASSERT_EQ(q, nearest(Int{entry} * ratio.multiplier, Int{1} << ratio.shift)) << entry << " beside " << a;
      ASSERT_LE(std::abs(q), 127);
      ASSERT_EQ(quantize_entry(-entry, ratio), -q);
    }
  }
}

TEST(QuantizedTable, RandomEntriesOfSixteenBitElementsAreTheNearestIntegerTiesToEven) {
  SCOPED_TRACE("seed 31");
  Random random(31);
  int ties = 0;
  for (int i = 0; i < 400'000; ++i) {
    const auto a = static_cast<std::uint32_t>(random.next() >> (64 - 1 - random.below(18)));
    const TableRatio ratio = table_ratio(a);
    auto entry = static_cast<std::int32_t>(random.between(-std::int64_t{a}, a));
    // Half of them have few significant bits, so that ties occur.
    if (i % 2 == 0) entry = entry / (1 << (ratio.shift / 2)) * (1 << (ratio.shift / 2));
    const Int product = Int{entry} * ratio.multiplier, unit = Int{1} << ratio.shift;
    if ((2 * product) % unit == 0 && product % unit != 0) ++ties;
    const std::int32_t q = quantize_entry(entry, ratio);
    ASSERT_EQ(q, nearest(product, unit)) << entry << " beside " << a;
    ASSERT_LE(std::abs(q), 127);
  }
  EXPECT_GT(ties, 1000);
}

TEST(QuantizedTable, ScaleIsTheRoundedReciprocalTimesPowersOfTwoFlushedBelowTheNormals) {
  struct Variant {
    const char* name;
    int width;
  };
  mpfr_set_emin(-4000);
  mpfr_set_emax(4000);
  mpfr_t x;
  mpfr_init2(x, 24);
  for (const Variant& v : {Variant{"fp8_e4m3", 8}, Variant{"fp8_e4m3", 16}, Variant{"fp8_e5m2", 8},
                           Variant{"fp8_e5m2", 16}, Variant{"fp16", 16}, Variant{"bf16", 16}}) {
    const NumberFormat& f = *find_number_format(v.name);
    bool flushed = false;
    for (std::uint32_t a = 1; a < 2u << v.width; a += 1 + a / 40) {
      const TableRatio ratio = table_ratio(a);
      for (std::uint32_t e = 1; e < 1u << f.exponent; ++e) {
        mpfr_set_ui(x, 256, MPFR_RNDN);
        mpfr_div_ui(x, x, ratio.multiplier, MPFR_RNDN);  // rounded to 24 bits, the rest is exact
        mpfr_mul_2si(x, x, ratio.shift - 8, MPFR_RNDN);
        mpfr_mul_2si(x, x, static_cast<int>(e) - f.bias - (v.width - 2), MPFR_RNDN);
        const bool normal = mpfr_cmp_d(x, std::ldexp(1.0, -126)) >= 0;
        const std::uint32_t bits = table_scale(f, v.width, ratio, e, false);
        ASSERT_EQ(bits, normal ? fp32_bits(mpfr_get_flt(x, MPFR_RNDN)) : 0u) << v.name << " A " << a << " E " << e;
        ASSERT_TRUE(std::isfinite(fp32_value(bits)));
        ASSERT_EQ(table_scale(f, v.width, ratio, e, true), 0x7fc00000u);
        flushed = flushed || !normal;
      }
    }
    EXPECT_EQ(flushed, f.exponent == 8) << v.name;
  }
  mpfr_clear(x);
}

TEST(QuantizedTable, HalfTablesAreAllSignedSumsWithTheFourthSubtracted) {
  SCOPED_TRACE("seed 32");
  Random random(32);
  for (int i = 0; i < 1000; ++i) {
    std::int32_t a[4];
    for (std::int32_t& x : a) x = static_cast<std::int32_t>(random.between(-32767, 32767));
    std::int32_t largest = 0;
    for (int index = 0; index < 8; ++index) {
      const std::int32_t sum =
          (index & 1 ? a[0] : -a[0]) + (index & 2 ? a[1] : -a[1]) + (index & 4 ? a[2] : -a[2]) - a[3];
      ASSERT_EQ(half_table(a)[static_cast<std::size_t>(index)], sum);
      largest = std::max(largest, std::abs(sum));
    }
    ASSERT_EQ(group_magnitude(a), static_cast<std::uint32_t>(largest));
  }
}

TEST(QuantizedTable, EntriesOfASegmentAreOffByHalfAScaleAtMost) {
  SCOPED_TRACE("seed 33");
  Random random(33);
  const NumberFormat& f = *find_number_format("fp16");
  for (int round = 0; round < 3000; ++round) {
    std::uint32_t codes[kSegmentLength];
    for (std::uint32_t& code : codes)
      code = encode_float(f, std::ldexp(random.uniform() - 0.5, static_cast<int>(random.between(-6, 3))),
                          Overflow::kSaturate);
    const std::size_t count = random.below(kSegmentLength + 1);
    const AlignedSegment aligned = align_segment(f, 16, codes, count);
    const QuantizedSegment segment = quantize_segment(f, 16, aligned);
    const double scale = fp32_value(segment.scale), unit = fp32_value(aligned.scale);
    std::int32_t largest = 0;
    for (std::size_t j = 0; j < kSegmentTables; ++j) {
      const auto exact = half_table(&aligned.values[j * kTableGroup]);
      for (std::size_t i = 0; i < kHalfTableEntries; ++i) {
        const std::int32_t q = segment.tables[j][i];
        // Half a unit, and what the one rounding of the scale can do to 127 of them.
        ASSERT_LE(std::fabs(q * scale - exact[i] * unit), scale * (0.5 + 127 * std::ldexp(1.0, -24)));
        largest = std::max(largest, std::abs(q));
      }
    }
    if (count != 0) {
      ASSERT_GE(largest, 119);
    } else {
      ASSERT_EQ(largest, 0);
    }
    ASSERT_LE(largest, 127);
  }
}

TEST(QuantizedTable, APoisonedSegmentHasAScaleThatIsNotANumber) {
  const NumberFormat& f = *find_number_format("fp16");
  const std::uint32_t codes[] = {0x3c00, 0x7c00, 0xbc00, 0x3800};
  EXPECT_EQ(quantize_segment(f, 16, align_segment(f, 16, codes, 4)).scale, 0x7fc00000u);
}

}  // namespace
}  // namespace lutetia
