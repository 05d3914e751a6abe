// The shell that turns a plain core into a SystemC module. One SC_METHOD, one event; time is derived from cycle counts
// (never accumulated), so no rounding can build up.
#pragma once
#include <functional>
#include <systemc>
#include <utility>

#include "kernel/clocked.h"

namespace lutetia {

class ClockedModule final : public sc_core::sc_module, private WakeListener {
 public:
  SC_HAS_PROCESS(ClockedModule);
  /// `activated` is called after every evaluation (the kernel counts them and looks whether the work is done).
  ClockedModule(const sc_core::sc_module_name& name, Clocked& core, std::function<void()> activated)
      : sc_module(name), core_(&core), activated_(std::move(activated)) {
    core_->set_listener(this);
    SC_METHOD(step);
    sensitive << due_;
    dont_initialize();
  }
  ~ClockedModule() override {
    if (core_ != nullptr) core_->set_listener(nullptr);
  }

  Clocked& core() const { return *core_; }
  Cycle last() const { return last_; }
  void start() { schedule(0); }

 private:
  void step() {
    const Cycle now = next_;
    last_ = now;
    next_ = kNever;
    core_->tick(now);
    const Cycle next = core_->next_event(now);
    if (next < next_) schedule(next);
    activated_();
  }

  void woken(Clocked&, Cycle at) override {
    if (at < next_) schedule(at);
  }

  void gone(Clocked&) override { core_ = nullptr; }

  /// An earlier notification replaces a later one that is pending; that is the rule of sc_event::notify(time).
  void schedule(Cycle at) {
    next_ = at;
    if (at == kNever) return;
    const std::uint64_t now = sc_core::sc_time_stamp().value();
    const std::uint64_t due = core_->clock().femtoseconds(at);
    due_.notify(sc_core::sc_time::from_value(due > now ? due - now : 0));
  }

  Clocked* core_;  ///< null once the block is destroyed, which may be before the module
  std::function<void()> activated_;
  sc_core::sc_event due_;
  Cycle next_ = kNever;
  Cycle last_ = 0;
};

}  // namespace lutetia
