// Random graphs that fit together: any kinds of nodes, forks, joins, held operands, latencies, intervals, resets,
// depths, shared memory. Many of them deadlock.
#pragma once
#include "base/random.h"
#include "dataflow/graph_config.h"

namespace lutetia::dataflow {

class RandomGraph {
 public:
  explicit RandomGraph(std::uint64_t seed) : random_(seed) { rows_ = 1 + random_.below(12); }

  GraphConfig make() {
    config_.name = "random";
    config_.memory_bandwidth = "16";
    for (std::uint64_t n = 1 + random_.below(3); n > 0; --n) source(rows_ * small());
    for (std::uint64_t n = 1 + random_.below(8); n > 0; --n) grow();
    for (std::size_t i = 0; i < config_.nodes.size(); ++i)  // what nobody takes ends in a sink
      if (gives_[i] != 0 && !taken_[i]) connect(i, add(NodeKind::kSink, 0));
    return config_;
  }

 private:
  std::uint64_t small() { return 1 + random_.below(8); }
  std::string text(std::uint64_t x) { return std::to_string(x); }

  std::size_t add(NodeKind kind, std::uint64_t gives) {
    NodeConfig node;
    node.name = "n" + text(config_.nodes.size());
    node.kind = kind;
    node.latency = text(random_.bernoulli(0.5) ? 1 : 1 + random_.below(12));
    node.initiation_interval = text(kind == NodeKind::kRepeat ? random_.below(3) : 1 + random_.below(3));
    if (random_.bernoulli(0.3) && (kind == NodeKind::kReduce || kind == NodeKind::kScan || kind == NodeKind::kGather ||
                                   kind == NodeKind::kMatmul))
      node.reset = text(random_.below(5));
    if (random_.bernoulli(0.2)) node.memory_bytes = text(1 + random_.below(40));
    if (random_.bernoulli(0.7)) node.memory_port = random_.bernoulli(0.5) ? "one" : "other";
    config_.nodes.push_back(node);
    gives_.push_back(gives);
    taken_.push_back(false);
    return config_.nodes.size() - 1;
  }
  void source(std::uint64_t count) { config_.nodes[add(NodeKind::kSource, count)].count = text(count); }
  void connect(std::size_t from, std::size_t to, std::uint64_t uses = 1) {
    ChannelConfig c;
    c.name = "c" + text(config_.channels.size());
    c.from = config_.nodes[from].name;
    c.to = config_.nodes[to].name;
    c.depth = random_.bernoulli(0.15) ? kUnbounded : text(1 + random_.below(random_.bernoulli(0.3) ? 40 : 6));
    c.uses = text(uses);
    config_.channels.push_back(c);
    taken_[from] = true;
  }
  /// A node whose elements are not all dealt with; those that nobody took yet more often.
  std::size_t pick() {
    for (int tries = 0; tries < 100; ++tries) {
      const std::size_t i = random_.below(config_.nodes.size());
      if (gives_[i] != 0 && (!taken_[i] || random_.bernoulli(0.4))) return i;
    }
    return 0;
  }
  /// A divisor of n, and not always a large one.
  std::uint64_t divisor(std::uint64_t n) {
    std::vector<std::uint64_t> all;
    for (std::uint64_t d = 1; d <= n && d <= 64; ++d)
      if (n % d == 0) all.push_back(d);
    return all[random_.below(all.size())];
  }

  void grow() {
    const std::size_t a = pick();
    const std::uint64_t n = gives_[a];
    switch (random_.below(8)) {
      case 0: join(a, n, NodeKind::kMap); break;
      case 1: row(a, n, random_.bernoulli(0.3) ? NodeKind::kGather : NodeKind::kReduce, true); break;
      case 2: row(a, n, NodeKind::kScan, false); break;
      case 3: copies(a, n, NodeKind::kRepeat); break;
      case 4: copies(a, n, NodeKind::kFlatmap); break;
      case 5: matmul(a, n); break;
      case 6: normalise(a, n); break;
      default: {
        const std::size_t to = add(NodeKind::kMap, n);
        connect(a, to);
      }
    }
  }
  /// Two or three operands, of which some stay for several firings.
  void join(std::size_t a, std::uint64_t n, NodeKind kind) {
    std::vector<std::pair<std::size_t, std::uint64_t>> others;
    for (std::size_t i = 0; i < config_.nodes.size(); ++i)
      if (gives_[i] != 0 && n % gives_[i] == 0 && (i != a || random_.bernoulli(0.3)))
        others.emplace_back(i, n / gives_[i]);
    random_.shuffle(others);
    const std::size_t to = add(kind, n);
    connect(a, to);
    for (std::uint64_t k = 1 + random_.below(2); k > 0 && !others.empty(); --k) {
      connect(others.back().first, to, others.back().second);
      others.pop_back();
    }
  }
  void row(std::size_t a, std::uint64_t n, NodeKind kind, bool reduces) {
    const std::uint64_t count = divisor(n);
    const std::size_t to = add(kind, reduces ? n / count : n);
    config_.nodes[to].count = text(count);
    connect(a, to);
  }
  /// Every element meets what became of its row: as long as the row is short enough for the FIFO past the reduce.
  void normalise(std::size_t a, std::uint64_t n) {
    const std::uint64_t count = divisor(n);
    const std::size_t reduce = add(NodeKind::kReduce, n / count);
    config_.nodes[reduce].count = text(count);
    connect(a, reduce);
    const std::size_t to = add(NodeKind::kMap, n);
    connect(a, to);
    connect(reduce, to, count);
  }
  void copies(std::size_t a, std::uint64_t n, NodeKind kind) {
    const std::uint64_t count = 1 + random_.below(5);
    if (n * count > 3000) return;
    const std::size_t to = add(kind, n * count);
    config_.nodes[to].count = text(count);
    connect(a, to);
  }
  /// Rows of `count`, each used for `columns` results; the second operand comes from a source of its own.
  void matmul(std::size_t a, std::uint64_t n) {
    const std::uint64_t count = divisor(n), columns = 1 + random_.below(4);
    if (n * columns > 3000) return;
    source(n * columns);
    const std::size_t b = config_.nodes.size() - 1;
    const std::size_t to = add(NodeKind::kMatmul, n / count * columns);
    config_.nodes[to].count = text(count);
    config_.nodes[to].columns = text(columns);
    connect(a, to);
    connect(b, to);
  }

  Random random_;
  std::uint64_t rows_;
  GraphConfig config_;
  std::vector<std::uint64_t> gives_;  // elements that each node makes; 0: a sink
  std::vector<bool> taken_;
};

}  // namespace lutetia::dataflow
