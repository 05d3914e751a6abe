// int_to_fp32 (RTL) against the definition of rounding: no neighbour is nearer, and in a tie the significand is even.
// All values of 48 bits are exact in binary64, so the comparison is exact.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>

#include "Vint_to_fp32.h"
#include "Vint_to_fp32___024root.h"
#include "verilated.h"

namespace {

constexpr unsigned kWidth = Vint_to_fp32___024root::int_to_fp32__DOT__Width;
constexpr std::int64_t kMax = (std::int64_t{1} << (kWidth - 1)) - 1;
constexpr std::int64_t kMin = -kMax - 1;

class Converter {
 public:
  ~Converter() { dut_.final(); }

  void Check(std::int64_t value) {
    if (value > kMax || value < kMin) return;
    dut_.int_i = static_cast<std::uint64_t>(value) & (~std::uint64_t{0} >> (64 - kWidth));
    dut_.eval();
    const std::uint32_t bits = dut_.fp32_o;
    float result;
    std::memcpy(&result, &bits, sizeof result);

    ASSERT_TRUE(std::isfinite(result)) << value;
    ASSERT_FALSE(value == 0 && bits != 0) << "zero must be +0";
    const double error = std::fabs(static_cast<double>(result) - static_cast<double>(value));
    const float infinity = std::numeric_limits<float>::infinity();
    for (const float towards : {-infinity, infinity}) {
      const float neighbour = std::nextafterf(result, towards);
      const double other = std::fabs(static_cast<double>(neighbour) - static_cast<double>(value));
      ASSERT_LE(error, other) << value << " became " << result;
      ASSERT_TRUE(error < other || bits % 2 == 0) << "tie " << value << " became " << result;
    }
  }

 private:
  VerilatedContext context_;
  Vint_to_fp32 dut_{&context_};
};

// Around every power of two, around every tie of its binade, and their negatives.
TEST(IntToFp32, BoundariesAndTies) {
  Converter converter;
  std::mt19937_64 random(1);
  converter.Check(kMin);
  for (unsigned power = 0; power < kWidth; ++power) {
    for (int i = 0; i < 64; ++i) {
      std::int64_t base = std::int64_t{1} << power;
      if (power > 24) {
        const std::int64_t ulp = std::int64_t{1} << (power - 23);
        const std::int64_t significand =
            i == 0 ? 0xffffff : static_cast<std::int64_t>(0x800000 | (random() & 0x7fffff));
        base = significand * ulp + ulp / 2;
      }
      for (std::int64_t offset = -2; offset <= 2; ++offset) {
        converter.Check(base + offset);
        converter.Check(-(base + offset));
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(IntToFp32, RandomValuesOfEveryLength) {
  Converter converter;
  std::mt19937_64 random(20240603);
  for (int i = 0; i < 1'000'000; ++i) {
    const unsigned length = 1 + static_cast<unsigned>(random() % kWidth);
    converter.Check(static_cast<std::int64_t>(random()) >> (64 - length));
    if (HasFatalFailure()) return;
  }
}

}  // namespace
