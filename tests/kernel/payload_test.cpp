#include "kernel/payload.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace lutetia {
namespace {

TEST(Payload, FieldsReadBackWhatWasWrittenAndLeaveTheirNeighboursAlone) {
  Random random(1);
  for (int round = 0; round < 2000; ++round) {
    const auto bits = static_cast<std::uint32_t>(random.between(1, 300));
    Payload payload(bits);
    std::vector<bool> reference(bits);
    for (int i = 0; i < 10; ++i) {
      const auto width = static_cast<std::uint32_t>(random.between(1, std::min<std::int64_t>(64, bits)));
      const auto at = static_cast<std::uint32_t>(random.below(bits - width + 1));
      const std::uint64_t value = random.next();
      payload.set(at, width, value);
      for (std::uint32_t b = 0; b < width; ++b) reference[at + b] = (value >> b & 1) != 0;
    }
    for (std::uint32_t b = 0; b < bits; ++b) ASSERT_EQ(payload.get(b, 1), reference[b]);
    const auto width = static_cast<std::uint32_t>(random.between(1, std::min<std::int64_t>(64, bits)));
    const auto at = static_cast<std::uint32_t>(random.below(bits - width + 1));
    std::uint64_t value = 0;
    for (std::uint32_t b = 0; b < width; ++b) value |= std::uint64_t{reference[at + b]} << b;
    ASSERT_EQ(payload.get(at, width), value);
  }
}

TEST(Payload, SignedFieldsAreSignExtended) {
  Payload payload(80);
  payload.set(5, 8, 0x80);
  payload.set(13, 64, ~std::uint64_t{0});
  EXPECT_EQ(payload.get_signed(5, 8), -128);
  EXPECT_EQ(payload.get_signed(13, 64), -1);
  EXPECT_EQ(payload.get_signed(6, 6), 0);
}

TEST(Payload, EqualityLooksAtWidthAndBits) {
  Payload a(40), b(40), c(41);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
  b.set(39, 1, 1);
  EXPECT_NE(a, b);
}

}  // namespace
}  // namespace lutetia
