// Keeps the books of a unit's idle time: cycles without a command are attributed to whatever released the next one.
#pragma once
#include <array>
#include <vector>

#include "units/compute_unit.h"

namespace lutetia {

class IdleLedger {
 public:
  void add(ReleasedBy cause, Cycle cycles) { idle_[static_cast<std::size_t>(cause)] += cycles; }
  Cycle total() const {
    Cycle sum = 0;
    for (const Cycle c : idle_) sum += c;
    return sum;
  }
  /// Appends the causes, and "finished": the time after the last command, so that everything sums to `end`.
  void append_to(std::vector<ActivityShare>& shares, Cycle end) const {
    Cycle attributed = 0;
    for (const ActivityShare& share : shares) attributed += share.cycles;
    for (std::size_t i = 0; i < kReleaseCauses; ++i) {
      shares.push_back({name(static_cast<ReleasedBy>(i)), idle_[i]});
      attributed += idle_[i];
    }
    shares.push_back({"finished", end - attributed});
  }

 private:
  std::array<Cycle, kReleaseCauses> idle_{};
};

}  // namespace lutetia
