#include "base/ring.h"

#include <gtest/gtest.h>

#include <deque>
#include <random>

namespace lutetia {
namespace {

TEST(Ring, BehavesLikeADequeUnderRandomPushesAndPops) {
  std::mt19937_64 random(7);
  Ring<int> ring;
  std::deque<int> reference;
  for (int step = 0; step < 20000; ++step) {
    const bool grow = (step / 500) % 2 == 0;
    if (random() % 10 < (grow ? 7u : 4u)) {
      ring.push_back(step);
      reference.push_back(step);
    } else if (!reference.empty()) {
      ring.pop_front();
      reference.pop_front();
    }
    ASSERT_EQ(ring.size(), reference.size());
    ASSERT_EQ(ring.empty(), reference.empty());
    if (!reference.empty()) {
      ASSERT_EQ(ring.front(), reference.front());
      const std::size_t i = random() % reference.size();
      ASSERT_EQ(ring[i], reference[i]);
    }
  }
}

}  // namespace
}  // namespace lutetia
