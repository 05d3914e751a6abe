// Off-chip bandwidth that several nodes share, without a queue at the memory: who waits for whom would depend on the
// order in which nodes are simulated. Instead each firing lasts as long as its own bytes take, and of the nodes of a
// port those that fire most often are slowed down until the bytes of all of them fit in the time of their firings. So a
// run never moves more than the bandwidth on the whole, and where the others fire evenly between, it moves just that.
// What is left out: that the transfers of the others are delayed (a burst of theirs is served at once), and that nodes
// which fire equally often could have the part of one that rests.
#pragma once
#include "base/problem.h"
#include "dataflow/graph.h"

namespace lutetia::dataflow {

/// Raises initiation intervals, of a graph whose firings are known. False if the bytes of a port cannot be counted.
bool share_memory(Graph& graph, Problems& problems);

}  // namespace lutetia::dataflow
