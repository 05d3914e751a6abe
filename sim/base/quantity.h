// Numbers that carry their unit in the type, so that bytes cannot be added to cycles.
// Cycles are plain 64-bit counts of one clock domain (kernel/clock_domain.h converts between domains).
#pragma once
#include <cstdint>
#include <limits>

namespace lutetia {

using Cycle = std::uint64_t;
inline constexpr Cycle kNever = std::numeric_limits<Cycle>::max();

/// A number with a unit. Sums and scalar products stay in the unit; a ratio of two equals is a plain double.
template <class Tag, class Rep>
struct Quantity {
  Rep value{};

  constexpr Quantity() = default;
  constexpr explicit Quantity(Rep v) : value(v) {}
  constexpr Quantity& operator+=(Quantity o) { return value += o.value, *this; }
  constexpr Quantity& operator-=(Quantity o) { return value -= o.value, *this; }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.value + b.value); }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.value - b.value); }
  friend constexpr Quantity operator*(Quantity a, Rep s) { return Quantity(a.value * s); }
  friend constexpr Quantity operator*(Rep s, Quantity a) { return Quantity(a.value * s); }
  friend constexpr double operator/(Quantity a, Quantity b) { return double(a.value) / double(b.value); }
  friend constexpr bool operator==(Quantity a, Quantity b) { return a.value == b.value; }
  friend constexpr bool operator!=(Quantity a, Quantity b) { return a.value != b.value; }
  friend constexpr bool operator<(Quantity a, Quantity b) { return a.value < b.value; }
  friend constexpr bool operator<=(Quantity a, Quantity b) { return a.value <= b.value; }
  friend constexpr bool operator>(Quantity a, Quantity b) { return a.value > b.value; }
  friend constexpr bool operator>=(Quantity a, Quantity b) { return a.value >= b.value; }
};

using Bytes = Quantity<struct BytesTag, std::uint64_t>;
using Hertz = Quantity<struct HertzTag, std::uint64_t>;
using BytesPerSecond = Quantity<struct BytesPerSecondTag, std::uint64_t>;
using Picoseconds = Quantity<struct PicosecondsTag, std::uint64_t>;
using Picojoules = Quantity<struct PicojoulesTag, double>;

/// Units of statistics and results; `symbol(unit)` is what reports print.
enum class Unit {
  kNone,
  kCycles,
  kBytes,
  kBits,
  kHertz,
  kSeconds,
  kOperations,
  kTransfers,
  kPicojoules,
  kSquareMicrons
};

constexpr const char* symbol(Unit unit) {
  switch (unit) {
    case Unit::kNone: return "";
    case Unit::kCycles: return "cycles";
    case Unit::kBytes: return "B";
    case Unit::kBits: return "bit";
    case Unit::kHertz: return "Hz";
    case Unit::kSeconds: return "s";
    case Unit::kOperations: return "ops";
    case Unit::kTransfers: return "transfers";
    case Unit::kPicojoules: return "pJ";
    case Unit::kSquareMicrons: return "um2";
  }
  return "";
}

constexpr std::uint64_t ceil_div(std::uint64_t a, std::uint64_t b) {
  return (a + b - 1) / b;
}

}  // namespace lutetia
