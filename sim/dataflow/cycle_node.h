// A node stepped cycle by cycle: a register for the operands that it took, counters for its interval and reset.
#pragma once
#include <vector>

#include "dataflow/cycle_fifo.h"
#include "dataflow/fold.h"

namespace lutetia::dataflow {

class CycleNode {
 public:
  CycleNode(const Node& node, std::vector<CycleFifo*> in, std::vector<CycleFifo*> out,
            const std::vector<Channel>& channels, const SourceValues* sources, std::vector<double>* sink);

  /// One cycle. True if the node took or gave something.
  bool tick(Cycle now);
  /// Counts what the cycle was spent on; after tick().
  void account();

  bool finished() const { return fired_ == node_.firings; }
  /// Nothing more to wait for: the last interval is over, but for a sink, whose last element is the end.
  bool quiet() const { return finished() && (interval_left_ == 0 || node_.outputs.empty()); }
  bool counting() const { return interval_left_ != 0 || reset_left_ != 0; }
  NodeRun result() const;

 private:
  bool take(Cycle now);
  bool give(Cycle now);

  const Node& node_;
  std::vector<CycleFifo*> in_, out_;
  const SourceValues* sources_;
  std::vector<double>* sink_;
  NodeValues values_;
  std::vector<std::vector<double>> held_operands_;  // by input: all that are used again
  std::vector<std::uint32_t> widths_;
  Operands operands_;
  std::vector<double> result_;

  std::uint64_t fired_ = 0;
  bool holds_ = false;
  std::uint64_t age_ = 0;  // cycles since the operands were taken
  std::uint64_t interval_left_ = 0, reset_left_ = 0;
  std::uint64_t data_waited_ = 0, space_waited_ = 0;  // since the node could have gone on
  NodeRun run_;
};

}  // namespace lutetia::dataflow
