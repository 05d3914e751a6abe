// The transaction body of a graph: the recurrences of node_stamps.h, each node run as far as its FIFOs allow, in turn.
// The graph has no circles and no node chooses what to wait for, so the order of evaluation changes no stamp; and every
// stamp is a maximum of earlier ones plus constants, so rows that repeat the one before can be skipped
// (periodic_rows.h). Time is never stepped; nothing is allocated per event.
#pragma once
#include "dataflow/run.h"

namespace lutetia::dataflow {

GraphRun run_transaction(const Graph& graph, const RunOptions& options = {});

}  // namespace lutetia::dataflow
