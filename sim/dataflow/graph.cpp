#include "dataflow/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/nearest.h"
#include "config/expression.h"
#include "config/set_path.h"
#include "config/value.h"
#include "dataflow/memory_port.h"
#include "dataflow/rates.h"

namespace lutetia::dataflow {
namespace {

constexpr std::uint64_t kMostCycles = std::uint64_t{1} << 31;  // of a latency, an interval, a reset

/// Reads what the file says into a graph whose nodes are still in the order of the file.
class Resolver {
 public:
  Resolver(const GraphConfig& config, Graph& graph, Problems& problems)
      : config_(config), graph_(graph), problems_(problems) {}

  bool run() {
    const std::size_t before = problems_.size();
    graph_ = {};
    graph_.name = config_.name;
    for (const auto& parameter : config_.parameters)
      name_free(parameter.first, join_path("parameters", parameter.first));
    derive();
    graph_.memory_bandwidth = limit(config_.memory_bandwidth, "memory_bandwidth", std::uint64_t{1} << 40);
    read_nodes();
    read_channels();
    if (problems_.size() == before) check_ends();
    return problems_.size() == before;
  }

 private:
  void problem(const std::string& path, const std::string& message) { problems_.add({}, path, message); }

  void name_free(const std::string& name, const std::string& path) {
    for (const char* key : {"name", "parameters", "derived", "memory_bandwidth", "nodes", "channels", "max", "min",
                            "ceil", "exact", kUnbounded})
      if (name == key) problem(path, "is taken: expressions and --set mean something else by it");
  }

  void derive() {
    values_ = config_.parameters;
    for (std::size_t i = 0; i < config_.derived.size(); ++i) {
      const DerivedConfig& c = config_.derived[i];
      const std::string path = join_path("derived", i);
      name_free(c.name, path + ".name");
      const ExpressionValue value = evaluate_expression(c.value, values_);
      if (!value.error.empty()) problem(path + ".value", value.error);
      if (!values_.emplace(c.name, value.value).second) problem(path + ".name", "is taken by a name before");
    }
  }

  std::uint64_t number(const std::string& text, const std::string& path, std::uint64_t low, std::uint64_t high) {
    const ExpressionValue value = evaluate_expression(text, values_);
    if (!value.error.empty()) return problem(path, value.error), low;
    if (value.value >= static_cast<std::int64_t>(low) && value.value <= static_cast<std::int64_t>(high))
      return static_cast<std::uint64_t>(value.value);
    return problem(path, fmt::format("expected {}..{}, got {}{}", low, high, value.value, meaning(text))), low;
  }
  std::uint64_t limit(const std::string& text, const std::string& path, std::uint64_t high) {
    return text == kUnbounded ? kNoLimit : number(text, path, 1, high);
  }
  /// " (length - 1)" behind a number that is not written as one.
  static std::string meaning(const std::string& text) {
    const bool plain = text.find_first_not_of("0123456789") == std::string::npos;
    return plain ? "" : " (" + text + ")";
  }

