#include "config/tree_reader.h"

#include <utility>

#include "config/messages.h"
#include "config/named_file.h"

namespace lutetia {

SourceLocation TreeReader::KeyInput::place() const {
  return sets.empty() ? key_place : SourceLocation{"--set", 0, 0};
}

bool TreeReader::read(const YamlNode& root, const std::string& name, const Schema& schema,
                      const std::vector<SetItem>& sets) {
  if (root.kind == YamlNode::Kind::kBroken) return false;
  if (root.kind != YamlNode::Kind::kMap) {
    return add({name, root.line, root.column}, "", "expected a map of keys, found " + root.kind_name());
  }
  open_files_ = {canonical_name(name)};
  return read_struct(schema, {&root, &name}, {name, root.line, root.column}, "", sets);
}

// ---- structs ----

bool TreeReader::read_struct(const Schema& schema, Input input, const SourceLocation& around, const std::string& path,
                             const Sets& sets) {
  const SourceLocation place = input.node ? location(input) : around;
  KeyInputs inputs;
  const bool keys_good = collect_keys(schema, input, path, inputs);
  const bool sets_good = collect_sets(schema, sets, path, inputs);
  bool own_good = keys_good && sets_good;
  bool all_good = own_good;
  std::map<std::string, bool> good;
  for (const Field& field : schema.fields()) {
    const KeyInput& given = inputs[field.key()];
    const std::string field_path = join_path(path, field.key());
    bool field_good = true;
    if (field.is_required() && !given.given()) {
      field_good = add(place, path, missing_key(field));
      own_good = false;
    } else {
      switch (field.kind()) {
        case Field::Kind::kLeaf:
          field_good = field.is_map() ? read_map(field, given, field_path) : read_leaf(field, given, field_path);
          break;
        case Field::Kind::kGroup:
        case Field::Kind::kOptionalGroup: field_good = read_group(field, given, place, field_path); break;
        case Field::Kind::kList: field_good = read_list(field, given, place, field_path); break;
      }
    }
    good[field.key()] = field_good;
    all_good = all_good && field_good;
    if (field.is_leaf()) own_good = own_good && field_good;
  }
  if (!own_good) return false;
  return check_rules(schema, inputs, place, path, good) && all_good;
}

bool TreeReader::collect_keys(const Schema& schema, Input map, const std::string& path, KeyInputs& inputs) {
  if (!map.node) return true;
  bool good = true;
  std::map<std::string, int> first_line;
  for (std::size_t i = 0; i < map.node->keys.size(); ++i) {
    const YamlKey& key = map.node->keys[i];
    const SourceLocation place{*map.file, key.line, key.column};
    if (key.broken) {
      good = false;
      continue;
    }
    const std::string shown = key.text.size() <= 60 ? key.text : key.text.substr(0, 60) + "...";
    const auto [first, is_new] = first_line.emplace(key.text, key.line);
    if (!is_new) {
      const std::string where = first->second > 0 ? ", first on line " + std::to_string(first->second) : "";
      good = add(place, join_path(path, shown), "duplicate key" + where);
    } else if (!schema.find(key.text)) {
      good = add(place, join_path(path, shown), unknown_key(key.text, schema));
    } else {
      KeyInput& given = inputs[key.text];
      given.input = {&map.node->items[i], map.file};
      given.key_place = place;
    }
  }
  return good;
}

bool TreeReader::collect_sets(const Schema& schema, const Sets& sets, const std::string& path, KeyInputs& inputs) {
  bool good = true;
  for (const SetItem& set : sets) {
    const std::string& key = set.step().key;
    if (key.empty()) {
      good = add({set_name_, 0, 0}, join_path(path, set.step().index), "is not a list");
    } else if (!schema.find(key)) {
      good = add({set_name_, 0, 0}, join_path(path, key), unknown_key(key, schema));
    } else {
      SetItem inner = set;
      ++inner.at;
      inputs[key].sets.push_back(std::move(inner));
    }
  }
  return good;
}

bool TreeReader::check_rules(const Schema& schema, const KeyInputs& inputs, const SourceLocation& place,
                             const std::string& path, const std::map<std::string, bool>& good) {
  bool all_hold = true;
  for (const Rule& rule : schema.rules()) {
    bool keys_good = true;
    for (const std::string& key : rule.keys) keys_good = keys_good && good.at(key);
    if (!keys_good || rule.holds()) continue;
    SourceLocation where = place;
    std::string where_path = path, values;
    bool found = false;
    for (const std::string& key : rule.keys) {
      const KeyInput& given = inputs.at(key);
      if (given.given() && !found) {
        found = true;
        where = given.place();
        where_path = join_path(path, key);
      }
      const Field& field = *schema.find(key);
      if (field.is_leaf()) values += (values.empty() ? "" : ", ") + key + " = " + field.text();
    }
    all_hold = add(where, where_path, rule.text + (values.empty() ? "" : " (" + values + ")"));
  }
  return all_hold;
}

// ---- leaves ----

bool TreeReader::read_leaf(const Field& field, const KeyInput& given, const std::string& path) {
  Input input = given.input;
  Sets below;
  if (!apply_whole_set(field, given, input, below, path)) return false;
  bool good = true;
  if (!below.empty()) {
    good = add({set_name_, 0, 0}, path,
               field.is_vector() ? "set this list as a whole, e.g. " + path + "=" + field.text()
                                 : "is a single value, there are no keys below it");
  }
  if (origins_) (*origins_)[path] = "default";
  if (!input.node) return good;
  return assign(field, input, given.key_place, path) && good;
}

bool TreeReader::assign(const Field& field, Input input, const SourceLocation& key_place, const std::string& path) {
  const YamlNode& node = *input.node;
  if (node.kind == YamlNode::Kind::kBroken) return false;
  if (node.kind == YamlNode::Kind::kNull) {
    return add(input.file == &set_name_ ? location(input) : key_place, path,
               "the value is missing, expected " + what_is_expected(field));
  }
  const auto fitting = field.is_vector() ? YamlNode::Kind::kList : YamlNode::Kind::kScalar;
  if (node.kind != fitting) {
    return add(location(input), path, "expected " + what_is_expected(field) + ", found " + node.kind_name());
  }
  std::vector<Value> values;
  bool good = true;
  if (field.is_vector()) {
    const std::string wrong_count = field.count_error(node.items.size());
    if (!wrong_count.empty()) good = add(location(input), path, wrong_count);
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      good = parse_scalar(field, node.items[i], *input.file, join_path(path, i), values) && good;
    }
  } else {
    good = parse_scalar(field, node, *input.file, path, values);
  }
  if (!good) return false;
  field.set_values(values);
  note(path, input, key_place.line);
  return true;
}

