// The meaning of a channel: what a naive FIFO with a commit phase would do, whichever side is evaluated first.
#include "kernel/channel.h"

#include <gtest/gtest.h>

#include <deque>
#include <utility>

#include "base/random.h"
#include "probe.h"

namespace lutetia {
namespace {

/// Looks only at what was committed before this cycle; pushes and pops of this cycle are committed at its end.
class TwoPhaseFifo {
 public:
  TwoPhaseFifo(std::size_t capacity, Cycle latency) : capacity_(capacity), latency_(latency) {}
  bool can_push() const { return items_.size() < capacity_; }
  bool can_pop(Cycle now) const { return !items_.empty() && items_.front().second + latency_ <= now; }
  int front() const { return items_.front().first; }
  void commit(Cycle now, bool pushed, int value, bool popped) {
    if (popped) items_.pop_front();
    if (pushed) items_.emplace_back(value, now);
  }

 private:
  std::size_t capacity_;
  Cycle latency_;
  std::deque<std::pair<int, Cycle>> items_;
};

void expect_equal_to_two_phases(std::uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  const auto capacity = static_cast<std::uint32_t>(random.between(1, 6));
  const auto latency = static_cast<std::uint32_t>(random.between(1, 5));
  const double push_rate = random.uniform(), pop_rate = random.uniform();
  Channel<int> channel({"c", capacity, latency});
  TwoPhaseFifo reference(capacity, latency);
  int next_value = 0;
  for (Cycle now = 0; now < 400; now += random.bernoulli(0.1) ? random.below(8) + 1 : 1) {
    const bool wants_push = random.bernoulli(push_rate), wants_pop = random.bernoulli(pop_rate);
    const bool pushes = wants_push && reference.can_push(), pops = wants_pop && reference.can_pop(now);
    const auto producer = [&] {
      ASSERT_EQ(channel.can_push(now), reference.can_push()) << "cycle " << now;
      if (!pushes) return;
      channel.push(now, next_value);
      EXPECT_FALSE(channel.can_push(now)) << "a second push in cycle " << now;
    };
    const auto consumer = [&] {
      ASSERT_EQ(channel.can_pop(now), reference.can_pop(now)) << "cycle " << now;
      if (!pops) return;
      ASSERT_EQ(channel.front(), reference.front());
      ASSERT_EQ(channel.pop(now), reference.front());
      EXPECT_FALSE(channel.can_pop(now)) << "a second pop in cycle " << now;
    };
    if (random.bernoulli(0.5)) {
      producer();
      consumer();
    } else {
      consumer();
      producer();
    }
    if (testing::Test::HasFatalFailure()) return;
    reference.commit(now, pushes, next_value, pops);
    next_value += pushes;
  }
  EXPECT_EQ(channel.pushes(), static_cast<std::uint64_t>(next_value));
  EXPECT_LE(channel.max_occupancy(), capacity);
}

TEST(Channel, EqualsANaiveTwoPhaseFifoInEitherOrderOfEvaluation) {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) expect_equal_to_two_phases(seed);
}

TEST(Channel, TheNextCycleItNamesIsTheFirstInWhichTheTransferIsPossible) {
  Random random(7);
  Channel<int> channel({"c", 3, 4});
  for (Cycle now = 0; now < 2000; ++now) {
    if (random.bernoulli(0.4) && channel.can_push(now)) channel.push(now, 0);
    if (random.bernoulli(0.4) && channel.can_pop(now)) channel.pop(now);
    const Cycle push = channel.next_push(now), pop = channel.next_pop(now);
    ASSERT_GT(push, now);
    ASSERT_GT(pop, now);
    for (Cycle later = now + 1; later < now + 8; ++later) {
      ASSERT_EQ(channel.can_push(later), later >= push);
      ASSERT_EQ(channel.can_pop(later), later >= pop);
    }
  }
}

TEST(Channel, FreedSpaceIsVisibleOneCycleLater) {
  Channel<int> channel({"c", 1, 1});
  channel.push(0, 5);
  EXPECT_FALSE(channel.can_pop(0));
  EXPECT_TRUE(channel.full());
  EXPECT_EQ(channel.pop(1), 5);
  EXPECT_FALSE(channel.can_push(1));
  EXPECT_TRUE(channel.can_push(2));
}

/// Transfers in `cycles` cycles of a producer and a consumer that never hesitate.
std::uint64_t transfers(std::uint32_t capacity, std::uint32_t latency, Cycle cycles) {
  Channel<int> channel({"c", capacity, latency});
  for (Cycle now = 0; now < cycles; ++now) {
    if (channel.can_push(now)) channel.push(now, 0);
    if (channel.can_pop(now)) channel.pop(now);
  }
  return channel.pops();
}

TEST(Channel, FullRateNeedsOneSlotMoreThanTheLatency) {
  for (std::uint32_t latency = 1; latency < 6; ++latency)
    for (std::uint32_t capacity = 1; capacity < 9; ++capacity) {
      const std::uint64_t slots = std::min(capacity, latency + 1);  // each comes back after latency + 1 cycles
      EXPECT_EQ(transfers(capacity, latency, latency + 60 * (latency + 1)), 60 * slots)
          << "capacity " << capacity << " latency " << latency;
    }
}

class Recorder final : public TransferObserver {
 public:
  void pushed(const ChannelBase& channel, Cycle at) override {
    log.push_back(channel.name() + "+" + std::to_string(at));
  }
  void popped(const ChannelBase& channel, Cycle at) override {
    log.push_back(channel.name() + "-" + std::to_string(at));
  }
  std::vector<std::string> log;
};

TEST(Channel, AnObserverHearsOfEveryTransferAndItsCycle) {
  Recorder recorder;
  Channel<int> channel({"c", 2, 1});
  channel.push(0, 1);
  channel.set_observer(&recorder);
  channel.push(3, 2);
  channel.pop(4);
  channel.set_observer(nullptr);
  channel.pop(5);
  EXPECT_EQ(recorder.log, (std::vector<std::string>{"c+3", "c-4"}));
}

TEST(Channel, APushWakesTheConsumerWhenItsDataBecomesVisible) {
  Probe producer("p"), consumer("c");
  Channel<int> channel({"c", 4, 3});
  channel.connect(&producer, &consumer);
  channel.push(10, 1);
  EXPECT_EQ(consumer.wakes, std::vector<Cycle>{13});
  EXPECT_TRUE(producer.wakes.empty());
}

TEST(Channel, APopWakesTheProducerOnlyIfTheChannelWasFull) {
  Probe producer("p"), consumer("c");
  Channel<int> channel({"c", 2, 1});
  channel.connect(&producer, &consumer);
  channel.push(0, 1);
  channel.pop(1);
  EXPECT_TRUE(producer.wakes.empty());
  channel.push(1, 2);
  channel.push(2, 3);
  channel.pop(7);
  EXPECT_EQ(producer.wakes, std::vector<Cycle>{8});
}

TEST(Channel, GrowingKeepsContentAndOrderAndShowsTheSpaceOneCycleLater) {
  Probe producer("p"), consumer("c");
  Channel<int> channel({"c", 3, 1});
  channel.connect(&producer, &consumer);
  for (int i = 0; i < 3; ++i) channel.push(static_cast<Cycle>(i), i);
  EXPECT_EQ(channel.pop(4), 0);
  channel.push(5, 3);  // wrapped around
  ASSERT_TRUE(channel.full());
  producer.wakes.clear();
  channel.grow(2, 6);
  EXPECT_EQ(channel.capacity(), 5u);
  EXPECT_EQ(channel.occupancy(), 3u);
  EXPECT_EQ(producer.wakes, std::vector<Cycle>{7});
  EXPECT_FALSE(channel.can_push(6));
  channel.push(7, 4);
  channel.push(8, 5);
  EXPECT_TRUE(channel.full());
  for (int i = 1; i < 6; ++i) EXPECT_EQ(channel.pop(static_cast<Cycle>(10 + i)), i);
}

}  // namespace
}  // namespace lutetia
