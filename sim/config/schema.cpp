#include "config/schema.h"

#include <set>
#include <stdexcept>

namespace lutetia {

Field& Schema::add(Field field) {
  if (find(field.key())) throw std::logic_error("describe(): \"" + field.key() + "\" is declared twice");
  fields_.push_back(std::move(field));
  return fields_.back();
}

Field& Schema::add_choice(std::string key, std::string help, Field::LeafAccess access, std::vector<std::string> names) {
  const std::set<std::string> distinct(names.begin(), names.end());
  if (names.empty() || distinct.size() != names.size() || distinct.count("") != 0) {
    throw std::logic_error("describe(): \"" + key + "\": a choice needs names, each once");
  }
  Field& field = add(Field(std::move(key), std::move(help), ValueType::kChoice, false, std::move(access)));
  field.choices_ = std::move(names);
  return field;
}

void Schema::rule(std::function<bool()> holds, std::vector<std::string> keys, std::string text) {
  if (keys.empty() || text.empty()) throw std::logic_error("describe(): a rule needs keys and a text: " + text);
  for (const std::string& key : keys) {
    if (!find(key))
      throw std::logic_error("describe(): the rule \"" + text + "\" names \"" + key + "\", which is no key");
  }
  rules_.push_back({std::move(holds), std::move(keys), std::move(text)});
}

const Field* Schema::find(const std::string& key) const {
  for (const Field& field : fields_) {
    if (field.key() == key) return &field;
  }
  return nullptr;
}

std::vector<std::string> Schema::keys() const {
  std::vector<std::string> out;
  for (const Field& field : fields_) out.push_back(field.key());
  return out;
}

}  // namespace lutetia
