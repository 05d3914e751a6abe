#include "dataflow/transaction.h"

#include <algorithm>
#include <memory>

#include "dataflow/node_stamps.h"
#include "dataflow/periodic_rows.h"

namespace lutetia::dataflow {
namespace {

/// Firings in a row of one node, so that FIFOs without bound stay short and interrupts are heard.
constexpr std::uint64_t kLongestBatch = 1024;

class Engine {
 public:
  Engine(const Graph& graph, const RunOptions& options) : graph_(graph), options_(options) {
    stamps_.fifos.reserve(graph.channels.size());
    stamps_.nodes.reserve(graph.nodes.size());
    for (const Channel& channel : graph.channels) stamps_.fifos.emplace_back(channel);
    if (options.record_transfers) transfers_.resize(graph.channels.size());
    for (const Node& node : graph.nodes) add(node);
    dirty_.assign(graph.nodes.size(), 1);
  }

  GraphRun run() {
    PeriodicRows rows(stamps_);
    const bool skip = options_.skip_periods && !options_.record_transfers;
    RunStatus status = RunStatus::kFinished;
    for (std::uint64_t sweep = 0;; ++sweep) {
      if (sweep_all()) {
        if (skip && rows.skip(work_)) std::fill(dirty_.begin(), dirty_.end(), 1);
        if (sweep % 4096 != 4095 || !options_.interrupted || !options_.interrupted()) continue;
        status = RunStatus::kInterrupted;
        break;
      }
      if (all_finished()) break;
      if (take_early() || grow_unbounded()) continue;
      status = RunStatus::kDeadlock;
      break;
    }
    return result(status);
  }

 private:
  void add(const Node& node) {
    NodeStamps n;
    n.node = &node;
    for (const Input& input : node.inputs) n.in.push_back(&stamps_.fifos[input.channel]);
    for (const std::uint32_t c : node.outputs) n.out.push_back(&stamps_.fifos[c]);
    if (options_.record_transfers) {
      for (const Input& input : node.inputs) n.in_log.push_back(&transfers_[input.channel]);
      for (const std::uint32_t c : node.outputs) n.out_log.push_back(&transfers_[c]);
    }
    n.phase.resize(node.inputs.size());
    n.wait_data.resize(node.inputs.size());
    n.wait_space.resize(node.outputs.size());
    stamps_.nodes.push_back(std::move(n));
    takes_.emplace_back();
    alike_firings(stamps_.nodes.back(), takes_.back());
    const auto always = [](const Input& input) { return input.take == input.period; };
    const bool inputs_alike = std::all_of(node.inputs.begin(), node.inputs.end(), always);
    all_alike_.push_back(inputs_alike && node.give_every == 1 && node.reset == 0);
    std::vector<std::uint32_t> neighbours;
    for (const Input& input : node.inputs) neighbours.push_back(graph_.channels[input.channel].from);
    for (const std::uint32_t c : node.outputs) neighbours.push_back(graph_.channels[c].to);
    neighbours_.push_back(std::move(neighbours));
  }

  /// Every node that something may have changed for, in topological order. False if none moved.
  bool sweep_all() {
    bool progress = false;
    for (std::size_t i = 0; i < dirty_.size(); ++i) {
      if (dirty_[i] == 0) continue;
      dirty_[i] = 0;
      const std::uint64_t before = work_;
      advance(i);
      if (work_ == before) continue;
      progress = true;
      for (const std::uint32_t other : neighbours_[i]) dirty_[other] = 1;
    }
    return progress;
  }

  void advance(std::size_t i) {
    NodeStamps& n = stamps_.nodes[i];
    std::uint64_t batches = 0;
    while (!n.finished()) {
      if (n.holds) {
        if (room(n) == 0) return;
        issue_held(n);
        ++work_;
        continue;
      }
      if (++batches > 4) {  // the others first
        dirty_[i] = 1;
        return;
      }
      const std::uint64_t alike =
          all_alike_[i] ? std::min(n.node->firings - n.fired, kLongestBatch) : alike_firings(n, takes_[i]);
      std::uint64_t there = alike;
      for (const std::uint32_t k : takes_[i]) there = std::min(there, n.in[k]->waiting());
      if (there == 0) return;
      const bool gives = !n.out.empty() && n.give_phase + 1 == n.node->give_every;
      const std::uint64_t count = gives ? std::min(there, room(n)) : there;
      if (count == 0) return;
      begin_row(n);
      fire_batch(n, takes_[i], gives, count);
      work_ += count;
      if (count < alike) return;
    }
  }

  static void begin_row(NodeStamps& n) {
    if (n.node->reset == 0 || n.row_phase != 0 || n.was_reset) return;
    n.clock += n.node->reset;
    n.reset += n.node->reset;
    n.was_reset = true;
  }

