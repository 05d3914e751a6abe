// Reads a graph from a file: parameters by --set, every fault with its place.
#pragma once
#include <string>
#include <vector>

#include "base/problem.h"
#include "config/origins.h"
#include "dataflow/graph.h"

namespace lutetia::dataflow {

struct LoadedGraph {
  GraphConfig config;
  Graph graph;
  Origins origins;
  std::string file;
};

/// `sets`: "length=2048" for a parameter, or a path as everywhere ("channels[2].depth=4"). True if no problem was
/// found.
bool read_graph_file(const std::string& file, const std::vector<std::string>& sets, LoadedGraph& out,
                     Problems& problems);
/// `name` stands for the file in messages.
bool read_graph_text(const std::string& text, const std::string& name, const std::vector<std::string>& sets,
                     LoadedGraph& out, Problems& problems);

}  // namespace lutetia::dataflow
