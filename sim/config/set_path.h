// "lut_core.rows=4", "levels[2].size=64KiB": one override of a configuration value, taken apart.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lutetia {

/// One step into a configuration: a key of a struct, or the index of a list.
struct PathStep {
  std::string key;  ///< empty for an index
  std::size_t index = 0;
};

struct SetItem {
  std::vector<PathStep> steps;
  std::string value;
  std::size_t at = 0;  ///< steps already taken by the reader

  bool done() const { return at == steps.size(); }
  const PathStep& step() const { return steps[at]; }
};

/// "a.b[2].c" -> key a, key b, index 2, key c. False if it is malformed or empty.
bool parse_path(std::string_view text, std::vector<PathStep>& steps);
/// "path=value"; the value is everything behind the first '='.
bool parse_set(std::string_view text, SetItem& item);

/// parent.key, or key at the top.
std::string join_path(const std::string& parent, const std::string& key);
/// list[index]
std::string join_path(const std::string& list, std::size_t index);

}  // namespace lutetia
