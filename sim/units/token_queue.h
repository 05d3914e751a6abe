// Tokens that fall due at known cycles, handed out in order and at most one per cycle.
#pragma once
#include <algorithm>

#include "base/ring.h"
#include "units/compute_unit.h"

namespace lutetia {

class TokenQueue {
 public:
  explicit TokenQueue(Channel<TileToken>& channel) : channel_(channel) {}
  void add(Cycle due) { due_.push_back(due); }
  void tick(Cycle now) {
    if (due_.empty() || due_.front() > now || !channel_.can_push(now)) return;
    channel_.push(now, {});
    due_.pop_front();
  }
  Cycle next_event(Cycle now) const { return due_.empty() ? kNever : std::max(due_.front(), channel_.next_push(now)); }
  std::size_t size() const { return due_.size(); }
  /// Appends what the owner waits for if the next token is due and has no room.
  void append_wait(std::vector<Wait>& waits) const {
    if (!due_.empty()) waits.push_back({&channel_, Wait::For::kSpace});
  }

 private:
  Channel<TileToken>& channel_;
  Ring<Cycle> due_;
};

}  // namespace lutetia
