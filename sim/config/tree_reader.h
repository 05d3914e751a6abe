// Walks a schema and a YAML tree together and assigns what is good: the heart of read.h, not for other folders.
#pragma once
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/problem.h"
#include "config/origins.h"
#include "config/schema.h"
#include "config/set_path.h"
#include "config/yaml_tree.h"

namespace lutetia {

class TreeReader {
 public:
  /// `origins` may be null.
  TreeReader(Problems& problems, std::string base_dir, Origins* origins)
      : problems_(problems), base_dir_(std::move(base_dir)), origins_(origins) {}

  /// `name` names the file in problems and is what relative references start from. True if all is good.
  bool read(const YamlNode& root, const std::string& name, const Schema& schema, const std::vector<SetItem>& sets);

 private:
  using Sets = std::vector<SetItem>;
  /// A node and the file it is from; the node is null where the user wrote nothing.
  struct Input {
    const YamlNode* node = nullptr;
    const std::string* file = nullptr;
  };
  /// What the user said about one key of a struct.
  struct KeyInput {
    Input input;
    SourceLocation key_place;
    Sets sets;
    bool given() const { return input.node != nullptr || !sets.empty(); }
    SourceLocation place() const;
  };
  using KeyInputs = std::map<std::string, KeyInput>;

  bool read_struct(const Schema& schema, Input input, const SourceLocation& around, const std::string& path,
                   const Sets& sets);
  bool collect_keys(const Schema& schema, Input map, const std::string& path, KeyInputs& inputs);
  bool collect_sets(const Schema& schema, const Sets& sets, const std::string& path, KeyInputs& inputs);
  bool check_rules(const Schema& schema, const KeyInputs& inputs, const SourceLocation& place, const std::string& path,
                   const std::map<std::string, bool>& good);

  bool read_leaf(const Field& field, const KeyInput& given, const std::string& path);
  bool assign(const Field& field, Input input, const SourceLocation& key_place, const std::string& path);
  bool read_map(const Field& field, const KeyInput& given, const std::string& path);
  /// One value of a leaf; appends it to `values` if it is good.
  bool parse_scalar(const Field& field, const YamlNode& node, const std::string& file, const std::string& path,
                    std::vector<Value>& values);
  bool read_group(const Field& field, const KeyInput& given, const SourceLocation& around, const std::string& path);
  bool read_list(const Field& field, const KeyInput& given, const SourceLocation& around, const std::string& path);
  bool read_element(const Field& field, std::size_t i, Input input, const Sets& sets, const std::string& path);

  /// The last override of the field as a whole, as a node; the overrides that go deeper and come after it stay in
  /// `below`. False if it cannot be read.
  bool apply_whole_set(const Field& field, const KeyInput& given, Input& input, Sets& below, const std::string& path);
  /// If the node is a text, loads the file it names and enters it.
  bool follow_name(const std::string& folder, Input& input, const std::string& path);

  bool add(const SourceLocation& where, const std::string& path, const std::string& message);
  /// Records where the value of a path came from.
  void note(const std::string& path, const Input& input, int line);
  void note_defaults(const Schema& schema, const std::string& path);
  static SourceLocation location(const Input& input);
  const YamlNode* keep(YamlNode node);

  Problems& problems_;
  std::string base_dir_;
  Origins* origins_;
  std::deque<YamlNode> nodes_;  // deques: inputs keep pointers into them
  std::deque<std::string> names_;
  std::vector<std::string> open_files_;  // canonical names of the files being read, outermost first
  const std::string set_name_ = "--set";
  static constexpr int kMostFaults = 1000;
  int faults_ = 0;
};

}  // namespace lutetia
