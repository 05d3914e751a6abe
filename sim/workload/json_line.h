// One line of JSON as a tree that remembers where everything stood and in which order, so that a reader can point at
// the key or value at fault. Objects keep their members in file order; a key written twice is kept and reported.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lutetia {

struct JsonMember;

struct JsonNode {
  enum class Type : std::uint8_t { kNull, kBool, kUnsigned, kNegative, kReal, kString, kArray, kObject };
  Type type = Type::kNull;
  std::size_t offset = 0;  ///< byte of the value's first character, from 0
  bool boolean = false;
  std::uint64_t number = 0;         ///< kUnsigned
  std::int64_t negative = 0;        ///< kNegative
  std::string text;                 ///< kString: the text; kReal: as written (also whole numbers above 2^64)
  std::vector<JsonNode> items;      ///< kArray
  std::vector<JsonMember> members;  ///< kObject, duplicates included

  /// First member of that key, or nullptr.
  const JsonMember* find(std::string_view key) const;
};

struct JsonMember {
  std::string key;
  std::size_t offset = 0;  ///< byte of the key's opening quote, from 0
  bool repeated = false;   ///< an earlier member has the same key
  JsonNode value;
};

/// "an object", "a string", ... as in "expected ..., got a string".
const char* type_name(JsonNode::Type type);

struct JsonError {
  bool failed = false;
  std::size_t offset = 0;  ///< byte at which the text stops being JSON, from 0
  bool at_end = false;     ///< the text ended too early
  std::string message;     ///< without position
};

/// Nesting deeper than this, and objects with more keys, are refused.
inline constexpr std::size_t kDeepestJson = 16;
inline constexpr std::size_t kMostJsonMembers = 1024;

/// Parses the whole text, which must be one JSON value. Never throws. The text must be free of NUL bytes and must not
/// start with a byte order mark.
JsonError parse_json_line(std::string_view text, JsonNode& out);

/// Offset of the first byte that is not part of well-formed UTF-8 (RFC 3629), or npos.
std::size_t find_invalid_utf8(std::string_view text);

}  // namespace lutetia
