// The slots of a FIFO over time stamps, against the FIFO that is stepped.
#include "kernel/stamp_fifo.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/random.h"

namespace lutetia {
namespace {

TEST(StampFifo, EntriesAndPopsEqualThoseOfASteppedFifo) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const auto depth = static_cast<std::uint32_t>(random.between(1, 9));
    const Stamp latency = random.between(1, 6);
    constexpr std::size_t kEntries = 200;
    std::vector<Stamp> offered, wanted;  // earliest entry and pop of each, in order
    Stamp in = 0, out = 0;
    for (std::size_t i = 0; i < kEntries; ++i) {
      offered.push_back(in += random.below(4));
      wanted.push_back(out += random.below(4));
    }
    std::vector<Stamp> entered, popped;
    CreditFifo<int> fifo("", depth, static_cast<std::uint32_t>(latency));
    for (Stamp now = 0; popped.size() < kEntries; ++now) {
      if (fifo.valid() && wanted[popped.size()] <= now) {
        fifo.pop();
        popped.push_back(now);
      }
      if (fifo.has_slot() && entered.size() < kEntries && offered[entered.size()] <= now) {
        fifo.push(0);
        entered.push_back(now);
      }
      fifo.clock();
    }

    StampFifo slots(depth);
    Stamp entry = -1, pop = -1;
    for (std::size_t i = 0; i < kEntries; ++i) {
      entry = std::max({entry + 1, offered[i], slots.free()});
      slots.enter(entry);
      pop = std::max({pop + 1, wanted[i], entry + latency});
      slots.leave(pop);
      ASSERT_EQ(entered[i], entry) << "entry " << i;
      ASSERT_EQ(popped[i], pop) << "entry " << i;
    }
    EXPECT_EQ(fifo.occupancy().most, slots.occupancy("").most);
  }
}

}  // namespace
}  // namespace lutetia
