// A dataflow graph with every number worked out: what both bodies (transaction.h, cycle.h) simulate. All kinds of nodes
// are one firing rule with different numbers: which firings take an element of which channel, and which give one.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/problem.h"
#include "base/quantity.h"
#include "dataflow/functions.h"
#include "dataflow/graph_config.h"

namespace lutetia::dataflow {

inline constexpr std::uint64_t kNoLimit = ~std::uint64_t{0};
/// Deepest bounded FIFO.
inline constexpr std::uint64_t kDeepestFifo = std::uint64_t{1} << 24;

/// Firing f takes an element if f mod period < take.
struct Input {
  std::uint32_t channel = 0;
  std::uint64_t period = 1, take = 1;
  bool takes(std::uint64_t firing) const { return firing % period < take; }
};

struct Node {
  std::string name;
  NodeKind kind = NodeKind::kMap;
  const ValueFunction* function = nullptr;
  std::uint64_t firings = 0;  ///< in the whole run
  std::uint64_t latency = 1;
  std::uint64_t interval = 1;      ///< initiation interval, memory included
  std::uint64_t reset = 0;         ///< cycles before a row
  std::uint64_t row = 1;           ///< firings per row, for reset and for the state of a function
  std::uint64_t give_every = 1;    ///< firings per element given: the last of them gives it
  std::uint64_t memory_bytes = 0;  ///< per firing
  std::string memory_port;
  std::uint64_t bytes = 0;  ///< kept on chip
  std::uint32_t width = 1;  ///< numbers per element given
  std::vector<Input> inputs;
  std::vector<std::uint32_t> outputs;

  bool gives(std::uint64_t firing) const { return !outputs.empty() && (firing + 1) % give_every == 0; }
  bool begins_row(std::uint64_t firing) const { return firing % row == 0; }
};

struct Channel {
  std::string name;
  std::uint32_t from = 0, to = 0;
  std::uint64_t depth = 0;     ///< kNoLimit: unbounded
  std::uint64_t elements = 0;  ///< in the whole run
  std::uint64_t bytes = 0;     ///< per element
  std::uint32_t width = 1;     ///< numbers per element
};

struct Graph {
  std::string name;
  std::vector<Node> nodes;  ///< in topological order
  std::vector<Channel> channels;
  std::uint64_t memory_bandwidth = kNoLimit;  ///< bytes per cycle

  std::uint64_t memory_bytes() const;
  /// On chip, FIFOs not included.
  std::uint64_t bytes_of_nodes() const;
};

/// Works out a graph. Problems have the path of the key ("channels[2].depth") and no place.
bool resolve(const GraphConfig& config, Graph& graph, Problems& problems);

}  // namespace lutetia::dataflow
