// Reads the members of one JSON object of a trace by key, type and range, and reports what is wrong at its place.
#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "numeric/number_format.h"
#include "workload/json_line.h"
#include "workload/trace_problems.h"

namespace lutetia {

/// A value that cannot be used is reported once and comes back empty; so does an absent key, without a report.
class ObjectReader {
 public:
  /// `path` is the object's place in messages, e.g. "tensors[1]"; the node must outlive the reader.
  ObjectReader(const JsonNode& node, std::string path, TraceProblems& problems)
      : node_(node), path_(std::move(path)), problems_(problems) {}

  /// False if the node is no object; otherwise reports unknown (with the nearest known), repeated and missing keys. A
  /// declared key ending in '?' may be left out.
  bool check(std::initializer_list<std::string_view> declared);

  /// The value of a key if it has that type.
  const JsonNode* value(std::string_view key, JsonNode::Type type);
  std::optional<std::string> text(std::string_view key);
  /// A text that is not empty.
  std::optional<std::string> word(std::string_view key);
  /// A whole number, bounds included.
  std::optional<std::uint64_t> number(std::string_view key, std::uint64_t low, std::uint64_t high);
  std::optional<std::uint64_t> number(const JsonNode& v, const std::string& path, std::uint64_t low,
                                      std::uint64_t high);
  /// One of a list of names; its index. `what` names the kind of thing in the message.
  std::optional<std::size_t> choice(std::string_view key, const std::vector<std::string_view>& names, const char* what);
  const NumberFormat* format(std::string_view key);

  /// "path.key".
  std::string at(std::string_view key) const;
  /// Where the value of that key stands, or the object itself.
  std::size_t offset(std::string_view key) const;
  const JsonNode& node() const { return node_; }

 private:
  const JsonNode& node_;
  std::string path_;
  TraceProblems& problems_;
};

}  // namespace lutetia
