// Reads a map of a YAML tree key by key: what nobody asked for is an unknown key. For files whose maps have names and
// expressions of their own as keys, which a Schema cannot describe. Problems are located.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/problem.h"
#include "config/yaml_tree.h"

namespace lutetia {

class MapReader {
 public:
  /// `path` is the map's own dotted path.
  MapReader(const YamlNode& map, std::string file, std::string path, Problems& problems);

  bool is_map() const { return good_; }
  /// Makes the key a known one.
  bool has(const std::string& key) {
    know(key);
    return find(key) != nullptr;
  }
  /// Keys in the order of the file, each once.
  std::vector<std::string> keys() const;
  const YamlNode* find(const std::string& key) const;

  /// The value of a key, if it is there; a missing one that is needed is a problem.
  bool text(const std::string& key, std::string& out, bool required = false);
  /// A finite number within low .. high. `unit` may stand behind it ("1.8V").
  bool number(const std::string& key, double& out, double low, double high, bool required = false,
              const std::string& unit = "");
  bool whole(const std::string& key, std::int64_t& out, bool required = false);
  /// A map below; an empty one, with a problem if required, if it is missing.
  MapReader map(const std::string& key, bool required = false);
  /// Any scalar of any key as a number: for maps whose keys are not known.
  bool number_of(const YamlNode& node, const std::string& key, double& out, double low, double high,
                 const std::string& unit = "");
  bool whole_of(const YamlNode& node, const std::string& key, std::int64_t& out);

  /// Reports every key that was not asked for.
  void finish();
  /// Those keys are known, and read elsewhere.
  void know(const std::string& key) { asked_[key] = true; }

  std::string path_of(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }
  SourceLocation place_of_key(const std::string& key) const;
  /// Always false.
  bool fault(const std::string& key, const std::string& message);

 private:
  static const YamlNode& nothing();

  const YamlNode* map_;
  std::string file_, path_;
  Problems& problems_;
  std::map<std::string, bool> asked_;
  bool good_ = false;
};

}  // namespace lutetia
