// A mapped netlist against its library: which cell's pin is on which net, in flat arrays. Built only if it is a
// synchronous circuit that the gate-level simulator can run: every net driven once, no loop through gates, and every
// flip-flop clocked by clk_i, possibly through buffers and inverters.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/problem.h"
#include "gates/cell_library.h"
#include "gates/netlist_json.h"

namespace lutetia {

using NetId = std::uint32_t;
using CellId = std::uint32_t;

struct Netlist {
  static constexpr NetId kZero = 0, kOne = 1;  ///< the constants are nets
  static constexpr CellId kNoCell = 0xffffffff;

  struct Port {
    std::string name;
    bool output = false;
    std::vector<NetId> nets;  ///< lowest bit first
  };

  std::string top;
  std::map<std::string, std::uint64_t> parameters;  ///< as it was elaborated; empty if the file does not tell
  std::vector<Port> ports;
  std::vector<const Cell*> types;       ///< of the library, which must outlive this
  std::vector<std::string> components;  ///< instances directly below the top; 0 is "", the cells of the top itself

  std::vector<std::uint32_t> cell_types, cell_components;  ///< per cell
  std::vector<std::string> cell_names;
  std::vector<std::uint32_t> first_pin;  ///< per cell and one more: index into pin_nets
  std::vector<NetId> pin_nets;           ///< pins in the library's order; an open output has a net of its own

  std::vector<std::string> net_names;
  std::vector<CellId> drivers;  ///< per net; kNoCell: a port or a constant

  NetId clock = kZero;
  std::vector<CellId> gates;  ///< combinational cells, each after the cells that drive it
  std::vector<CellId> flops;
  std::vector<CellId> clock_cells;  ///< buffers and inverters between clk_i and the flip-flops
  std::vector<bool> clock_nets;     ///< per net

  std::size_t cells() const { return cell_types.size(); }
  std::size_t nets() const { return net_names.size(); }
  const Cell& type(CellId cell) const { return *types[cell_types[cell]]; }
  NetId net(CellId cell, std::size_t pin) const { return pin_nets[first_pin[cell] + pin]; }
  const Port* port(const std::string& name) const;
};

/// Name of the instance directly below the top that a cell of the flattened netlist came from; "" for one of the top.
std::string component_of(const std::string& cell);

/// Everything that is wrong is a problem that names the cell; then nothing is returned.
bool read_netlist(const std::string& path, const CellLibrary& library, Netlist& out, Problems& problems);
bool build_netlist(const NetlistModule& module, const CellLibrary& library, const std::string& file, Netlist& out,
                   Problems& problems);

/// What build_netlist() does once the cells are connected: clock tree, order of evaluation.
void order_netlist(Netlist& netlist, const std::string& file, Problems& problems);

}  // namespace lutetia
