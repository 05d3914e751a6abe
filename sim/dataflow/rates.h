// How often every node fires: follows from what the sources make, and must come out even at every channel.
#pragma once
#include "base/problem.h"
#include "dataflow/graph.h"

namespace lutetia::dataflow {

/// Puts the nodes into topological order (those of the file stay in their order where they can), and works out firings,
/// elements and widths. Problems: a circle of nodes, rates or widths that do not fit; paths as in the file, whose order
/// the nodes of `graph` must still have.
bool balance(Graph& graph, Problems& problems);

/// Whether every node that needs a function has one, so that the graph can compute values.
bool has_values(const Graph& graph);

}  // namespace lutetia::dataflow
