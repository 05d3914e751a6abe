#include "workload/json_line.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace lutetia {
namespace {

using Json = nlohmann::json;

// Builds the tree from parser events. Events carry no position, but they come in text order: a cursor of our own walks
// over the same text, one token per event.
class TreeBuilder {
 public:
  using number_integer_t = Json::number_integer_t;
  using number_unsigned_t = Json::number_unsigned_t;
  using number_float_t = Json::number_float_t;
  using string_t = Json::string_t;
  using binary_t = Json::binary_t;

  TreeBuilder(std::string_view text, JsonNode& root) : text_(text), root_(root) {}

  bool null() { return place(JsonNode::Type::kNull) != nullptr; }
  bool boolean(bool value) {
    JsonNode* node = place(JsonNode::Type::kBool);
    if (node != nullptr) node->boolean = value;
    return node != nullptr;
  }
  bool number_integer(number_integer_t value) {
    JsonNode* node = place(JsonNode::Type::kNegative);
    if (node != nullptr) node->negative = value;
    return node != nullptr;
  }
  bool number_unsigned(number_unsigned_t value) {
    JsonNode* node = place(JsonNode::Type::kUnsigned);
    if (node != nullptr) node->number = value;
    return node != nullptr;
  }
  bool number_float(number_float_t, const string_t& text) {
    JsonNode* node = place(JsonNode::Type::kReal);
    if (node != nullptr) node->text = text;
    return node != nullptr;
  }
  bool string(string_t& value) {
    JsonNode* node = place(JsonNode::Type::kString);
    if (node != nullptr) node->text = std::move(value);
    return node != nullptr;
  }
  bool binary(binary_t&) { return false; }  // not in JSON text
  bool start_object(std::size_t) { return open(JsonNode::Type::kObject); }
  bool start_array(std::size_t) { return open(JsonNode::Type::kArray); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(string_t& value) {
    JsonNode& object = *open_.back();
    JsonMember member;
    member.offset = next_token();
    if (object.members.size() >= kMostJsonMembers) {
      error = {true, member.offset, false, "more than " + std::to_string(kMostJsonMembers) + " keys in one object"};
      return false;
    }
    for (const JsonMember& m : object.members) member.repeated = member.repeated || m.key == value;
    member.key = std::move(value);
    object.members.push_back(std::move(member));
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const Json::exception& exception) {
    error.failed = true;
    error.offset = position == 0 ? 0 : position - 1;
    error.at_end = error.offset >= text_.size();
    error.message = exception.what();
    // "[json.exception...] parse error at line 1, column 7: syntax error ...": keep what is behind the position
    const std::size_t column = error.message.find("column ");
    const std::size_t colon = column == std::string::npos ? column : error.message.find(": ", column);
    if (colon != std::string::npos) error.message.erase(0, colon + 2);
    // "; last read: ..." repeats raw text, beginning a token too early
    const std::size_t read = error.message.find("; last read: ");
    if (read != std::string::npos) {
      const std::size_t end = error.message.find("; expected", read);
      error.message.erase(read, end == std::string::npos ? end : end - read);
    }
    const std::size_t bracket = error.message.find("] ");
    if (error.message.compare(0, 1, "[") == 0 && bracket != std::string::npos) error.message.erase(0, bracket + 2);
    return false;
  }

  JsonError error;

 private:
  // Start of the next token; moves the cursor behind it.
  std::size_t next_token() {
    while (cursor_ < text_.size() && std::string_view(" \t\r\n,:").find(text_[cursor_]) != std::string_view::npos)
      ++cursor_;
    const std::size_t start = cursor_;
    if (cursor_ >= text_.size()) return start;
    const char first = text_[cursor_++];
    if (first == '"') {
      while (cursor_ < text_.size() && text_[cursor_] != '"') cursor_ += text_[cursor_] == '\\' ? 2 : 1;
      ++cursor_;
    } else if (std::string_view("{}[]").find(first) == std::string_view::npos) {
      while (cursor_ < text_.size() &&
             std::string_view(" \t\r\n,:{}[]\"").find(text_[cursor_]) == std::string_view::npos)
        ++cursor_;
    }
    return start;
  }

  JsonNode* place(JsonNode::Type type) {
    JsonNode* node = &root_;
    if (!open_.empty()) {
      JsonNode& parent = *open_.back();
      if (parent.type == JsonNode::Type::kObject) {
        node = &parent.members.back().value;
      } else {
        parent.items.emplace_back();  // only the last child is ever open, so growing moves no open node
        node = &parent.items.back();
      }
    }
    node->type = type;
    node->offset = next_token();
    return node;
  }

  bool open(JsonNode::Type type) {
    JsonNode* node = place(type);
    if (open_.size() >= kDeepestJson) {
      error = {true, node->offset, false, "nested deeper than " + std::to_string(kDeepestJson) + " levels"};
      return false;
    }
    open_.push_back(node);
    return true;
  }

  bool close() {
    next_token();
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  JsonNode& root_;
  std::vector<JsonNode*> open_;
  std::size_t cursor_ = 0;
};

}  // namespace

const JsonMember* JsonNode::find(std::string_view key) const {
  for (const JsonMember& m : members)
    if (m.key == key) return &m;
  return nullptr;
}

const char* type_name(JsonNode::Type type) {
  switch (type) {
    case JsonNode::Type::kNull: return "null";
    case JsonNode::Type::kBool: return "a truth value";
    case JsonNode::Type::kUnsigned: return "a whole number";
    case JsonNode::Type::kNegative: return "a negative number";
    case JsonNode::Type::kReal: return "a fraction or a number above 2^64";
    case JsonNode::Type::kString: return "a string";
    case JsonNode::Type::kArray: return "an array";
    case JsonNode::Type::kObject: return "an object";
  }
  return "";
}

JsonError parse_json_line(std::string_view text, JsonNode& out) {
  out = JsonNode();
  TreeBuilder builder(text, out);
  try {
    Json::sax_parse(text.begin(), text.end(), &builder);
  } catch (const std::exception& e) {  // the parser reports through parse_error(); this is memory running out
    builder.error = {true, 0, false, e.what()};
  }
  return builder.error;
}

std::size_t find_invalid_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned char first = byte(i);
    if (first < 0x80) {
      ++i;
      continue;
    }
    // Well-formed sequences: length, and the range of the second byte that excludes overlong forms and surrogates.
    std::size_t length = 0;
    unsigned char low = 0x80, high = 0xbf;
    if (first >= 0xc2 && first <= 0xdf)
      length = 2;
    else if (first >= 0xe0 && first <= 0xef)
      length = 3;
    else if (first >= 0xf0 && first <= 0xf4)
      length = 4;
    if (first == 0xe0) low = 0xa0;
    if (first == 0xed) high = 0x9f;
    if (first == 0xf0) low = 0x90;
    if (first == 0xf4) high = 0x8f;
    if (length == 0 || i + length > text.size() || byte(i + 1) < low || byte(i + 1) > high) return i;
    for (std::size_t j = 2; j < length; ++j)
      if (byte(i + j) < 0x80 || byte(i + j) > 0xbf) return i;
    i += length;
  }
  return std::string_view::npos;
}

}  // namespace lutetia
