// Area of a design and energy of a run, in parts that add up: the headline, an interval around it, and where it is
// from. Sums of intervals add their ends: what a library or a glitch factor gets wrong, it gets wrong everywhere.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace lutetia {

/// In the unit of its value. `fit_error` is what the fit alone may be off, both ways: it is what counts between two
/// designs in one technology, where glitches, wires and the library's own errors cancel for the most part.
struct CostInterval {
  double value = 0, low = 0, high = 0, fit_error = 0;

  CostInterval& operator+=(const CostInterval& o) {
    value += o.value, low += o.low, high += o.high, fit_error += o.fit_error;
    return *this;
  }
  CostInterval scaled(double factor) const { return {value * factor, low * factor, high * factor, fit_error * factor}; }
  double relative_fit_error() const { return value > 0 ? fit_error / value : 0; }
};

enum class CostKind { kCombinational, kRegister, kClock, kMemory, kStatic };
enum class CostLevel { kCompute, kRegister, kClock, kSram, kDram, kStatic };
const char* name(CostKind kind);
const char* name(CostLevel level);

struct AreaPart {
  std::string unit, component;
  CostInterval um2;
  bool macro = false;     ///< not made of cells: neither grows nor needs utilization in a layout
  bool estimate = false;  ///< a lower bound for something that is not calibrated; in no total that claims anything
  std::string source;
};

struct EnergyPart {
  std::string unit, component, event;
  CostKind kind = CostKind::kCombinational;
  CostLevel level = CostLevel::kCompute;
  double count = 0;  ///< of the event; seconds for static energy
  CostInterval pj;
  bool estimate = false;
  std::string source;
};

struct ExcludedPart {
  std::string unit, reason;
  bool off_chip = false;  ///< has no part in the area anyway
};

struct AreaReport {
  std::vector<AreaPart> parts;
  double cell_growth = 1, utilization = 1;  ///< of a layout
  bool has_layout = false;

  CostInterval total() const;
  CostInterval total_with_estimates() const;
  /// Cells grown by place and route over the utilization, and macros as they are.
  double layout_um2() const;
  std::vector<std::pair<std::string, CostInterval>> by_unit() const;
};

enum class CostStatus { kCalibrated, kPartial, kNone };
const char* name(CostStatus status);

struct CostReport {
  std::string technology, kind, source, file, sha256;
  double node_nm = 0;
  bool area_calibrated = false;         ///< some logic of the design is
  std::vector<ExcludedPart> excluded;   ///< what no figure holds, by name
  std::vector<ExcludedPart> estimated;  ///< those of them that have an estimate
  std::vector<std::string> notes;
  AreaReport area;

  std::vector<EnergyPart> energy;  ///< empty before a run
  double idle_clock_pj = 0;        ///< clocks of units in cycles in which they did nothing: what gating would save
  double shared_pj = 0;            ///< dynamic energy that belongs to no operator: all of idle cycles
  double seconds = 0;

  CostStatus status() const;
  CostInterval total() const;
  CostInterval total_with_estimates() const;
  double dynamic_pj() const;
  double static_pj() const;
  using Sums = std::vector<std::pair<std::string, double>>;  ///< in order of first appearance
  Sums by_unit() const;
  Sums by_level() const;
  Sums by_event() const;
  /// "vector, dma, sequencer"; empty if nothing is excluded.
  std::string excluded_text() const;
  /// What is missing in the area.
  std::vector<ExcludedPart> excluded_area() const;
};

}  // namespace lutetia
