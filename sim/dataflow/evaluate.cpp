#include "dataflow/evaluate.h"

#include "base/ring.h"
#include "dataflow/fold.h"

namespace lutetia::dataflow {
namespace {

class Evaluation {
 public:
  Evaluation(const Graph& graph, const SourceValues& sources)
      : graph_(graph), sources_(sources), queues_(graph.channels.size()), sinks_(graph.nodes.size()) {
    for (const Node& node : graph.nodes) {
      values_.emplace_back(node);
      auto& held = held_.emplace_back();
      for (const Input& input : node.inputs)  // all that firings of one period may ask for again
        held.emplace_back(input.take * graph.channels[input.channel].width);
    }
    fired_.resize(graph.nodes.size());
  }

  SinkValues run() {
    // Consumers first, so that queues stay as short as the graph allows.
    for (bool progress = true; progress;) {
      progress = false;
      for (std::size_t i = graph_.nodes.size(); i-- > 0 && !progress;)
        for (int n = 0; n < 1024 && fire(i); ++n) progress = true;
    }
    return std::move(sinks_);
  }

 private:
  bool fire(std::size_t i) {
    const Node& node = graph_.nodes[i];
    const std::uint64_t f = fired_[i];
    if (f == node.firings) return false;
    for (const Input& input : node.inputs)
      if (input.takes(f) && queues_[input.channel].empty()) return false;
    operands_.clear();
    for (std::size_t k = 0; k < node.inputs.size(); ++k) operands_.push_back(take(node.inputs[k], held_[i][k], f));
    const double* result = values_[i].own_result();
    if (node.kind == NodeKind::kSource)
      sources_(node, f, values_[i].own_result());
    else
      result = values_[i].fire(f, operands_);
    if (node.kind == NodeKind::kSink)
      sinks_[i].insert(sinks_[i].end(), operands_[0].value, operands_[0].value + operands_[0].width);
    if (node.gives(f))
      for (const std::uint32_t c : node.outputs)
        for (std::uint32_t w = 0; w < node.width; ++w) queues_[c].push_back(result[w]);
    ++fired_[i];
    return true;
  }

  Operand take(const Input& input, std::vector<double>& held, std::uint64_t firing) {
    const std::uint32_t width = graph_.channels[input.channel].width;
    double* slot = held.data() + firing % input.period % input.take * width;
    if (input.takes(firing))
      for (std::uint32_t w = 0; w < width; ++w) {
        slot[w] = queues_[input.channel].front();
        queues_[input.channel].pop_front();
      }
    return {slot, width};
  }

  const Graph& graph_;
  const SourceValues& sources_;
  std::vector<Ring<double>> queues_;
  std::vector<NodeValues> values_;
  std::vector<std::vector<std::vector<double>>> held_;
  std::vector<std::uint64_t> fired_;
  SinkValues sinks_;
  Operands operands_;
};

}  // namespace

SinkValues evaluate(const Graph& graph, const SourceValues& sources) {
  return Evaluation(graph, sources).run();
}

}  // namespace lutetia::dataflow
