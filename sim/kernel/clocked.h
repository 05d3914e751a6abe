// The contract of every hardware block: a plain C++ core, stepped in the cycles in which it can do something.
// A core sees only what its channels held before this cycle, so the order in which cores are evaluated within a cycle
// cannot matter; it names the next cycle in which it can act by itself, and sleeps otherwise until a channel wakes it.
// A tick in a cycle in which nothing can happen must change nothing (tested by ticking every cycle).
#pragma once
#include <iosfwd>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "kernel/clock_domain.h"

namespace lutetia {

class ChannelBase;
class Clocked;

/// What a block that cannot go on is waiting for; the deadlock report follows these from block to block.
struct Wait {
  enum class For { kData, kSpace };
  const ChannelBase* channel = nullptr;
  For what = For::kData;
};

/// Told when a sleeping block must be evaluated earlier than it asked for; implemented by the kernels.
class WakeListener {
 public:
  virtual ~WakeListener() = default;
  virtual void woken(Clocked& block, Cycle at) = 0;
  /// The block is being destroyed and must not be touched again.
  virtual void gone(Clocked& block) = 0;
};

class Clocked {
 public:
  explicit Clocked(std::string name, ClockDomain clock = {}) : name_(std::move(name)), clock_(std::move(clock)) {}
  virtual ~Clocked() {
    if (listener_ != nullptr) listener_->gone(*this);
  }
  Clocked(const Clocked&) = delete;
  Clocked& operator=(const Clocked&) = delete;

  /// Evaluates cycle `now` of this block's clock; called at most once per cycle, with rising `now`.
  virtual void tick(Cycle now) = 0;
  /// First cycle after `now` in which the block can act without hearing from a channel again; kNever = asleep.
  virtual Cycle next_event(Cycle now) const = 0;
  /// One or a few lines for a person: what the block is doing.
  virtual void print_state(std::ostream& out) const = 0;
  /// What the block waits for when it cannot go on.
  virtual std::vector<Wait> waits(Cycle now) const = 0;

  const std::string& name() const { return name_; }
  /// The last part of the name: "load" of "dma.load".
  std::string leaf_name() const { return name_.substr(name_.rfind('.') + 1); }
  const ClockDomain& clock() const { return clock_; }

  /// Used by channels and kernels.
  void wake(Cycle at) {
    if (listener_ != nullptr) listener_->woken(*this, at);
  }
  void set_listener(WakeListener* listener) { listener_ = listener; }

 private:
  std::string name_;
  ClockDomain clock_;
  WakeListener* listener_ = nullptr;
};

}  // namespace lutetia
