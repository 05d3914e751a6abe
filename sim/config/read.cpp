#include "config/read.h"

#include "config/named_file.h"
#include "config/text_file.h"
#include "config/tree_reader.h"
#include "config/value.h"
#include "config/yaml_tree.h"

namespace lutetia {

bool read_yaml_file(const std::string& path, Schema& schema, Problems& problems, const ReadOptions& options,
                    Origins* origins) {
  std::string text, error;
  if (!load_text_file(path, kLargestConfigFile, text, error)) {
    problems.add({path, 0, 0}, "", error);
    return false;
  }
  return read_yaml_text(text, path, schema, problems, options, origins);
}

bool read_yaml_text(const std::string& text, const std::string& name, Schema& schema, Problems& problems,
                    const ReadOptions& options, Origins* origins) {
  const std::size_t before = problems.size();
  std::vector<SetItem> sets;
  for (const std::string& set : options.sets) {
    SetItem item;
    if (parse_set(set, item)) {
      sets.push_back(std::move(item));
    } else {
      problems.add({"--set", 0, 0}, "", "expected path=value, e.g. lut_core.rows=4, got " + quoted_for_message(set));
    }
  }
  if (text.size() > kLargestConfigFile) {
    problems.add({name, 0, 0}, "", "is larger than " + std::to_string(kLargestConfigFile >> 20) + " MiB");
    return false;
  }
  YamlNode root;
  if (parse_yaml(text, name, root, problems)) {
    const std::string base_dir = options.base_dir.empty() ? default_base_dir(name) : options.base_dir;
    TreeReader(problems, base_dir, origins).read(root, name, schema, sets);
  }
  return problems.size() == before;
}

}  // namespace lutetia
