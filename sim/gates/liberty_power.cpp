// Internal power and delay arcs of a cell's pins.
#include "config/value.h"
#include "gates/liberty_cell.h"

namespace lutetia {

std::vector<std::int32_t> LibertyCellReader::related_pins(const LibertyNode& group, const std::string& path) {
  std::vector<std::int32_t> pins;
  std::string_view text = tree_.text(group, "related_pin");
  constexpr std::string_view kSeparators = " \t\r\n,\\";
  while (true) {
    const std::size_t from = text.find_first_not_of(kSeparators);
    if (from == std::string_view::npos) return pins;
    text.remove_prefix(from);
    const std::string_view name = text.substr(0, text.find_first_of(kSeparators));
    const std::int32_t pin = cell_.pin(std::string(name));
    if (pin >= 0) {
      pins.push_back(pin);
    } else {
      scope_.fault(name, path + ".related_pin", "there is no pin " + quoted_for_message(name));
    }
    text.remove_prefix(name.size());
  }
}

void LibertyCellReader::read_energy_and_delays() {
  for (std::size_t i = 0; i < cell_.pins.size(); ++i) {
    for (const LibertyNode& child : tree_.children(*pin_groups_[i])) {
      if (child.kind != LibertyNode::Kind::kGroup) continue;
      if (child.name == "internal_power") read_power(child, cell_.pins[i]);
      if (child.name == "timing" && cell_.pins[i].output) read_arc(child, cell_.pins[i]);
    }
  }
}

void LibertyCellReader::read_power(const LibertyNode& group, CellPin& pin) {
  if (on_ground(group)) return;
  const std::string here = path(pin) + ".internal_power";
  CellPower power;
  power.when = condition(group, here);
  for (const LibertyNode& child : tree_.children(group)) {
    if (child.kind != LibertyNode::Kind::kGroup) continue;
    const bool both = child.name == "power";
    if (!both && child.name != "rise_power" && child.name != "fall_power") continue;
    const auto table = read_table(scope_, child, LibertyQuantity::kEnergy, here);
    if (both || child.name == "rise_power") power.rise = table;
    if (both || child.name == "fall_power") power.fall = table;
  }
  std::vector<std::int32_t> related = related_pins(group, here);
  if (!power.rise && !power.fall) return;
  if (related.empty()) related.push_back(-1);
  for (const std::int32_t input : related) {
    power.related = input;
    pin.power.push_back(power);
  }
}

void LibertyCellReader::read_arc(const LibertyNode& group, CellPin& pin) {
  const std::string_view type = tree_.text(group, "timing_type");
  if (type.substr(0, 12) == "three_state_") return;
  const std::string here = path(pin) + ".timing";
  CellArc arc;
  bool any = false;
  for (const LibertyNode& child : tree_.children(group)) {
    if (child.kind != LibertyNode::Kind::kGroup) continue;
    std::optional<CellTable>* table = child.name == "cell_rise"         ? &arc.delay_rise
                                      : child.name == "cell_fall"       ? &arc.delay_fall
                                      : child.name == "rise_transition" ? &arc.slew_rise
                                      : child.name == "fall_transition" ? &arc.slew_fall
                                                                        : nullptr;
    if (table == nullptr) continue;  // constraints, statistics, current source models
    *table = read_table(scope_, child, LibertyQuantity::kTime, here);
    any = true;
  }
  if (!any) return;
  if (tree_.find(group, "related_pin") == nullptr) scope_.fault(group.name, here, "has delays but no related_pin");
  for (const std::int32_t input : related_pins(group, here)) {
    arc.related = input;
    pin.arcs.push_back(arc);
  }
}

}  // namespace lutetia
