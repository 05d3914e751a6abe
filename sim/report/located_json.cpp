#include "report/located_json.h"

#include <algorithm>
#include <cstdlib>

namespace lutetia {
namespace {

std::string below(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

}  // namespace

LocatedJson::Place LocatedJson::parse(JsonNode& document) {
  const auto whole_file = [&](const std::string& message) { problems_.add({file_, 0, 0}, "", message); };
  if (text_.empty()) return whole_file("is empty"), Place{};
  const std::size_t foreign = std::min(text_.find('\0'), find_invalid_utf8(text_));
  if (foreign != std::string::npos) return problems_.add(location(foreign), "", "not UTF-8 text"), Place{};
  if (text_.compare(0, 3, "\xEF\xBB\xBF") == 0) return whole_file("begins with a byte order mark"), Place{};
  const JsonError error = parse_json_line(text_, document);
  if (error.failed) {
    const std::string what = error.at_end ? "ends too early: " : "not JSON: ";
    return problems_.add(location(error.offset), "", what + error.message), Place{};
  }
  if (document.type != JsonNode::Type::kObject) return expected("an object", document, ""), Place{};
  return {&document, ""};
}

bool LocatedJson::has(const Place& object, const std::string& key) const {
  return object && object.node->find(key) != nullptr;
}

LocatedJson::Place LocatedJson::object(const Place& parent, const std::string& key) {
  const JsonNode* node = find(parent, key);
  if (node == nullptr) return {};
  const std::string path = below(parent.path, key);
  if (node->type == JsonNode::Type::kObject) return {node, path};
  expected("an object", *node, path);
  return {};
}

std::string LocatedJson::text(const Place& parent, const std::string& key) {
  const JsonNode* node = find(parent, key);
  if (node == nullptr || !printable(*node, below(parent.path, key))) return "";
  return node->text;
}

std::uint64_t LocatedJson::whole(const Place& parent, const std::string& key) {
  const JsonNode* node = find(parent, key);
  if (node == nullptr) return 0;
  if (node->type != JsonNode::Type::kUnsigned) expected("a whole number", *node, below(parent.path, key));
  return node->number;
}

double LocatedJson::number(const Place& parent, const std::string& key) {
  const JsonNode* node = find(parent, key);
  if (node == nullptr) return 0;
  if (node->type == JsonNode::Type::kUnsigned) return static_cast<double>(node->number);
  const double value = node->type == JsonNode::Type::kReal ? std::strtod(node->text.c_str(), nullptr) : -1;
  if (value == 0 || (value >= kLeastNumber && value <= kMostNumber)) return value;
  const bool real = node->type == JsonNode::Type::kReal;
  if (real && value > 0) return fault(*node, below(parent.path, key), "is no plausible number: " + node->text), 0;
  return expected("a number that is not negative", *node, below(parent.path, key)), 0;
}

std::vector<std::string> LocatedJson::texts(const Place& parent, const std::string& key,
                                            const std::string& key_of_objects) {
  std::vector<std::string> out;
  const JsonNode* node = find(parent, key);
  if (node == nullptr) return out;
  const std::string path = below(parent.path, key);
  if (node->type != JsonNode::Type::kArray) return expected("an array", *node, path), out;
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const JsonNode& item = node->items[i];
    const std::string here = path + "[" + std::to_string(i) + "]";
    if (item.type == JsonNode::Type::kObject)
      out.push_back(text({&item, here}, key_of_objects));
    else if (printable(item, here))
      out.push_back(item.text);
  }
  return out;
}

std::size_t LocatedJson::items(const Place& parent, const std::string& key) {
  const JsonNode* node = find(parent, key);
  if (node == nullptr) return 0;
  if (node->type != JsonNode::Type::kArray) expected("an array", *node, below(parent.path, key));
  return node->items.size();
}

void LocatedJson::fault(const JsonNode& node, const std::string& path, const std::string& message) {
  problems_.add(location(node.offset), path, message);
}

void LocatedJson::fault(const Place& place, const std::string& key, const std::string& message) {
  const JsonMember* member = place.node->find(key);
  fault(member != nullptr ? member->value : *place.node, below(place.path, key), message);
}

const JsonNode* LocatedJson::find(const Place& parent, const std::string& key) {
  if (!parent) return nullptr;
  const JsonNode* found = nullptr;
  for (const JsonMember& member : parent.node->members) {
    if (member.key != key) continue;
    if (found != nullptr) problems_.add(location(member.offset), below(parent.path, key), "given twice");
    if (found == nullptr) found = &member.value;
  }
  if (found == nullptr) fault(*parent.node, below(parent.path, key), "is missing");
  return found;
}

// Texts of the file end up on a terminal, where a control character could do harm.
bool LocatedJson::printable(const JsonNode& node, const std::string& path) {
  if (node.type != JsonNode::Type::kString) return expected("a text", node, path), false;
  const bool control = std::any_of(node.text.begin(), node.text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
  if (control) fault(node, path, "holds control characters");
  return !control;
}

void LocatedJson::expected(const std::string& what, const JsonNode& node, const std::string& path) {
  fault(node, path, "expected " + what + ", got " + type_name(node.type));
}

SourceLocation LocatedJson::location(std::size_t offset) const {
  const std::size_t end = std::min(offset, text_.size());
  const auto begin = text_.begin();
  const auto newlines = std::count(begin, begin + static_cast<std::ptrdiff_t>(end), '\n');
  const std::size_t before = end == 0 ? std::string::npos : text_.rfind('\n', end - 1);
  const std::size_t column = before == std::string::npos ? end + 1 : end - before;
  return {file_, static_cast<int>(newlines) + 1, static_cast<int>(column)};
}

}  // namespace lutetia
