// Load, wire and slew of every net of a netlist, estimated before anything is placed.
//
// Load: capacitance of the input pins on the net. Wire: 7 x sqrt(mean cell area) um for each pin or output port it
// reaches, times a capacitance per um (ORFS layouts of up to a thousand cells have 5.6 to 7.5). Slew: one pass in order
// of evaluation, per gate the worst of its arcs into its load, mean of rise and fall; wires do not count here. What
// comes from outside, and the clock, which a clock tree would sharpen, has one fixed slew.
#pragma once
#include <optional>
#include <vector>

#include "gates/netlist.h"

namespace lutetia {

struct LoadOptions {
  double output_load_ff = 0;  ///< on every output port: pins outside are counted by whoever has them
  double wire_ff_per_um = 0;
  std::optional<double> input_slew_ps;  ///< otherwise driver_slew_ps()
};

struct NetLoads {
  double input_slew_ps = 0;
  double wire_ff_per_pin = 0;
  std::vector<double> load_ff, wire_ff, slew_ps;  ///< per net
};

/// Slew of the library's smallest buffer (else inverter) that drives four inputs like its own, and is driven by a slew
/// as good as its own.
double driver_slew_ps(const CellLibrary& library);

NetLoads estimate_loads(const Netlist& netlist, const CellLibrary& library, const LoadOptions& options);

}  // namespace lutetia
