#include "cost/map_reader.h"

#include <cmath>
#include <utility>

#include "base/nearest.h"
#include "config/value.h"

namespace lutetia {
namespace {

std::string shortened(const std::string& key) {
  return key.size() <= 60 ? key : key.substr(0, 60) + "...";
}

std::string range_text(double low, double high) {
  const auto text = [](double x) { return value_text(Value(x)); };
  if (high >= 1e18) return low <= -1e18 ? "" : " of at least " + text(low);
  return " from " + text(low) + " to " + text(high);
}

}  // namespace

const YamlNode& MapReader::nothing() {
  static const YamlNode kNothing = [] {
    YamlNode node;
    node.kind = YamlNode::Kind::kMap;
    return node;
  }();
  return kNothing;
}

MapReader::MapReader(const YamlNode& map, std::string file, std::string path, Problems& problems)
    : map_(&map), file_(std::move(file)), path_(std::move(path)), problems_(problems) {
  good_ = map.kind == YamlNode::Kind::kMap;
  if (!good_) {
    if (map.kind != YamlNode::Kind::kBroken)
      problems_.add({file_, map.line, map.column}, path_, "expected a map of keys, found " + map.kind_name());
    map_ = &nothing();
    return;
  }
  std::map<std::string, int> first;
  for (const YamlKey& key : map.keys) {
    if (key.broken) continue;
    const auto [at, is_new] = first.emplace(key.text, key.line);
    if (!is_new)
      problems_.add({file_, key.line, key.column}, path_of(shortened(key.text)),
                    "duplicate key, first on line " + std::to_string(at->second));
  }
}

std::vector<std::string> MapReader::keys() const {
  std::vector<std::string> out;
  std::map<std::string, bool> seen;
  for (const YamlKey& key : map_->keys)
    if (!key.broken && !std::exchange(seen[key.text], true)) out.push_back(key.text);
  return out;
}

const YamlNode* MapReader::find(const std::string& key) const {
  for (std::size_t i = 0; i < map_->keys.size(); ++i)
    if (!map_->keys[i].broken && map_->keys[i].text == key) return &map_->items[i];
  return nullptr;
}

SourceLocation MapReader::place_of_key(const std::string& key) const {
  for (const YamlKey& k : map_->keys)
    if (!k.broken && k.text == key) return {file_, k.line, k.column};
  return {file_, map_->line, map_->column};
}

bool MapReader::fault(const std::string& key, const std::string& message) {
  problems_.add(place_of_key(key), path_of(shortened(key)), message);
  return false;
}

bool MapReader::text(const std::string& key, std::string& out, bool required) {
  know(key);
  const YamlNode* node = find(key);
  if (node == nullptr) return required ? fault(key, "required key is missing") : true;
  if (node->kind == YamlNode::Kind::kBroken) return false;
  if (node->kind != YamlNode::Kind::kScalar) return fault(key, "expected a text, found " + node->kind_name());
  out = node->text;
  return true;
}

bool MapReader::number_of(const YamlNode& node, const std::string& key, double& out, double low, double high,
                          const std::string& unit) {
  if (node.kind == YamlNode::Kind::kBroken) return false;
  const std::string wanted = "expected a number" + range_text(low, high) + (unit.empty() ? "" : " in " + unit);
  if (node.kind != YamlNode::Kind::kScalar) return fault(key, wanted + ", found " + node.kind_name());
  std::string text = node.text;
  if (!unit.empty() && text.size() > unit.size() && text.compare(text.size() - unit.size(), unit.size(), unit) == 0) {
    text.resize(text.size() - unit.size());
    while (!text.empty() && text.back() == ' ') text.pop_back();
  }
  const ParsedValue parsed = parse_value(text, ValueType::kDouble);
  if (!parsed.error.empty() || (node.quoted && unit.empty()))
    return fault(key, wanted + ", got " + quoted_for_message(node.text));
  const double value = std::get<double>(parsed.value);
  if (!std::isfinite(value) || value < low || value > high)
    return fault(key, wanted + ", got " + quoted_for_message(node.text));
  out = value;
  return true;
}

bool MapReader::whole_of(const YamlNode& node, const std::string& key, std::int64_t& out) {
  if (node.kind == YamlNode::Kind::kBroken) return false;
  if (node.kind != YamlNode::Kind::kScalar) return fault(key, "expected a whole number, found " + node.kind_name());
  const ParsedValue parsed = parse_value(node.text, ValueType::kInt64);
  constexpr std::int64_t kMost = std::int64_t{1} << 53;  // what expressions take
  const std::int64_t value = parsed.error.empty() ? std::get<std::int64_t>(parsed.value) : 0;
  if (!parsed.error.empty() || node.quoted || value > kMost || value < -kMost)
    return fault(key, "expected a whole number, got " + quoted_for_message(node.text));
  out = value;
  return true;
}

bool MapReader::number(const std::string& key, double& out, double low, double high, bool required,
                       const std::string& unit) {
  know(key);
  const YamlNode* node = find(key);
  if (node == nullptr) return required ? fault(key, "required key is missing") : true;
  return number_of(*node, key, out, low, high, unit);
}

bool MapReader::whole(const std::string& key, std::int64_t& out, bool required) {
  know(key);
  const YamlNode* node = find(key);
  if (node == nullptr) return required ? fault(key, "required key is missing") : true;
  return whole_of(*node, key, out);
}

MapReader MapReader::map(const std::string& key, bool required) {
  know(key);
  const YamlNode* node = find(key);
  if (node == nullptr && required) fault(key, "required key is missing");
  if (node != nullptr && node->kind == YamlNode::Kind::kNull) {  // which has no place of its own
    fault(key, "the value is missing, expected a map");
    node = nullptr;
  }
  return MapReader(node == nullptr ? nothing() : *node, file_, path_of(shortened(key)), problems_);
}

void MapReader::finish() {
  std::vector<std::string> known;
  for (const auto& entry : asked_) known.push_back(entry.first);
  for (const std::string& key : keys())
    if (asked_.count(key) == 0)
      fault(key, "unknown key" + did_you_mean(key, known) + (did_you_mean(key, known).empty() ? "." : "") +
                     " Known keys: " + joined(known));
}

}  // namespace lutetia
