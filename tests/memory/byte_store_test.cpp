// The sparse contents of a memory.
#include "memory/byte_store.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"

namespace lutetia {
namespace {

TEST(ByteStore, ReadsBackWhatWasWrittenAndZeroElsewhereAcrossPages) {
  Random random(3);
  ByteStore store(std::uint64_t{1} << 40);
  const std::uint64_t base = (std::uint64_t{1} << 40) - 50'000;  // ends with the last byte
  std::vector<std::uint8_t> expected(50'000), read(50'000);
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t bytes = random.below(9000), offset = random.below(50'000 - bytes + 1);
    if (random.bernoulli(0.3)) {
      random.bytes(expected.data() + offset, bytes);
      store.write(base + offset, expected.data() + offset, bytes);
    }
    store.read(base + offset, read.data(), bytes);
    ASSERT_TRUE(std::equal(read.begin(), read.begin() + static_cast<long>(bytes),
                           expected.begin() + static_cast<long>(offset)));
  }
}

TEST(ByteStore, KnowsWhichRangesItHoldsEvenWhereAddressesOverflow) {
  const ByteStore store(1000);
  EXPECT_TRUE(store.holds(0, 1000));
  EXPECT_TRUE(store.holds(999, 1));
  EXPECT_FALSE(store.holds(999, 2));
  EXPECT_FALSE(store.holds(~std::uint64_t{0}, 2));
  EXPECT_FALSE(store.holds(0, 1001));
}

}  // namespace
}  // namespace lutetia
