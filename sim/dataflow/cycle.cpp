#include "dataflow/cycle.h"

#include <algorithm>
#include <deque>

#include "dataflow/cycle_node.h"
#include "dataflow/rates.h"

namespace lutetia::dataflow {
namespace {

class Stepper {
 public:
  Stepper(const Graph& graph, const RunOptions& options, const SourceValues& sources, SinkValues* sinks)
      : options_(options), sources_(sources) {
    const bool values = sources != nullptr && has_values(graph);
    if (options.record_transfers) run_.transfers.resize(graph.channels.size());
    for (std::size_t c = 0; c < graph.channels.size(); ++c)
      fifos_.emplace_back(graph.channels[c], values, options.record_transfers ? &run_.transfers[c] : nullptr);
    sink_values_.resize(graph.nodes.size());
    if (sinks != nullptr) *sinks = {};
    sinks_ = sinks;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      std::vector<CycleFifo*> in, out;
      for (const Input& input : graph.nodes[i].inputs) in.push_back(&fifos_[input.channel]);
      for (const std::uint32_t c : graph.nodes[i].outputs) out.push_back(&fifos_[c]);
      nodes_.emplace_back(graph.nodes[i], std::move(in), std::move(out), graph.channels, values ? &sources_ : nullptr,
                          &sink_values_[i]);
    }
  }

  GraphRun run() {
    run_.status = step_until_the_end();
    if (run_.status != RunStatus::kFinished) run_.cycles = run_.last_event;
    for (const CycleNode& node : nodes_) run_.nodes.push_back(node.result());
    for (const CycleFifo& fifo : fifos_) run_.channels.push_back({fifo.pushes(), fifo.pops(), fifo.max_held(), false});
    if (sinks_ != nullptr) *sinks_ = std::move(sink_values_);
    return std::move(run_);
  }

 private:
  RunStatus step_until_the_end() {
    for (Cycle now = 0;; ++now) {
      bool moved = false;
      for (CycleFifo& fifo : fifos_) moved = fifo.edge(now) || moved;
      for (CycleNode& node : nodes_) {
        moved = node.counting() || moved;
        if (!node.tick(now)) continue;
        moved = true;
        run_.last_event = now;
      }
      run_.cycles = now;
      if (std::all_of(nodes_.begin(), nodes_.end(), [](const CycleNode& n) { return n.quiet(); }))
        return RunStatus::kFinished;
      if (!moved) return RunStatus::kDeadlock;
      for (CycleNode& node : nodes_) node.account();
      if (now % 4096 == 4095 && options_.interrupted && options_.interrupted()) return RunStatus::kInterrupted;
    }
  }

  const RunOptions& options_;
  const SourceValues& sources_;
  std::deque<CycleFifo> fifos_;
  std::deque<CycleNode> nodes_;
  SinkValues sink_values_;
  SinkValues* sinks_ = nullptr;
  GraphRun run_;
};

}  // namespace

GraphRun run_cycle(const Graph& graph, const RunOptions& options, const SourceValues& sources, SinkValues* sinks) {
  return Stepper(graph, options, sources, sinks).run();
}

}  // namespace lutetia::dataflow
