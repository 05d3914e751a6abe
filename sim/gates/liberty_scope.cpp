#include "gates/liberty_scope.h"

#include <array>
#include <charconv>
#include <cmath>

#include "config/value.h"

namespace lutetia {
namespace {

/// In terms of femto, which keeps every ratio of two of them exact.
struct Prefix {
  char letter;
  double factor;
};
constexpr double kUnit = 1e15, kNano = 1e6, kPico = 1e3, kFemto = 1;
constexpr std::array<Prefix, 7> kPrefixes = {
    {{'f', kFemto}, {'p', kPico}, {'n', kNano}, {'u', 1e9}, {'m', 1e12}, {'k', 1e18}, {'M', 1e21}}};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// "1ns", "10 pf" in femtoseconds, femtofarads, ...; nothing if it is something else.
std::optional<double> quantity(std::string_view text, char unit) {
  double value = 1;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec == std::errc()) text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  if (text.empty() || lower(text.back()) != unit || !std::isfinite(value) || value <= 0) return std::nullopt;
  text.remove_suffix(1);
  if (text.empty()) return value * kUnit;
  if (text.size() != 1) return std::nullopt;
  for (const Prefix& prefix : kPrefixes)
    if (prefix.letter == (prefix.letter == 'M' ? text[0] : lower(text[0]))) return value * prefix.factor;
  return std::nullopt;
}

/// `ours`: the size of the unit that we use.
void read_unit(LibertyScope& scope, const LibertyNode& library, const char* attribute, char unit, double ours,
               const char* examples, double& factor) {
  const LibertyNode* node = scope.tree.find(library, attribute);
  if (node == nullptr) return;
  const std::string_view text = scope.tree.word(*node);
  const std::optional<double> value = quantity(text, unit);
  if (value) {
    factor = *value / ours;
  } else {
    scope.fault(text, attribute, "unknown unit " + quoted_for_message(text) + ", expected something like " + examples);
  }
}

}  // namespace

void LibertyScope::fault(std::string_view at, const std::string& path, const std::string& message) {
  if (++faults_ > kMostLibertyProblems) return;
  problems_.add(tree.where(at), path, message);
  if (faults_ == kMostLibertyProblems) problems_.add(tree.where(at), "", "too many faults, the rest is not shown");
}

std::optional<double> LibertyScope::number(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::optional<double> LibertyScope::number(const LibertyNode& group, std::string_view attribute,
                                           const std::string& path) {
  const LibertyNode* node = tree.find(group, attribute);
  if (node == nullptr) return std::nullopt;
  const std::string_view text = tree.word(*node);
  const std::optional<double> value = number(text);
  if (!value) {
    fault(text.data() != nullptr ? text : node->name, (path.empty() ? "" : path + ".") + std::string(attribute),
          "expected a number, got " + quoted_for_message(text));
  }
  return value;
}

bool LibertyScope::is_true(const LibertyNode& group, std::string_view attribute) const {
  const std::string_view text = tree.text(group, attribute);
  return text == "true" || text == "TRUE" || text == "True" || text == "1";
}

void read_units(LibertyScope& scope, const LibertyNode& library) {
  read_unit(scope, library, "time_unit", 's', kPico, "1ns", scope.units.ps);
  read_unit(scope, library, "voltage_unit", 'v', kUnit, "1V", scope.units.volts);
  read_unit(scope, library, "leakage_power_unit", 'w', kNano, "1nW", scope.units.nw);
  // capacitive_load_unit (1, pf): the number and the unit are words of their own.
  const LibertyNode* node = scope.tree.find(library, "capacitive_load_unit");
  if (node == nullptr) return;
  const std::optional<double> count = LibertyScope::number(scope.tree.word(*node, 0));
  const std::optional<double> unit = quantity(scope.tree.word(*node, 1), 'f');
  if (count && unit && *count > 0) {
    scope.units.ff = *count * *unit / kFemto;
  } else {
    scope.fault(node->name, "capacitive_load_unit",
                "unknown unit " + quoted_for_message(node->whole) + ", expected something like (1, pf)");
  }
}

}  // namespace lutetia
