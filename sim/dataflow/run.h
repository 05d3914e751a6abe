// What a run of a graph tells, whichever body it was: transaction.h (recurrences over time stamps) or cycle.h (stepped
// every cycle). The two agree in all of it.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "base/quantity.h"
#include "dataflow/graph.h"
#include "kernel/kernel.h"

namespace lutetia::dataflow {

/// Every transfer of a channel, element by element.
struct Transfers {
  std::vector<Cycle> issued;   ///< the producer took the slot
  std::vector<Cycle> visible;  ///< the consumer could take the element
  std::vector<Cycle> taken;    ///< it did
  friend bool operator==(const Transfers& a, const Transfers& b) {
    return a.issued == b.issued && a.visible == b.visible && a.taken == b.taken;
  }
};

struct NodeRun {
  std::uint64_t firings = 0;
  bool holds = false;  ///< has taken its operands, but has no room for the result
  Cycle busy = 0;      ///< firings x initiation interval
  Cycle reset = 0;
  std::vector<Cycle> wait_data;   ///< by input: waited for it, the last of the operands to arrive
  std::vector<Cycle> wait_space;  ///< by output: had a result for which it was the last to have room
  Cycle finished = 0;             ///< after the node's last firing
};

struct ChannelRun {
  std::uint64_t issued = 0, taken = 0;  ///< elements
  std::uint64_t max_occupancy = 0;      ///< most slots held at once, those of elements still in the pipeline included
  bool at_least = false;                ///< it was more than what is tracked (kMostTracked)
};

/// Occupancy of unbounded FIFOs is followed up to here: it costs memory.
inline constexpr std::uint64_t kMostTracked = std::uint64_t{1} << 22;

struct GraphRun {
  RunStatus status = RunStatus::kFinished;
  Cycle cycles = 0;      ///< until every node could go on and every sink has its last element
  Cycle last_event = 0;  ///< the last cycle in which something was taken or issued
  std::vector<NodeRun> nodes;
  std::vector<ChannelRun> channels;
  std::vector<Transfers> transfers;  ///< by channel, if wanted
};

struct RunOptions {
  bool record_transfers = false;
  bool skip_periods = true;           ///< transaction body: jump over rows that only repeat what the rows before did
  std::function<bool()> interrupted;  ///< asked now and then
};

/// Values of a source's elements: writes those of element `index`.
using SourceValues = std::function<void(const Node& source, std::uint64_t index, double* value)>;
/// Values that arrive at each sink's first channel, by node; empty for other nodes.
using SinkValues = std::vector<std::vector<double>>;

/// Reproducible values between -1 and 1.
SourceValues random_values(std::uint64_t seed);

}  // namespace lutetia::dataflow
