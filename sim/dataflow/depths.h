// How deep the FIFOs of a graph must be for full throughput: for as many cycles as with unbounded ones.
#pragma once
#include "dataflow/run.h"

namespace lutetia::dataflow {

struct FifoDepths {
  struct Row {
    std::uint64_t occupancy = 0;  ///< most slots held in the run without bounds
    bool at_least = false;        ///< it was more than what is tracked
    std::uint64_t minimal = 0;    ///< least depth at full throughput; 0 = not found
  };
  Cycle cycles = 0;  ///< without bounds
  bool interrupted = false;
  bool verified = false;    ///< a run with all minimal depths at once takes `cycles`
  bool one_by_one = false;  ///< minima that were found alone are too small together: found one after the other instead
  std::vector<Row> rows;    ///< by channel
};

/// More depth never costs cycles, so each minimum is found by bisection: first alone, with ample depth elsewhere.
FifoDepths find_fifo_depths(const Graph& graph, const RunOptions& options);

}  // namespace lutetia::dataflow
