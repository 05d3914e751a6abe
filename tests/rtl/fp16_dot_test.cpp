// FP16 products and the step that adds them (fp16_dot.sv), against MPFR and against sim/numeric: numbers cut to the
// grid of the largest exponent, summed exactly, rounded once to binary32. Bit for bit, NaN canonical.
#include <gtest/gtest.h>
#include <mpfr.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <sstream>
#include <string>

#include "Vfp16_dot.h"
#include "numeric/fp16_dot.h"
#include "verilated.h"

namespace lutetia {
namespace {

constexpr int kMost = 6;  // products of a step

struct Step {
  std::uint32_t acc;
  std::array<std::uint32_t, kMost> a, b;
};

/// The number of a code with an exponent of 5 or 8 bits; exact.
double value_of(std::uint32_t code, int exponent_bits, int fraction_bits) {
  const std::uint32_t ones = (1u << exponent_bits) - 1, fraction = code & ((1u << fraction_bits) - 1);
  const std::uint32_t field = code >> fraction_bits & ones;
  const int bias = static_cast<int>(ones / 2);
  const double sign = (code >> (exponent_bits + fraction_bits)) != 0 ? -1 : 1;
  if (field == ones) return fraction != 0 ? std::nan("") : sign * HUGE_VAL;
  if (field == 0) return sign * std::ldexp(fraction, 1 - bias - fraction_bits);
  return sign * std::ldexp((1u << fraction_bits) + fraction, static_cast<int>(field) - bias - fraction_bits);
}

double half(std::uint32_t code) {
  return value_of(code, 5, 10);
}

class MpfrStep {
 public:
  MpfrStep() : wide_min_(mpfr_get_emin()), wide_max_(mpfr_get_emax()) {
    mpfr_inits2(200, sum_, term_, static_cast<mpfr_ptr>(nullptr));
    mpfr_init2(result_, 24);
  }
  ~MpfrStep() { mpfr_clears(sum_, term_, result_, static_cast<mpfr_ptr>(nullptr)); }
  MpfrStep(const MpfrStep&) = delete;
  MpfrStep& operator=(const MpfrStep&) = delete;

  std::uint32_t operator()(const Step& x, int products) {
    double unbounded = 0;
    int largest = INT_MIN;
    const double acc = value_of(x.acc, 8, 23);
    if (!std::isfinite(acc)) unbounded += acc;
    if (std::isfinite(acc) && acc != 0) largest = std::max(std::ilogb(acc), -126);
    for (int k = 0; k < products; ++k) {
      const double a = half(x.a[k]), b = half(x.b[k]), product = a * b;
      if (!std::isfinite(product)) unbounded += product;
      if (std::isfinite(product) && product != 0)
        largest = std::max(largest, std::max(std::ilogb(a), -14) + std::max(std::ilogb(b), -14));
    }
    if (std::isnan(unbounded)) return 0x7fc00000u;
    if (std::isinf(unbounded)) return unbounded < 0 ? 0xff800000u : 0x7f800000u;
    if (largest == INT_MIN) return 0;
    mpfr_set_zero(sum_, 1);
    Add(acc, 26 - largest);
    for (int k = 0; k < products; ++k) Add(half(x.a[k]) * half(x.b[k]), 26 - largest);
    if (mpfr_zero_p(sum_)) return 0;
    mpfr_mul_2si(sum_, sum_, largest - 26, MPFR_RNDN);
    return Rounded();
  }

 private:
  void Add(double value, int shift) {
    mpfr_set_d(term_, value, MPFR_RNDN);
    mpfr_mul_2si(term_, term_, shift, MPFR_RNDN);
    mpfr_trunc(term_, term_);
    mpfr_add(sum_, sum_, term_, MPFR_RNDN);
  }
  std::uint32_t Rounded() {
    int rounded = mpfr_set(result_, sum_, MPFR_RNDN);
    mpfr_set_emin(-148);  // of binary32
    mpfr_set_emax(128);
    rounded = mpfr_check_range(result_, rounded, MPFR_RNDN);
    mpfr_subnormalize(result_, rounded, MPFR_RNDN);
    const float value = mpfr_get_flt(result_, MPFR_RNDN);
    mpfr_set_emin(wide_min_);
    mpfr_set_emax(wide_max_);
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
  }
  mpfr_exp_t wide_min_, wide_max_;
  mpfr_t sum_, term_, result_;
};

class DotBench {
 public:
  ~DotBench() { dut_.final(); }

  void Check(const Step& x) {
    dut_.acc_i = x.acc;
    for (int word = 0; word < kMost / 2; ++word) {
      dut_.a_i[word] = x.a[2 * word] | x.a[2 * word + 1] << 16;
      dut_.b_i[word] = x.b[2 * word] | x.b[2 * word + 1] << 16;
    }
    dut_.eval();
    std::array<std::int64_t, kMost> products{};
    for (int k = 0; k < kMost; ++k) {
      products[k] = fp16_product(x.a[k], x.b[k]).encode();
      const std::uint64_t words =
          dut_.products_o[29 * k / 32] | std::uint64_t{dut_.products_o[std::min(29 * k / 32 + 1, 5)]} << 32;
      ASSERT_EQ(static_cast<std::int64_t>(words >> (29 * k % 32) & 0x1fffffff), products[k])
          << std::hex << x.a[k] << " * " << x.b[k];
    }
    for (int n = 1; n <= kMost; ++n) {
      const std::uint32_t expected = mpfr_(x, n);
      const std::uint32_t model = fp16_dot_accumulate(x.acc, products.data(), static_cast<std::size_t>(n));
      ASSERT_EQ(dut_.acc_o[n - 1], expected) << Text(x, n);
      ASSERT_EQ(model, expected) << "the model: " << Text(x, n);
    }
  }

