// Shipped graphs for tests, and what is done with them again and again.
#pragma once
#include <gtest/gtest.h>

#include <sstream>

#include "dataflow/cycle.h"
#include "dataflow/graph_reader.h"
#include "dataflow/transaction.h"

namespace lutetia::dataflow {

inline std::string set(const std::string& name, std::uint64_t value) {
  return name + "=" + std::to_string(value);
}

inline std::string text_of(const Problems& problems) {
  std::ostringstream out;
  problems.print(out);
  return out.str();
}

/// configs/dataflow/<name>.yaml
inline Graph shipped(const std::string& name, const std::vector<std::string>& sets) {
  LoadedGraph loaded;
  Problems problems;
  EXPECT_TRUE(read_graph_file(LUTETIA_SOURCE_DIR "/configs/dataflow/" + name + ".yaml", sets, loaded, problems))
      << text_of(problems);
  return loaded.graph;
}

inline void unbound(Graph& graph) {
  for (Channel& c : graph.channels) c.depth = kNoLimit;
}

inline Channel& channel(Graph& graph, const std::string& name) {
  for (Channel& c : graph.channels)
    if (c.name == name) return c;
  ADD_FAILURE() << "no channel " << name;
  return graph.channels.front();
}

/// The transaction body; the graph must not deadlock.
inline GraphRun finished(const Graph& graph, const RunOptions& options = {}) {
  GraphRun run = run_transaction(graph, options);
  EXPECT_EQ(run.status, RunStatus::kFinished) << graph.name;
  return run;
}

}  // namespace lutetia::dataflow
