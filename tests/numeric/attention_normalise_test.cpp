// Results of streaming attention, bit for bit: accumulator * reciprocal * 2^(zeros - 56 - unit), which MPFR holds
// exactly, rounded once by MPFR to binary16, subnormals included; and to integers without limits.
#include <gtest/gtest.h>
#include <mpfr.h>

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "numeric/attention_arithmetic.h"
#include "numeric/mpfr_format.h"
#include "numeric/wide_integer.h"

namespace lutetia {
namespace {

constexpr WideInt kOne = 1;

class Normalise : public ::testing::Test {
 protected:
  Normalise() : fp16_(MpfrFormat::all()[2]) { mpfr_init2(exact_, 256); }
  ~Normalise() override { mpfr_clear(exact_); }

  std::uint16_t expected(WideInt accumulator, const Reciprocal& r, std::uint32_t unit) {
    if (accumulator == 0) return 0;  // the contract has no negative zero but for negative sums
    const Integer product = integer(accumulator) * r.value;
    mpfr_set_emin(-2000);
    mpfr_set_emax(2000);
    mpfr_set_str(exact_, product.str().c_str(), 10, MPFR_RNDN);
    mpfr_mul_2si(exact_, exact_, static_cast<long>(r.zeros) - 56 - static_cast<long>(unit), MPFR_RNDN);
    return static_cast<std::uint16_t>(fp16_.encode(exact_, true));
  }
  void expect_fp16(WideInt accumulator, const Reciprocal& r, std::uint32_t unit) {
    ASSERT_EQ(normalise_fp16(accumulator, r, unit), expected(accumulator, r, unit))
        << integer(accumulator) << " * " << r.value << " * 2^(" << r.zeros << " - 56 - " << unit << ")";
  }
  void expect_int8(WideInt accumulator, const Reciprocal& r) {
    const Integer quotient = nearest_even(integer(accumulator) * r.value, power_of_two(56 - r.zeros));
    ASSERT_EQ(Integer(normalise_int8(accumulator, r)), saturate(quotient, -128, 127))
        << integer(accumulator) << " * " << r.value << " * 2^(" << r.zeros << " - 56)";
  }

  MpfrFormat fp16_;
  mpfr_t exact_;
};

TEST_F(Normalise, RandomSumsOfEveryLength) {
  Random random(41);
  for (int i = 0; i < 300000; ++i) {
    const Reciprocal r = reciprocal(1 + (random.next() >> (25 + random.below(39))));
    expect_fp16(random_wide(random, 83), r, 24);
    expect_fp16(random_wide(random, 49), r, 0);
    expect_int8(random_wide(random, 49), r);
    expect_int8(random_wide(random, 49 - r.zeros), r);
  }
}

// With l = 2^k, 1/l is a power of two, so every FP16 number, the midpoints between neighbours and what lies just beside
// them are results: ties, carries into the next binade, the step from subnormals to normals, saturation.
TEST_F(Normalise, EveryMidpointBetweenNeighboursAndWhatIsBesideIt) {
  for (const int log_sum : {20, 24, 39}) {
    const Reciprocal r = reciprocal(std::uint64_t{1} << log_sum);
    ASSERT_EQ(r.value, 1u << 17);
    for (std::uint32_t code = 0; code <= 0x7bff; ++code) {
      const WideInt low = fp16_to_fixed(static_cast<std::uint16_t>(code));
      const WideInt high = fp16_to_fixed(static_cast<std::uint16_t>(code + 1));  // 65536 above the largest
      const WideInt middle = (low + high) << (log_sum - 1);                      // the accumulator of (low + high) / 2
      for (const WideInt sum : {low << log_sum, middle - 1, middle, middle + 1}) {
        expect_fp16(sum, r, 24);
        expect_fp16(-sum, r, 24);
      }
    }
  }
}

TEST_F(Normalise, TheEndsOfFp16) {
  const Reciprocal one = reciprocal(1 << 20);  // l = 2^20, the weight 1: the accumulator is value * 2^(20 + unit)
  const auto fp16 = [&one](WideInt accumulator, std::uint32_t unit) { return normalise_fp16(accumulator, one, unit); };
  EXPECT_EQ(fp16(0, 24), 0u);
  EXPECT_EQ(fp16(kOne << 19, 24), 0u) << "half of the least subnormal: to the even zero";
  EXPECT_EQ(fp16(-(kOne << 19), 24), 0x8000u) << "keeps its sign";
  EXPECT_EQ(fp16((kOne << 19) + 1, 24), 1u);
  EXPECT_EQ(fp16(kOne << 20, 24), 1u);
  EXPECT_EQ(fp16((kOne << 30) - 1, 24), 0x0400u) << "from the largest subnormal into the normals";
  EXPECT_EQ(fp16(WideInt{65504} << 20, 0), 0x7bffu);
  EXPECT_EQ(fp16(WideInt{65520} << 20, 0), 0x7bffu) << "where IEEE 754 has infinity";
  EXPECT_EQ(fp16((kOne << 49) - 1, 0), 0x7bffu);
  EXPECT_EQ(fp16(-(kOne << 49), 0), 0xfbffu);
  EXPECT_EQ(fp16((kOne << 83) - 1, 24), 0x7bffu);
  EXPECT_EQ(fp16(-(kOne << 83), 24), 0xfbffu);
}

TEST_F(Normalise, TheWidestSumsAndTheExtremeReciprocals) {
  Random random(42);
  const std::uint64_t most = (std::uint64_t{1} << kRowSumBits) - 1;
  for (const std::uint64_t sum : {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}, most, most - 1, most / 2 + 1}) {
    const Reciprocal r = reciprocal(sum);
    for (unsigned bits = 0; bits <= 83; ++bits)
      for (WideInt offset = -2; offset <= 2; ++offset) {
        expect_fp16((kOne << bits) + offset, r, 24);
        expect_fp16(-(kOne << bits) + offset, r, 24);
        if (bits > 49) continue;
        expect_fp16((kOne << bits) + offset, r, 0);
        expect_int8((kOne << bits) + offset, r);
        expect_int8(-(kOne << bits) + offset, r);
      }
  }
}

TEST_F(Normalise, EveryTieOfInt8) {
  for (const int log_sum : {20, 21, 28, 39}) {
    const Reciprocal r = reciprocal(std::uint64_t{1} << log_sum);
    for (int doubled = -300; doubled <= 300; ++doubled)
      for (int offset = -1; offset <= 1; ++offset) expect_int8(doubled * (kOne << (log_sum - 1)) + offset, r);
  }
}

}  // namespace
}  // namespace lutetia
