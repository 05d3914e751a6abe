// Switching energy of a netlist, by component (instance below the top) and kind, and by net.
//
// Counted once a cycle, in the settled state before the edge, against the state before the edge before: what only
// settles in between does not count, and glitches, which a simulation without delays cannot show, do not either.
//   combinational  1/2 C V^2 of the input pins on a net that a gate drives, and internal energy of the gate
//   register       the same for nets that a flip-flop drives, and internal energy of its data, clear and preset pins
//   clock          every cycle, both edges: capacitance and internal energy of clock pins, and the cells of the tree
//   wire           1/2 C V^2 of the estimated wires of all of them
// Nets of input ports are combinational and belong to the top. Pins count where they are: the clock pin's capacitance
// with the flip-flop, a net's with its driver.
#pragma once
#include <cstdint>
#include <vector>

#include "gates/energy_terms.h"
#include "gates/gate_simulator.h"
#include "gates/net_loads.h"

namespace lutetia {

/// fJ per component.
struct ComponentEnergy {
  explicit ComponentEnergy(std::size_t components)
      : combinational(components), registers(components), clock(components), wire(components) {}
  std::vector<double> combinational, registers, clock, wire;
  double total() const;
};

class SwitchingEnergy {
 public:
  /// The simulator's state is what the first cycle is compared with.
  SwitchingEnergy(const Netlist& netlist, const CellLibrary& library, GateSimulator& simulator,
                  const LoadOptions& options);

  /// Ends a cycle; the simulator is settled and about to make its edge.
  void count(GateSimulator& simulator);
  /// Since the last call of this function.
  ComponentEnergy take();
  const ComponentEnergy& present() const { return window_; }

  const NetLoads& loads() const { return loads_; }
  /// Of all counted cycles. Internal energy of an input pin belongs to the net that drives it, clocks to their net.
  std::uint64_t toggles(NetId net) const { return toggles_[net]; }
  double net_energy_fj(NetId net) const { return net_energy_[net]; }
  /// Energy of one toggle of a net, by its mean in this run, or of all tables if it never changed.
  double toggle_energy_fj(NetId net) const {
    return toggles_[net] > 0 ? net_energy_[net] / toggles_[net] : typical_[net];
  }

 private:
  void add_values();
  void add_clock();
  double clock_energy(CellId cell, std::uint32_t pins);
  void change(CellId cell, std::uint32_t before, std::uint32_t now);
  void switch_net(NetId net, double& energy, double& wire) {
    ++toggles_[net];
    energy += pin_fj_[net];
    wire += wire_fj_[net];
    net_energy_[net] += pin_fj_[net] + wire_fj_[net];
  }

  const Netlist& netlist_;
  NetLoads loads_;
  double volt2_;                                        ///< V^2
  std::vector<CellEnergyTerms> terms_;                  ///< per type
  std::vector<std::uint32_t> output_pins_;              ///< per type, set
  std::vector<std::uint32_t> first_value_;              ///< per cell: index of its first entry in values_
  std::vector<double> values_;                          ///< fJ of each entry of each cell's type
  std::vector<double> pin_fj_, wire_fj_;                ///< per net: a toggle, without and by its wires
  std::vector<double> typical_;                         ///< per net
  std::vector<double> clock_cycle_, clock_wire_cycle_;  ///< per component, of the present state
  double clock_net_cycle_ = 0;                          ///< all of it
  struct Input {
    NetId net;
    bool value;
  };
  std::vector<Input> inputs_;
  ComponentEnergy window_;
  std::vector<std::uint64_t> toggles_;
  std::vector<double> net_energy_;
};

}  // namespace lutetia