  /// Nodes that have operands, but no room for the result: they take them nevertheless, which is what makes room for
  /// others. Put off until nobody can go on otherwise, as firings as a whole are simulated faster than in two halves.
  bool take_early() {
    bool taken = false;
    for (std::size_t i = 0; i < stamps_.nodes.size(); ++i) {
      NodeStamps& n = stamps_.nodes[i];
      if (n.finished() || n.holds || alike_firings(n, takes_[i]) == 0) continue;
      const bool there =
          std::all_of(takes_[i].begin(), takes_[i].end(), [&](std::uint32_t k) { return n.in[k]->waiting() != 0; });
      if (!there) continue;
      begin_row(n);
      take_operands(n, takes_[i]);
      ++work_;
      for (const Input& input : graph_.nodes[i].inputs) dirty_[graph_.channels[input.channel].from] = 1;
      taken = true;
    }
    return taken;
  }

  /// How many of the next firings take and give the same; which inputs they take from.
  static std::uint64_t alike_firings(const NodeStamps& n, std::vector<std::uint32_t>& takes) {
    const Node& node = *n.node;
    std::uint64_t count = std::min(node.firings - n.fired, kLongestBatch);
    takes.clear();
    for (std::uint32_t k = 0; k < node.inputs.size(); ++k) {
      const Input& input = node.inputs[k];
      if (n.phase[k] < input.take) takes.push_back(k);
      if (input.take != input.period)
        count = std::min(count, (n.phase[k] < input.take ? input.take : input.period) - n.phase[k]);
    }
    if (node.give_every != 1)
      count = std::min(count, n.give_phase + 1 == node.give_every ? 1 : node.give_every - 1 - n.give_phase);
    if (node.reset != 0) count = std::min(count, node.row - n.row_phase);
    return count;
  }

  static std::uint64_t room(const NodeStamps& n) {
    std::uint64_t least = kNoLimit;
    for (const FifoStamps* fifo : n.out) least = std::min(least, fifo->room());
    return least;
  }

  bool all_finished() const {
    return std::all_of(stamps_.nodes.begin(), stamps_.nodes.end(), [](const NodeStamps& n) { return n.finished(); });
  }

  /// When nobody can go on, unbounded FIFOs that are full as far as memory goes get more of it.
  bool grow_unbounded() {
    bool grown = false;
    for (std::size_t c = 0; c < stamps_.fifos.size(); ++c) {
      FifoStamps& fifo = stamps_.fifos[c];
      if (fifo.bounded || fifo.room() != 0) continue;
      fifo.grow();
      dirty_[graph_.channels[c].from] = 1;
      grown = true;
    }
    return grown;
  }

  GraphRun result(RunStatus status) {
    GraphRun run;
    run.status = status;
    for (const NodeStamps& n : stamps_.nodes) {
      if (n.fired != 0 || n.holds) run.last_event = std::max(run.last_event, n.taken_at);
      run.cycles = std::max(run.cycles, n.node->outputs.empty() ? n.taken_at : n.clock);
    }
    if (status != RunStatus::kFinished) run.cycles = run.last_event;
    for (const NodeStamps& n : stamps_.nodes) {
      NodeRun out;
      out.firings = n.fired;
      out.holds = n.holds;
      out.reset = n.reset;
      out.wait_data = n.wait_data;
      out.wait_space = n.wait_space;
      // A run ends with the last element of a sink, not with its interval.
      out.busy =
          n.fired * n.node->interval - (n.clock > run.cycles && n.node->outputs.empty() ? n.clock - run.cycles : 0);
      out.finished = run.cycles - std::min(n.clock, run.cycles);
      run.nodes.push_back(std::move(out));
    }
    for (const FifoStamps& fifo : stamps_.fifos) {
      const bool lost = fifo.occupancy == FifoStamps::kUntracked;
      run.channels.push_back({fifo.issued, fifo.taken, lost ? kMostTracked : fifo.occupancy, lost});
    }
    run.transfers = std::move(transfers_);
    return run;
  }

  const Graph& graph_;
  const RunOptions& options_;
  GraphStamps stamps_;
  std::vector<Transfers> transfers_;
  std::vector<std::vector<std::uint32_t>> takes_;       // by node: inputs of the firings that come next
  std::vector<char> all_alike_;                         // by node: every firing takes and gives the same
  std::vector<std::vector<std::uint32_t>> neighbours_;  // by node
  std::vector<char> dirty_;
  std::uint64_t work_ = 0;  // firings, and operands taken before one
};

}  // namespace

GraphRun run_transaction(const Graph& graph, const RunOptions& options) {
  return Engine(graph, options).run();
}

}  // namespace lutetia::dataflow
