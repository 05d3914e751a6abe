#include "workload/object_reader.h"

#include <algorithm>

#include "base/nearest.h"

namespace lutetia {

std::string with_suggestion(std::string_view text, const std::vector<std::string_view>& known) {
  const std::vector<std::string> names(known.begin(), known.end());
  const std::string suggestion = did_you_mean(text, names);
  return quoted_for_message(text) + (suggestion.empty() ? "; known: " + joined(names) : suggestion);
}

bool ObjectReader::check(std::initializer_list<std::string_view> declared) {
  if (node_.type != JsonNode::Type::kObject) {
    problems_.add(node_.offset, path_, std::string("expected an object, got ") + type_name(node_.type));
    return false;
  }
  std::vector<std::string_view> known;
  for (std::string_view d : declared) known.push_back(d.back() == '?' ? d.substr(0, d.size() - 1) : d);
  for (const JsonMember& m : node_.members) {
    if (m.repeated)
      problems_.add(m.offset, at(m.key), "duplicate key");
    else if (std::find(known.begin(), known.end(), m.key) == known.end())
      problems_.add(m.offset, path_, "unknown key " + with_suggestion(m.key, known));
  }
  for (std::string_view d : declared)
    if (d.back() != '?' && node_.find(d) == nullptr)
      problems_.add(node_.offset, path_, "required key \"" + std::string(d) + "\" is missing");
  return true;
}

std::string ObjectReader::at(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

const JsonNode* ObjectReader::value(std::string_view key, JsonNode::Type type) {
  const JsonMember* m = node_.find(key);
  if (m == nullptr) return nullptr;
  if (m->value.type == type) return &m->value;
  problems_.add(m->value.offset, at(key),
                std::string("expected ") + type_name(type) + ", got " + type_name(m->value.type));
  return nullptr;
}

std::optional<std::string> ObjectReader::text(std::string_view key) {
  const JsonNode* v = value(key, JsonNode::Type::kString);
  if (v == nullptr) return std::nullopt;
  return v->text;
}

std::optional<std::string> ObjectReader::word(std::string_view key) {
  const JsonNode* v = value(key, JsonNode::Type::kString);
  if (v == nullptr) return std::nullopt;
  if (v->text.empty()) {
    problems_.add(v->offset, at(key), "must not be empty");
    return std::nullopt;
  }
  return v->text;
}

std::optional<std::uint64_t> ObjectReader::number(std::string_view key, std::uint64_t low, std::uint64_t high) {
  const JsonMember* m = node_.find(key);
  if (m == nullptr) return std::nullopt;
  return number(m->value, at(key), low, high);
}

std::optional<std::uint64_t> ObjectReader::number(const JsonNode& v, const std::string& path, std::uint64_t low,
                                                  std::uint64_t high) {
  const bool whole = v.type == JsonNode::Type::kUnsigned;
  if (whole && v.number >= low && v.number <= high) return v.number;
  if (whole || v.type == JsonNode::Type::kNegative || v.type == JsonNode::Type::kReal) {
    const std::string shown = whole                                 ? std::to_string(v.number)
                              : v.type == JsonNode::Type::kNegative ? std::to_string(v.negative)
                                                                    : v.text.substr(0, 40);
    const bool fraction = v.type == JsonNode::Type::kReal && v.text.find_first_of(".eE") != std::string::npos;
    problems_.add(v.offset, path,
                  fraction ? "expected a whole number, got " + shown
                           : shown + " is outside " + std::to_string(low) + ".." + std::to_string(high));
  } else {
    problems_.add(v.offset, path, std::string("expected a whole number, got ") + type_name(v.type));
  }
  return std::nullopt;
}

std::optional<std::size_t> ObjectReader::choice(std::string_view key, const std::vector<std::string_view>& names,
                                                const char* what) {
  const JsonNode* v = value(key, JsonNode::Type::kString);
  if (v == nullptr) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), v->text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  problems_.add(v->offset, at(key), std::string("unknown ") + what + " " + with_suggestion(v->text, names));
  return std::nullopt;
}

const NumberFormat* ObjectReader::format(std::string_view key) {
  std::vector<std::string_view> names;
  for (const NumberFormat& f : number_formats()) names.push_back(f.name);
  const std::optional<std::size_t> i = choice(key, names, "format");
  return i ? &number_formats()[*i] : nullptr;
}

std::size_t ObjectReader::offset(std::string_view key) const {
  const JsonMember* m = node_.find(key);
  return m != nullptr ? m->value.offset : node_.offset;
}

}  // namespace lutetia