bool TreeReader::parse_scalar(const Field& field, const YamlNode& node, const std::string& file,
                              const std::string& path, std::vector<Value>& values) {
  const SourceLocation where{file, node.line, node.column};
  if (node.kind == YamlNode::Kind::kBroken) return false;
  if (node.kind != YamlNode::Kind::kScalar) {
    return add(where, path, std::string("expected a ") + type_name(field.type()) + ", found " + node.kind_name());
  }
  const bool is_word = field.type() == ValueType::kText || field.type() == ValueType::kChoice;
  if (node.quoted && !is_word) {
    return add(where, path,
               std::string("expected a ") + type_name(field.type()) + ", found a quoted text " +
                   quoted_for_message(node.text));
  }
  ParsedValue parsed = field.parse(node.text);
  if (!parsed.error.empty()) return add(where, path, parsed.error);
  values.push_back(std::move(parsed.value));
  return true;
}

// ---- small things ----

bool TreeReader::add(const SourceLocation& where, const std::string& path, const std::string& message) {
  // A file of another kind can have a fault in every line; nobody reads more than this.
  if (++faults_ == kMostFaults) problems_.add(where, path, "too many faults, the rest is not shown");
  if (faults_ < kMostFaults) problems_.add(where, path, message);
  return false;
}

void TreeReader::note(const std::string& path, const Input& input, int line) {
  if (!origins_) return;
  (*origins_)[path] = input.file == &set_name_ ? set_name_ : *input.file + ":" + std::to_string(line);
}

void TreeReader::note_defaults(const Schema& schema, const std::string& path) {
  if (!origins_) return;
  for (const Field& field : schema.fields()) {
    const std::string field_path = join_path(path, field.key());
    if (field.is_leaf()) {
      (*origins_)[field_path] = "default";
      continue;
    }
    const bool is_list = field.kind() == Field::Kind::kList;
    if (is_list) (*origins_)[field_path] = "default";
    for (std::size_t i = 0; i < field.size(); ++i) {
      note_defaults(field.element(i), is_list ? join_path(field_path, i) : field_path);
    }
  }
}

SourceLocation TreeReader::location(const Input& input) {
  return {*input.file, input.node->line, input.node->column};
}

const YamlNode* TreeReader::keep(YamlNode node) {
  nodes_.push_back(std::move(node));
  return &nodes_.back();
}

}  // namespace lutetia
