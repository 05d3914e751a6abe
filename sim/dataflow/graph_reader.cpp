#include "dataflow/graph_reader.h"

#include <algorithm>

#include "base/nearest.h"
#include "config/read.h"
#include "config/set_path.h"
#include "config/text_file.h"
#include "config/value.h"

namespace lutetia::dataflow {
namespace {

/// Where a problem of resolve() is: at the key itself, else at the name of the node or channel that has it.
SourceLocation place_of(const std::string& path, const LoadedGraph& graph) {
  const std::string element = path.substr(0, path.find(']') == std::string::npos ? 0 : path.find(']') + 1);
  for (const std::string& key : {path, element + ".name", element + ".from"}) {
    const auto origin = graph.origins.find(key);
    if (origin != graph.origins.end() && origin->second != "default")
      return origin_location(graph.origins, graph.file, key);
  }
  return {graph.file, 0, 0};
}

/// --set NAME=VALUE for a parameter becomes a path; a name that is neither is reported here, with those there are.
std::vector<std::string> full_paths(const std::vector<std::string>& sets, const GraphConfig& config,
                                    Problems& problems) {
  const std::vector<std::string> keys = prototype_of<GraphConfig>().keys();
  std::vector<std::string> names, out;
  for (const auto& entry : config.parameters) names.push_back(entry.first);
  for (const std::string& set : sets) {
    SetItem item;
    if (!parse_set(set, item)) {
      out.push_back(set);  // the reader says what is wrong with it
      continue;
    }
    const bool of_graph = std::find(keys.begin(), keys.end(), item.steps[0].key) != keys.end();
    const bool below = item.steps[0].key == "parameters" && item.steps.size() == 2;
    const std::string& name = below ? item.steps[1].key : item.steps[0].key;
    if (of_graph && !below) {
      out.push_back(set);
    } else if (config.parameters.count(name) != 0 && item.steps.size() == (below ? 2u : 1u)) {
      out.push_back("parameters." + name + "=" + item.value);
    } else {
      problems.add({"--set", 0, 0}, name,
                   "no such parameter" + did_you_mean(name, names) + "; parameters: " + joined(names));
    }
  }
  return out;
}

}  // namespace

bool read_graph_text(const std::string& text, const std::string& name, const std::vector<std::string>& sets,
                     LoadedGraph& out, Problems& problems) {
  out = {};
  out.file = name;
  ReadOptions options;
  if (!sets.empty()) {
    GraphConfig as_written;
    Problems again;  // reported by the reading below
    read_yaml_text(text, name, as_written, again);
    const std::size_t before = problems.size();
    options.sets = full_paths(sets, as_written, problems);
    if (problems.size() != before) return problems.append(again), false;
  }
  if (!read_yaml_text(text, name, out.config, problems, options, &out.origins)) return false;
  Problems found;
  resolve(out.config, out.graph, found);
  for (const Problem& p : found.items()) problems.add(place_of(p.path, out), p.path, p.message);
  return found.empty();
}

bool read_graph_file(const std::string& file, const std::vector<std::string>& sets, LoadedGraph& out,
                     Problems& problems) {
  std::string text, error;
  if (!load_text_file(file, kLargestConfigFile, text, error)) return problems.add({file, 0, 0}, "", error), false;
  return read_graph_text(text, file, sets, out, problems);
}

}  // namespace lutetia::dataflow
