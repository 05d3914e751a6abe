#include "dataflow/depths.h"

#include <algorithm>

#include "dataflow/transaction.h"

namespace lutetia::dataflow {
namespace {

class Search {
 public:
  Search(const Graph& graph, const RunOptions& options) : trial_(graph), options_(options) {
    options_.record_transfers = false;
  }

  FifoDepths run() {
    for (Channel& c : trial_.channels) c.depth = kNoLimit;
    const GraphRun unbounded = run_transaction(trial_, options_);
    found_.interrupted = unbounded.status == RunStatus::kInterrupted;
    found_.cycles = unbounded.cycles;
    for (const ChannelRun& c : unbounded.channels) found_.rows.push_back({c.max_occupancy, c.at_least, 0});
    if (found_.interrupted || !find_ample()) return found_;
    for (std::size_t c = 0; c < ample_.size() && !found_.interrupted; ++c) {
      found_.rows[c].minimal = least(c);
      trial_.channels[c].depth = ample_[c];
    }
    for (std::size_t c = 0; c < ample_.size(); ++c) trial_.channels[c].depth = found_.rows[c].minimal;
    if (!found_.interrupted && !full()) {
      found_.one_by_one = true;
      for (std::size_t c = 0; c < ample_.size(); ++c) trial_.channels[c].depth = ample_[c];
      for (std::size_t c = 0; c < ample_.size(); ++c) found_.rows[c].minimal = least(c);
    }
    found_.verified = !found_.interrupted && full();
    return found_;
  }

 private:
  /// Depths that are enough and not much more, because short FIFOs are simulated faster: twice the least power of two
  /// that does for all, or what a FIFO ever held.
  bool find_ample() {
    ample_.resize(trial_.channels.size());
    for (std::uint64_t power = 1; power <= kDeepestFifo; power *= 2) {
      set_all(power);
      if (full()) return set_all(2 * power), true;
      if (found_.interrupted) return false;
    }
    return false;
  }
  void set_all(std::uint64_t depth) {
    for (std::size_t c = 0; c < ample_.size(); ++c) {
      ample_[c] = std::min(depth, found_.rows[c].at_least ? kNoLimit : found_.rows[c].occupancy);
      trial_.channels[c].depth = ample_[c];
    }
  }

  bool full() {
    const GraphRun run = run_transaction(trial_, options_);
    found_.interrupted = found_.interrupted || run.status == RunStatus::kInterrupted;
    return run.status == RunStatus::kFinished && run.cycles == found_.cycles;
  }

  /// Leaves the channel at its least depth.
  std::uint64_t least(std::size_t c) {
    std::uint64_t low = 1, high = trial_.channels[c].depth;
    while (low < high && !found_.interrupted) {
      trial_.channels[c].depth = low + (high - low) / 2;
      if (full())
        high = trial_.channels[c].depth;
      else
        low = trial_.channels[c].depth + 1;
    }
    return trial_.channels[c].depth = high;
  }

  Graph trial_;
  RunOptions options_;
  FifoDepths found_;
  std::vector<std::uint64_t> ample_;
};

}  // namespace

FifoDepths find_fifo_depths(const Graph& graph, const RunOptions& options) {
  return Search(graph, options).run();
}

}  // namespace lutetia::dataflow
