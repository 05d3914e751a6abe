// The part of TreeReader that goes deeper: maps, groups, lists, overrides of a whole, and named files.
#include <algorithm>
#include <utility>

#include "config/messages.h"
#include "config/named_file.h"
#include "config/read.h"
#include "config/text_file.h"
#include "config/tree_reader.h"

namespace lutetia {
namespace {

/// Overrides have no lines.
void forget_positions(YamlNode& node) {
  node.line = node.column = 0;
  for (YamlKey& key : node.keys) key.line = key.column = 0;
  for (YamlNode& item : node.items) forget_positions(item);
}

bool is_entry_name(const std::string& name) {
  return !name.empty() && name.size() <= 60 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

// ---- maps ----

bool TreeReader::read_map(const Field& field, const KeyInput& given, const std::string& path) {
  Input input = given.input;
  Sets below;
  if (!apply_whole_set(field, given, input, below, path)) return false;
  std::map<std::string, Value> entries;
  bool good = true;
  if (origins_) (*origins_)[path] = "default";
  const auto enter = [&](const std::string& name, const YamlNode& node, const std::string& file,
                         const SourceLocation& key) {
    const std::string entry_path = join_path(path, name);
    if (!is_entry_name(name))
      return add(key, path, "expected a name of letters, digits and _, got " + quoted_for_message(name));
    if (node.kind == YamlNode::Kind::kNull)  // which has no place of its own
      return add(key, entry_path, std::string("the value is missing, expected a ") + type_name(field.type()));
    std::vector<Value> values;
    if (!parse_scalar(field, node, file, entry_path, values)) return false;
    entries[name] = values.front();
    note(entry_path, {&node, &file}, key.line);
    return true;
  };
  if (input.node) {
    const YamlNode& node = *input.node;
    if (node.kind == YamlNode::Kind::kBroken) return false;
    if (node.kind != YamlNode::Kind::kMap)
      return add(node.kind == YamlNode::Kind::kNull ? given.place() : location(input), path,
                 "expected a map of names to values, found " + node.kind_name());
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      const YamlKey& key = node.keys[i];
      if (key.broken)
        good = false;
      else if (entries.count(key.text) != 0)  // a bad first value is a fault enough
        good = add({*input.file, key.line, key.column}, join_path(path, key.text), "duplicate key");
      else
        good = enter(key.text, node.items[i], *input.file, {*input.file, key.line, key.column}) && good;
    }
    note(path, input, given.key_place.line);
  } else {
    const std::vector<std::string> names = field.names();
    const std::vector<Value> values = field.values();
    for (std::size_t i = 0; i < names.size(); ++i) entries[names[i]] = values[i];
  }
  for (const SetItem& set : below) {
    const PathStep& step = set.step();
    if (step.key.empty() || set.at + 1 != set.steps.size()) {
      good = add({set_name_, 0, 0}, path, "is a map of names to values, write " + path + ".NAME=VALUE");
      continue;
    }
    YamlNode node;
    node.kind = YamlNode::Kind::kScalar;
    node.text = set.value;
    good = enter(step.key, node, set_name_, {set_name_, 0, 0}) && good;
    if (origins_) (*origins_)[path] = set_name_;  // as written, a map is one line
  }
  const std::string wrong_count = field.count_error(entries.size());
  if (good && !wrong_count.empty()) good = add(given.place(), path, wrong_count);
  if (!good) return false;
  std::vector<std::string> names;
  std::vector<Value> values;
  for (auto& [name, value] : entries) names.push_back(name), values.push_back(value);
  field.set_map(names, values);
  return true;
}

// ---- groups and lists ----

bool TreeReader::read_group(const Field& field, const KeyInput& given, const SourceLocation& around,
                            const std::string& path) {
  Input input = given.input;
  Sets below;
  if (!apply_whole_set(field, given, input, below, path)) return false;
  const bool absent = field.kind() == Field::Kind::kOptionalGroup && field.size() == 0;
  if (absent && !given.given()) return true;
  if (input.node && input.node->kind == YamlNode::Kind::kNull) {
    return add(given.place(), path,
               "the value is missing, expected " + what_is_expected(field) + "; {} takes all defaults");
  }
  const std::size_t depth = open_files_.size();
  if (input.node && !follow_name(field.folder_name(), input, path)) return false;
  if (input.node && input.node->kind != YamlNode::Kind::kMap) {
    if (input.node->kind == YamlNode::Kind::kBroken) return false;
    return add(location(input), path, "expected " + what_is_expected(field) + ", found " + input.node->kind_name());
  }
  field.resize(1);
  const SourceLocation place = given.sets.empty() ? around : SourceLocation{set_name_, 0, 0};
  const Schema child = field.element(0);
  const bool good = read_struct(child, input, place, path, below);
  open_files_.resize(depth);
  return good;
}

bool TreeReader::read_list(const Field& field, const KeyInput& given, const SourceLocation& around,
                           const std::string& path) {
  Input input = given.input;
  Sets below;
  if (!apply_whole_set(field, given, input, below, path)) return false;
  bool good = true;
  if (input.node) {
    const YamlNode& node = *input.node;
    if (node.kind == YamlNode::Kind::kBroken) return false;
    if (node.kind == YamlNode::Kind::kNull) {
      return add(given.place(), path, "the value is missing, expected a list; [] is an empty one");
    }
    if (node.kind != YamlNode::Kind::kList) {
      return add(location(input), path, "expected a list, found " + node.kind_name());
    }
    const std::string wrong_count = field.count_error(node.items.size());
    if (!wrong_count.empty()) return add(location(input), path, wrong_count);
    field.resize(0);  // the entries start from their defaults, not from what was there
    field.resize(node.items.size());
    note(path, input, given.key_place.line);
  } else {
    const std::string wrong_count = field.count_error(field.size());
    if (!wrong_count.empty()) good = add(around, path, wrong_count);
    if (origins_) (*origins_)[path] = "default";
  }
  std::map<std::size_t, Sets> by_index;
  for (const SetItem& set : below) {
    const PathStep& step = set.step();
    if (!step.key.empty()) {
      good = add({set_name_, 0, 0}, path, "is a list, write " + join_path(path, std::size_t{0}) + "." + step.key);
    } else if (step.index >= field.size()) {
      good = add({set_name_, 0, 0}, join_path(path, step.index),
                 "the list has " + std::to_string(field.size()) + " entries");
    } else {
      SetItem inner = set;
      ++inner.at;
      by_index[step.index].push_back(std::move(inner));
    }
  }
  for (std::size_t i = 0; i < field.size(); ++i) {
    const Input element{input.node ? &input.node->items[i] : nullptr, input.file};
    good = read_element(field, i, element, by_index[i], join_path(path, i)) && good;
  }
  return good;
}

bool TreeReader::read_element(const Field& field, std::size_t i, Input input, const Sets& sets,
                              const std::string& path) {
  Schema schema = field.element(i);
  KeyInput given;
  given.input = input;
  given.sets = sets;
  Sets below;
  if (!apply_whole_set(field, given, input, below, path)) return false;
  if (!input.node) {  // an entry the program put there: its required keys are not the user's
    note_defaults(schema, path);
    if (below.empty()) return true;
  }
  const std::size_t depth = open_files_.size();
  if (input.node && !follow_name(field.folder_name(), input, path)) return false;
  if (input.node && input.node->kind != YamlNode::Kind::kMap) {
    if (input.node->kind == YamlNode::Kind::kBroken) return false;
    return add(location(input), path, "expected a map or the name of a file, found " + input.node->kind_name());
  }
  const bool good = read_struct(schema, input, {set_name_, 0, 0}, path, below);
  open_files_.resize(depth);
  return good;
}

// ---- overrides and named files ----

bool TreeReader::apply_whole_set(const Field& field, const KeyInput& given, Input& input, Sets& below,
                                 const std::string& path) {
  const SetItem* whole = nullptr;
  for (const SetItem& set : given.sets) {
    if (set.done()) {
      whole = &set;
      below.clear();
    } else {
      below.push_back(set);
    }
  }
  if (!whole) return true;
  YamlNode node;
  const bool is_text = field.is_leaf() && !field.is_map()
                           ? !field.is_vector()
                           : whole->value.empty() || (whole->value[0] != '{' && whole->value[0] != '[');
  Problems found;
  if (is_text) {
    node.kind = YamlNode::Kind::kScalar;
    node.text = whole->value;
    check_text(whole->value, set_name_, found);
  } else {
    parse_yaml(whole->value, set_name_, node, found);
    forget_positions(node);
  }
  for (const Problem& problem : found.items()) add({set_name_, 0, 0}, path, problem.message);
  input = {keep(std::move(node)), &set_name_};
  return found.empty();
}

bool TreeReader::follow_name(const std::string& folder, Input& input, const std::string& path) {
  if (input.node->kind != YamlNode::Kind::kScalar) return true;
  const SourceLocation where = location(input);
  const std::string naming_file = input.file == &set_name_ ? std::string() : *input.file;
  std::string file, error, text;
  if (!find_named_file(input.node->text, folder, base_dir_, naming_file, file, error)) return add(where, path, error);
  const std::string canonical = canonical_name(file);
  for (const std::string& open : open_files_) {
    if (open == canonical) return add(where, path, quoted_for_message(file) + " refers back to itself");
  }
  if (!load_text_file(file, kLargestConfigFile, text, error))
    return add(where, path, quoted_for_message(file) + " " + error);
  note(path, input, where.line);
  names_.push_back(file);
  YamlNode root;
  if (!parse_yaml(text, names_.back(), root, problems_)) return false;
  if (root.kind == YamlNode::Kind::kBroken) return false;
  if (root.kind != YamlNode::Kind::kMap) {
    return add({file, root.line, root.column}, path, "expected a map of keys, found " + root.kind_name());
  }
  input = {keep(std::move(root)), &names_.back()};
  open_files_.push_back(canonical);
  return true;
}

}  // namespace lutetia
