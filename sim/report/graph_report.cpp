#include "report/graph_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "report/human.h"
#include "report/provenance.h"
#include "report/text_table.h"

namespace lutetia {
namespace {

using namespace dataflow;  // but its Channel, whose name a FIFO of the kernel has too

double share(Cycle part, Cycle whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

Cycle sum(const std::vector<Cycle>& parts) {
  return std::accumulate(parts.begin(), parts.end(), Cycle{0});
}

std::string depth_text(std::uint64_t depth) {
  return depth == kNoLimit ? kUnbounded : grouped(depth);
}

std::string header(const GraphResult& r) {
  const Graph& graph = r.loaded.graph;
  std::string parameters;
  for (const auto& [name, value] : r.loaded.config.parameters)
    parameters += fmt::format("{}{} {}", parameters.empty() ? "" : ", ", name, value);
  TextTable table("ll");
  table.add({"graph", fmt::format("{} ({}), digest {}: {} nodes, {} FIFOs", graph.name, r.loaded.file,
                                  r.config_digest.substr(0, 12), graph.nodes.size(), graph.channels.size())});
  if (!parameters.empty()) table.add({"with", parameters});
  table.add({"body", r.fidelity});
  return fmt::format("lutetia {}: {}\n", kSimulatorVersion, graph.name) + table.text();
}

bool has_ports(const Graph& graph) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(), [](const Node& n) { return !n.memory_port.empty(); });
}

std::string on_chip_text(const GraphResult& r) {
  const std::uint64_t nodes = r.loaded.graph.bytes_of_nodes(), all = r.on_chip_bytes();
  const std::string fifos = human_bytes(static_cast<double>(all - nodes)) + " of FIFOs";
  if (nodes == 0) return fifos;
  return fmt::format("{}: {}, {} in nodes", human_bytes(static_cast<double>(all)), fifos,
                     human_bytes(static_cast<double>(nodes)));
}

std::string headline(const GraphResult& r) {
  const Graph& graph = r.loaded.graph;
  const std::size_t top = r.busiest();
  const NodeRun& node = r.run.nodes[top];
  TextTable table("ll");
  table.add({"cycles", grouped(r.run.cycles)});
  table.add({"throughput", fmt::format("{:.4g} firings per cycle of {}, the busiest node: busy {} of the time",
                                       share(node.firings, r.run.cycles), graph.nodes[top].name,
                                       human_share(share(node.busy, r.run.cycles)))});
  table.add({"on chip", on_chip_text(r)});
  const std::uint64_t bytes = graph.memory_bytes();
  if (bytes != 0)
    table.add(
        {"off chip",
         fmt::format("{}, {:.4g} B per cycle{}", human_bytes(static_cast<double>(bytes)), share(bytes, r.run.cycles),
                     graph.memory_bandwidth == kNoLimit ? ""
                                                        : fmt::format(" of {} for any one {}", graph.memory_bandwidth,
                                                                      has_ports(graph) ? "port" : "node"))});
  return "result\n" + table.text();
}

/// "42.0 % scores": the share of the waits for one channel and all of them.
std::string waits(const std::vector<Cycle>& parts, Cycle cycles, const std::vector<std::string>& names) {
  if (sum(parts) == 0) return "-";
  const auto most = static_cast<std::size_t>(std::max_element(parts.begin(), parts.end()) - parts.begin());
  const std::string others = parts[most] == sum(parts) ? "" : ", ...";
  return fmt::format("{} ({}{})", human_share(share(sum(parts), cycles)), names[most], others);
}

std::vector<std::string> input_names(const Graph& graph, const Node& node) {
  std::vector<std::string> names;
  for (const Input& input : node.inputs) names.push_back(graph.channels[input.channel].name);
  return names;
}
std::vector<std::string> output_names(const Graph& graph, const Node& node) {
  std::vector<std::string> names;
  for (const std::uint32_t c : node.outputs) names.push_back(graph.channels[c].name);
  return names;
}

std::string node_table(const GraphResult& r) {
  const Graph& graph = r.loaded.graph;
  TextTable table("lrrrllrr");
  table.add({"node", "firings", "busy", "reset", "waits for data (most)", "waits for space (most)", "finished", "sum"});
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const NodeRun& n = r.run.nodes[i];
    const auto part = [&](Cycle x) { return x == 0 ? "-" : human_share(share(x, r.run.cycles)); };
    table.add({graph.nodes[i].name, grouped(n.firings), part(n.busy), part(n.reset),
               waits(n.wait_data, r.run.cycles, input_names(graph, graph.nodes[i])),
               waits(n.wait_space, r.run.cycles, output_names(graph, graph.nodes[i])), part(n.finished),
               part(n.busy + n.reset + sum(n.wait_data) + sum(n.wait_space) + n.finished)});
  }
  return "where every cycle went\n" + table.text();
}

