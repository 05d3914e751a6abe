// A FIFO stepped cycle by cycle: a shift register (the producer's pipeline) in front of a queue. A slot is held from
// the cycle of the push on, is given back by a pop, and can be used again in the cycle after the pop.
#pragma once
#include <algorithm>
#include <vector>

#include "base/ring.h"
#include "dataflow/run.h"

namespace lutetia::dataflow {

class CycleFifo {
 public:
  CycleFifo(const Channel& channel, bool values, Transfers* log)
      : depth_(channel.depth), width_(values ? channel.width : 0), log_(log) {}

  // What nodes see of it in this cycle; nothing that another node does in the same cycle changes it.
  bool can_push() const { return held_ < depth_; }
  bool can_pop() const { return !queue_.empty() && queue_.front().remaining == 0; }
  /// First cycle of those since which there has been room without a break.
  Cycle room_since() const { return room_since_; }
  Cycle front_since() const { return queue_.front().visible; }

  /// `latency` >= 1: cycles until it can be popped.
  void push(Cycle now, std::uint64_t latency, const double* value) {
    queue_.push_back({latency, 0});
    for (std::uint32_t i = 0; i < width_; ++i) values_.push_back(value[i]);
    max_held_ = std::max(max_held_, ++held_);
    ++pushes_;
    if (log_ != nullptr) log_->issued.push_back(now);
  }
  void pop(Cycle now, double* value) {
    queue_.pop_front();
    --arrived_;
    for (std::uint32_t i = 0; i < width_; ++i) value[i] = values_.front(), values_.pop_front();
    ++released_;
    ++pops_;
    if (log_ != nullptr) log_->taken.push_back(now);
  }

  /// The clock edge before cycle `now`. True if anything moved.
  bool edge(Cycle now) {
    bool moved = released_ != 0;
    if (held_ >= depth_ && released_ != 0) room_since_ = now;
    held_ -= released_;
    released_ = 0;
    for (std::size_t i = arrived_; i < queue_.size(); ++i) {
      moved = true;
      if (--queue_[i].remaining != 0) continue;
      queue_[i].visible = now;
      ++arrived_;
      if (log_ != nullptr) log_->visible.push_back(now);
    }
    return moved;
  }

  std::uint64_t pushes() const { return pushes_; }
  std::uint64_t pops() const { return pops_; }
  std::uint64_t max_held() const { return max_held_; }

 private:
  struct Element {
    std::uint64_t remaining = 0;  ///< stages of the pipeline still to pass
    Cycle visible = 0;
  };

  std::uint64_t depth_;
  std::uint32_t width_;
  Transfers* log_;
  Ring<Element> queue_;
  Ring<double> values_;
  std::size_t arrived_ = 0;  // elements at the front with nothing remaining
  std::uint64_t held_ = 0, released_ = 0, max_held_ = 0, pushes_ = 0, pops_ = 0;
  Cycle room_since_ = 0;
};

}  // namespace lutetia::dataflow
