// One cell of a liberty file while it is being read. The parts of the work are in liberty_cell.cpp (pins, functions),
// liberty_flop.cpp (state) and liberty_power.cpp (energy and delays of pins).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "gates/liberty_function.h"
#include "gates/liberty_scope.h"

namespace lutetia {

class LibertyCellReader {
 public:
  LibertyCellReader(LibertyScope& scope, const LibertyNode& group) : scope_(scope), tree_(scope.tree), group_(group) {}
  Cell read();

 private:
  /// With more pins a cell is no standard cell, and truth tables over all of them no way to describe it.
  static constexpr std::size_t kMostPins = 14;

  std::uint32_t state() const { return static_cast<std::uint32_t>(cell_.pins.size()); }  ///< variable behind the pins
  std::string path(const CellPin& pin) const { return cell_.name + "." + pin.name; }

  void read_rails();
  double leakage();
  void read_pins();
  /// False for an internal pin, which is none of the cell's.
  bool read_direction(const LibertyNode& group, CellPin& pin);
  /// Why no netlist can use this cell; empty if there is no reason.
  std::string obstacle() const;
  /// Table over pins and the state; faults are problems at their place in the text.
  std::optional<TruthTable> function(std::string_view text, const std::string& path);
  std::optional<CellFunction> condition(const LibertyNode& group, const std::string& path);
  void read_functions();

  void read_flop(const LibertyNode& group);
  void read_clock(const LibertyNode& group, CellFlop& flop);
  void read_flop_outputs(CellFlop& flop);
  std::optional<CellFunction> function_of_state(const LibertyNode& group, const char* attribute, const CellFlop& flop);

  void read_energy_and_delays();
  void read_power(const LibertyNode& group, CellPin& pin);
  void read_arc(const LibertyNode& group, CellPin& pin);
  bool on_ground(const LibertyNode& group) const;
  std::vector<std::int32_t> related_pins(const LibertyNode& group, const std::string& path);

  LibertyScope& scope_;
  const LibertyTree& tree_;
  const LibertyNode& group_;
  Cell cell_;
  std::vector<const LibertyNode*> pin_groups_;  ///< of each pin
  std::vector<FunctionName> names_;             ///< pins, and the names of the state
  std::vector<std::string_view> grounds_;
  bool internal_pin_ = false, both_ways_ = false;
};

}  // namespace lutetia
