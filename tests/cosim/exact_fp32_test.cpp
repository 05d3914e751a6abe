// The oracle's own arithmetic against MPFR restricted to binary32.
#include <gtest/gtest.h>
#include <mpfr.h>

#include <cstring>

#include "base/random.h"
#include "cosim/exact_fp32.h"

namespace lutetia {
namespace {

class Mpfr {
 public:
  Mpfr() {
    mpfr_set_emin(-148);  // smallest subnormal 2^-149 = 0.1b * 2^-148
    mpfr_set_emax(128);
    mpfr_inits2(24, a_, b_, c_, r_, static_cast<mpfr_ptr>(nullptr));
  }
  ~Mpfr() { mpfr_clears(a_, b_, c_, r_, static_cast<mpfr_ptr>(nullptr)); }
  Mpfr(const Mpfr&) = delete;
  Mpfr& operator=(const Mpfr&) = delete;

  std::uint32_t fma(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    mpfr_set_flt(a_, value(a), MPFR_RNDN);
    mpfr_set_flt(b_, value(b), MPFR_RNDN);
    mpfr_set_flt(c_, value(c), MPFR_RNDN);
    const int inexact = mpfr_fma(r_, a_, b_, c_, MPFR_RNDN);
    mpfr_subnormalize(r_, inexact, MPFR_RNDN);
    return result();
  }
  std::uint32_t from_int(std::int64_t x) {
    mpfr_set_si(r_, x, MPFR_RNDN);
    return result();
  }

 private:
  static float value(std::uint32_t bits) {
    float f;
    std::memcpy(&f, &bits, sizeof f);
    return f;
  }
  std::uint32_t result() {
    if (mpfr_nan_p(r_)) return exact::kNan;
    const float f = mpfr_get_flt(r_, MPFR_RNDN);
    std::uint32_t bits;
    std::memcpy(&bits, &f, sizeof bits);
    return bits;
  }
  mpfr_t a_, b_, c_, r_;
};

TEST(ExactFp32, MultiplyAddsLikeMpfr) {
  Mpfr mpfr;
  Random random(1);
  constexpr std::uint32_t kSpecial[] = {0,          1,          0x7fffff,   0x800000,  0x3f800000,
                                        0x3f800001, 0x7f7fffff, 0x7f800000, 0x7fc12345};
  const auto operand = [&] {
    const std::uint32_t sign = static_cast<std::uint32_t>(random.next()) & exact::kSign;
    if (random.below(6) == 0) return sign | kSpecial[random.below(std::size(kSpecial))];
    if (random.below(3) == 0) return static_cast<std::uint32_t>(random.next());
    std::uint32_t fraction = static_cast<std::uint32_t>(random.next()) & 0x7fffffu;
    if (random.below(2) == 0) fraction &= 0x700000u;  // ties
    return sign | static_cast<std::uint32_t>(random.between(90, 160)) << 23 | fraction;
  };
  for (int i = 0; i < 500'000; ++i) {
    const std::uint32_t a = operand(), b = operand();
    std::uint32_t c = operand();
    if (random.below(4) == 0)
      c = exact::fma(a, b, 0) ^ exact::kSign ^ static_cast<std::uint32_t>(random.below(3));  // cancels
    ASSERT_EQ(exact::fma(a, b, c), mpfr.fma(a, b, c)) << std::hex << a << " * " << b << " + " << c;
  }
}

TEST(ExactFp32, ConvertsIntegersLikeMpfr) {
  Mpfr mpfr;
  Random random(2);
  for (int i = 0; i < 200'000; ++i) {
    const auto x = static_cast<std::int64_t>(random.next()) >> random.below(64);
    ASSERT_EQ(exact::from_int(x), mpfr.from_int(x)) << x;
  }
  EXPECT_EQ(exact::from_int(0), 0u);
}

}  // namespace
}  // namespace lutetia
