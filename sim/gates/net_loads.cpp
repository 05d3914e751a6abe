#include "gates/net_loads.h"

#include <algorithm>
#include <cmath>

namespace lutetia {
namespace {

constexpr double kWirePitches = 7;  ///< um of wire per pin and sqrt(um2 of mean cell area)

double mean_slew(const CellArc& arc, double slew_ps, double load_ff) {
  double sum = 0;
  int tables = 0;
  for (const auto* table : {&arc.slew_rise, &arc.slew_fall})
    if (*table) {
      sum += std::max(0.0, (*table)->at(slew_ps, load_ff));
      ++tables;
    }
  return tables == 0 ? 0 : sum / tables;
}

/// Of an output pin with this load whose inputs have the slews that `input_slew(pin)` tells.
template <class InputSlew>
double worst_slew(const CellPin& pin, double load_ff, InputSlew input_slew) {
  double worst = 0;
  for (const CellArc& arc : pin.arcs) worst = std::max(worst, mean_slew(arc, input_slew(arc.related), load_ff));
  return worst;
}

}  // namespace

double driver_slew_ps(const CellLibrary& library) {
  const Cell* best = nullptr;
  std::size_t best_in = 0, best_out = 0;
  bool best_buffers = false;
  for (const auto& [name, cell] : library.cells) {
    if (cell.pins.size() != 2 || cell.flop || cell.latch || cell.tristate || cell.dont_use) continue;
    const std::size_t out = cell.pins[0].output ? 0 : 1, in = 1 - out;
    if (!cell.pins[out].output || cell.pins[in].output || !cell.pins[out].function) continue;
    const bool buffers = cell.pins[out].function->at(1u << in);
    if (best != nullptr && (buffers != best_buffers ? best_buffers : best->area_um2 <= cell.area_um2)) continue;
    best = &cell;
    best_in = in;
    best_out = out;
    best_buffers = buffers;
  }
  if (best == nullptr) return 0;
  double slew = 0;
  for (int pass = 0; pass < 8; ++pass)
    slew =
        worst_slew(best->pins[best_out], 4 * best->pins[best_in].capacitance_ff, [slew](std::int32_t) { return slew; });
  return slew;
}

NetLoads estimate_loads(const Netlist& netlist, const CellLibrary& library, const LoadOptions& options) {
  NetLoads loads;
  loads.input_slew_ps = options.input_slew_ps ? *options.input_slew_ps : driver_slew_ps(library);
  double area = 0;
  for (CellId cell = 0; cell < netlist.cells(); ++cell) area += netlist.type(cell).area_um2;
  if (netlist.cells() > 0)
    loads.wire_ff_per_pin =
        options.wire_ff_per_um * kWirePitches * std::sqrt(area / static_cast<double>(netlist.cells()));

  loads.load_ff.assign(netlist.nets(), 0);
  loads.wire_ff.assign(netlist.nets(), 0);
  loads.slew_ps.assign(netlist.nets(), loads.input_slew_ps);
  for (CellId cell = 0; cell < netlist.cells(); ++cell)
    for (std::size_t pin = 0; pin < netlist.type(cell).pins.size(); ++pin) {
      const CellPin& p = netlist.type(cell).pins[pin];
      if (p.output) continue;
      loads.load_ff[netlist.net(cell, pin)] += p.capacitance_ff;
      loads.wire_ff[netlist.net(cell, pin)] += loads.wire_ff_per_pin;
    }
  for (const Netlist::Port& port : netlist.ports)
    for (const NetId net : port.nets)
      if (port.output) {
        loads.load_ff[net] += options.output_load_ff;
        loads.wire_ff[net] += loads.wire_ff_per_pin;
      }

  const auto drive = [&](CellId cell) {
    const Cell& type = netlist.type(cell);
    for (std::size_t pin = 0; pin < type.pins.size(); ++pin) {
      if (!type.pins[pin].output) continue;
      const NetId net = netlist.net(cell, pin);
      loads.slew_ps[net] = worst_slew(type.pins[pin], loads.load_ff[net], [&](std::int32_t related) {
        return loads.slew_ps[netlist.net(cell, static_cast<std::size_t>(related))];
      });
    }
  };
  for (const CellId cell : netlist.flops) drive(cell);
  for (const CellId cell : netlist.gates) drive(cell);
  return loads;
}

}  // namespace lutetia