std::string occupancy_text(std::uint64_t occupancy, bool at_least) {
  return (at_least ? ">= " : "") + grouped(occupancy);
}

std::string fifo_table(const GraphResult& r) {
  const Graph& graph = r.loaded.graph;
  TextTable table(r.depths ? "llrrrrrr" : "llrrrr");
  std::vector<std::string> head = {"FIFO", "from -> to", "depth", "most held", "elements", "on chip"};
  if (r.depths) head.insert(head.end(), {"held if unbounded", "least depth at full throughput"});
  table.add(head);
  for (std::size_t i = 0; i < graph.channels.size(); ++i) {
    const dataflow::Channel& c = graph.channels[i];
    const ChannelRun& run = r.run.channels[i];
    std::vector<std::string> row = {
        c.name,
        graph.nodes[c.from].name + " -> " + graph.nodes[c.to].name,
        depth_text(c.depth),
        occupancy_text(run.max_occupancy, run.at_least),
        grouped(run.issued),
        c.bytes == 0 ? "-"
                     : human_bytes(static_cast<double>((c.depth == kNoLimit ? run.max_occupancy : c.depth) * c.bytes))};
    if (r.depths) {
      const auto& d = r.depths->rows[i];
      row.push_back(occupancy_text(d.occupancy, d.at_least));
      row.push_back(d.minimal == 0 ? "not found" : grouped(d.minimal));
    }
    table.add(row);
  }
  std::string text = "FIFOs\n" + table.text();
  if (r.depths) {
    const FifoDepths& d = *r.depths;
    const std::string loss = r.run.cycles == d.cycles
                                 ? "as many as with the depths above"
                                 : fmt::format("{} less than with the depths above", grouped(r.run.cycles - d.cycles));
    text += fmt::format("  full throughput: {} cycles, {}\n", grouped(d.cycles), loss);
    text += d.verified ? fmt::format("  all least depths at once: {} cycles, verified by a run{}\n", grouped(d.cycles),
                                     d.one_by_one ? "; found one after the other, as they depend on each other" : "")
                       : "  no depths with full throughput were found\n";
  }
  return text;
}

}  // namespace

std::uint64_t GraphResult::on_chip_bytes() const {
  std::uint64_t bytes = loaded.graph.bytes_of_nodes();
  for (std::size_t i = 0; i < loaded.graph.channels.size(); ++i) {
    const dataflow::Channel& c = loaded.graph.channels[i];
    bytes += (c.depth == kNoLimit ? run.channels[i].max_occupancy : c.depth) * c.bytes;
  }
  return bytes;
}

std::size_t GraphResult::busiest() const {
  const auto less = [](const NodeRun& a, const NodeRun& b) { return a.busy < b.busy; };
  return static_cast<std::size_t>(std::max_element(run.nodes.begin(), run.nodes.end(), less) - run.nodes.begin());
}

std::string graph_text_report(const GraphResult& result) {
  return header(result) + headline(result) + node_table(result) + fifo_table(result);
}

}  // namespace lutetia
