// When the outside world lets a unit wait. Because a valid payload stays until it is taken, an input is fully described
// by one hold-off count per transfer; an output needs an arbitrary waveform of `ready`.
//
// Both walk through regimes of random length: full speed, single cycles lost, bursts with pauses, a fixed slow pace,
// and now and then a stall longer than everything a unit can buffer. So every port becomes the bottleneck at some time.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/random.h"

namespace lutetia {

enum class StallMode { kNone, kInput, kOutput, kBoth };
inline constexpr StallMode kAllStallModes[] = {StallMode::kNone, StallMode::kInput, StallMode::kOutput,
                                               StallMode::kBoth};

inline const char* to_text(StallMode mode) {
  constexpr const char* kNames[] = {"none", "input", "output", "both"};
  return kNames[static_cast<int>(mode)];
}
inline std::optional<StallMode> stall_mode(const std::string& text) {
  for (const StallMode mode : kAllStallModes)
    if (text == to_text(mode)) return mode;
  return std::nullopt;
}
inline bool stalls_inputs(StallMode mode) {
  return mode == StallMode::kInput || mode == StallMode::kBoth;
}
inline bool stalls_outputs(StallMode mode) {
  return mode == StallMode::kOutput || mode == StallMode::kBoth;
}

class StallPattern {
 public:
  static constexpr std::uint32_t kLongest = 400;  ///< cycles; far more than any FIFO of a unit covers

  /// One port's pattern. `on` false: never stalls.
  StallPattern(std::uint64_t seed, std::uint32_t port, bool on) : random_(hash(seed, port)), on_(on) {}

  /// Cycles to wait before the next payload is offered.
  std::uint32_t hold_off() {
    if (!on_) return 0;
    if (left_ == 0) begin_regime();
    --left_;
    switch (regime_) {
      case kFree: return 0;
      case kSingles: return random_.below(3) == 0 ? 1 : 0;
      case kBursts: return random_.below(8) == 0 ? static_cast<std::uint32_t>(random_.between(2, 30)) : 0;
      case kPaced: return pace_;
      default: left_ = 0; return static_cast<std::uint32_t>(random_.between(50, kLongest));
    }
  }

  /// Whether the output is taken in this cycle; to be asked once per cycle.
  bool ready() {
    if (wait_ == 0) wait_ = hold_off() + 1;
    return --wait_ == 0;
  }

 private:
  enum Regime { kFree, kSingles, kBursts, kPaced, kLong };
  void begin_regime() {
    regime_ = random_.below(12) == 0 ? kLong : static_cast<Regime>(random_.below(4));
    left_ = static_cast<std::uint32_t>(random_.between(1, 120));
    pace_ = static_cast<std::uint32_t>(random_.between(1, 9));
  }

  Random random_;
  bool on_;
  Regime regime_ = kFree;
  std::uint32_t left_ = 0;
  std::uint32_t pace_ = 0;
  std::uint32_t wait_ = 0;
};

}  // namespace lutetia
