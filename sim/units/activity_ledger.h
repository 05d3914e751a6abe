// Keeps the books of a unit's idle time: cycles without a command, by what kept the next command away.
#pragma once
#include <algorithm>
#include <vector>

#include "units/compute_unit.h"

namespace lutetia {

class IdleLedger {
 public:
  /// `idle` cycles went by before a command began that had waited as it says; what the waits do not explain is latency
  /// of issue, fill and drain.
  void add(const WaitCycles& waited, Cycle idle) {
    for (std::size_t cause = 0; cause < kWaitCauses; ++cause) {
      const Cycle explained = std::min(waited[cause], idle);
      idle_[cause] += explained;
      idle -= explained;
    }
    idle_[static_cast<std::size_t>(WaitCause::kIssue)] += idle;
  }
  /// Appends the causes, and "finished": the time after the last command, so that everything sums to `end`.
  void append_to(std::vector<ActivityShare>& shares, Cycle end) const {
    Cycle attributed = 0;
    for (const ActivityShare& share : shares) attributed += share.cycles;
    for (std::size_t cause = 0; cause < kWaitCauses; ++cause) {
      shares.push_back({name(static_cast<WaitCause>(cause)), idle_[cause]});
      attributed += idle_[cause];
    }
    shares.push_back({"finished", end - attributed});
  }

 private:
  WaitCycles idle_{};
};

}  // namespace lutetia
