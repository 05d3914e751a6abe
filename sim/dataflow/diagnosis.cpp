#include "dataflow/diagnosis.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "dataflow/transaction.h"

namespace lutetia::dataflow {
namespace {

struct WaitOn {
  std::uint32_t channel = 0;
  Wait::For what = Wait::For::kData;
};

std::uint64_t waiting(const GraphRun& run, std::uint32_t channel) {
  return run.channels[channel].issued - run.channels[channel].taken;
}

std::vector<WaitOn> waits_of(const Graph& graph, const GraphRun& run, std::size_t i) {
  const Node& node = graph.nodes[i];
  const NodeRun& state = run.nodes[i];
  std::vector<WaitOn> waits;
  if (state.holds) {
    for (const std::uint32_t c : node.outputs)
      if (waiting(run, c) >= graph.channels[c].depth) waits.push_back({c, Wait::For::kSpace});
  } else if (state.firings < node.firings) {
    for (const Input& input : node.inputs)
      if (input.takes(state.firings) && waiting(run, input.channel) == 0)
        waits.push_back({input.channel, Wait::For::kData});
  }
  return waits;
}

/// The first circle along "waits for", as pairs of a node and what it waits for.
class Circle {
 public:
  explicit Circle(const Graph& graph, const GraphRun& run) : graph_(graph), run_(run), done_(graph.nodes.size()) {
    for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) {
      if (!visit(i)) continue;
      // It begins with a full FIFO, if it has one: that is what can be changed.
      const auto full = std::find_if(path_.begin(), path_.end(),
                                     [](const auto& step) { return step.second.what == Wait::For::kSpace; });
      if (full != path_.end()) std::rotate(path_.begin(), full, path_.end());
      return;
    }
    path_.clear();
  }
  const std::vector<std::pair<std::uint32_t, WaitOn>>& steps() const { return path_; }

 private:
  bool visit(std::uint32_t node) {
    const auto before = std::find_if(path_.begin(), path_.end(), [&](const auto& p) { return p.first == node; });
    if (before != path_.end()) return path_.erase(path_.begin(), before), true;
    if (done_[node]) return false;
    for (const WaitOn& wait : waits_of(graph_, run_, node)) {
      const Channel& c = graph_.channels[wait.channel];
      path_.emplace_back(node, wait);
      if (visit(wait.what == Wait::For::kData ? c.from : c.to)) return true;
      path_.pop_back();
    }
    done_[node] = true;
    return false;
  }

  const Graph& graph_;
  const GraphRun& run_;
  std::vector<bool> done_;
  std::vector<std::pair<std::uint32_t, WaitOn>> path_;
};

std::string words(const Graph& graph, const GraphRun& run, const WaitOn& wait) {
  const Channel& c = graph.channels[wait.channel];
  if (wait.what == Wait::For::kData) return "for data from " + c.name + " (empty)";
  return fmt::format("for space in {} ({} of {} full)", c.name, waiting(run, wait.channel), c.depth);
}

std::set<std::uint32_t> full_on_circle(const Graph& graph, const GraphRun& run) {
  std::set<std::uint32_t> full;
  const Circle circle(graph, run);
  for (const auto& [node, wait] : circle.steps())
    if (wait.what == Wait::For::kSpace) full.insert(wait.channel);
  return full;
}

}  // namespace

DeadlockReport diagnose(const Graph& graph, const GraphRun& run) {
  DeadlockReport report;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const NodeRun& state = run.nodes[i];
    DeadlockReport::Block block;
    block.name = node.name;
    block.state = fmt::format("{} of {} firings{}", state.firings, node.firings,
                              state.firings == node.firings ? ", finished"
                              : state.holds                 ? ", holds a result"
                                                            : "");
    for (const WaitOn& wait : waits_of(graph, run, i)) block.waits.push_back(words(graph, run, wait));
    report.blocks.push_back(std::move(block));
  }
  const Circle circle(graph, run);
  for (const auto& [node, wait] : circle.steps()) {
    const Channel& c = graph.channels[wait.channel];
    report.circle.push_back(graph.nodes[node].name);
    report.circle.push_back(c.name);
    if (wait.what == Wait::For::kSpace) report.depths.push_back({c.name, static_cast<std::uint32_t>(c.depth), 0});
  }
  return report;
}

void find_sufficient_depths(const Graph& graph, const RunOptions& options, DeadlockReport& report) {
  RunOptions plain = options;
  plain.record_transfers = false;
  Graph trial = graph;
  std::set<std::uint32_t> blamed;
  GraphRun run = run_transaction(trial, plain);
  while (run.status == RunStatus::kDeadlock) {
    const std::set<std::uint32_t> full = full_on_circle(trial, run);
    if (full.empty()) return;
    for (const std::uint32_t c : full) trial.channels[c].depth = kNoLimit;
    blamed.insert(full.begin(), full.end());
    run = run_transaction(trial, plain);
  }
  if (run.status != RunStatus::kFinished) return;
  for (const std::uint32_t c : blamed)
    trial.channels[c].depth = run.channels[c].at_least ? graph.channels[c].elements : run.channels[c].max_occupancy;
  for (const std::uint32_t c : blamed) {
    std::uint64_t low = graph.channels[c].depth, high = std::max(low, trial.channels[c].depth);
    while (low < high) {
      trial.channels[c].depth = low + (high - low) / 2;
      run = run_transaction(trial, plain);
      if (run.status == RunStatus::kInterrupted) return;
      (run.status == RunStatus::kFinished ? high : low) =
          trial.channels[c].depth + (run.status == RunStatus::kFinished ? 0 : 1);
    }
    trial.channels[c].depth = high;
  }
  report.cured_by_depth = run_transaction(trial, plain).status == RunStatus::kFinished;
  if (!report.cured_by_depth) return;
  for (const std::uint32_t c : blamed) {
    const std::string& name = graph.channels[c].name;
    auto known =
        std::find_if(report.depths.begin(), report.depths.end(), [&](const auto& d) { return d.channel == name; });
    if (known == report.depths.end())
      known = report.depths.insert(known, {name, static_cast<std::uint32_t>(graph.channels[c].depth), 0});
    known->sufficient = static_cast<std::uint32_t>(trial.channels[c].depth);
  }
}

}  // namespace lutetia::dataflow
