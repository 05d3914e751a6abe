// Fast-forward of recurrences in the (max, +) algebra. A step computes new time stamps from old ones by maxima and
// added constants only. If two steps in a row moved the same stamps by the same d (and left the others where they were,
// too old to matter), every further step does the same: f(x + d) = f(x) + d. The remaining steps are then one
// multiplication.
//
// Precondition: a stamp that the step computes rises in every step (an event is later than the one before it of its
// kind); only stamps that the step does not touch stand still. So x' = max(x, y) is no step of this kind, x' = max(x +
// 1, y) is. Why stamps that stand still are safe: had one been the maximum that decided some result in the second step,
// that result could not have moved by d after having been decided the same way in the first; and from then on it only
// gets older.
#pragma once
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace lutetia {

namespace detail {

/// The 64-bit integers of a plain struct, and how far each moved in a step.
template <class T>
struct Words {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % sizeof(std::int64_t) == 0);
  static constexpr std::size_t kCount = sizeof(T) / sizeof(std::int64_t);
  std::int64_t word[kCount] = {};

  Words() = default;
  explicit Words(const T& value) { std::memcpy(word, &value, sizeof value); }
  friend Words operator-(const Words& a, const Words& b) {
    Words d;
    for (std::size_t i = 0; i < kCount; ++i) d.word[i] = a.word[i] - b.word[i];
    return d;
  }
  friend bool operator==(const Words& a, const Words& b) { return std::memcmp(a.word, b.word, sizeof a.word) == 0; }
  /// All moved by one positive distance or not at all.
  bool uniform() const {
    std::int64_t distance = 0;
    for (const std::int64_t w : word) {
      if (w == 0) continue;
      if (distance == 0) distance = w;
      if (w != distance) return false;
    }
    return distance > 0;
  }
  /// value += this * times
  void advance(T& value, std::int64_t times) const {
    Words v(value);
    for (std::size_t i = 0; i < kCount; ++i) v.word[i] += word[i] * times;
    std::memcpy(&value, v.word, sizeof value);
  }
};

}  // namespace detail

/// Calls step() `times` times, or as often as needed to prove the rest periodic. `stamps` is all that the step's future
/// depends on, `counters` what it adds up; both are plain structs of 64-bit integers.
template <class Stamps, class Counters, class Step>
void repeat_with_skip(Stamps& stamps, Counters& counters, std::uint64_t times, Step step) {
  detail::Words<Stamps> last_move;
  while (times > 0) {
    const detail::Words<Stamps> before(stamps);
    const detail::Words<Counters> counted(counters);
    step();
    --times;
    const auto move = detail::Words<Stamps>(stamps) - before;
    if (times > 0 && move == last_move && move.uniform()) {
      move.advance(stamps, static_cast<std::int64_t>(times));
      (detail::Words<Counters>(counters) - counted).advance(counters, static_cast<std::int64_t>(times));
      return;
    }
    last_move = move;
  }
}

}  // namespace lutetia
