// Clocks: every block counts cycles of its own domain. Conversions are exact integer arithmetic, so a cycle count never
// depends on how a period was rounded; femtoseconds only order the blocks' evaluation and feed SystemC.
#pragma once
#include <cstdint>
#include <string>

#include "base/quantity.h"

namespace lutetia {

__extension__ using Wide = unsigned __int128;

struct ClockDomain {
  std::string name = "core";
  Hertz frequency{1'000'000'000};

  /// Time of the rising edge that begins `cycle`, rounded down to femtoseconds. Good for 5 hours of simulated time.
  std::uint64_t femtoseconds(Cycle cycle) const {
    constexpr std::uint64_t kFemtosecondsPerSecond = 1'000'000'000'000'000;
    if (kFemtosecondsPerSecond % frequency.value == 0) return cycle * (kFemtosecondsPerSecond / frequency.value);
    return static_cast<std::uint64_t>(Wide(cycle) * kFemtosecondsPerSecond / frequency.value);
  }
  /// Last cycle that has begun at that time (or the one before it, as times are rounded down).
  Cycle cycle_at(std::uint64_t femtoseconds) const {
    return static_cast<Cycle>(Wide(femtoseconds) * frequency.value / 1'000'000'000'000'000);
  }
};

/// First cycle of `to` in which something that left `from` in `cycle` can be seen. Within one domain that is the next
/// cycle; across domains one more cycle of `to` models the synchroniser (and makes the result independent of rounding).
inline Cycle next_cycle_in(const ClockDomain& to, const ClockDomain& from, Cycle cycle) {
  if (to.frequency == from.frequency) return cycle + 1;
  return static_cast<Cycle>(Wide(cycle) * to.frequency.value / from.frequency.value) + 2;
}

/// Cycles of `clock` that cover `time`, rounded up.
inline Cycle cycles_in(const ClockDomain& clock, Picoseconds time) {
  constexpr std::uint64_t kPicosecondsPerSecond = 1'000'000'000'000;
  const Wide product = Wide(time.value) * clock.frequency.value;
  return static_cast<Cycle>((product + kPicosecondsPerSecond - 1) / kPicosecondsPerSecond);
}

}  // namespace lutetia
