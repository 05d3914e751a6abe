// The state of a cell: its group ff (IQ, IQN) { clocked_on ...; next_state ...; clear ...; preset ...; }.
#include "config/value.h"
#include "gates/liberty_cell.h"

namespace lutetia {

void LibertyCellReader::read_flop(const LibertyNode& group) {
  if (tree_.find(group, "clocked_on_also") != nullptr) {
    cell_.obstacle = "two clocks";
    return;
  }
  CellFlop flop;
  read_flop_outputs(flop);
  if (flop.outputs.empty()) {
    cell_.obstacle = "no output shows the state";
    return;
  }
  read_clock(group, flop);
  if (tree_.find(group, "next_state") == nullptr) {
    scope_.fault(group.name, cell_.name + ".ff", "has no next_state");
  } else if (auto next = function_of_state(group, "next_state", flop)) {
    flop.next_state = std::move(*next);
  }
  flop.clear = function_of_state(group, "clear", flop);
  flop.preset = function_of_state(group, "preset", flop);
  const std::string_view both = tree_.text(group, "clear_preset_var1");
  if (both == "L" || both == "H") flop.both = both == "H";
  cell_.flop = std::move(flop);
}

void LibertyCellReader::read_clock(const LibertyNode& group, CellFlop& flop) {
  const std::string path = cell_.name + ".ff";
  const LibertyNode* node = tree_.find(group, "clocked_on");
  if (node == nullptr) {
    scope_.fault(group.name, path, "has no clocked_on");
    return;
  }
  const std::string_view text = tree_.word(*node);
  const auto table = function(text, path + ".clocked_on");
  if (!table) return;
  for (std::uint32_t i = 0; i < state(); ++i) {
    const TruthTable pin = TruthTable::variable(state() + 1, i);
    flop.rising = *table == pin;
    if (!flop.rising && !(*table == !pin)) continue;
    flop.clock = static_cast<std::int32_t>(i);
    if (!cell_.pins[i].output) cell_.pins[i].clock = true;
    return;
  }
  scope_.fault(text, path + ".clocked_on", "expected a pin or its inverse, got " + quoted_for_message(text));
}

void LibertyCellReader::read_flop_outputs(CellFlop& flop) {
  const TruthTable shown = TruthTable::variable(state() + 1, state());
  for (std::size_t i = 0; i < cell_.pins.size(); ++i) {
    const std::string_view text = tree_.text(*pin_groups_[i], "function");
    if (!cell_.pins[i].output || text.data() == nullptr) continue;
    std::vector<FunctionFault> faults;  // told when the functions of other outputs are read
    TruthTable table;
    if (!parse_function(text, names_, state() + 1, table, faults)) continue;
    if (table == shown || table == !shown) flop.outputs.emplace_back(static_cast<std::int32_t>(i), !(table == shown));
  }
}

std::optional<CellFunction> LibertyCellReader::function_of_state(const LibertyNode& group, const char* attribute,
                                                                 const CellFlop& flop) {
  const LibertyNode* node = tree_.find(group, attribute);
  if (node == nullptr) return std::nullopt;
  const auto table = function(tree_.word(*node), cell_.name + ".ff." + attribute);
  if (!table) return std::nullopt;
  const auto [pin, inverted] = flop.outputs.front();
  const TruthTable shown = TruthTable::variable(state() + 1, static_cast<std::uint32_t>(pin));
  return table->with(state(), inverted ? !shown : shown).function(state());
}

}  // namespace lutetia
