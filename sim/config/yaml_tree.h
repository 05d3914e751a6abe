// A YAML text as a plain tree with positions: the only place that knows the YAML library. Scalars keep their text; what
// they mean is decided by the schema. Anchors, aliases, tags, merge keys, keys that are not a text, and second
// documents are reported here and leave a kBroken node, which nobody needs to report again.
#pragma once
#include <string>
#include <vector>

#include "base/problem.h"

namespace lutetia {

struct YamlKey {
  std::string text;
  int line = 0, column = 0;
  bool broken = false;  ///< already reported; ignore the entry
};

struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap, kBroken };
  Kind kind = Kind::kNull;
  std::string text;             ///< scalars
  bool quoted = false;          ///< scalars in quotes or block style, i.e. never a number
  int line = 0, column = 0;     ///< from 1; 0 = unknown
  std::vector<YamlKey> keys;    ///< maps, in the order of the file; may hold duplicates
  std::vector<YamlNode> items;  ///< lists; maps: the value of the key with the same index

  /// "a map", "a list", "a text", ... for messages.
  std::string kind_name() const;
};

inline constexpr int kDeepestYaml = 64;
inline constexpr std::size_t kMostYamlNodes = 1'000'000;

/// False if the text is not one readable document; then at least one problem was added. Problems may also be added
/// together with true (broken nodes). Never throws.
bool parse_yaml(const std::string& text, const std::string& name, YamlNode& root, Problems& problems);

}  // namespace lutetia
