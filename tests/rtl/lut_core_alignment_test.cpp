// The leaves of the LUT core that align floating-point activations, in every format and width (lut_core_alignment.sv),
// against sim/numeric and against an oracle in double precision, where all of these numbers are exact.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>

#include "Vlut_core_alignment.h"
#include "numeric/activation_segment.h"
#include "numeric/float_format.h"
#include "verilated.h"

namespace lutetia {
namespace {

struct Variant {
  const char* name;
  int width;
  int exponent_bits, mantissa_bits;  // of the oracle, which does not ask number_format.h
};
constexpr Variant kVariants[] = {{"fp8_e4m3", 8, 4, 3},  {"fp8_e4m3", 16, 4, 3}, {"fp8_e5m2", 8, 5, 2},
                                 {"fp8_e5m2", 16, 5, 2}, {"fp16", 16, 5, 10},    {"bf16", 16, 8, 7}};
constexpr int kVariantCount = 6;

class Leaves {
 public:
  ~Leaves() { dut_.final(); }
  void Set(std::uint32_t code, std::uint32_t max_exponent, bool poisoned) {
    dut_.code_i = static_cast<std::uint16_t>(code);
    dut_.max_exponent_i = static_cast<std::uint8_t>(max_exponent);
    dut_.poisoned_i = poisoned;
    dut_.eval();
  }
  std::uint32_t Exponent(int v) const { return static_cast<std::uint32_t>(dut_.exponent_o >> (8 * v)) & 0xffu; }
  bool Special(int v) const { return (dut_.special_o >> v & 1) != 0; }
  std::int32_t Value(int v) const {
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(dut_.value_o[v / 2] >> (16 * (v % 2))));
  }
  std::uint32_t Scale(int v) const { return dut_.scale_o[v]; }

 private:
  VerilatedContext context_;
  Vlut_core_alignment dut_{&context_};
};

struct Element {
  bool special;
  std::uint32_t exponent;
  double value;  // 0 if special
};
Element element(const Variant& v, std::uint32_t code) {
  const std::uint32_t ones = (1u << v.exponent_bits) - 1, hidden = 1u << v.mantissa_bits;
  const std::uint32_t fraction = code % hidden, field = code / hidden % (ones + 1);
  const int bias = (1 << (v.exponent_bits - 1)) - 1;
  const bool special = field == ones && (v.exponent_bits > 4 || fraction == hidden - 1);
  const double magnitude = field == 0 ? std::ldexp(fraction, 1 - bias - v.mantissa_bits)
                                      : std::ldexp(hidden + fraction, static_cast<int>(field) - bias - v.mantissa_bits);
  const bool negative = code / hidden / (ones + 1) != 0;
  return {special, field == 0 ? 1 : field, special ? 0 : negative ? -magnitude : magnitude};
}

TEST(LutCoreAlignment, EveryCodeOfEveryFormatIsClassified) {
  Leaves leaves;
  for (int v = 0; v < kVariantCount; ++v) {
    const NumberFormat& f = *find_number_format(kVariants[v].name);
    for (std::uint32_t code = 0; code < 1u << f.bits; ++code) {
      leaves.Set(code, 1, false);
      const Element expected = element(kVariants[v], code);
      ASSERT_EQ(leaves.Exponent(v), expected.exponent) << f.name << " " << code;
      ASSERT_EQ(leaves.Exponent(v), effective_exponent(f, code)) << f.name << " " << code;
      ASSERT_EQ(leaves.Special(v), expected.special) << f.name << " " << code;
      ASSERT_EQ(leaves.Special(v), is_special(f, code)) << f.name << " " << code;
    }
  }
}

TEST(LutCoreAlignment, EveryCodeBesideEveryLargestExponentBecomesTheNearestInteger) {
  Leaves leaves;
  for (int v = 0; v < kVariantCount; ++v) {
    const NumberFormat& f = *find_number_format(kVariants[v].name);
    const std::uint32_t top = (1u << f.exponent) - 1;
    const int bias = (1 << (kVariants[v].exponent_bits - 1)) - 1;
    for (std::uint32_t code = 0; code < 1u << f.bits; ++code) {
      const Element expected = element(kVariants[v], code);
      for (std::uint32_t e = expected.exponent; e <= top; ++e) {
        // bf16: from distance 18 on the result is 0, and all but the distances at powers of two may be left out.
        const std::uint32_t distance = e - expected.exponent;
        if (distance > 18 && (distance & (distance - 1)) != 0 && e != top) continue;
        leaves.Set(code, e, false);
        const double units = std::ldexp(expected.value, bias + kVariants[v].width - 2 - static_cast<int>(e));
        ASSERT_EQ(leaves.Value(v), std::nearbyint(units)) << f.name << " " << code << " beside " << e;
        ASSERT_EQ(leaves.Value(v), align_element(f, kVariants[v].width, code, e)) << f.name << " " << code;
      }
    }
  }
}

TEST(LutCoreAlignment, EveryLargestExponentGivesItsPowerOfTwoOrPoison) {
  Leaves leaves;
  for (int v = 0; v < kVariantCount; ++v) {
    const NumberFormat& f = *find_number_format(kVariants[v].name);
    const int bias = (1 << (kVariants[v].exponent_bits - 1)) - 1;
    for (std::uint32_t e = 1; e < 1u << f.exponent; ++e) {
      leaves.Set(0, e, false);
      const auto power = static_cast<float>(std::ldexp(1.0, static_cast<int>(e) - bias - (kVariants[v].width - 2)));
      std::uint32_t bits = 0;
      std::memcpy(&bits, &power, sizeof bits);
      ASSERT_EQ(leaves.Scale(v), bits) << f.name << " " << e;
      ASSERT_EQ(leaves.Scale(v), segment_scale(f, kVariants[v].width, e, false)) << f.name << " " << e;
      leaves.Set(0, e, true);
      ASSERT_EQ(leaves.Scale(v), 0x7fc00000u) << f.name << " " << e;
    }
  }
}

}  // namespace
}  // namespace lutetia
