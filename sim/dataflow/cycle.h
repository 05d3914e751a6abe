// The cycle body of a graph: every node and FIFO stepped in every cycle, as registers, counters and shift registers,
// and with real values. Written without a look at the recurrences of the transaction body, so that each checks the
// other.
#pragma once
#include "dataflow/run.h"

namespace lutetia::dataflow {

/// With `sources`, elements carry values, and `sinks` (if not null) gets what arrives.
GraphRun run_cycle(const Graph& graph, const RunOptions& options = {}, const SourceValues& sources = nullptr,
                   SinkValues* sinks = nullptr);

}  // namespace lutetia::dataflow
