// Jumps over rows that repeat what was before. All stamps follow from earlier ones by maxima and added constants, so a
// state in which every stamp that can still matter is d later than in an earlier one, and every node is at the same
// place of its periods, evolves as that one did, d later; as often as no node reaches its end. Exact; tests compare
// runs with and without it.
//
// A state is taken whenever the node that fires least has fired again (once a row, in the shipped graphs); it is
// compared with one kept state, which is replaced after 1, 2, 4, ... comparisons, so that any period is found (R. P.
// Brent, BIT 20, 1980).
#pragma once
#include <vector>

#include "dataflow/node_stamps.h"

namespace lutetia::dataflow {

/// All that the future of a graph depends on. Nodes point to FIFOs, so neither moves once they are built.
struct GraphStamps {
  std::vector<NodeStamps> nodes;
  std::vector<FifoStamps> fifos;
};

class PeriodicRows {
 public:
  explicit PeriodicRows(GraphStamps& stamps) : stamps_(stamps) {}

  /// To be called between sweeps over all nodes with all work done so far. True if time was skipped.
  bool skip(std::uint64_t work);

 private:
  /// What is added up without being part of the state.
  struct Sums {
    std::uint64_t fired = 0;
    Cycle reset = 0;
    std::vector<Cycle> wait_data, wait_space;
  };
  struct State {
    Cycle base = 0;
    std::vector<std::uint64_t> relative;  ///< stamps since `base`, phases, elements waiting
    std::vector<Sums> sums;               ///< by node
    std::vector<std::uint64_t> issued;    ///< by channel
  };

  void find_marker();
  void capture(State& state) const;
  void capture_fifo(const FifoStamps& fifo, const NodeStamps& producer, const NodeStamps& consumer, Cycle base,
                    std::vector<std::uint64_t>& out) const;
  bool jump(const State& from, const State& to);

  GraphStamps& stamps_;
  NodeStamps* marker_ = nullptr;
  std::uint64_t marked_ = 0;
  std::uint64_t next_work_ = 0;
  std::uint64_t comparisons_ = 0, next_keep_ = 1;
  State kept_, now_;
};

}  // namespace lutetia::dataflow
