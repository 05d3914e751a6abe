// Which file a text means that stands where a group is expected: `memory: lpddr5`, `memory: ../memory/mine.yaml`.
#pragma once
#include <string>

namespace lutetia {

/// The folder of named files if the caller gave none: configs/designs/x.yaml -> configs.
std::string default_base_dir(const std::string& top_file);

/// A text ending in .yaml is a path relative to the folder of `naming_file`; any other is <base_dir>/<key>/<text>.yaml
/// and may hold letters, digits, '_', '-', '+' and inner dots only. On failure returns false and what is wrong, with
/// the nearest name and the list of what there is.
bool find_named_file(const std::string& text, const std::string& key, const std::string& base_dir,
                     const std::string& naming_file, std::string& path, std::string& error);

/// The file's one name, whatever way leads to it, to find references in a circle.
std::string canonical_name(const std::string& path);

}  // namespace lutetia
