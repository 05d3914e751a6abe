#include "dataflow/memory_port.h"

#include <algorithm>
#include <map>

namespace lutetia::dataflow {
namespace {

struct Port {
  unsigned __int128 bytes = 0;  // of the whole run
  std::uint64_t firings = 0;    // of those that fire most often
};

bool uses_port(const Node& node) {
  return !node.memory_port.empty() && node.memory_bytes != 0;
}

}  // namespace

bool share_memory(Graph& graph, Problems& problems) {
  std::map<std::string, Port> ports;
  for (const Node& node : graph.nodes) {
    if (!uses_port(node)) continue;
    Port& port = ports[node.memory_port];
    port.bytes += static_cast<unsigned __int128>(node.firings) * node.memory_bytes;
    port.firings = std::max(port.firings, node.firings);
  }
  for (const auto& [name, port] : ports) {
    if (port.bytes <= static_cast<unsigned __int128>(1) << 60) continue;
    problems.add({}, "nodes", "the bytes of memory port " + name + " are too many to be counted");
    return false;
  }
  if (graph.memory_bandwidth == kNoLimit) return true;
  for (Node& node : graph.nodes) {
    if (!uses_port(node)) continue;
    const Port& port = ports[node.memory_port];
    if (node.firings != port.firings) continue;
    const auto moved = static_cast<unsigned __int128>(port.firings) * graph.memory_bandwidth;  // at a cycle each
    node.interval = std::max(node.interval, static_cast<std::uint64_t>((port.bytes + moved - 1) / moved));
  }
  return true;
}

}  // namespace lutetia::dataflow
