// A FIFO as the recurrences see it: no elements, only the cycles in which they come and go. Element i may be issued
// from one cycle after element i - depth was taken, so the last `depth` of these cycles are the whole back-pressure.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/quantity.h"
#include "dataflow/run.h"

namespace lutetia::dataflow {

class FifoStamps {
 public:
  struct Slot {
    Cycle visible = 0;  ///< the consumer may take it from here on
    Cycle issued = 0;
  };

  explicit FifoStamps(const Channel& channel) : bounded(channel.depth < channel.elements), depth(channel.depth) {
    slots.resize(power_of_two(bounded ? depth : kFirstRing));
    free_at.resize(slots.size());
  }

  std::uint64_t waiting() const { return issued - taken; }
  /// Elements that the producer can issue before the consumer is simulated further. For an unbounded FIFO it is a
  /// matter of memory only (grow()).
  std::uint64_t room() const { return (bounded ? depth : slots.size()) - waiting(); }

  Slot& slot(std::uint64_t i) { return slots[i & (slots.size() - 1)]; }
  const Slot& slot(std::uint64_t i) const { return slots[i & (slots.size() - 1)]; }
  Cycle& free(std::uint64_t i) { return free_at[i & (free_at.size() - 1)]; }
  const Cycle& free(std::uint64_t i) const { return free_at[i & (free_at.size() - 1)]; }

  /// Twice the memory for elements on their way.
  void grow() {
    std::vector<Slot> bigger(2 * slots.size());
    for (std::uint64_t i = taken; i < issued; ++i) bigger[i & (bigger.size() - 1)] = slot(i);
    slots = std::move(bigger);
  }
  /// Before up to `more` transfers: makes sure that occupancy can be followed through them.
  void prepare(std::uint64_t more) {
    if (bounded || occupancy == kUntracked) return;
    if (occupancy >= kMostTracked) {
      occupancy = kUntracked;
    } else if (occupancy + more > free_at.size()) {
      std::vector<Cycle> bigger(power_of_two(2 * (occupancy + more)));
      const std::uint64_t first = taken - std::min<std::uint64_t>(taken, free_at.size());
      for (std::uint64_t i = first; i < taken; ++i) bigger[i & (bigger.size() - 1)] = free(i);
      free_at = std::move(bigger);
    }
  }
  /// The same state, `elements` transfers and `cycles` later.
  void advance(std::uint64_t elements, Cycle cycles) {
    const std::vector<Slot> old_slots = slots;
    for (std::uint64_t i = taken; i < issued; ++i)
      slot(i + elements) = {old_slots[i & (slots.size() - 1)].visible + cycles,
                            old_slots[i & (slots.size() - 1)].issued + cycles};
    const std::vector<Cycle> old_free = free_at;
    const std::uint64_t first = taken - std::min<std::uint64_t>(taken, free_at.size());
    for (std::uint64_t i = first; i < taken; ++i) free(i + elements) = old_free[i & (free_at.size() - 1)] + cycles;
    issued += elements;
    taken += elements;
  }

  static std::uint64_t power_of_two(std::uint64_t least) {
    std::uint64_t size = 1;
    while (size < least) size *= 2;
    return size;
  }

  static constexpr std::uint64_t kFirstRing = 1024;
  /// As an occupancy, so large that no comparison of numbers of elements ever holds with it.
  static constexpr std::uint64_t kUntracked = std::uint64_t{1} << 63;

  bool bounded;
  std::uint64_t depth;
  std::uint64_t issued = 0, taken = 0;
  /// Most slots held at once so far: the least D with issued(i) > taken(i - D) for all i known.
  std::uint64_t occupancy = 0;
  std::vector<Slot> slots;     ///< of elements taken .. issued - 1
  std::vector<Cycle> free_at;  ///< one cycle after the taking, of the elements before
};

}  // namespace lutetia::dataflow
