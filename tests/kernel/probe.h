// A block that does nothing but remember when channels wanted it woken.
#pragma once
#include <ostream>
#include <string>
#include <vector>

#include "kernel/channel.h"

namespace lutetia {

class Probe final : public Clocked, private WakeListener {
 public:
  explicit Probe(const std::string& name, ClockDomain clock = {}) : Clocked(name, std::move(clock)) {
    set_listener(this);
  }
  ~Probe() override { set_listener(nullptr); }  // the base must not call back into what is gone
  void tick(Cycle) override {}
  Cycle next_event(Cycle) const override { return kNever; }
  void print_state(std::ostream& out) const override { out << "probe"; }
  std::vector<Wait> waits(Cycle) const override { return {}; }

  std::vector<Cycle> wakes;

 private:
  void woken(Clocked&, Cycle at) override { wakes.push_back(at); }
  void gone(Clocked&) override {}
};

}  // namespace lutetia
