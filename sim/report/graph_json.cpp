#include <nlohmann/json.hpp>

#include "base/sha256.h"
#include "report/graph_report.h"
#include "report/provenance.h"

namespace lutetia {
namespace {

using namespace dataflow;  // but its Channel, whose name a FIFO of the kernel has too
using Json = nlohmann::ordered_json;

Json nodes_json(const GraphResult& r) {
  const Graph& graph = r.loaded.graph;
  Json nodes = Json::object();
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const NodeRun& run = r.run.nodes[i];
    Json stalls = Json::object();
    if (run.reset != 0) stalls["reset"] = run.reset;
    for (std::size_t k = 0; k < node.inputs.size(); ++k)
      stalls["data:" + graph.channels[node.inputs[k].channel].name] = run.wait_data[k];
    for (std::size_t k = 0; k < node.outputs.size(); ++k)
      stalls["space:" + graph.channels[node.outputs[k]].name] = run.wait_space[k];
    stalls["finished"] = run.finished;
    nodes[node.name] = {{"kind", kind_name(node.kind)},
                        {"firings", run.firings},
                        {"busy_cycles", run.busy},
                        {"stall_cycles", std::move(stalls)},
                        {"memory_bytes", run.firings * node.memory_bytes},
                        {"on_chip_bytes", node.bytes}};
  }
  return nodes;
}

Json fifos_json(const GraphResult& r) {
  const Graph& graph = r.loaded.graph;
  Json fifos = Json::object();
  for (std::size_t i = 0; i < graph.channels.size(); ++i) {
    const dataflow::Channel& c = graph.channels[i];
    const ChannelRun& run = r.run.channels[i];
    Json fifo = {{"from", graph.nodes[c.from].name}, {"to", graph.nodes[c.to].name}};
    fifo["depth"] = c.depth == kNoLimit ? Json(nullptr) : Json(c.depth);
    fifo["max_occupancy"] = run.max_occupancy;
    fifo["elements"] = run.issued;
    fifo["bytes_per_element"] = c.bytes;
    if (run.at_least) fifo["max_occupancy_is_at_least"] = true;
    if (r.depths) {
      const auto& d = r.depths->rows[i];
      fifo["unbounded_occupancy"] = d.occupancy;
      if (d.at_least) fifo["unbounded_occupancy_is_at_least"] = true;
      fifo["least_depth_at_full_throughput"] = d.minimal == 0 ? Json(nullptr) : Json(d.minimal);
    }
    fifos[c.name] = std::move(fifo);
  }
  return fifos;
}

}  // namespace

std::string graph_json_report(const GraphResult& r) {
  Json document;
  document["schema"] = "lutetia.graph_result/1";
  document["graph"] = r.loaded.graph.name;
  document["parameters"] = r.loaded.config.parameters;
  document["fidelity"] = r.fidelity;
  document["digest"] = sha256_hex(std::string(kSimulatorVersion) + "\n" + r.config_digest + "\n" + r.fidelity + "\n");
  document["cycles"] = r.run.cycles;
  const std::size_t top = r.busiest();
  document["throughput"] = {
      {"node", r.loaded.graph.nodes[top].name},
      {"firings_per_cycle", static_cast<double>(r.run.nodes[top].firings) / static_cast<double>(r.run.cycles)},
      {"busy_share", static_cast<double>(r.run.nodes[top].busy) / static_cast<double>(r.run.cycles)}};
  document["on_chip_bytes"] = r.on_chip_bytes();
  document["off_chip_bytes"] = r.loaded.graph.memory_bytes();
  document["nodes"] = nodes_json(r);
  document["fifos"] = fifos_json(r);
  if (r.depths)
    document["full_throughput"] = {{"cycles", r.depths->cycles}, {"least_depths_verified", r.depths->verified}};
  document["provenance"] = {{"version", kSimulatorVersion},
                            {"graph_file", r.loaded.file},
                            {"graph_sha256", r.sha256},
                            {"config_digest", r.config_digest},
                            {"sets", r.sets}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lutetia
