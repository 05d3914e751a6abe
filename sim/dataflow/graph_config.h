// A streaming dataflow graph as it is written in YAML (configs/dataflow/*.yaml). Numbers that may depend on the graph's
// parameters are expressions (config/expression.h); graph.h has the graph with all of them worked out. What the keys
// mean to the cycle is in README.md of this folder.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "config/schema.h"

namespace lutetia::dataflow {

enum class NodeKind { kSource, kMap, kZip, kReduce, kScan, kGather, kRepeat, kFlatmap, kMatmul, kSink };

/// The name as it is written: "source".
const char* kind_name(NodeKind kind);

/// A number with a name, worked out from the parameters and the numbers before.
struct DerivedConfig {
  std::string name;
  std::string value;
};

struct NodeConfig {
  std::string name;
  NodeKind kind = NodeKind::kMap;
  std::string function;
  std::string count = "1";
  std::string columns = "1";
  std::string width = "1";
  std::string latency = "1";
  std::string initiation_interval = "1";
  std::string reset = "0";
  std::string memory_bytes = "0";
  std::string memory_port;
  std::string bytes = "0";
};

struct ChannelConfig {
  std::string name;
  std::string from;
  std::string to;
  std::string depth = "2";
  std::string uses = "1";
  std::string bytes = "0";
};

struct GraphConfig {
  std::string name;
  std::map<std::string, std::int64_t> parameters;
  std::vector<DerivedConfig> derived;
  std::string memory_bandwidth = "unbounded";
  std::vector<NodeConfig> nodes;
  std::vector<ChannelConfig> channels;
};

void describe(Schema& s, DerivedConfig& c);
void describe(Schema& s, NodeConfig& c);
void describe(Schema& s, ChannelConfig& c);
void describe(Schema& s, GraphConfig& c);

/// What `depth` and `memory_bandwidth` may say instead of a number.
inline constexpr const char* kUnbounded = "unbounded";

}  // namespace lutetia::dataflow
