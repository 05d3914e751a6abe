// A bounded FIFO (credit_fifo.h) in a recurrence over time stamps: its slots, not its words. An entry takes a slot in
// the cycle in which it is pushed, or, in a pipeline with credits, in the one in which it starts on its way to the
// FIFO; the pop gives the slot back, visible in the next cycle. So entry i waits for pop(i - depth) + 1. Pops must be
// told in order; an entry may be told before the pops of those before it only as far as the depth allows.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "kernel/credit_fifo.h"

namespace lutetia {

/// A cycle as a stamp; negative means before the start of time.
using Stamp = std::int64_t;

class StampFifo {
 public:
  explicit StampFifo(std::uint32_t depth = 1) : depth_(depth) {
    std::uint32_t size = 1;
    while (size < depth) size *= 2;  // a power of two: places are found by a mask
    pops_.assign(size, -1);
    mask_ = size - 1;
  }

  /// First cycle in which the next entry finds a slot.
  Stamp free() const { return newest(depth_) + 1; }
  /// The next entry takes its slot in cycle `at`: for the occupancy only. A slot given back in `at` is still in use.
  void enter(Stamp at) {
    while (most_ < depth_ && (most_ == 0 || newest(most_) >= at)) ++most_;
  }
  /// The oldest entry is popped in cycle `at`.
  void leave(Stamp at) { pops_[next_++ & mask_] = at; }

  /// Of the entries told.
  FifoOccupancy occupancy(std::string name) const { return {std::move(name), depth_, most_}; }

  /// Calls f(stamp) for all that the future depends on, newest first, until it returns false.
  template <class F>
  bool visit(F& f) {
    for (std::uint32_t i = 1; i <= depth_; ++i)
      if (!f(pops_[(next_ - i) & mask_])) return false;
    return true;
  }

 private:
  Stamp newest(std::uint32_t i) const { return pops_[(next_ - i) & mask_]; }  ///< i-th newest pop, from 1

  std::uint32_t depth_, mask_ = 0, next_ = 0, most_ = 0;
  std::vector<Stamp> pops_;
};

}  // namespace lutetia
