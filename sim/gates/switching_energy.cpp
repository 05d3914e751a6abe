#include "gates/switching_energy.h"

#include <numeric>

namespace lutetia {

double ComponentEnergy::total() const {
  double sum = 0;
  for (const auto* kind : {&combinational, &registers, &clock, &wire})
    sum = std::accumulate(kind->begin(), kind->end(), sum);
  return sum;
}

SwitchingEnergy::SwitchingEnergy(const Netlist& netlist, const CellLibrary& library, GateSimulator& simulator,
                                 const LoadOptions& options)
    : netlist_(netlist),
      loads_(estimate_loads(netlist, library, options)),
      volt2_(library.voltage * library.voltage),
      clock_cycle_(netlist.components.size()),
      clock_wire_cycle_(netlist.components.size()),
      window_(netlist.components.size()),
      toggles_(netlist.nets()),
      net_energy_(netlist.nets()) {
  for (const Cell* type : netlist.types) {
    terms_.emplace_back(*type);
    output_pins_.push_back(0);
    for (std::size_t pin = 0; pin < type->pins.size(); ++pin)
      if (type->pins[pin].output) output_pins_.back() |= 1u << pin;
  }
  for (NetId net = 0; net < netlist.nets(); ++net) {
    pin_fj_.push_back(loads_.load_ff[net] * volt2_ / 2);
    wire_fj_.push_back(loads_.wire_ff[net] * volt2_ / 2);
  }
  add_values();
  add_clock();
  for (const CellId flop : netlist.flops) {
    const double energy = clock_energy(flop, simulator.pins(flop));
    clock_cycle_[netlist.cell_components[flop]] += energy;
    clock_net_cycle_ += energy;
  }
  for (const Netlist::Port& port : netlist.ports)
    for (const NetId net : port.nets)
      if (!port.output && !netlist.clock_nets[net]) inputs_.push_back({net, simulator.value(net)});
  simulator.take_changes([](CellId, std::uint32_t, std::uint32_t) {});
}

void SwitchingEnergy::add_values() {
  typical_ = pin_fj_;
  for (NetId net = 0; net < netlist_.nets(); ++net) typical_[net] += wire_fj_[net];
  for (CellId cell = 0; cell < netlist_.cells(); ++cell) {
    first_value_.push_back(static_cast<std::uint32_t>(values_.size()));
    const Cell& type = netlist_.type(cell);
    std::vector<double> sums(type.pins.size()), tables(type.pins.size());
    for (const CellEnergyTerms::Entry& entry : terms_[netlist_.cell_types[cell]].entries()) {
      const auto from = entry.related < 0 ? entry.pin : static_cast<std::uint32_t>(entry.related);
      const double load = type.pins[entry.pin].output ? loads_.load_ff[netlist_.net(cell, entry.pin)] : 0;
      values_.push_back(entry.table().at(loads_.slew_ps[netlist_.net(cell, from)], load));
      sums[entry.pin] += values_.back();
      ++tables[entry.pin];
    }
    for (std::size_t pin = 0; pin < type.pins.size(); ++pin)
      if (tables[pin] > 0) typical_[netlist_.net(cell, pin)] += sums[pin] / tables[pin];
  }
}

/// What does not depend on any state: capacitances, wires, and the cells of the tree.
void SwitchingEnergy::add_clock() {
  for (CellId cell = 0; cell < netlist_.cells(); ++cell)
    for (std::size_t pin = 0; pin < netlist_.type(cell).pins.size(); ++pin) {
      const CellPin& p = netlist_.type(cell).pins[pin];
      if (p.output || !netlist_.clock_nets[netlist_.net(cell, pin)]) continue;
      const double energy = p.capacitance_ff * volt2_, wire = loads_.wire_ff_per_pin * volt2_;
      clock_cycle_[netlist_.cell_components[cell]] += energy;
      clock_wire_cycle_[netlist_.cell_components[cell]] += wire;
      clock_net_cycle_ += energy + wire;
    }
  for (const CellId cell : netlist_.clock_cells) {
    const Cell& type = netlist_.type(cell);
    std::uint32_t input = 0, low = 0, high = 0;
    for (std::size_t pin = 0; pin < type.pins.size(); ++pin)
      if (!type.pins[pin].output) input = 1u << pin;
    for (std::size_t pin = 0; pin < type.pins.size(); ++pin)
      if (type.pins[pin].output) {
        low |= type.pins[pin].function->at(0) ? 1u << pin : 0;
        high |= type.pins[pin].function->at(input) ? 1u << pin : 0;
      }
    high |= input;
    CellEnergyTerms& terms = terms_[netlist_.cell_types[cell]];
    double energy = 0;
    for (const bool rise : {true, false})
      for (const CellEnergyTerms::Term& term : rise ? terms.change(low, high) : terms.change(high, low))
        energy += term.weight * values_[first_value_[cell] + term.entry];
    clock_cycle_[netlist_.cell_components[cell]] += energy;
    clock_net_cycle_ += energy;
  }
}

double SwitchingEnergy::clock_energy(CellId cell, std::uint32_t pins) {
  double energy = 0;
  for (const CellEnergyTerms::Term& term : terms_[netlist_.cell_types[cell]].clock(pins))
    energy += term.weight * values_[first_value_[cell] + term.entry];
  return energy;
}

void SwitchingEnergy::change(CellId cell, std::uint32_t before, std::uint32_t now) {
  const std::uint32_t type = netlist_.cell_types[cell];
  const NetId* nets = netlist_.pin_nets.data() + netlist_.first_pin[cell];
  const double* values = values_.data() + first_value_[cell];
  double energy = 0, wire = 0;
  for (const CellEnergyTerms::Term& term : terms_[type].change(before, now)) {
    const double part = term.weight * values[term.entry];
    energy += part;
    net_energy_[nets[term.pin]] += part;
  }
  for (std::uint32_t pins = (before ^ now) & output_pins_[type]; pins != 0; pins &= pins - 1)
    switch_net(nets[__builtin_ctz(pins)], energy, wire);
  const std::uint32_t component = netlist_.cell_components[cell];
  const bool flop = netlist_.types[type]->flop.has_value();
  (flop ? window_.registers : window_.combinational)[component] += energy;
  window_.wire[component] += wire;
  if (!flop || !terms_[type].clock_depends()) return;
  const double more = clock_energy(cell, now) - clock_energy(cell, before);
  clock_cycle_[component] += more;
  clock_net_cycle_ += more;
}

void SwitchingEnergy::count(GateSimulator& simulator) {
  simulator.take_changes([this](CellId cell, std::uint32_t before, std::uint32_t now) { change(cell, before, now); });
  for (Input& input : inputs_) {
    if (simulator.value(input.net) == input.value) continue;
    input.value = !input.value;
    switch_net(input.net, window_.combinational[0], window_.wire[0]);
  }
  for (std::size_t i = 0; i < clock_cycle_.size(); ++i) {
    window_.clock[i] += clock_cycle_[i];
    window_.wire[i] += clock_wire_cycle_[i];
  }
  toggles_[netlist_.clock] += 2;
  net_energy_[netlist_.clock] += clock_net_cycle_;
}

ComponentEnergy SwitchingEnergy::take() {
  ComponentEnergy out(netlist_.components.size());
  std::swap(out, window_);
  return out;
}

}  // namespace lutetia
