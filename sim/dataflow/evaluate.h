// The values that a graph computes, without time: what the transaction body goes with when values are wanted. A graph
// whose nodes wait only for elements and room (a Kahn network) has one result, whatever the depths and latencies.
#pragma once
#include "dataflow/run.h"

namespace lutetia::dataflow {

/// The graph must have values (rates.h). FIFOs are as deep as they need to be.
SinkValues evaluate(const Graph& graph, const SourceValues& sources);

}  // namespace lutetia::dataflow
