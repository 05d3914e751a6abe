#include "gates/gate_simulator.h"

#include <stdexcept>

namespace lutetia {

namespace {
/// Times that flip-flops may clear or preset within one settle(), each; real ones do once or twice.
constexpr std::uint64_t kMostChanges = 100;
}  // namespace

GateSimulator::GateSimulator(const Netlist& netlist) : netlist_(netlist) {
  add_types();
  add_slots();
  values_.assign(netlist.nets(), 0);
  toggle(Netlist::kOne);
  for (std::uint32_t slot = 0; slot < cells_.size(); ++slot) mark(waiting_, slot);
  for (std::uint32_t flop = 0; flop < states_.size(); ++flop)
    for (std::size_t i = 0; i < types_[gates_[first_flop_ + flop].type].outputs.size(); ++i) {
      Gate& gate = gates_[first_flop_ + flop];
      const Output& output = types_[gate.type].outputs[i];
      if (!output.inverted) continue;
      gate.pins ^= 1u << output.pin;
      toggle(output_nets_[gate.first_output + i]);
    }
  settle();
  take_changes([](CellId, std::uint32_t, std::uint32_t) {});
}

/// A table over 2^pins rows in whole words.
std::uint32_t GateSimulator::add_table(const CellFunction& function, std::size_t pins) {
  const auto first = static_cast<std::uint32_t>(tables_.size());
  const std::uint32_t rows = 1u << pins;
  tables_.resize(tables_.size() + (rows + 63) / 64, 0);
  for (std::uint32_t row = 0; row < rows; ++row)
    if (function.at(row)) tables_[first + row / 64] |= 1ull << row % 64;
  return first;
}

void GateSimulator::add_types() {
  for (const Cell* cell : netlist_.types) {
    Type type;
    const std::size_t pins = cell->pins.size();
    if (cell->flop) {
      for (const auto& [pin, inverted] : cell->flop->outputs)
        type.outputs.push_back({static_cast<std::uint32_t>(pin), 0, inverted});
      type.next = add_table(cell->flop->next_state, pins);
      type.has_clear = cell->flop->clear.has_value();
      type.has_preset = cell->flop->preset.has_value();
      type.asynchronous = type.has_clear || type.has_preset;
      if (type.has_clear) type.clear = add_table(*cell->flop->clear, pins);
      if (type.has_preset) type.preset = add_table(*cell->flop->preset, pins);
    } else {
      for (std::uint32_t pin = 0; pin < pins; ++pin)
        if (cell->pins[pin].output) type.outputs.push_back({pin, add_table(*cell->pins[pin].function, pins), false});
    }
    types_.push_back(std::move(type));
  }
}

void GateSimulator::add_slots() {
  cells_ = netlist_.gates;
  first_flop_ = static_cast<std::uint32_t>(cells_.size());
  cells_.insert(cells_.end(), netlist_.flops.begin(), netlist_.flops.end());
  slots_.assign(netlist_.cells(), 0);
  states_.assign(netlist_.flops.size(), false);
  first_reader_.assign(netlist_.nets() + 1, 0);
  const auto for_readers = [this](auto visit) {
    for (std::uint32_t slot = 0; slot < cells_.size(); ++slot) {
      const Cell& type = netlist_.type(cells_[slot]);
      for (std::uint32_t pin = 0; pin < type.pins.size(); ++pin)
        if (!type.pins[pin].output && !(type.flop && pin == static_cast<std::uint32_t>(type.flop->clock)))
          visit(netlist_.net(cells_[slot], pin), slot, pin);
    }
  };
  for_readers([this](NetId net, std::uint32_t, std::uint32_t) { ++first_reader_[net + 1]; });
  for (std::size_t net = 0; net < netlist_.nets(); ++net) first_reader_[net + 1] += first_reader_[net];
  readers_.resize(first_reader_.back());
  std::vector<std::uint32_t> filled(first_reader_.begin(), first_reader_.end() - 1);
  for_readers([&](NetId net, std::uint32_t slot, std::uint32_t pin) { readers_[filled[net]++] = slot * 32 + pin; });
  for (std::uint32_t slot = 0; slot < cells_.size(); ++slot) {
    slots_[cells_[slot]] = slot;
    const std::uint32_t type = netlist_.cell_types[cells_[slot]];
    gates_.push_back({0, 0, type, static_cast<std::uint32_t>(output_nets_.size())});
    for (const Output& output : types_[type].outputs) output_nets_.push_back(netlist_.net(cells_[slot], output.pin));
  }
  const std::size_t words = (cells_.size() + 63) / 64;
  waiting_.assign(words, 0);
  touched_.assign(words, 0);
  armed_.assign(words, 0);
}

void GateSimulator::settle() {
  changes_left_ = kMostChanges * (states_.size() + 1);
  do {
    again_ = false;
    for (std::size_t word = 0; word < waiting_.size(); ++word)
      while (waiting_[word] != 0) {  // a gate may set bits above its own, in this word too
        const auto bit = static_cast<unsigned>(__builtin_ctzll(waiting_[word]));
        waiting_[word] &= waiting_[word] - 1;
        touched_[word] |= 1ull << bit;
        evaluate(static_cast<std::uint32_t>(word * 64 + bit));
      }
  } while (again_);
}

void GateSimulator::evaluate_flop(std::uint32_t slot) {
  mark(armed_, slot);
  const Type& type = types_[gates_[slot].type];
  if (!type.asynchronous) return;
  const std::uint32_t pins = gates_[slot].pins;
  if (type.has_clear && at(type.clear, pins))
    set_state(slot, false);
  else if (type.has_preset && at(type.preset, pins))
    set_state(slot, true);
}

void GateSimulator::edge() {
  changing_.clear();
  for (std::size_t word = first_flop_ / 64; word < armed_.size(); ++word) {
    for (std::uint64_t bits = armed_[word]; bits != 0; bits &= bits - 1) {
      const auto slot = static_cast<std::uint32_t>(word * 64 + static_cast<unsigned>(__builtin_ctzll(bits)));
      const Type& type = types_[gates_[slot].type];
      const std::uint32_t pins = gates_[slot].pins;
      if (type.has_clear && at(type.clear, pins)) continue;
      if (type.has_preset && at(type.preset, pins)) continue;
      if (at(type.next, pins) != states_[slot - first_flop_]) changing_.push_back(slot);
    }
    armed_[word] = 0;
  }
  changes_left_ = kMostChanges * (states_.size() + 1);
  for (const std::uint32_t slot : changing_) set_state(slot, !states_[slot - first_flop_]);
}

void GateSimulator::set_state(std::uint32_t slot, bool state) {
  if (states_[slot - first_flop_] == state) return;
  if (changes_left_-- == 0) throw std::runtime_error("flip-flops that clear or preset each other never settle");
  states_[slot - first_flop_] = state;
  Gate& gate = gates_[slot];
  mark(touched_, slot);
  mark(armed_, slot);
  again_ = true;
  const Type& type = types_[gate.type];
  for (std::size_t i = 0; i < type.outputs.size(); ++i) {
    gate.pins ^= 1u << type.outputs[i].pin;
    toggle(output_nets_[gate.first_output + i]);
  }
}

}  // namespace lutetia
