// FIFO behind a pipeline that never stands still: the producer takes a slot when it starts an item (a credit), and the
// item can be popped `latency` cycles later. A slot popped in t can be taken again in t+1. RTL twins:
// rtl/common/credit_fifo.sv, and for latency 1, where nothing is in a pipeline, rtl/common/fifo.sv.
//
// Part of a core that is stepped by clock(): everything asked is a function of registers, so the order in which
// producer and consumer are evaluated within a cycle does not matter. Blocks of their own meet through Channel.
#pragma once
#include <cassert>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>

namespace lutetia {

/// How far a FIFO was filled. With a depth of `most` everything would have happened in the same cycles.
struct FifoOccupancy {
  std::string name;
  std::uint32_t depth = 0;
  std::uint32_t most = 0;  ///< slots in use at once; a slot given back in a cycle is in use in that cycle
};

template <class T>
class CreditFifo {
 public:
  CreditFifo(std::string name, std::uint32_t depth, std::uint32_t latency = 1)
      : occupancy_{std::move(name), depth, 0}, latency_(latency) {
    assert(depth >= 1 && latency >= 1);
  }

  /// Producer: at most one push per cycle, only with a free slot.
  bool has_slot() const { return used_ < occupancy_.depth; }
  void push(T item) {
    assert(has_slot() && !pushed_);
    pushed_ = true;
    items_.push_back({now_ + latency_, std::move(item)});
  }

  /// Consumer: at most one pop per cycle; the front stays readable until the edge.
  bool valid() const { return !items_.empty() && items_.front().visible_from <= now_; }
  const T& front() const {
    assert(valid());
    return items_.front().value;
  }
  void pop() {
    assert(valid() && !popped_);
    popped_ = true;
  }
  /// pop() for an item that is kept elsewhere.
  T take() {
    pop();
    return std::move(items_.front().value);
  }

  bool empty() const { return used_ == 0; }  ///< nor anything in the pipeline
  const FifoOccupancy& occupancy() const { return occupancy_; }

  void clock() {
    if (pushed_ && used_ + 1 > occupancy_.most) occupancy_.most = used_ + 1;
    used_ += pushed_ ? 1 : 0;
    if (popped_) {
      --used_;
      items_.pop_front();
    }
    pushed_ = popped_ = false;
    ++now_;
  }

 private:
  struct Slot {
    std::uint64_t visible_from;
    T value;
  };

  FifoOccupancy occupancy_;
  std::uint32_t latency_;
  std::uint64_t now_ = 0;
  std::uint32_t used_ = 0;
  std::deque<Slot> items_;
  bool pushed_ = false, popped_ = false;  ///< in this cycle
};

}  // namespace lutetia
