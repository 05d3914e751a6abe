// fp32_multiply (RTL) against MPFR restricted to binary32, bit for bit, NaN canonical; and against numeric/fp32.h.
#include <gtest/gtest.h>
#include <mpfr.h>

#include <array>
#include <cstdint>
#include <random>
#include <utility>

#include "Vfp32_multiply.h"
#include "numeric/fp32.h"
#include "verilated.h"

namespace lutetia {
namespace {

constexpr int kLatency = 2;  // registers f1, f2

struct Operands {
  std::uint32_t a, b;
};

class MpfrMultiply {
 public:
  MpfrMultiply() {
    mpfr_set_emin(-148);  // smallest subnormal 2^-149 = 0.1b * 2^-148
    mpfr_set_emax(128);
    mpfr_inits2(24, a_, b_, result_, static_cast<mpfr_ptr>(nullptr));
  }
  ~MpfrMultiply() { mpfr_clears(a_, b_, result_, static_cast<mpfr_ptr>(nullptr)); }
  MpfrMultiply(const MpfrMultiply&) = delete;
  MpfrMultiply& operator=(const MpfrMultiply&) = delete;

  std::uint32_t operator()(const Operands& x) {
    mpfr_set_flt(a_, fp32_value(x.a), MPFR_RNDN);
    mpfr_set_flt(b_, fp32_value(x.b), MPFR_RNDN);
    const int inexact = mpfr_mul(result_, a_, b_, MPFR_RNDN);
    mpfr_subnormalize(result_, inexact, MPFR_RNDN);
    return mpfr_nan_p(result_) != 0 ? 0x7fc00000u : fp32_bits(mpfr_get_flt(result_, MPFR_RNDN));
  }

 private:
  mpfr_t a_, b_, result_;
};

// Feeds one operation per enabled cycle; results are compared after the second enabled edge, with disabled cycles in
// between that must change nothing.
class MultiplyBench {
 public:
  ~MultiplyBench() { dut_.final(); }

  void Check(const Operands& x) {
    if (random_() % 16 == 0) {
      const std::uint32_t before = dut_.result_o;
      Clock({random_() % 2 != 0 ? 0x7fc00000u : x.b, x.a}, false);
      if (count_ >= kLatency - 1) {
        ASSERT_EQ(dut_.result_o, before);
      }
    }
    Clock(x, true);
    if (count_ < kLatency - 1) return;
    const Operands& old = pipeline_[(count_ + 1) % kLatency];
    const std::uint32_t expected = mpfr_(old);
    ASSERT_EQ(dut_.result_o, expected) << std::hex << "a 0x" << old.a << " b 0x" << old.b;
    ASSERT_EQ(fp32_multiply(old.a, old.b), expected) << std::hex << "a 0x" << old.a << " b 0x" << old.b;
  }

  void Drain() { Check({0, 0}); }

 private:
  void Clock(const Operands& x, bool enable) {
    dut_.a_i = x.a;
    dut_.b_i = x.b;
    dut_.en_i = enable;
    dut_.clk_i = 0;
    dut_.eval();
    dut_.clk_i = 1;
    dut_.eval();
    if (enable) pipeline_[++count_ % kLatency] = x;
  }

  VerilatedContext context_;
  Vfp32_multiply dut_{&context_};
  MpfrMultiply mpfr_;
  std::mt19937 random_{1};
  std::array<Operands, kLatency> pipeline_{};
  std::int64_t count_ = -1;
};

TEST(Fp32Multiply, EveryPairOfSpecialNumbersMultipliesLikeMpfr) {
  constexpr std::array<std::uint32_t, 24> kSpecial = {
      0x00000000u, 0x00000001u, 0x00000002u, 0x00000003u, 0x003fffffu, 0x00400000u, 0x007fffffu, 0x00800000u,
      0x00800001u, 0x1fffffffu, 0x20000000u, 0x33800000u, 0x3effffffu, 0x3f000000u, 0x3f7fffffu, 0x3f800000u,
      0x3f800001u, 0x4b7fffffu, 0x5f7fffffu, 0x7f7fffffu, 0x7f800000u, 0x7f800001u, 0x7fc00000u, 0x7fffffffu};
  MultiplyBench bench;
  for (const std::uint32_t a : kSpecial) {
    for (const std::uint32_t b : kSpecial) {
      for (std::uint32_t signs = 0; signs < 4; ++signs) {
        bench.Check({a | (signs & 1) << 31, b | (signs >> 1) << 31});
        if (HasFatalFailure()) return;
      }
    }
  }
  bench.Drain();
}

// Plain random bits would seldom tie or turn subnormal.
TEST(Fp32Multiply, RandomOperandsMultiplyLikeMpfr) {
  SCOPED_TRACE("seed 20261127");
  std::mt19937 random(20261127);
  const auto bits = [&] { return static_cast<std::uint32_t>(random()); };
  const auto below = [&](int n) { return static_cast<int>(bits() % static_cast<std::uint32_t>(n)); };
  // Few significant bits (ties, exact results) or all of them.
  const auto fraction = [&]() -> std::uint32_t {
    const std::uint32_t r = bits() & 0x7fffffu;
    switch (bits() % 5) {
      case 0: return r & 0x7ff000u;
      case 1: return r & 0x700000u;
      case 2: return (r & 0x7u) | (bits() % 2 != 0 ? 0x7ffff8u : 0u);
      default: return r;
    }
  };
  const auto pack = [&](int exponent) {
    const int clamped = exponent < 0 ? 0 : exponent > 254 ? 254 : exponent;
    return (bits() & 0x80000000u) | static_cast<std::uint32_t>(clamped) << 23 | fraction();
  };

  MultiplyBench bench;
  for (int i = 0; i < 1'000'000; ++i) {
    Operands x{};
    switch (i % 4) {
      case 0:  // anything, NaN and infinity included
        x = {bits(), bits()};
        break;
      case 1:  // any two numbers
        x = {pack(below(255)), pack(below(255))};
        break;
      case 2: {  // results around the subnormals, subnormal factors of every length included
        const int ea = below(160);
        x = {pack(ea < 30 ? 0 : ea), pack(127 - ea + below(32) - 28)};
        if (ea < 30) {
          x.a = (x.a & 0x80000000u) | (bits() & 0x7fffffu) >> below(23);
          x.b = pack(127 + below(60) - 30);
        }
        break;
      }
      default: {  // results around the largest number
        const int ea = 127 + below(128);
        x = {pack(ea), pack(127 + 254 - ea + below(4) - 2)};
        break;
      }
    }
    if (bits() % 2 != 0) std::swap(x.a, x.b);
    bench.Check(x);
    if (HasFatalFailure()) return;
  }
  bench.Drain();
}

}  // namespace
}  // namespace lutetia
