// One RTL unit in one technology: its components priced for its parameters, then multiplied by what happened. A unit is
// given as a name, parameters and counts of events; what it computes is nobody's business here.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cost/cost_report.h"
#include "cost/technology.h"

namespace lutetia {

using RtlValues = std::map<std::string, std::uint64_t>;  ///< by name of the parameter
using EventNames = std::vector<std::string>;
using EventNumbers = std::map<std::string, double>;  ///< how often, by event; "cycle" among them

/// Cycles since the reset; every unit has that event.
inline constexpr const char* kCycleEvent = "cycle";

struct PricedComponent {
  struct Price {
    std::string event;
    CostKind kind;
    double fj = 0;  ///< of one event
  };
  std::string name;
  double area_um2 = 0, leakage_nw = 0;
  std::vector<Price> prices;
};

struct PricedUnit {
  std::string unit;
  double instances = 1;
  bool estimate = false;  ///< stands in for something that is not calibrated
  std::vector<PricedComponent> components;
  double area_residual = 0, energy_residual = 0;
  double glitches = 1, wires = 1, area_spread = 1, energy_spread = 1;
  double most_period_ps = 0;
  std::string source;

  /// Femtojoules of one event over all components; of a cycle with clocks.
  double fj(const std::string& event) const;
  double clock_fj() const;
  void add_area(AreaReport& report) const;
  /// Energy of `events` in `seconds`. The activity tells in how many cycles the unit did something.
  void add_energy(const EventNumbers& events, const std::string& activity, double seconds, CostReport& report) const;
};

/// Prices `name` of the technology. Nothing, and why, if it is not calibrated for these parameters; notes tell what is
/// extrapolated. `events` are those that the machine counts.
std::optional<PricedUnit> price_unit(const Technology& technology, const std::string& name, const RtlValues& parameters,
                                     const EventNames& events, std::string& reason, std::vector<std::string>& notes);

}  // namespace lutetia
