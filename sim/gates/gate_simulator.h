// Two-state, zero-delay simulation of a netlist. A gate is evaluated only after one of its inputs changed; gates are
// numbered so that each is evaluated after all that drive it, so one ascending scan over a bit set of waiting gates
// settles the circuit and no gate is evaluated twice for one change of inputs.
//
// Each cell keeps the values of its pins in one word, bit i for pin i of the library's cell; a change of a net flips
// the bit in every reader. The word is the index into the cell's truth tables, and what energy depends on.
#pragma once
#include <cstdint>
#include <vector>

#include "gates/netlist.h"

namespace lutetia {

class GateSimulator {
 public:
  /// All inputs and all flip-flops 0, settled. The netlist must outlive this.
  explicit GateSimulator(const Netlist& netlist);

  bool value(NetId net) const { return values_[net]; }
  /// An input port's net; takes effect with settle().
  void set(NetId net, bool value) {
    if (values_[net] != value) toggle(net);
  }
  /// Lets gates, and asynchronous clear and preset, come to rest. Throws std::runtime_error if they never do.
  void settle();
  /// The rising edge of the clock, as all flip-flops see it; needs settle() before and afterwards.
  void edge();

  /// Gates evaluated so far.
  std::uint64_t evaluations() const { return evaluations_; }

  /// Pins of a cell, also after its last evaluation; a flip-flop's clock pin shows 0.
  std::uint32_t pins(CellId cell) const { return gates_[slots_[cell]].pins; }
  /// Calls change(cell, pins before, pins now) for every cell whose pins differ from the last call of this function.
  template <class Change>
  void take_changes(Change change) {
    for (std::size_t word = 0; word < touched_.size(); ++word)
      for (std::uint64_t bits = touched_[word]; bits != 0; bits &= bits - 1) {
        const auto slot = static_cast<std::uint32_t>(word * 64 + static_cast<unsigned>(__builtin_ctzll(bits)));
        Gate& gate = gates_[slot];
        if (gate.pins != gate.taken) change(cells_[slot], gate.taken, gate.pins);
        gate.taken = gate.pins;
      }
    touched_.assign(touched_.size(), 0);
  }

 private:
  struct Gate {
    std::uint32_t pins;   ///< now
    std::uint32_t taken;  ///< at the last take_changes()
    std::uint32_t type;
    std::uint32_t first_output;  ///< into output_nets_
  };
  struct Output {
    std::uint32_t pin;
    std::uint32_t table;    ///< first word of its truth table in tables_
    bool inverted = false;  ///< of a flip-flop
  };
  struct Type {
    std::vector<Output> outputs;
    bool asynchronous = false, has_clear = false, has_preset = false;
    std::uint32_t next = 0, clear = 0, preset = 0;  ///< tables of a flip-flop
  };

  std::uint32_t add_table(const CellFunction& function, std::size_t pins);
  void add_types();
  void add_slots();
  bool at(std::uint32_t table, std::uint32_t pins) const { return tables_[table + (pins >> 6)] >> (pins & 63) & 1; }
  static void mark(std::vector<std::uint64_t>& set, std::uint32_t slot) { set[slot >> 6] |= 1ull << (slot & 63); }
  void toggle(NetId net) {
    values_[net] ^= 1;
    for (std::uint32_t i = first_reader_[net]; i < first_reader_[net + 1]; ++i) {
      const std::uint32_t slot = readers_[i] >> 5;
      gates_[slot].pins ^= 1u << (readers_[i] & 31);
      mark(waiting_, slot);
    }
  }
  void evaluate(std::uint32_t slot) {
    Gate& gate = gates_[slot];
    if (slot >= first_flop_) return evaluate_flop(slot);
    const Type& type = types_[gate.type];
    ++evaluations_;
    for (std::size_t i = 0; i < type.outputs.size(); ++i) {
      const Output& output = type.outputs[i];
      const bool now = at(output.table, gate.pins);
      if ((gate.pins >> output.pin & 1) == (now ? 1u : 0u)) continue;
      gate.pins ^= 1u << output.pin;
      toggle(output_nets_[gate.first_output + i]);
    }
  }
  void evaluate_flop(std::uint32_t slot);
  void set_state(std::uint32_t slot, bool state);

  const Netlist& netlist_;
  std::uint32_t first_flop_ = 0;  ///< slots: gates in order of evaluation, then flip-flops
  std::vector<Gate> gates_;
  std::vector<Type> types_;
  std::vector<std::uint64_t> tables_;
  std::vector<CellId> cells_;         ///< of the slots
  std::vector<std::uint32_t> slots_;  ///< of the cells
  std::vector<NetId> output_nets_;
  std::vector<std::uint32_t> first_reader_, readers_;  ///< slot * 32 + pin
  std::vector<std::uint8_t> values_;                   ///< per net
  std::vector<bool> states_;                           ///< per flip-flop
  std::vector<std::uint64_t> waiting_, touched_;       ///< sets of slots
  std::vector<std::uint64_t> armed_;  ///< flip-flops whose pins changed since the last edge: only they can change
  std::vector<std::uint32_t> changing_;
  std::uint64_t evaluations_ = 0;
  std::uint64_t changes_left_ = 0;
  bool again_ = false;  ///< a flip-flop changed while settling
};

}  // namespace lutetia
