// fp32_fma (RTL) against MPFR restricted to binary32: the exact sum, rounded once. Bit for bit, NaN canonical.
#include <gtest/gtest.h>
#include <mpfr.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <random>
#include <utility>

#include "Vfp32_fma.h"
#include "verilated.h"

namespace {

constexpr std::uint32_t kCanonicalNan = 0x7fc00000u;
constexpr std::uint32_t kInfinity = 0x7f800000u;
constexpr int kLatency = 3;  // registers f1, f2, f3

struct Operands {
  std::uint32_t a, b, c;
};

float ToFloat(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

std::uint32_t ToBits(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

class MpfrFma {
 public:
  MpfrFma() {
    // binary32: the smallest subnormal 2^-149 is 0.1b * 2^-148, the largest number lies below 1.0b * 2^128.
    mpfr_set_emin(-148);
    mpfr_set_emax(128);
    mpfr_inits2(24, a_, b_, c_, result_, static_cast<mpfr_ptr>(nullptr));
  }
  ~MpfrFma() { mpfr_clears(a_, b_, c_, result_, static_cast<mpfr_ptr>(nullptr)); }
  MpfrFma(const MpfrFma&) = delete;
  MpfrFma& operator=(const MpfrFma&) = delete;

  std::uint32_t operator()(const Operands& x) {
    mpfr_set_flt(a_, ToFloat(x.a), MPFR_RNDN);
    mpfr_set_flt(b_, ToFloat(x.b), MPFR_RNDN);
    mpfr_set_flt(c_, ToFloat(x.c), MPFR_RNDN);
    const int rounded = mpfr_fma(result_, a_, b_, c_, MPFR_RNDN);
    mpfr_subnormalize(result_, rounded, MPFR_RNDN);
    if (mpfr_nan_p(result_)) return kCanonicalNan;
    return ToBits(mpfr_get_flt(result_, MPFR_RNDN));
  }

 private:
  mpfr_t a_, b_, c_, result_;
};

// Feeds one operation per cycle and compares the results kLatency cycles later, with enable gaps in between.
class FmaBench {
 public:
  ~FmaBench() { dut_.final(); }

  void Check(const Operands& x) {
    if (random_() % 16 == 0) Clock(random_() % 2, random_() % 2, random_() % 2, false);  // must not disturb anything
    Clock(x.a, x.b, x.c, true);
    if (count_ >= kLatency - 1) {
      const Operands& old = pipeline_[(count_ + 1) % kLatency];
      const std::uint32_t expected = mpfr_fma_(old);
      ASSERT_EQ(dut_.result_o, expected) << std::hex << "a 0x" << old.a << " b 0x" << old.b << " c 0x" << old.c
                                         << " rtl 0x" << dut_.result_o << " expected 0x" << expected;
    }
  }

  void Drain() {
    for (int i = 0; i < kLatency - 1; ++i) Check({0, 0, 0});
  }

 private:
  void Clock(std::uint32_t a, std::uint32_t b, std::uint32_t c, bool enable) {
    dut_.a_i = a;
    dut_.b_i = b;
    dut_.c_i = c;
    dut_.en_i = enable;
    dut_.clk_i = 0;
    dut_.eval();
    dut_.clk_i = 1;
    dut_.eval();
    if (enable) pipeline_[++count_ % kLatency] = {a, b, c};
  }

  VerilatedContext context_;
  Vfp32_fma dut_{&context_};
  MpfrFma mpfr_fma_;
  std::mt19937 random_{1};
  std::array<Operands, kLatency> pipeline_{};
  std::int64_t count_ = -1;
};

TEST(Fp32Fma, EverySpecialTriple) {
  constexpr std::array<std::uint32_t, 18> kSpecial = {0x00000000u, 0x00000001u, 0x00000002u, 0x00000003u, 0x00400000u,
                                                      0x007fffffu, 0x00800000u, 0x00800001u, 0x33800000u, 0x3effffffu,
                                                      0x3f7fffffu, 0x3f800000u, 0x3f800001u, 0x4b7fffffu, 0x7f7fffffu,
                                                      kInfinity,   0x7f800001u, 0x7fffffffu};
  FmaBench bench;
  const std::size_t n = kSpecial.size();
  for (std::size_t i = 0; i < 8 * n * n * n; ++i) {
    const std::size_t signs = i % 8, ia = i / 8 % n, ib = i / 8 / n % n, ic = i / 8 / n / n;
    const auto signed_bits = [&](std::size_t k, std::size_t at) {
      return kSpecial[at] | static_cast<std::uint32_t>(signs >> k & 1) << 31;
    };
    bench.Check({signed_bits(0, ia), signed_bits(1, ib), signed_bits(2, ic)});
    if (HasFatalFailure()) return;
  }
  bench.Drain();
}

// Random operands in four populations; plain random bits would almost never cancel, tie or turn subnormal.
TEST(Fp32Fma, RandomOperands) {
#ifdef FP32_FMA_TEST_ITERATIONS
  constexpr int kIterations = FP32_FMA_TEST_ITERATIONS;
#else
  constexpr int kIterations = 1'000'000;
#endif
  std::mt19937 random(20240603);
  const auto bits = [&] { return static_cast<std::uint32_t>(random()); };
  // Few significant bits (ties, exact results) or all of them.
  const auto fraction = [&]() -> std::uint32_t {
    const std::uint32_t r = bits() & 0x7fffffu;
    switch (bits() % 4) {
      case 0: return r & 0x700000u;
      case 1: return (r & 0x7u) | (bits() % 2 != 0 ? 0x7ffff8u : 0u);
      default: return r;
    }
  };
  const auto pack = [&](int exponent) {
    const int clamped = exponent < 0 ? 0 : exponent > 254 ? 254 : exponent;
    return (bits() & 0x80000000u) | static_cast<std::uint32_t>(clamped) << 23 | fraction();
  };
  const auto below = [&](int n) { return static_cast<int>(bits() % static_cast<std::uint32_t>(n)); };

  FmaBench bench;
  for (int i = 0; i < kIterations; ++i) {
    Operands x{};
    switch (i % 4) {
      case 0:  // anything, NaN and infinity included
        x = {bits(), bits(), bits()};
        break;
      case 1: {  // the addend near the product, at every distance at which both still matter
        const int ea = below(255), eb = below(255);
        x = {pack(ea), pack(eb), pack(ea + eb - 127 + below(110) - 55)};
        break;
      }
      case 2: {  // products around the smallest numbers, subnormal factors included
        const int ea = below(180);
        x = {pack(ea < 30 ? 0 : ea), pack(127 - ea + below(60) - 30), pack(below(40) - 10)};
        if (bits() % 2 != 0) std::swap(x.a, x.b);
        break;
      }
      default: {  // cancellation: c is the rounded negative product, or a neighbour of it
        const int ea = below(255);
        x = {pack(ea), pack(bits() % 2 != 0 ? below(255) : 127 - ea + below(40) - 20), 0};
        const float product = ToFloat(x.a) * ToFloat(x.b);
        x.c = (ToBits(product) ^ 0x80000000u) + static_cast<std::uint32_t>(below(3) - 1);
        break;
      }
    }
    bench.Check(x);
    if (HasFatalFailure()) return;
  }
  bench.Drain();
}

}  // namespace
