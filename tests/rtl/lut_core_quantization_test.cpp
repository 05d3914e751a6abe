// The leaves of the LUT core that make 8-bit table entries (lut_core_quantization.sv), against sim/numeric and against
// their definition in exact integers and double precision.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "Vlut_core_quantization.h"
#include "base/random.h"
#include "numeric/quantized_table.h"
#include "verilated.h"

namespace lutetia {
namespace {

struct Variant {
  const char* name;
  int width;
};
constexpr Variant kVariants[] = {{"fp8_e4m3", 8}, {"fp8_e4m3", 16}, {"fp8_e5m2", 8}, {"fp16", 16}, {"bf16", 16}};
constexpr int kVariantCount = 5;

class Leaves {
 public:
  ~Leaves() { dut_.final(); }
  void SetSegment(std::uint32_t magnitude, std::uint32_t max_exponent, bool poisoned) {
    dut_.magnitude_i = magnitude;
    dut_.max_exponent_i = static_cast<std::uint8_t>(max_exponent);
    dut_.poisoned_i = poisoned;
    dut_.eval();
  }
  std::uint32_t Multiplier(int v) const { return static_cast<std::uint32_t>(dut_.multiplier_o >> (11 * v)) & 0x7ffu; }
  int Shift(int v) const { return static_cast<int>(dut_.shift_o >> (5 * v)) & 0x1f; }
  std::uint32_t Scale(int v) const { return dut_.scale_o[v]; }

  std::int32_t Quantize(int width, std::int32_t entry, std::uint32_t multiplier, int shift) {
    dut_.entry_i = static_cast<std::uint32_t>(entry) & 0x7ffffu;
    dut_.multiplier_i = static_cast<std::uint16_t>(multiplier);
    dut_.shift_i = static_cast<std::uint8_t>(shift);
    dut_.eval();
    return static_cast<std::int8_t>(static_cast<std::uint8_t>(dut_.entry_o >> (width == 8 ? 0 : 8)));
  }

 private:
  VerilatedContext context_;
  Vlut_core_quantization dut_{&context_};
};

TEST(LutCoreQuantization, EveryMagnitudeGivesTheRatioOfItsDefinition) {
  Leaves leaves;
  for (int v = 0; v < kVariantCount; ++v) {
    for (std::uint32_t a = 0; a < 4u << kVariants[v].width; ++a) {
      leaves.SetSegment(a, 1, false);
      const double positive = a == 0 ? 1 : a;
      const int t = std::ilogb(positive) - 4;
      const double m = std::ceil(std::ldexp(positive, -t));
      ASSERT_EQ(leaves.Shift(v), 8 + t) << a;
      ASSERT_EQ(leaves.Multiplier(v), std::floor(127 * 256 / m)) << a;
      const TableRatio ratio = table_ratio(a);
      ASSERT_EQ(leaves.Shift(v), ratio.shift) << a;
      ASSERT_EQ(leaves.Multiplier(v), ratio.multiplier) << a;
    }
  }
}

TEST(LutCoreQuantization, EveryExponentWithEveryReciprocalAndShiftGivesTheScale) {
  Leaves leaves;
  for (int v = 0; v < kVariantCount; ++v) {
    const NumberFormat& f = *find_number_format(kVariants[v].name);
    for (int length = 1; length <= kVariants[v].width + 2; ++length) {
      for (std::uint32_t m = 16; m <= 32; ++m) {
        // The largest A of this length with this m; lengths below 5 do not have every m.
        const auto a = static_cast<std::uint32_t>(std::ldexp(m, length - 5)) - (m == 32 ? 1 : 0);
        if (a == 0) continue;
        for (std::uint32_t e = 1; e < 1u << f.exponent; ++e) {
          leaves.SetSegment(a, e, false);
          const float reciprocal = 256.0f / static_cast<float>(leaves.Multiplier(v));  // IEEE: rounded to nearest
          const int exponent =
              leaves.Shift(v) - 8 + static_cast<int>(e) - ((1 << (f.exponent - 1)) - 1) - (kVariants[v].width - 2);
          const double exact = std::ldexp(static_cast<double>(reciprocal), exponent);
          const float expected = exact < std::ldexp(1.0, -126) ? 0.0f : static_cast<float>(exact);
          std::uint32_t bits = 0;
          std::memcpy(&bits, &expected, sizeof bits);
          ASSERT_EQ(leaves.Scale(v), bits) << f.name << " A " << a << " E " << e;
          ASSERT_EQ(leaves.Scale(v), table_scale(f, kVariants[v].width, table_ratio(a), e, false)) << f.name << a;
          leaves.SetSegment(a, e, true);
          ASSERT_EQ(leaves.Scale(v), 0x7fc00000u) << f.name << " A " << a << " E " << e;
        }
      }
    }
  }
}

/// Both oracles: sim/numeric, and nearest even in double, where product / 2^shift is exact.
void expect_quantized(Leaves& leaves, int width, std::int32_t entry, const TableRatio& ratio) {
  const std::int32_t q = leaves.Quantize(width, entry, ratio.multiplier, ratio.shift);
  const double exact = std::ldexp(static_cast<double>(entry) * ratio.multiplier, -ratio.shift);
  ASSERT_EQ(q, std::nearbyint(exact)) << entry << " * " << ratio.multiplier << " >> " << ratio.shift;
  ASSERT_EQ(q, quantize_entry(entry, ratio)) << entry << " * " << ratio.multiplier << " >> " << ratio.shift;
  ASSERT_LE(std::abs(q), 127);
}

TEST(LutCoreQuantization, EveryEntryBesideEveryMagnitudeOfEightBitElements) {
  Leaves leaves;
  for (std::int32_t a = 0; a <= 512; ++a) {
    for (std::int32_t entry = -a; entry <= a; ++entry) {
      for (const int width : {8, 16})
        expect_quantized(leaves, width, entry, table_ratio(static_cast<std::uint32_t>(a)));
      if (HasFatalFailure()) return;
    }
  }
}

TEST(LutCoreQuantization, RandomAndExtremeEntriesOfSixteenBitElements) {
  SCOPED_TRACE("seed 41");
  Random random(41);
  Leaves leaves;
  for (int i = 0; i < 300'000; ++i) {
    const auto a = static_cast<std::int32_t>(random.next() >> (64 - 1 - random.below(17)));  // below 2^17
    const TableRatio ratio = table_ratio(static_cast<std::uint32_t>(a));
    // Half of them have few significant bits, so that ties occur.
    auto entry = static_cast<std::int32_t>(random.between(-a, a));
    if (i % 2 == 0) entry = entry / (1 << (ratio.shift / 2)) * (1 << (ratio.shift / 2));
    for (const std::int32_t e : {entry, a, -a, a - 1, 1 - a}) {
      if (std::abs(e) <= a) expect_quantized(leaves, 16, e, ratio);
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace lutetia