  void read_nodes() {
    constexpr std::uint64_t kMostFirings = std::uint64_t{1} << 53;
    for (std::size_t i = 0; i < config_.nodes.size(); ++i) {
      const NodeConfig& c = config_.nodes[i];
      const std::string path = join_path("nodes", i);
      Node node;
      node.name = c.name;
      node.kind = c.kind;
      if (c.name.empty()) problem(path + ".name", "is empty");
      if (!node_of_.emplace(c.name, i).second) problem(path + ".name", "is taken by a node before");
      const bool source = c.kind == NodeKind::kSource, matmul = c.kind == NodeKind::kMatmul;
      const bool row =
          c.kind == NodeKind::kReduce || c.kind == NodeKind::kScan || c.kind == NodeKind::kGather || matmul;
      const bool copies = c.kind == NodeKind::kRepeat || c.kind == NodeKind::kFlatmap;
      unless(source || row || copies || c.count == "1", path + ".count",
             "source, reduce, scan, gather, repeat, flatmap, matmul");
      unless(matmul || c.columns == "1", path + ".columns", "matmul");
      unless(source || c.width == "1", path + ".width", "source");
      unless(row || c.reset == "0", path + ".reset", "reduce, scan, gather, matmul");
      const std::uint64_t count = number(c.count, path + ".count", 1, kMostFirings);
      if (source) node.firings = count;
      if (row) node.row = count;
      if (row && c.kind != NodeKind::kScan) node.give_every = count;
      node.width = static_cast<std::uint32_t>(number(c.width, path + ".width", 1, 1u << 20));
      node.latency = number(c.latency, path + ".latency", 1, kMostCycles);
      const std::uint64_t least = c.kind == NodeKind::kRepeat ? 0 : 1;
      node.interval = number(c.initiation_interval, path + ".initiation_interval", least, kMostCycles);
      node.reset = number(c.reset, path + ".reset", 0, kMostCycles);
      node.memory_bytes = number(c.memory_bytes, path + ".memory_bytes", 0, std::uint64_t{1} << 50);
      node.memory_port = c.memory_port;
      node.bytes = number(c.bytes, path + ".bytes", 0, std::uint64_t{1} << 50);
      if (graph_.memory_bandwidth != kNoLimit)
        node.interval =
            std::max(node.interval, (node.memory_bytes + graph_.memory_bandwidth - 1) / graph_.memory_bandwidth);
      read_function(c, path, node);
      graph_.nodes.push_back(std::move(node));
      counts_.push_back(count);
      columns_.push_back(number(c.columns, path + ".columns", 1, kMostFirings));
    }
  }

  void read_function(const NodeConfig& c, const std::string& path, Node& node) {
    const bool map = c.kind == NodeKind::kMap || c.kind == NodeKind::kZip;
    const bool fold = c.kind == NodeKind::kReduce || c.kind == NodeKind::kScan || c.kind == NodeKind::kMatmul;
    const std::string& name = c.function;
    unless(map || fold || name.empty(), path + ".function", "map, zip, reduce, scan, matmul");
    if (name.empty() || !(map || fold)) return;
    node.function = find_function(name);
    const ValueFunction::Use use = map ? ValueFunction::Use::kMap : ValueFunction::Use::kFold;
    if (node.function != nullptr && node.function->use == use) return;
    std::vector<std::string> names;
    for (const ValueFunction& f : value_functions())
      if (f.use == use) names.push_back(f.name);
    problem(path + ".function", fmt::format("no such function of a {}{}; known: {}", kind_name(c.kind),
                                            did_you_mean(name, names), joined(names)));
    node.function = nullptr;
  }

  void unless(bool good, const std::string& path, const char* kinds) {
    if (!good) problem(path, std::string("is for ") + kinds + " only");
  }

  void read_channels() {
    std::map<std::string, std::size_t> names;
    for (std::size_t i = 0; i < config_.channels.size(); ++i) {
      const ChannelConfig& c = config_.channels[i];
      const std::string path = join_path("channels", i);
      Channel channel;
      channel.name = c.name.empty() ? c.from + "->" + c.to : c.name;
      if (!names.emplace(channel.name, i).second)
        problem(path + ".name", quoted_for_message(channel.name) + " is taken by a channel before");
      channel.depth = limit(c.depth, path + ".depth", kDeepestFifo);
      channel.bytes = number(c.bytes, path + ".bytes", 0, std::uint64_t{1} << 32);
      const std::uint64_t uses = number(c.uses, path + ".uses", 1, std::uint64_t{1} << 53);
      const bool from = find_node(c.from, path + ".from", channel.from);
      const bool to = find_node(c.to, path + ".to", channel.to);
      const auto index = static_cast<std::uint32_t>(i);
      if (from) graph_.nodes[channel.from].outputs.push_back(index);
      if (to) add_input(graph_.nodes[channel.to], channel.to, index, uses, path);
      graph_.channels.push_back(std::move(channel));
    }
  }

