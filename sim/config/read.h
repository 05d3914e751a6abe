// Reads a described struct from YAML. Every fault is a Problem with file:line:column and dotted path; all of them are
// collected, nothing is thrown, and a bad value is never assigned (the member keeps its default). A text where a group
// is expected names a file: `memory: lpddr5` is <base_dir>/memory/lpddr5.yaml, `memory: ./mine.yaml` is relative to
// the file that says so. No anchors, aliases, merge keys, tags, or second documents.
#pragma once
#include <string>
#include <vector>

#include "base/problem.h"
#include "config/origins.h"
#include "config/schema.h"

namespace lutetia {

struct ReadOptions {
  /// "lut_core.rows=4", "levels[1].size=64KiB", "memory=lpddr5"; a later one overrides an earlier one and the file.
  /// Their problems have the file "--set", line and column 0.
  std::vector<std::string> sets;
  /// The folder of named files; if empty, the parent of the folder the top file is in (configs/designs/x.yaml ->
  /// configs).
  std::string base_dir;
};

/// Files above this size are refused; so are more values or deeper nesting than any configuration needs.
inline constexpr std::size_t kLargestConfigFile = std::size_t{16} << 20;

/// The type-erased readers. True if no problem was found. `origins`, if given, is filled for every leaf.
bool read_yaml_file(const std::string& path, Schema& schema, Problems& problems, const ReadOptions& options,
                    Origins* origins);
/// `name` stands for the file in messages and, if it has folders, for relative references.
bool read_yaml_text(const std::string& text, const std::string& name, Schema& schema, Problems& problems,
                    const ReadOptions& options, Origins* origins);

/// Reads the file into `out`, whose present content is the default. True if no problem was found.
template <class T>
bool read_yaml_file(const std::string& path, T& out, Problems& problems, const ReadOptions& options = {},
                    Origins* origins = nullptr) {
  Schema schema = schema_of(out);
  return read_yaml_file(path, schema, problems, options, origins);
}

template <class T>
bool read_yaml_text(const std::string& text, const std::string& name, T& out, Problems& problems,
                    const ReadOptions& options = {}, Origins* origins = nullptr) {
  Schema schema = schema_of(out);
  return read_yaml_text(text, name, schema, problems, options, origins);
}

}  // namespace lutetia
