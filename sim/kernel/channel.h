// Bounded FIFO with valid/ready meaning, the only way blocks meet. What is pushed in cycle t can be popped from t +
// latency on; a slot popped in t can be filled again from t + 1 on. One push and one pop per cycle, like one port.
// RTL twin: rtl/common/fifo.sv (latency 1). Full rate needs capacity >= latency + 1.
//
// Instead of a commit phase every slot carries two stamps: when its content becomes visible to the consumer, and when
// its space becomes visible to the producer. So producer and consumer may be evaluated in either order.
#pragma once
#include <algorithm>
#include <cassert>
#include <string>
#include <vector>

#include "kernel/clocked.h"

namespace lutetia {

struct ChannelSpec {
  std::string name;
  std::uint32_t capacity = 2;
  std::uint32_t latency = 1;  ///< cycles of the consumer's clock, at least 1
};

/// Hears of every transfer; attached by tests, traces and waveform writers, never needed for the simulation.
class TransferObserver {
 public:
  virtual ~TransferObserver() = default;
  virtual void pushed(const ChannelBase& channel, Cycle at) = 0;
  virtual void popped(const ChannelBase& channel, Cycle at) = 0;
};

/// The part of a channel that does not depend on what it carries: identity, occupancy, deadlock diagnosis.
class ChannelBase {
 public:
  explicit ChannelBase(ChannelSpec spec) : spec_(std::move(spec)) { assert(spec_.capacity >= 1 && spec_.latency >= 1); }
  virtual ~ChannelBase() = default;
  ChannelBase(const ChannelBase&) = delete;
  ChannelBase& operator=(const ChannelBase&) = delete;

  void connect(Clocked* producer, Clocked* consumer) {
    producer_ = producer;
    consumer_ = consumer;
  }
  const std::string& name() const { return spec_.name; }
  std::uint32_t capacity() const { return spec_.capacity; }
  Clocked* producer() const { return producer_; }
  Clocked* consumer() const { return consumer_; }
  std::uint32_t occupancy() const { return static_cast<std::uint32_t>(pushes_ - pops_); }
  bool full() const { return occupancy() >= spec_.capacity; }
  std::uint32_t max_occupancy() const { return max_occupancy_; }
  std::uint64_t pushes() const { return pushes_; }
  std::uint64_t pops() const { return pops_; }
  void set_observer(TransferObserver* observer) { observer_ = observer; }

  /// Deadlock diagnosis only: adds slots that the producer sees from `now` + 1 on, and wakes it.
  virtual void grow(std::uint32_t slots, Cycle now) = 0;

 protected:
  ChannelSpec spec_;
  Clocked* producer_ = nullptr;
  Clocked* consumer_ = nullptr;
  TransferObserver* observer_ = nullptr;
  std::uint64_t pushes_ = 0;
  std::uint64_t pops_ = 0;
  std::uint32_t max_occupancy_ = 0;
};

template <class T>
class Channel final : public ChannelBase {
 public:
  explicit Channel(ChannelSpec spec) : ChannelBase(std::move(spec)), slots_(spec_.capacity) {}

  /// Producer side, in cycles of the producer's clock.
  bool can_push(Cycle now) const { return !full() && slots_[tail_].free_at <= now && push_after_ <= now; }
  void push(Cycle now, T value) {
    assert(can_push(now));
    Slot& slot = slots_[tail_];
    slot.value = std::move(value);
    slot.visible_at = cross(now, producer_, consumer_) + spec_.latency - 1;
    const Cycle visible_at = slot.visible_at;
    tail_ = next(tail_);
    push_after_ = now + 1;
    ++pushes_;
    if (occupancy() > max_occupancy_) max_occupancy_ = occupancy();
    if (observer_ != nullptr) observer_->pushed(*this, now);
    if (consumer_ != nullptr) consumer_->wake(visible_at);
  }
  /// First cycle after `now` in which a push is known to be possible; kNever while full.
  Cycle next_push(Cycle now) const {
    if (full()) return kNever;
    return std::max({now + 1, slots_[tail_].free_at, push_after_});
  }

  /// Consumer side, in cycles of the consumer's clock.
  bool can_pop(Cycle now) const { return occupancy() > 0 && slots_[head_].visible_at <= now && pop_after_ <= now; }
  const T& front() const { return slots_[head_].value; }
  T pop(Cycle now) {
    assert(can_pop(now));
    const bool was_full = full();
    Slot& slot = slots_[head_];
    slot.free_at = cross(now, consumer_, producer_);
    const Cycle free_at = slot.free_at;
    T value = std::move(slot.value);
    head_ = next(head_);
    pop_after_ = now + 1;
    ++pops_;
    if (observer_ != nullptr) observer_->popped(*this, now);
    if (was_full && producer_ != nullptr) producer_->wake(free_at);
    return value;
  }
  /// First cycle after `now` in which the front can be popped; kNever while empty.
  Cycle next_pop(Cycle now) const {
    if (occupancy() == 0) return kNever;
    return std::max({now + 1, slots_[head_].visible_at, pop_after_});
  }

  void grow(std::uint32_t more, Cycle now) override {
    std::vector<Slot> bigger(slots_.size() + more);
    const std::uint32_t held = occupancy();
    for (std::uint32_t i = 0; i < held; ++i) bigger[i] = std::move(slots_[(head_ + i) % slots_.size()]);
    slots_ = std::move(bigger);
    head_ = 0;
    tail_ = held;
    spec_.capacity += more;
    for (std::uint32_t i = held; i < slots_.size(); ++i) slots_[i].free_at = now + 1;
    if (producer_ != nullptr) producer_->wake(now + 1);
  }

 private:
  struct Slot {
    T value{};
    Cycle visible_at = 0;
    Cycle free_at = 0;
  };
  std::uint32_t next(std::uint32_t index) const { return index + 1 == slots_.size() ? 0 : index + 1; }
  static Cycle cross(Cycle now, const Clocked* from, const Clocked* to) {
    return from == nullptr || to == nullptr ? now + 1 : next_cycle_in(to->clock(), from->clock(), now);
  }

  std::vector<Slot> slots_;
  std::uint32_t head_ = 0;
  std::uint32_t tail_ = 0;
  Cycle push_after_ = 0;
  Cycle pop_after_ = 0;
};

}  // namespace lutetia
