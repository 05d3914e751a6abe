#include "gates/liberty_cell.h"

#include <algorithm>
#include <utility>

#include "config/value.h"

namespace lutetia {

Cell LibertyCellReader::read() {
  cell_.name = std::string(tree_.word(group_));
  cell_.area_um2 = scope_.number(group_, "area", cell_.name).value_or(0);
  cell_.dont_use = scope_.is_true(group_, "dont_use");
  read_rails();
  cell_.leakage_nw = leakage() * scope_.units.nw;
  read_pins();
  for (const LibertyNode& child : tree_.children(group_))
    if (child.name == "latch" || child.name == "latch_bank") cell_.latch = true;
  for (const LibertyNode* pin : pin_groups_)
    if (tree_.find(*pin, "three_state") != nullptr) cell_.tristate = true;
  cell_.obstacle = obstacle();
  if (!cell_.obstacle.empty()) return std::move(cell_);

  for (std::uint32_t i = 0; i < cell_.pins.size(); ++i) names_.push_back({cell_.pins[i].name, i, false});
  const LibertyNode* flop = tree_.find(group_, "ff");
  if (flop != nullptr) {
    // The second name is the inverse of the first, except while clear and preset are both active.
    for (std::uint32_t i = 0; i < flop->words && i < 2; ++i) names_.push_back({tree_.word(*flop, i), state(), i == 1});
    read_flop(*flop);
  }
  read_functions();
  if (cell_.obstacle.empty()) read_energy_and_delays();
  return std::move(cell_);
}

void LibertyCellReader::read_rails() {
  grounds_ = scope_.grounds;
  for (const LibertyNode& child : tree_.children(group_)) {
    if (child.name != "pg_pin") continue;
    const std::string_view type = tree_.text(child, "pg_type");
    if (type.find("ground") != std::string_view::npos) grounds_.push_back(tree_.word(child));
  }
}

bool LibertyCellReader::on_ground(const LibertyNode& group) const {
  const std::string_view rail = tree_.text(group, "related_pg_pin");
  return !rail.empty() && std::find(grounds_.begin(), grounds_.end(), rail) != grounds_.end();
}

double LibertyCellReader::leakage() {
  if (const auto value = scope_.number(group_, "cell_leakage_power", cell_.name)) return *value;
  // A row without a condition is what the simulator shall use where no condition holds: the mean, usually.
  double sum[2] = {0, 0}, count[2] = {0, 0};
  for (const LibertyNode& child : tree_.children(group_)) {
    if (child.name != "leakage_power" || on_ground(child)) continue;
    const int conditional = tree_.find(child, "when") != nullptr ? 1 : 0;
    sum[conditional] += scope_.number(child, "value", cell_.name + ".leakage_power").value_or(0);
    count[conditional] += 1;
  }
  for (const int i : {1, 0})
    if (count[i] > 0) return sum[i] / count[i];
  return scope_.default_leakage;
}

void LibertyCellReader::read_pins() {
  for (const LibertyNode& child : tree_.children(group_)) {
    if (child.name != "pin" || child.kind != LibertyNode::Kind::kGroup) continue;
    for (std::uint32_t i = 0; i < child.words; ++i) {
      CellPin pin;
      pin.name = std::string(tree_.word(child, i));
      if (cell_.pin(pin.name) >= 0) {
        scope_.fault(child.name, path(pin), "the cell has two pins of this name");
        continue;
      }
      if (!read_direction(child, pin)) continue;
      pin.clock = scope_.is_true(child, "clock");
      const auto rise = scope_.number(child, "rise_capacitance", path(pin));
      const auto fall = scope_.number(child, "fall_capacitance", path(pin));
      const auto mean = scope_.number(child, "capacitance", path(pin));
      const double other = pin.output ? 0 : scope_.default_capacitance;
      pin.capacitance_ff = scope_.units.ff * (rise && fall ? (*rise + *fall) / 2 : mean.value_or(other));
      cell_.pins.push_back(std::move(pin));
      pin_groups_.push_back(&child);
    }
  }
}

bool LibertyCellReader::read_direction(const LibertyNode& group, CellPin& pin) {
  const LibertyNode* node = tree_.find(group, "direction");
  if (node == nullptr) {
    scope_.fault(group.name, path(pin), "pin has no direction");
    return true;  // it exists: functions may name it
  }
  const std::string_view text = tree_.word(*node);
  pin.output = text == "output";
  internal_pin_ = internal_pin_ || text == "internal";
  both_ways_ = both_ways_ || text == "inout";
  if (pin.output || text == "input" || text == "inout" || text == "internal") return text != "internal";
  scope_.fault(text, path(pin) + ".direction",
               "expected input, output, inout or internal, got " + quoted_for_message(text));
  return true;
}

std::string LibertyCellReader::obstacle() const {
  const auto has = [&](const char* name) { return tree_.find(group_, name) != nullptr; };
  if (has("bus") || has("bundle") || has("memory")) return "macro with buses";
  if (cell_.latch) return "latch";
  if (has("clock_gating_integrated_cell")) return "clock gate";
  if (has("statetable") || internal_pin_) return "state table or internal pins";
  if (has("ff_bank")) return "flip-flops of several bits";
  int flops = 0;
  for (const LibertyNode& child : tree_.children(group_)) flops += child.name == "ff" ? 1 : 0;
  if (flops > 1) return "several flip-flops";
  if (cell_.tristate) return "tri-state output";
  if (both_ways_) return "pin of both directions";
  if (cell_.pins.size() > kMostPins) return "more than " + std::to_string(kMostPins) + " pins";
  bool output = false;
  for (std::size_t i = 0; i < cell_.pins.size(); ++i) {
    if (!cell_.pins[i].output) continue;
    output = true;
    if (tree_.find(*pin_groups_[i], "function") == nullptr) return "output without a function";
  }
  return output ? "" : "no output";
}

std::optional<TruthTable> LibertyCellReader::function(std::string_view text, const std::string& path) {
  std::vector<FunctionFault> faults;
  TruthTable table;
  if (parse_function(text, names_, state() + 1, table, faults)) return table;
  for (const FunctionFault& fault : faults) scope_.fault(fault.at, path, fault.message);
  return std::nullopt;
}

std::optional<CellFunction> LibertyCellReader::condition(const LibertyNode& group, const std::string& path) {
  const LibertyNode* node = tree_.find(group, "when");
  if (node == nullptr) return std::nullopt;
  const auto table = function(tree_.word(*node), path + ".when");
  return table ? std::optional<CellFunction>(table->function(state())) : std::nullopt;
}

void LibertyCellReader::read_functions() {
  for (std::size_t i = 0; i < cell_.pins.size(); ++i) {
    CellPin& pin = cell_.pins[i];
    const std::string_view text = tree_.text(*pin_groups_[i], "function");
    if (!pin.output || text.data() == nullptr) continue;
    const bool shows_state =
        cell_.flop && std::any_of(cell_.flop->outputs.begin(), cell_.flop->outputs.end(),
                                  [&](const auto& output) { return output.first == static_cast<std::int32_t>(i); });
    if (shows_state) continue;
    const auto table = function(text, path(pin) + ".function");
    if (!table) continue;
    for (std::uint32_t other = 0; other < state(); ++other) {
      if (!cell_.pins[other].output || !table->depends_on(other)) continue;
      scope_.fault(text, path(pin) + ".function", "depends on output " + cell_.pins[other].name);
    }
    if (!table->depends_on(state())) {
      pin.function = table->function(state());
    } else {
      cell_.obstacle = "output that depends on the state and on more";
    }
  }
}

Cell read_cell(LibertyScope& scope, const LibertyNode& group) {
  return LibertyCellReader(scope, group).read();
}

}  // namespace lutetia
