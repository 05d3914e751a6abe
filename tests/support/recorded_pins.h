// The third body against the hardware: an environment for a recurrence that knows of a co-simulation only when beats
// were offered and when the receiver was ready.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "cosim/bench.h"

namespace lutetia {

/// Replays the offers and the readiness that a bench recorded of a unit with one output, and collects the transfers
/// that the unit's recurrence says: its environment (sim/units/matrix_core/matrix_core_recurrence.h).
class RecordedPins {
 public:
  explicit RecordedPins(const BenchStamps& recorded)
      : recorded_(recorded), accepted_(recorded.offered.size()), next_(recorded.offered.size()) {}

  static constexpr bool may_skip() { return false; }
  std::int64_t offer(std::uint32_t input, std::int64_t earliest) {
    return std::max(earliest, static_cast<std::int64_t>(recorded_.offered[input].at(next_[input]++)));
  }
  std::int64_t take(std::int64_t earliest) const {
    const std::vector<bool>& ready = recorded_.output_ready.at(0);
    while (static_cast<std::size_t>(earliest) < ready.size() && !ready[static_cast<std::size_t>(earliest)]) ++earliest;
    return earliest;
  }
  void transfer_in(std::uint32_t input, std::int64_t at) { accepted_[input].push_back(static_cast<std::uint64_t>(at)); }
  void transfer_out(std::int64_t at) { transferred_.push_back(static_cast<std::uint64_t>(at)); }

  const std::vector<std::vector<std::uint64_t>>& accepted() const { return accepted_; }
  const std::vector<std::uint64_t>& transferred() const { return transferred_; }

 private:
  const BenchStamps& recorded_;
  std::vector<std::vector<std::uint64_t>> accepted_;
  std::vector<std::uint64_t> transferred_;
  std::vector<std::size_t> next_;
};

}  // namespace lutetia