  void add_input(Node& node, std::size_t at, std::uint32_t channel, std::uint64_t uses, const std::string& path) {
    Input input{channel, uses, 1};
    const bool copies = node.kind == NodeKind::kRepeat || node.kind == NodeKind::kFlatmap;
    const bool buffered = node.kind == NodeKind::kMatmul && node.inputs.empty() && columns_[at] > 1;
    if ((copies || buffered) && uses != 1)
      problem(path + ".uses", fmt::format("must be 1: {} keeps its operand by itself", node.name));
    if (copies) input.period = counts_[at];
    if (buffered) {
      input.take = counts_[at];
      if (__builtin_mul_overflow(counts_[at], columns_[at], &input.period))
        problem(join_path("nodes", at) + ".columns", "times count is too large");
    }
    node.inputs.push_back(input);
  }

  bool find_node(const std::string& name, const std::string& path, std::uint32_t& index) {
    const auto found = node_of_.find(name);
    if (found != node_of_.end()) return index = static_cast<std::uint32_t>(found->second), true;
    std::vector<std::string> names;
    for (const auto& entry : node_of_) names.push_back(entry.first);
    problem(path, fmt::format("no such node {}{}; nodes: {}", quoted_for_message(name), did_you_mean(name, names),
                              joined(names)));
    return false;
  }

  /// How many channels go in and out of each kind of node.
  void check_ends() {
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const Node& node = graph_.nodes[i];
      const std::size_t in = node.inputs.size(), out = node.outputs.size();
      std::size_t least = 1, most = 64;
      if (node.kind == NodeKind::kSource) least = most = 0;
      if (node.kind == NodeKind::kZip || node.kind == NodeKind::kMatmul) least = most = 2;
      if (node.kind == NodeKind::kRepeat || node.kind == NodeKind::kFlatmap || node.kind == NodeKind::kGather) most = 1;
      if (node.function != nullptr) least = std::max<std::size_t>(least, node.function->least);
      if (node.function != nullptr) most = std::min<std::size_t>(most, node.function->most);
      const std::string path = join_path("nodes", i);
      const std::string wanted = least == most ? std::to_string(least) : fmt::format("{}..{}", least, most);
      const std::string what = node.function != nullptr
                                   ? fmt::format("{} {}", kind_name(node.kind), node.function->name)
                                   : kind_name(node.kind);
      if (in < least || in > most)
        problem(path, fmt::format("{} ({}) has {} channels coming in, expected {}", node.name, what, in, wanted));
      if (node.kind == NodeKind::kSink ? out != 0 : out == 0)
        problem(path, fmt::format("{} ({}) has {}", node.name, what,
                                  out == 0 ? "no channel going out; a sink would end it" : "a channel going out"));
    }
    if (graph_.nodes.empty()) problem("nodes", "is empty");
  }

  const GraphConfig& config_;
  Graph& graph_;
  Problems& problems_;
  std::map<std::string, std::int64_t> values_;  // parameters, and what is derived from them
  std::map<std::string, std::size_t> node_of_;
  std::vector<std::uint64_t> counts_, columns_;  // of the nodes
};

}  // namespace

std::uint64_t Graph::memory_bytes() const {
  std::uint64_t sum = 0;
  for (const Node& node : nodes) sum += node.firings * node.memory_bytes;
  return sum;
}

std::uint64_t Graph::bytes_of_nodes() const {
  std::uint64_t sum = 0;
  for (const Node& node : nodes) sum += node.bytes;
  return sum;
}

bool resolve(const GraphConfig& config, Graph& graph, Problems& problems) {
  return Resolver(config, graph, problems).run() && balance(graph, problems) && share_memory(graph, problems);
}

}  // namespace lutetia::dataflow
