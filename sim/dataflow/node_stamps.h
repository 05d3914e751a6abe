// A node as the recurrences see it. Firing f takes its operands in cycle
//   take = max(clock, visible of every operand),
// issues its result, if it gives one, in cycle
//   issue = max(take, 1 + taken of the element that must leave first, over all outputs),
// which is visible to the consumers from max(take + latency, issue + 1) on, and the node can go on at
//   clock = issue + initiation interval.
#pragma once
#include <vector>

#include "dataflow/fifo_stamps.h"

namespace lutetia::dataflow {

struct NodeStamps {
  const Node* node = nullptr;
  std::vector<FifoStamps*> in, out;
  Cycle clock = 0;
  Cycle taken_at = 0;      ///< of the firing that holds
  bool holds = false;      ///< operands are taken, but the issue is not known yet
  bool was_reset = false;  ///< the reset of the row that begins is in `clock`
  std::uint64_t fired = 0;
  // fired modulo the node's periods, without divisions; 0 where it does not matter
  std::vector<std::uint64_t> phase;  ///< by input
  std::uint64_t give_phase = 0, row_phase = 0;
  // sums
  Cycle reset = 0;
  std::vector<Cycle> wait_data, wait_space;
  std::vector<Transfers*> in_log, out_log;  ///< empty if transfers are not recorded

  bool finished() const { return fired == node->firings; }
  /// Counts n firings.
  void count(std::uint64_t n) {
    fired += n;
    for (std::size_t k = 0; k < phase.size(); ++k)
      if (node->inputs[k].take != node->inputs[k].period) phase[k] = wrapped(phase[k] + n, node->inputs[k].period);
    if (node->give_every != 1) give_phase = wrapped(give_phase + n, node->give_every);
    if (node->reset != 0) row_phase = wrapped(row_phase + n, node->row);
    was_reset = false;
  }

 private:
  static std::uint64_t wrapped(std::uint64_t x, std::uint64_t period) {
    return x < period ? x : x == period ? 0 : x % period;
  }
};

/// The next `count` firings, of which each takes an element from every input in `takes` (indices) and, if `gives`,
/// issues one to every output. All of these elements and slots must be there.
void fire_batch(NodeStamps& node, const std::vector<std::uint32_t>& takes, bool gives, std::uint64_t count);

/// Takes the operands of a firing whose issue cannot be known yet, and issues its result once it can.
void take_operands(NodeStamps& node, const std::vector<std::uint32_t>& takes);
void issue_held(NodeStamps& node);

}  // namespace lutetia::dataflow
