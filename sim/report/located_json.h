// Fields of a JSON file, asked for by key: what is missing or of another kind becomes a problem with line, column and
// path. For documents of our own that users hand back; keys that nobody asks for are ignored.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/problem.h"
#include "workload/json_line.h"

namespace lutetia {

class LocatedJson {
 public:
  static constexpr double kLeastNumber = 1e-30, kMostNumber = 1e40;

  /// An object and the path that leads to it; absent where it was missing, and then all below it is, silently.
  struct Place {
    const JsonNode* node = nullptr;
    std::string path;
    explicit operator bool() const { return node != nullptr; }
  };

  LocatedJson(const std::string& text, std::string file, Problems& problems)
      : text_(text), file_(std::move(file)), problems_(problems) {}

  /// Parses the text, which must be one object. The document must outlive all places.
  Place parse(JsonNode& document);

  bool has(const Place& object, const std::string& key) const;
  Place object(const Place& parent, const std::string& key);
  /// Printable.
  std::string text(const Place& parent, const std::string& key);
  std::uint64_t whole(const Place& parent, const std::string& key);
  /// 0, or in kLeastNumber..kMostNumber: what lies outside is no measurement, and quotients of it would overflow.
  double number(const Place& parent, const std::string& key);
  /// An array of texts, or of objects that have their text under `key_of_objects`.
  std::vector<std::string> texts(const Place& parent, const std::string& key, const std::string& key_of_objects);
  /// How many items an array has.
  std::size_t items(const Place& parent, const std::string& key);

  void fault(const JsonNode& node, const std::string& path, const std::string& message);
  void fault(const Place& place, const std::string& key, const std::string& message);

 private:
  const JsonNode* find(const Place& parent, const std::string& key);
  bool printable(const JsonNode& node, const std::string& path);
  void expected(const std::string& what, const JsonNode& node, const std::string& path);
  SourceLocation location(std::size_t offset) const;

  const std::string& text_;
  std::string file_;
  Problems& problems_;
};

}  // namespace lutetia
