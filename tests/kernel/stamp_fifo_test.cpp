// The slots of a FIFO over time stamps, against a FIFO that is stepped.
#include "kernel/stamp_fifo.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

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
    std::deque<Stamp> fifo;  // from when each entry can be popped
    std::size_t most = 0;
    for (Stamp now = 0; popped.size() < kEntries; ++now) {
      const bool room = fifo.size() < depth;
      if (!fifo.empty() && fifo.front() <= now && wanted[popped.size()] <= now) {
        fifo.pop_front();
        popped.push_back(now);
      }
      if (room && entered.size() < kEntries && offered[entered.size()] <= now) {
        fifo.push_back(now + latency);
        entered.push_back(now);
      }
      most = std::max(most, fifo.size());
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
    EXPECT_EQ(most, slots.most());
  }
}

}  // namespace
}  // namespace lutetia
