// What operators cost is told by events: cycles in which a unit was active, and transfers on its ports. Counted by
// operator as tiles are taken, in arrays made before the run: counting is a few additions per tile, in every body.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

namespace lutetia {

/// Of one unit: [0] cycles of its first activity, then transfers by port, inputs first, in the order of the RTL, then
/// what a unit counts beside.
inline constexpr std::size_t kMostUnitEvents = 13;
using UnitEvents = std::array<std::uint64_t, kMostUnitEvents>;

inline UnitEvents& operator+=(UnitEvents& sum, const UnitEvents& events) {
  for (std::size_t i = 0; i < kMostUnitEvents; ++i) sum[i] += events[i];
  return sum;
}

class EventLedger {
 public:
  explicit EventLedger(std::size_t operators) : by_operator_(operators) {}
  /// An operator runs on one unit.
  void add(std::uint32_t operator_index, const UnitEvents& events) { by_operator_[operator_index] += events; }
  const UnitEvents& of(std::size_t operator_index) const { return by_operator_[operator_index]; }

 private:
  std::vector<UnitEvents> by_operator_;
};

}  // namespace lutetia