 private:
  static std::string Text(const Step& x, int n) {
    std::ostringstream out;
    out << std::hex << "acc " << x.acc;
    for (int k = 0; k < n; ++k) out << " + " << x.a[k] << " * " << x.b[k];
    return out.str();
  }
  VerilatedContext context_;
  Vfp16_dot dut_{&context_};
  MpfrStep mpfr_;
};

TEST(Fp16Dot, EveryCombinationOfSpecialNumbers) {
  constexpr std::array<std::uint32_t, 9> kSums = {0,          1,          0x007fffff, 0x00800000, 0x32800001,
                                                  0x3f800000, 0x7f7fffff, 0x7f800000, 0x7f800001};
  constexpr std::array<std::uint32_t, 9> kHalves = {0, 1, 0x3ff, 0x400, 0x3c00, 0x3c01, 0x7bff, 0x7c00, 0x7e00};
  DotBench bench;
  const auto signed_code = [](std::uint32_t code, std::size_t sign) {
    return code | static_cast<std::uint32_t>(sign & 1) << 15;
  };
  for (std::size_t i = 0; i < 8 * kSums.size() * 9 * 9 * 9; ++i) {
    const std::size_t signs = i % 8, at = i / 8;
    Step x{};
    x.acc = kSums[at % 9] | static_cast<std::uint32_t>(signs & 1) << 31;
    x.a = {
        signed_code(kHalves[at / 9 % 9], signs >> 1), signed_code(kHalves[at / 81 % 9], signs >> 2), 0x3c00, 0, 0, 0};
    x.b = {kHalves[at / 729 % 9], 0x3c00, 0, 0xbc00, 0x8000, 0x7bff};
    bench.Check(x);
    if (HasFatalFailure()) return;
  }
}

// Populations; plain random bits would almost never cancel, tie or stay finite.
TEST(Fp16Dot, RandomSteps) {
  std::mt19937 random(20240603);
  const auto bits = [&] { return static_cast<std::uint32_t>(random()); };
  const auto below = [&](int n) { return static_cast<int>(bits() % static_cast<std::uint32_t>(n)); };
  const auto half_near = [&](int field, int spread) {
    const int f = std::clamp(field + below(2 * spread + 1) - spread, 0, 30);
    const std::uint32_t fraction = below(3) == 0 ? bits() & 0x300u : bits() & 0x3ffu;
    return (bits() & 0x8000u) | static_cast<std::uint32_t>(f) << 10 | fraction;
  };
  const auto sum_near = [&](int exponent, int spread) {
    const int f = std::clamp(exponent + 127 + below(2 * spread + 1) - spread, 0, 254);
    const std::uint32_t fraction = below(3) == 0 ? bits() & 0x700000u : bits() & 0x7fffffu;
    return (bits() & 0x80000000u) | static_cast<std::uint32_t>(f) << 23 | fraction;
  };
  DotBench bench;
  for (int i = 0; i < 300'000; ++i) {
    Step x{};
    const int a_field = below(31), b_field = below(31);
    for (int k = 0; k < kMost; ++k) {
      const int spread = i % 6 == 0 ? 3 : i % 6 == 3 ? 30 : 1;
      x.a[k] = half_near(a_field, spread);
      x.b[k] = below(8) == 0 ? bits() & 0x8000u : half_near(b_field, spread);
    }
    const int exponent = a_field + b_field - 30;
    x.acc = sum_near(exponent, i % 6 == 1 ? 30 : 3);
    switch (i % 6) {
      case 2:  // anything at all
        x.acc = bits();
        for (int k = 0; k < kMost; ++k) x.a[k] = bits() & 0xffffu, x.b[k] = bits() & 0xffffu;
        break;
      case 4:  // pairs cancel, but for the last place now and then
        for (int k = 1; k < kMost; k += 2) {
          x.a[k] = x.a[k - 1] ^ 0x8000u ^ (below(3) == 0 ? 1u : 0u);
          x.b[k] = x.b[k - 1];
        }
        if (below(2) == 0) x.acc = bits() & 0x80000000u;
        break;
      case 5: {  // the sum cancels with a product, or is anything beside products of zero
        const auto product = static_cast<float>(-half(x.a[0]) * half(x.b[0]));
        std::memcpy(&x.acc, &product, sizeof x.acc);
        x.acc += static_cast<std::uint32_t>(below(3) - 1);
        if (below(4) == 0) x.b.fill(bits() & 0x8000u), x.acc = below(2) == 0 ? bits() : bits() & 0x807fffffu;
        break;
      }
      default: break;
    }
    bench.Check(x);
    if (HasFatalFailure()) return;
  }
}

TEST(Fp16Dot, EveryIntegerOfEveryWidth) {
  VerilatedContext context;
  Vfp16_dot dut{&context};
  for (int value = -1024; value < 1024; ++value) {
    dut.int_i = static_cast<std::uint32_t>(value) & 0x7ffu;
    dut.eval();
    for (int width = 2; width <= 11; ++width) {
      if (value < -(1 << (width - 1)) || value >= 1 << (width - 1)) continue;
      const std::uint32_t code = dut.fp16_o[(width - 2) / 2] >> (width % 2 * 16) & 0xffffu;
      ASSERT_EQ(half(code), value) << width << " bits";
      ASSERT_EQ(code, fp16_from_int(value)) << width << " bits";
    }
  }
  dut.final();
}

}  // namespace
}  // namespace lutetia
