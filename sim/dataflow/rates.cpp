#include "dataflow/rates.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/set_path.h"

namespace lutetia::dataflow {
namespace {

constexpr std::uint64_t kWidest = 1u << 20;  // numbers of an element, as the width of a source

/// The nodes, each behind those it hears from; fewer if some lie on a circle.
std::vector<std::uint32_t> topological_order(const Graph& graph) {
  std::vector<std::uint32_t> order;
  std::vector<bool> placed(graph.nodes.size(), false);
  for (bool progress = true; progress;) {
    progress = false;
    for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) {
      if (placed[i]) continue;
      const auto& in = graph.nodes[i].inputs;
      if (!std::all_of(in.begin(), in.end(), [&](const Input& x) { return placed[graph.channels[x.channel].from]; }))
        continue;
      placed[i] = progress = true;
      order.push_back(i);
    }
  }
  return order;
}

/// Goes against the channels from a node on or behind a circle until a node comes again.
void report_circle(const Graph& graph, const std::vector<std::uint32_t>& order, Problems& problems) {
  std::vector<bool> placed(graph.nodes.size(), false);
  for (const std::uint32_t i : order) placed[i] = true;
  auto at = static_cast<std::uint32_t>(std::find(placed.begin(), placed.end(), false) - placed.begin());
  std::vector<std::uint32_t> channels;
  std::vector<bool> seen(graph.nodes.size(), false);
  while (!seen[at]) {
    seen[at] = true;
    for (const Input& input : graph.nodes[at].inputs)
      if (!placed[graph.channels[input.channel].from]) {
        channels.push_back(input.channel);
        at = graph.channels[input.channel].from;
        break;
      }
  }
  // Backwards, so that the arrows point forwards; what led to the circle is not on it.
  std::string text;
  std::uint32_t closing = channels.back();
  for (std::size_t i = channels.size(); i-- > 0;) {
    const Channel& c = graph.channels[channels[i]];
    text += (text.empty() ? graph.nodes[c.from].name : "") + " -> " + graph.nodes[c.to].name;
    closing = channels[i];
    if (c.to == at) break;
  }
  problems.add({}, join_path("channels", closing),
               "closes a circle in which no element can ever be the first: " + text);
}

class Balance {
 public:
  Balance(Graph& graph, Problems& problems) : graph_(graph), problems_(problems) {}

  void visit(std::uint32_t index) {
    Node& node = graph_.nodes[index];
    const std::string path = join_path("nodes", index);
    if (node.kind != NodeKind::kSource && !take(node, path)) return;
    if (node.firings % node.row != 0) {
      problems_.add({}, path + ".count", fmt::format("{} firings are no whole rows of {}", node.firings, node.row));
      return;
    }
    for (const std::uint32_t c : node.outputs) graph_.channels[c].elements = node.firings / node.give_every;
    // Every sum of time stamps must fit 62 bits.
    const auto cycles = static_cast<unsigned __int128>(node.firings) * (node.interval + node.reset + 1) + node.latency;
    total_ += cycles;
    if (total_ > (static_cast<unsigned __int128>(1) << 62) ||
        static_cast<unsigned __int128>(node.firings) * std::max<std::uint64_t>(1, node.memory_bytes) >
            (static_cast<unsigned __int128>(1) << 62))
      problems_.add({}, path, "the run is too long to be counted");
    if (has_values(graph_)) find_width(node, path);
  }

 private:
  bool take(Node& node, const std::string& path) {
    bool good = true;
    std::string first;
    for (const Input& input : node.inputs) {
      const Channel& c = graph_.channels[input.channel];
      const unsigned __int128 firings = static_cast<unsigned __int128>(c.elements / input.take) * input.period;
      if (c.elements == 0) return false;  // a fault before, reported there
      const std::string where = join_path("channels", input.channel);
      if (c.elements % input.take != 0) {
        problems_.add(
            {}, where,
            fmt::format("{} brings {} elements, {} takes {} at a time", c.name, c.elements, node.name, input.take));
        good = false;
      } else if (firings > (std::uint64_t{1} << 53)) {
        problems_.add({}, path, "the run is too long to be counted");
        return false;
      } else if (first.empty()) {
        first = c.name;
        node.firings = static_cast<std::uint64_t>(firings);
      } else if (node.firings != firings) {
        problems_.add({}, where,
                      fmt::format("{} lasts for {} firings of {}, but {} for {}", c.name,
                                  static_cast<std::uint64_t>(firings), node.name, first, node.firings));
        good = false;
      }
    }
    return good;
  }

  void find_width(Node& node, const std::string& path) {
    std::vector<std::uint32_t> widths;
    for (const Input& input : node.inputs) widths.push_back(graph_.channels[input.channel].width);
    if (node.kind == NodeKind::kRepeat) node.width = widths[0];
    if (node.kind == NodeKind::kGather) {
      const std::uint64_t together = node.row * widths[0];
      if (node.row > kWidest || together > kWidest)
        return problems_.add({}, path + ".count", fmt::format("an element can have {} numbers at most", kWidest));
      node.width = static_cast<std::uint32_t>(together);
    }
    if (node.kind == NodeKind::kFlatmap) {
      const std::uint64_t parts = node.inputs[0].period;
      if (widths[0] % parts != 0)
        return problems_.add({}, path + ".count", fmt::format("{} numbers have no {} equal parts", widths[0], parts));
      node.width = static_cast<std::uint32_t>(widths[0] / parts);
    }
    if (node.function != nullptr) {
      node.width = node.function->width(widths);
      if (node.width == 0)
        return problems_.add({}, path + ".function",
                             fmt::format("{} ({}) cannot take operands of {} numbers", node.function->name,
                                         node.function->text, fmt::join(widths, ", ")));
    }
    for (const std::uint32_t c : node.outputs) graph_.channels[c].width = node.width;
  }

  Graph& graph_;
  Problems& problems_;
  unsigned __int128 total_ = 0;
};

/// The nodes in another order.
void reorder(Graph& graph, const std::vector<std::uint32_t>& order) {
  std::vector<Node> nodes;
  std::vector<std::uint32_t> place(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
    nodes.push_back(std::move(graph.nodes[order[i]]));
  }
  graph.nodes = std::move(nodes);
  for (Channel& c : graph.channels) c.from = place[c.from], c.to = place[c.to];
}

}  // namespace

bool has_values(const Graph& graph) {
  bool any = false;
  for (const Node& n : graph.nodes) {
    const bool moves = n.kind == NodeKind::kSource || n.kind == NodeKind::kSink || n.kind == NodeKind::kRepeat ||
                       n.kind == NodeKind::kFlatmap || n.kind == NodeKind::kGather;
    if (!moves && n.function == nullptr) return false;
    any = any || n.function != nullptr;
  }
  return any;
}

bool balance(Graph& graph, Problems& problems) {
  const std::size_t before = problems.size();
  const std::vector<std::uint32_t> order = topological_order(graph);
  if (order.size() != graph.nodes.size()) return report_circle(graph, order, problems), false;
  Balance balance(graph, problems);
  for (const std::uint32_t i : order) balance.visit(i);
  if (problems.size() != before) return false;
  reorder(graph, order);
  return true;
}

}  // namespace lutetia::dataflow
