// FP16 conversion over all its numbers: exact one way, nearest with ties to even the other.
#include "numeric/packing/half.h"

#include <gtest/gtest.h>

namespace lutetia {
namespace {

TEST(Half, EveryNumberComesBackAsItself) {
  for (std::uint32_t bits = 0; bits < 65536; ++bits) {
    const float value = half_value(static_cast<std::uint16_t>(bits));
    if (std::isnan(value))
      EXPECT_EQ(half_bits(value), 0x7e00);
    else
      ASSERT_EQ(half_bits(value), bits);
  }
}

TEST(Half, TheKnownNumbers) {
  EXPECT_EQ(half_value(0x3c00), 1.0f);
  EXPECT_EQ(half_value(0xc000), -2.0f);
  EXPECT_EQ(half_value(0x7bff), 65504.0f);
  EXPECT_EQ(half_value(0x0001), std::ldexp(1.0f, -24));
  EXPECT_EQ(half_value(0x0400), std::ldexp(1.0f, -14));
  EXPECT_TRUE(std::isinf(half_value(0xfc00)));
  EXPECT_TRUE(std::isnan(half_value(0x7c01)));
  EXPECT_EQ(half_bits(0.1f), 0x2e66);
  EXPECT_EQ(half_bits(65519.0f), 0x7bff);
  EXPECT_EQ(half_bits(65520.0f), 0x7c00);
  EXPECT_EQ(half_bits(-1e30f), 0xfc00);
}

TEST(Half, BetweenNeighboursTheNearerAndInTheMiddleTheEvenOne) {
  for (std::uint32_t bits = 0; bits < 0x7bff; ++bits) {
    const auto below = static_cast<std::uint16_t>(bits), above = static_cast<std::uint16_t>(bits + 1);
    const float middle = (half_value(below) + half_value(above)) / 2;  // exact in FP32
    ASSERT_EQ(half_bits(middle), bits % 2 == 0 ? below : above);
    ASSERT_EQ(half_bits(std::nextafter(middle, 0.0f)), below);
    ASSERT_EQ(half_bits(std::nextafter(middle, 1e6f)), above);
    ASSERT_EQ(half_bits(-middle), 0x8000 | (bits % 2 == 0 ? below : above));
  }
}

}  // namespace
}  // namespace lutetia
