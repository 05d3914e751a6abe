// The report of a dataflow graph.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "dataflow/depths.h"
#include "dataflow/graph_reader.h"
#include "dataflow/run.h"

namespace lutetia {

struct GraphResult {
  dataflow::LoadedGraph loaded;
  dataflow::GraphRun run;
  std::optional<dataflow::FifoDepths> depths;  ///< if they were asked for
  std::string fidelity;
  std::string sha256;  ///< of the file
  std::string config_digest;
  std::vector<std::string> sets;

  /// Bytes of all FIFOs, depth times bytes per element; of those without bound, what they held at most; and of nodes.
  std::uint64_t on_chip_bytes() const;
  /// Index of the node that is busy longest, the first of equals: it limits the throughput, if anything inside does.
  std::size_t busiest() const;
};

std::string graph_text_report(const GraphResult& result);
std::string graph_json_report(const GraphResult& result);

}  // namespace lutetia
