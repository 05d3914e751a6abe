#include "config/messages.h"

#include "base/nearest.h"

namespace lutetia {

std::string unknown_key(const std::string& key, const Schema& schema) {
  const std::string hint = did_you_mean(key, schema.keys());
  return "unknown key" + (hint.empty() ? "." : hint) + " Known keys: " + joined(schema.keys());
}

std::string what_is_expected(const Field& field) {
  if (field.is_vector()) return std::string("a list, each entry a ") + type_name(field.type());
  if (field.is_map()) return std::string("a map of names, each with a ") + type_name(field.type());
  if (field.kind() == Field::Kind::kList) return "a list";
  if (!field.is_leaf()) return "a map or the name of a file";
  if (field.type() == ValueType::kBool) return "true or false";
  if (field.type() == ValueType::kChoice) return "one of " + joined(field.choices());
  return std::string("a ") + type_name(field.type());
}

std::string missing_key(const Field& field) {
  std::string hint = field.help();
  const std::string shown = example(field.type());
  if (field.is_leaf() && !shown.empty()) hint += ", e.g. " + shown;
  if (field.is_leaf() && field.type() == ValueType::kChoice) hint += ", one of " + joined(field.choices());
  return "required key \"" + field.key() + "\" is missing (" + hint + ")";
}

}  // namespace lutetia
