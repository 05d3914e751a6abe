// Why a graph stands still, in the structure and words of kernel/deadlock.h: each node's state, the circle of nodes
// that wait for each other, the full FIFOs on it, and how deep they must be for the run to pass.
#pragma once
#include "dataflow/run.h"
#include "kernel/deadlock.h"

namespace lutetia::dataflow {

/// From the counts of a run that ended in a deadlock, whichever body it was.
DeadlockReport diagnose(const Graph& graph, const GraphRun& run);

/// Fills depths[].sufficient and cured_by_depth. The FIFOs to blame lose their bound until the run passes; what they
/// then held is enough, and the least of that is found by bisection (whether a graph deadlocks depends on depths alone,
/// and more never hurts). Last, a run with exactly these depths must pass.
void find_sufficient_depths(const Graph& graph, const RunOptions& options, DeadlockReport& report);

}  // namespace lutetia::dataflow
