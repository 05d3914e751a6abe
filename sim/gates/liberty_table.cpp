// Tables of a liberty file: one or two axes in either order, from the template or from the table itself.
#include <charconv>
#include <string_view>
#include <vector>

#include "config/value.h"
#include "gates/liberty_scope.h"

namespace lutetia {
namespace {

enum class Axis { kNone, kSlew, kLoad, kUnknown };

Axis axis_of(std::string_view variable) {
  if (variable.empty()) return Axis::kNone;
  if (variable == "input_net_transition" || variable == "input_transition_time") return Axis::kSlew;
  if (variable == "total_output_net_capacitance") return Axis::kLoad;
  return Axis::kUnknown;
}

bool is_separator(char c) {
  return c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\\';
}

/// All numbers in the words of an attribute: "1, 2", "3, 4".
bool read_numbers(LibertyScope& scope, const LibertyNode& node, double factor, const std::string& path,
                  std::vector<double>& out) {
  for (std::uint32_t i = 0; i < node.words; ++i) {
    std::string_view text = scope.tree.word(node, i);
    while (true) {
      while (!text.empty() && is_separator(text.front())) text.remove_prefix(1);
      if (text.empty()) break;
      std::size_t end = 0;
      while (end < text.size() && !is_separator(text[end])) ++end;
      const std::optional<double> value = LibertyScope::number(text.substr(0, end));
      if (!value) {
        scope.fault(text, path, "expected a number, got " + quoted_for_message(text.substr(0, end)));
        return false;
      }
      out.push_back(*value * factor);
      text.remove_prefix(end);
    }
  }
  return true;
}

bool read_axis(LibertyScope& scope, const LibertyNode& group, const LibertyNode& pattern, const char* index,
               double factor, const std::string& path, std::vector<double>& out) {
  const LibertyNode* node = scope.tree.find(group, index);
  if (node == nullptr) node = scope.tree.find(pattern, index);
  if (node == nullptr) {
    scope.fault(group.name, path, std::string("has no ") + index + ", and neither has its template");
    return false;
  }
  if (!read_numbers(scope, *node, factor, path + "." + index, out)) return false;
  if (out.empty()) {
    scope.fault(node->name, path + "." + index, "has no values");
    return false;
  }
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (out[i] > out[i - 1]) continue;
    scope.fault(node->name, path + "." + index, "values do not increase");
    return false;
  }
  return true;
}

/// Rows and columns exchanged.
std::vector<double> transposed(const std::vector<double>& values, std::size_t rows, std::size_t columns) {
  std::vector<double> out(values.size());
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) out[column * rows + row] = values[row * columns + column];
  return out;
}

}  // namespace

std::optional<CellTable> read_table(LibertyScope& scope, const LibertyNode& group, LibertyQuantity quantity,
                                    const std::string& path_of_pin) {
  const std::string path = path_of_pin + "." + std::string(group.name);
  const std::string_view name = scope.tree.word(group);
  const auto found = scope.templates.find(name);
  const LibertyNode* pattern = found == scope.templates.end() ? nullptr : found->second;
  if (pattern == nullptr && name != "scalar" && !name.empty()) {
    scope.fault(name, path, "there is no template " + quoted_for_message(name));
    return std::nullopt;
  }
  const LibertyNode* node = scope.tree.find(group, "values");
  if (node == nullptr) {
    scope.fault(group.name, path, "has no values");
    return std::nullopt;
  }
  CellTable table;
  const double unit = quantity == LibertyQuantity::kTime ? scope.units.ps : scope.units.fj();
  if (!read_numbers(scope, *node, unit, path + ".values", table.values)) return std::nullopt;

  constexpr const char* kVariables[] = {"variable_1", "variable_2", "variable_3"};
  constexpr const char* kIndices[] = {"index_1", "index_2"};
  Axis axes[3] = {Axis::kNone, Axis::kNone, Axis::kNone};
  for (int i = 0; pattern != nullptr && i < 3; ++i) {
    const std::string_view variable = scope.tree.text(*pattern, kVariables[i]);
    axes[i] = axis_of(variable);
    const bool twice = i > 0 && axes[i] != Axis::kNone && axes[i] == axes[i - 1];
    if (axes[i] != Axis::kUnknown && !twice && (i < 2 || axes[i] == Axis::kNone)) continue;
    scope.fault(name, path,
                "template " + quoted_for_message(name) + " has " + quoted_for_message(variable) + " as " +
                    kVariables[i] + ", expected a transition of the input and a load in either order");
    return std::nullopt;
  }
  for (int i = 0; i < 2; ++i) {
    if (axes[i] == Axis::kNone) continue;
    const bool slew = axes[i] == Axis::kSlew;
    const double factor = slew ? scope.units.ps : scope.units.ff;
    if (!read_axis(scope, group, *pattern, kIndices[i], factor, path, slew ? table.slews_ps : table.loads_ff))
      return std::nullopt;
  }
  const std::size_t slews = std::max<std::size_t>(table.slews_ps.size(), 1);
  const std::size_t loads = std::max<std::size_t>(table.loads_ff.size(), 1);
  if (table.values.size() != slews * loads) {
    scope.fault(node->name, path + ".values",
                "has " + std::to_string(table.values.size()) + " numbers, but the indices make " +
                    std::to_string(slews) + " x " + std::to_string(loads) + " of them");
    return std::nullopt;
  }
  if (axes[0] == Axis::kLoad && axes[1] == Axis::kSlew) table.values = transposed(table.values, loads, slews);
  return table;
}

}  // namespace lutetia
