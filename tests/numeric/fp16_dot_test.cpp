// The rules of a dot product step, one example each; tests/rtl/fp16_dot_test.cpp compares very many steps with MPFR.
#include "numeric/fp16_dot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "numeric/float_format.h"
#include "numeric/fp32.h"

namespace lutetia {
namespace {

using Factors = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

constexpr std::uint32_t kOne = 0x3c00, kLeast = 0x0001, kMost = 0x7bff, kInfinity = 0x7c00, kMinus = 0x8000;

std::uint32_t step(std::uint32_t acc, const Factors& factors) {
  std::vector<std::int64_t> products;
  for (const auto& [a, b] : factors) products.push_back(fp16_product(a, b).encode());
  return fp16_dot_accumulate(acc, products.data(), products.size());
}

TEST(Fp16Dot, ProductsAreExact) {
  const NumberFormat& fp16 = *find_number_format("fp16");
  for (std::uint32_t a = 0; a < 0x10000; a += 7)
    for (const std::uint32_t b : {0u, 1u, 0x3ffu, 0x400u, 0x3555u, 0x7bffu, 0x8001u, 0xc123u}) {
      if (is_special(fp16, a)) continue;
      const Fp16Product p = Fp16Product::decode(fp16_product(a, b).encode());
      const double value = std::ldexp(p.significand, static_cast<int>(p.exponent) - 50);
      ASSERT_EQ(p.negative ? -value : value, decode_float(fp16, a) * decode_float(fp16, b)) << a << " " << b;
    }
}

TEST(Fp16Dot, IntegersOfAWeightAreExact) {
  const NumberFormat& fp16 = *find_number_format("fp16");
  for (std::int32_t value = -2048; value <= 2048; ++value)
    ASSERT_EQ(fp16_from_int(value), encode_float(fp16, value, Overflow::kInfinity)) << value;
}

TEST(Fp16Dot, WhatLies27PlacesBelowIsLostBeforeTheRounding) {
  const std::uint32_t one = fp32_bits(1.0f), next = one + 1;
  EXPECT_EQ(step(one, {{kLeast, kOne}}), one) << "1 + 2^-24 is half way: to the even one";
  EXPECT_EQ(step(one, {{kLeast, kOne}, {0x0400, 0x0c00}}), next) << "2^-26 more counts";
  EXPECT_EQ(step(one, {{kLeast, kOne}, {0x0400, 0x0800}}), one) << "2^-27 more does not";
  EXPECT_EQ(step(next, {{kLeast | kMinus, kOne}, {0x0400 | kMinus, 0x0800}}), one) << "toward zero on both sides";
}

TEST(Fp16Dot, AStepRoundsOnceInAnyOrder) {
  EXPECT_EQ(step(0, {{kMost, kMost}, {kLeast, kOne}, {kMost | kMinus, kMost}}), 0u) << "lost beside the giants";
  EXPECT_EQ(step(0, {{kLeast, kOne}, {kOne, kOne}, {kOne | kMinus, kOne}}), fp32_bits(std::ldexp(1.0f, -24)));
  EXPECT_EQ(step(fp32_bits(3.0f), {{kOne, 0x4000}, {0x4200, 0x4200}}), fp32_bits(14.0f));
}

TEST(Fp16Dot, ZerosDoNotChooseTheGrid) {
  const std::uint32_t small = fp32_bits(std::ldexp(1.25f, -60));
  EXPECT_EQ(step(small, {{kMost, 0}, {0, kMost | kMinus}}), small);
  EXPECT_EQ(step(0x00000003u, {{kMost, 0}}), 0x00000003u) << "a subnormal sum";
  EXPECT_EQ(step(0x80000000u, {{kMinus, kOne}}), 0u) << "zero is +0";
  EXPECT_EQ(step(fp32_bits(-1.0f), {{kOne, kOne}}), 0u);
}

TEST(Fp16Dot, InfinitiesAndNan) {
  EXPECT_EQ(step(0, {{kInfinity, kOne}, {kMost | kMinus, kMost}}), 0x7f800000u);
  EXPECT_EQ(step(0xff800000u, {{kMost, kMost}}), 0xff800000u);
  EXPECT_EQ(step(0xff800000u, {{kInfinity, kOne}}), kCanonicalNan);
  EXPECT_EQ(step(0, {{kInfinity, kOne}, {kInfinity | kMinus, kOne}}), kCanonicalNan);
  EXPECT_EQ(step(0, {{kInfinity, 0}}), kCanonicalNan);
  EXPECT_EQ(step(0, {{0x7c01, kOne}}), kCanonicalNan);
  EXPECT_EQ(step(0xffffffffu, {{0, 0}}), kCanonicalNan);
}

}  // namespace
}  // namespace lutetia
