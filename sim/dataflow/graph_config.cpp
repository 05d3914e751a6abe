#include "dataflow/graph_config.h"

namespace lutetia::dataflow {
namespace {

const std::vector<std::pair<std::string, NodeKind>>& kinds() {
  static const std::vector<std::pair<std::string, NodeKind>> names = {
      {"source", NodeKind::kSource}, {"map", NodeKind::kMap},         {"zip", NodeKind::kZip},
      {"reduce", NodeKind::kReduce}, {"scan", NodeKind::kScan},       {"gather", NodeKind::kGather},
      {"repeat", NodeKind::kRepeat}, {"flatmap", NodeKind::kFlatmap}, {"matmul", NodeKind::kMatmul},
      {"sink", NodeKind::kSink}};
  return names;
}

}  // namespace

const char* kind_name(NodeKind kind) {
  for (const auto& entry : kinds())
    if (entry.second == kind) return entry.first.c_str();
  return "";
}

void describe(Schema& s, DerivedConfig& c) {
  s.field("name", c.name, "for the expressions behind it").required();
  s.field("value", c.value, "expression").required();
}

void describe(Schema& s, NodeConfig& c) {
  s.field("name", c.name, "unique among the nodes").required();
  s.choice("kind", c.kind, kinds(), "how many elements a firing takes and gives").required();
  s.field("function", c.function,
          "of the values; timing does not depend on it (lutetia help functions); none: elements without values");
  s.field(
      "count", c.count,
      "expression: elements a source makes, a reduce, scan or gather takes per row, products of a matmul per result, "
      "copies of a repeat, parts of a flatmap");
  s.field(
      "columns", c.columns,
      "expression, matmul: results for which a row of the first operand is kept in a buffer of `count` elements; 1: "
      "it arrives anew for each");
  s.field("width", c.width, "expression, source: numbers in the value of an element");
  s.field("latency", c.latency,
          "expression: cycles from taking the operands until the result can be taken, at least 1");
  s.field("initiation_interval", c.initiation_interval,
          "expression: cycles from one firing to the next, at least 1; a repeat may have 0");
  s.field("reset", c.reset, "expression: cycles before every row of a reduce, scan, gather or matmul");
  s.field("memory_bytes", c.memory_bytes,
          "expression: bytes of off-chip memory moved per firing; a firing then takes at least memory_bytes / "
          "memory_bandwidth cycles");
  s.field("memory_port", c.memory_port,
          "nodes of one name share the bandwidth: those that fire most often leave the others their part; none: not "
          "shared");
  s.field("bytes", c.bytes, "expression: bytes that the node keeps on chip by itself (operands, sums), for the report");
}

void describe(Schema& s, ChannelConfig& c) {
  s.field("name", c.name, "unique among the channels; if not given, FROM->TO");
  s.field("from", c.from, "node that fills it; a node with several channels gives each of them every element")
      .required();
  s.field("to", c.to, "node that empties it; its operands are its channels in their order in the file").required();
  s.field("depth", c.depth,
          "expression or unbounded: elements that it holds, those still in the producer's pipeline included");
  s.field("uses", c.uses, "expression: firings for which the consumer keeps each element before it takes the next");
  s.field("bytes", c.bytes, "expression: bytes per element, for the on-chip memory of the report");
}

void describe(Schema& s, GraphConfig& c) {
  s.field("name", c.name, "of the graph").required();
  s.map("parameters", c.parameters, "names with whole numbers, for expressions; --set NAME=VALUE overrides one");
  s.list("derived", c.derived, "names for expressions of parameters and of the names before; not for --set");
  s.field("memory_bandwidth", c.memory_bandwidth,
          "expression or unbounded: bytes per cycle that off-chip memory moves for one memory_port, or for one node");
  s.list("nodes", c.nodes, "what computes").required();
  s.list("channels", c.channels, "FIFOs between nodes").required();
}

}  // namespace lutetia::dataflow
