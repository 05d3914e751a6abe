// Graphs that several kernel tests run: random ones that always finish, and two that deadlock.
#pragma once
#include <algorithm>

#include "base/random.h"
#include "toy_graph.h"

namespace lutetia {

/// A random acyclic graph of pipelines, forks and joins. Every edge carries `tokens`, so any depth of FIFOs will do.
inline void build_random_graph(ToyGraph& graph, std::uint64_t seed, std::uint64_t tokens, bool several_clocks) {
  Random random(seed);
  const std::uint64_t frequencies[] = {1'000'000'000, 800'000'000, 1'410'000'000};
  std::vector<Toy*> blocks;
  for (std::uint64_t i = 0, n = 3 + random.below(10); i < n; ++i) {
    ToyShape shape;
    shape.delay = random.below(8);
    shape.interval = static_cast<Cycle>(random.between(1, 4));
    const bool source = i == 0 || random.bernoulli(0.15);
    if (source) shape.makes = tokens;
    ClockDomain clock;
    if (several_clocks) clock.frequency.value = frequencies[random.below(3)];
    Toy& block = graph.add("b" + std::to_string(i), shape, clock);
    for (std::uint64_t edges = source ? 0 : 1 + random.below(3); edges > 0; --edges) {
      Toy& from = *blocks[random.below(blocks.size())];
      const std::string name = from.name() + "." + block.name() + "." + std::to_string(edges);
      graph.join(
          from, block,
          {name, static_cast<std::uint32_t>(random.between(1, 4)), static_cast<std::uint32_t>(random.between(1, 3))});
    }
    blocks.push_back(&block);
  }
  Toy& sink = graph.add("sink", {}, {});  // so that no source stands alone
  for (Toy* block : blocks)
    if (block->outputs.empty()) graph.join(*block, sink, {block->name() + ".sink", 2, 1});
}

/// fork feeds gather, which answers after `needed` tokens, and beside it the FIFO `bypass`; join needs both.
inline void build_reconvergent(ToyGraph& graph, std::uint32_t needed, std::uint32_t bypass,
                               const ClockDomain& slow = {}, const ClockDomain& fast = {}) {
  Toy& source = graph.add("top_source", {4 * std::uint64_t{needed}, 1, 1, 1}, fast);
  Toy& fork = graph.add("fork", {}, fast);
  ToyShape gathering;
  gathering.gather = needed;
  gathering.interval = 3;
  Toy& gather = graph.add("gather", gathering, slow);
  Toy& join = graph.add("join", {}, slow);
  Toy& sink = graph.add("sink", {}, slow);
  graph.join(source, fork, {"input", 2, 1});
  graph.join(fork, gather, {"fork_gather", 2, 1});
  graph.join(fork, join, {"bypass", bypass, 1});
  graph.join(gather, join, {"gather_join", 2, 1});
  graph.join(join, sink, {"output", 2, 1});
}

/// Two blocks, each waiting for the other's first token.
inline void build_circle(ToyGraph& graph) {
  Toy& ping = graph.add("ping", {});
  Toy& pong = graph.add("pong", {});
  Toy& sink = graph.add("sink", {});
  graph.join(ping, pong, {"ping_pong", 2, 1});
  graph.join(pong, ping, {"pong_ping", 3, 1});
  graph.join(pong, sink, {"pong_sink", 2, 1});
}

}  // namespace lutetia
