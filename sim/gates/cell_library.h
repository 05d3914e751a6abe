// Standard cells as a liberty file describes them, in one set of units: fF, ps, fJ, nW, um2. What a gate-level
// simulator needs (functions, flip-flops) and what its energy needs (capacitances, internal power, leakage, transition
// times).
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lutetia {

/// A truth table over the pins of a cell: bit i of `pins` is the value of pin i.
class CellFunction {
 public:
  CellFunction() = default;
  /// `values` has 2^pins bits.
  CellFunction(std::uint32_t pins, std::vector<bool> values) : pins_(pins), values_(std::move(values)) {}
  bool at(std::uint32_t pins) const { return values_[pins]; }
  std::uint32_t pins() const { return pins_; }

 private:
  std::uint32_t pins_ = 0;
  std::vector<bool> values_;
};

/// A characterised quantity over input slew (ps) and output load (fF), interpolated between its points and extrapolated
/// from the outermost two; a table of one axis ignores the other, a scalar both.
struct CellTable {
  std::vector<double> slews_ps, loads_ff;  ///< empty: does not depend on it
  std::vector<double> values;              ///< [slew][load]
  double at(double slew_ps, double load_ff) const;
};

/// Energy inside the cell, fJ. On an output pin: when it changes because of `related` (-1: whatever the reason). On an
/// input pin (related = -1): when the input changes, whatever the output does. Tables of ground
/// rails are left out (they count each joule again).
struct CellPower {
  std::int32_t related = -1;         ///< pin
  std::optional<CellFunction> when;  ///< over all pins
  std::optional<CellTable> rise, fall;
};

/// Delay and output slew of an arc, ps.
struct CellArc {
  std::int32_t related = 0;  ///< input pin
  std::optional<CellTable> delay_rise, delay_fall, slew_rise, slew_fall;
};

struct CellPin {
  std::string name;
  bool output = false;
  bool clock = false;
  double capacitance_ff = 0;  ///< mean of rise and fall; of an output nearly always 0
  std::optional<CellFunction>
      function;  ///< of an output, over all pins; not of one that shows a state: CellFlop::outputs
  std::vector<CellPower> power;
  std::vector<CellArc> arcs;  ///< of an output
};

/// An edge-triggered cell with one bit of state. A next state that depends on the present one names the first of
/// `outputs`, as if it were an input: it has to be evaluated even if nothing is connected to that pin.
struct CellFlop {
  std::int32_t clock = 0;  ///< pin
  bool rising = true;
  CellFunction next_state;                    ///< over all pins
  std::optional<CellFunction> clear, preset;  ///< over all pins; active while true
  std::optional<bool> both;                   ///< the state while clear and preset are both active, if the file says so
  /// (output pin, true if it shows the inverted state)
  std::vector<std::pair<std::int32_t, bool>> outputs;
};

struct Cell {
  std::string name;
  double area_um2 = 0;
  double leakage_nw = 0;  ///< cell_leakage_power, else the mean over its states
  std::vector<CellPin> pins;
  std::optional<CellFlop> flop;
  bool dont_use = false;
  bool latch = false, tristate = false;  ///< cells that the simulator refuses
  /// Why no netlist can use it: "latch", "tri-state output", "no output", ...; empty if it can. Of such a cell only
  /// area, leakage and pins are known.
  std::string obstacle;
  std::int32_t pin(const std::string& name) const;  ///< -1 if there is none
};

struct CellLibrary {
  std::string name;
  double voltage = 0;
  std::map<std::string, Cell> cells;
};

}  // namespace lutetia
