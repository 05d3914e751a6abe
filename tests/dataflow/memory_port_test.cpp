// Bandwidth that nodes share: the most frequent of a port leaves the others their part, and together they never move
// more.
#include "base/random.h"
#include "graphs.h"

namespace lutetia::dataflow {
namespace {

/// Two loads, one store of a result of every `rows` elements.
std::string text(std::uint64_t bandwidth, const std::string& port, std::uint64_t a, std::uint64_t b, std::uint64_t out,
                 std::uint64_t rows) {
  const auto bytes = [](std::uint64_t n) { return "memory_bytes: " + std::to_string(n); };
  const std::string count = std::to_string(rows);
  return "name: loads\nmemory_bandwidth: " + std::to_string(bandwidth) +
         "\nnodes:\n"
         "  - {name: a, kind: source, count: 24 * " +
         count + ", memory_port: " + port + ", " + bytes(a) + "}\n" +
         "  - {name: b, kind: source, count: 24, memory_port: " + port + ", " + bytes(b) + "}\n" +
         "  - {name: meet, kind: map}\n"
         "  - {name: sum, kind: reduce, count: " +
         count + "}\n" + "  - {name: store, kind: map, memory_port: " + port + ", " + bytes(out) + "}\n" +
         "  - {name: end, kind: sink}\n"
         "channels:\n"
         "  - {from: a, to: meet, depth: 4}\n"
         "  - {from: b, to: meet, uses: " +
         count +
         "}\n"
         "  - {from: meet, to: sum}\n"
         "  - {from: sum, to: store}\n"
         "  - {from: store, to: end}\n";
}

Graph graph_of(const std::string& yaml) {
  LoadedGraph loaded;
  Problems problems;
  EXPECT_TRUE(read_graph_text(yaml, "test.yaml", {}, loaded, problems)) << text_of(problems);
  return loaded.graph;
}

const Node& node(const Graph& graph, const std::string& name) {
  for (const Node& n : graph.nodes)
    if (n.name == name) return n;
  ADD_FAILURE() << name;
  return graph.nodes.front();
}

TEST(MemoryPort, TheMostFrequentNodeLeavesTheOthersTheirPart) {
  const Graph shared = graph_of(text(10, "memory", 40, 100, 60, 8));
  EXPECT_EQ(node(shared, "a").interval, 6u) << "8 firings leave 16 cycles to the others: 60 bytes a firing";
  EXPECT_EQ(node(shared, "b").interval, 10u) << "the others move as fast as memory can, in between";
  EXPECT_EQ(node(shared, "store").interval, 6u);
  const Graph apart = graph_of(text(10, "''", 40, 100, 60, 8));
  EXPECT_EQ(node(apart, "a").interval, 4u);
  EXPECT_EQ(shared.memory_bytes(), apart.memory_bytes());
}

TEST(MemoryPort, IsRoundedUpOnceForAllBytes) {
  EXPECT_EQ(node(graph_of(text(7, "memory", 7, 1, 1, 12)), "a").interval, 2u);
  EXPECT_EQ(node(graph_of(text(1000, "memory", 7, 1, 1, 12)), "a").interval, 1u);
}

TEST(MemoryPort, ARunTakesAsLongAsItsBytesAndLittleMoreIfMemoryIsWhatItWaitsFor) {
  Random random(3);
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t rows = 1 + random.below(9), bandwidth = 1 + random.below(30);
    const std::uint64_t a = 1 + random.below(300), b = 1 + random.below(300), out = 1 + random.below(300);
    SCOPED_TRACE(testing::Message() << rows << " " << bandwidth << " " << a << " " << b << " " << out);
    const Graph graph = graph_of(text(bandwidth, "memory", a, b, out, rows));
    const Cycle cycles = finished(graph).cycles;
    EXPECT_GE(cycles * bandwidth, graph.memory_bytes());
    EXPECT_LE(cycles,
              24 * rows * node(graph, "a").interval + node(graph, "b").interval + node(graph, "store").interval + 9);
  }
}

TEST(MemoryPort, BytesThatCannotBeCountedAreAProblem) {
  LoadedGraph loaded;
  Problems problems;
  const std::uint64_t most = std::uint64_t{1} << 50;
  EXPECT_FALSE(read_graph_text(text(1000000, "memory", most, most, most, 100), "g.yaml", {}, loaded, problems));
  EXPECT_NE(text_of(problems).find("the bytes of memory port memory are too many to be counted"), std::string::npos)
      << text_of(problems);
}

}  // namespace
}  // namespace lutetia::dataflow
