#include "kernel/credit_fifo.h"

#include <gtest/gtest.h>

#include <deque>

#include "base/random.h"

namespace lutetia {
namespace {

TEST(CreditFifo, ShowsAnItemLatencyCyclesAfterItsSlotWasTaken) {
  for (std::uint32_t latency = 1; latency < 6; ++latency) {
    CreditFifo<int> fifo("fifo", 2, latency);
    fifo.push(5);
    for (std::uint32_t cycle = 0; cycle < latency; ++cycle) {
      EXPECT_FALSE(fifo.valid());
      fifo.clock();
      EXPECT_FALSE(fifo.empty());
    }
    ASSERT_TRUE(fifo.valid());
    EXPECT_EQ(fifo.front(), 5);
  }
}

TEST(CreditFifo, GivesASlotBackInTheCycleAfterThePop) {
  CreditFifo<int> fifo("fifo", 1);
  fifo.push(1);
  fifo.clock();
  EXPECT_FALSE(fifo.has_slot());
  fifo.pop();
  EXPECT_FALSE(fifo.has_slot());
  EXPECT_EQ(fifo.front(), 1);  // until the edge
  fifo.clock();
  EXPECT_TRUE(fifo.has_slot());
  EXPECT_TRUE(fifo.empty());
  EXPECT_EQ(fifo.occupancy().most, 1u);
}

/// fire(i) >= pop(i - depth) + 1, pop(i) >= fire(i) + latency, in order; and both at once as soon as they can.
TEST(CreditFifo, ObeysTheConventionOfDataflowGraphs) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const auto depth = static_cast<std::uint32_t>(1 + random.below(9));
    const auto latency = static_cast<std::uint32_t>(1 + random.below(7));
    CreditFifo<std::uint64_t> fifo("fifo", depth, latency);
    std::vector<std::uint64_t> fires, pops;
    for (std::uint64_t now = 0; now < 300; ++now) {
      const bool slot =
          fires.size() < depth || (pops.size() > fires.size() - depth && pops[fires.size() - depth] < now);
      const bool item = pops.size() < fires.size() && fires[pops.size()] + latency <= now;
      ASSERT_EQ(fifo.has_slot(), slot);
      ASSERT_EQ(fifo.valid(), item);
      const bool fire = slot && random.below(4) != 0, pop = item && random.below(3) != 0;
      if (pop) {
        ASSERT_EQ(fifo.take(), pops.size());
        pops.push_back(now);
      }
      if (fire) {
        fifo.push(fires.size());
        fires.push_back(now);
      }
      fifo.clock();
    }
    EXPECT_LE(fifo.occupancy().most, depth);
  }
}

TEST(CreditFifo, FullRateNeedsOneSlotMoreThanTheLatency) {
  for (std::uint32_t latency = 1; latency < 8; ++latency) {
    CreditFifo<int> fifo("fifo", 100, latency);
    for (int cycle = 0; cycle < 50; ++cycle) {
      if (fifo.valid()) fifo.pop();
      fifo.push(cycle);
      fifo.clock();
    }
    EXPECT_EQ(fifo.occupancy().most, latency + 1);
  }
}

}  // namespace
}  // namespace lutetia
