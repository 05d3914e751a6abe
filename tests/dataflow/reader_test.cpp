// Graphs as people write them: every mistake has its place and its message, all at once.
#include "graphs.h"

namespace lutetia::dataflow {
namespace {

constexpr char kGood[] =
    "name: good\n"                                                             // 1
    "parameters: {length: 8, depth: 2}\n"                                      // 2
    "nodes:\n"                                                                 // 3
    "  - {name: in, kind: source, count: length * length}\n"                   // 4
    "  - {name: sum, kind: reduce, count: length, latency: 3}\n"               // 5
    "  - {name: meet, kind: map}\n"                                            // 6
    "  - {name: out, kind: sink}\n"                                            // 7
    "channels:\n"                                                              // 8
    "  - {name: short, from: in, to: sum, depth: depth}\n"                     // 9
    "  - {name: long, from: in, to: meet, depth: length + 4}\n"                // 10
    "  - {name: sums, from: sum, to: meet, uses: length, depth: unbounded}\n"  // 11
    "  - {name: end, from: meet, to: out, bytes: 4}\n";                        // 12

/// The text with one line changed, and what is said about it.
std::string said(const std::string& from, const std::string& to, const std::vector<std::string>& sets = {}) {
  std::string text = kGood;
  if (!from.empty()) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
  }
  LoadedGraph loaded;
  Problems problems;
  const bool good = read_graph_text(text, "g.yaml", sets, loaded, problems);
  EXPECT_EQ(good, problems.empty());
  return text_of(problems);
}

TEST(GraphReader, AGoodGraphIsWorkedOut) {
  LoadedGraph loaded;
  Problems problems;
  ASSERT_TRUE(read_graph_text(kGood, "g.yaml", {"length=4", "channels[0].depth=7"}, loaded, problems));
  const Graph& graph = loaded.graph;
  EXPECT_EQ(graph.nodes[0].firings, 16u);
  EXPECT_EQ(graph.nodes[1].firings, 16u);
  EXPECT_EQ(graph.nodes[1].give_every, 4u);
  EXPECT_EQ(graph.channels[0].depth, 7u);
  EXPECT_EQ(graph.channels[1].depth, 8u);
  EXPECT_EQ(graph.channels[2].elements, 4u);
  EXPECT_EQ(graph.channels[2].depth, kNoLimit);
  EXPECT_EQ(graph.channels[3].elements, 16u);
}

TEST(GraphReader, EveryMistakeHasItsPlaceAndMessage) {
  EXPECT_EQ(said("", ""), "");
  // What only the whole graph shows is told by line; the column is that of its first letter, in a file.
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"kind: sink", "kind: sinc",
       "g.yaml:7:23: error: nodes[3].kind: \"sinc\" is not allowed, did you mean \"sink\"?"},
      {"count: length,", "count: lenght,", "g.yaml:5: error: nodes[1].count: unknown parameter lenght, did you mean"},
      {"depth: length + 4", "depth: length - 8", "nodes"},
      {"from: in, to: meet", "from: inn, to: meet", "channels[1].from: no such node \"inn\", did you mean \"in\"?"},
      {"name: meet", "name: sum", "nodes[2].name: is taken by a node before"},
      {"name: long", "name: short", "channels[1].name: \"short\" is taken by a channel before"},
      {"latency: 3", "latency: 0", "nodes[1].latency: expected 1..2147483648, got 0"},
      {"count: length * length", "count: length * length + 1", "nodes[1].count: 65 firings are no whole rows of 8"},
      {"uses: length", "uses: length + 1", "channels[2]: sums lasts for 72 firings of meet, but long for 64"},
      {"kind: map", "kind: map, count: 3", "nodes[2].count: is for source, reduce"},
      {"kind: map", "kind: map, reset: 3", "nodes[2].reset: is for reduce, scan, gather, matmul only"},
      {"kind: map", "kind: map, function: running_sum", "nodes[2].function: no such function of a map"},
      {"kind: map", "kind: zip, function: concat, initiation_interval: 0",
       "nodes[2].initiation_interval: expected 1..2147483648, got 0"},
      {"name: end, from: meet, to: out", "name: end, from: sum, to: out",
       "nodes[2]: meet (map) has no channel going out"},
      {"to: sum,", "to: out,", "nodes[1]: sum (reduce) has 0 channels coming in, expected 1..64"},
      {"parameters: {length: 8,", "parameters: {nodes: 8, length: 8,", "g.yaml:2: error: parameters.nodes: is taken"},
      {"depth: depth", "deepth: depth", "g.yaml:9:38: error: channels[0].deepth: unknown key, did you mean \"depth\"?"},
      {"bytes: 4", "bytes: 4.5", "channels[3].bytes: unexpected \".\""},
      {"latency: 3", "latency: 3 / (length - 8)", "nodes[1].latency: division by zero"},
      {"length: 8", "length: eight", "parameters.length: expected a whole number"},
      {"name: good", "name: good\nderived: [{name: more, value: length + lots}]",
       "derived[0].value: unknown parameter lots"},
      {"name: good", "name: good\nderived: [{name: length, value: 1}]", "derived[0].name: is taken by a name before"},
      {"name: good", "name: good\nderived: [{name: exact, value: 1}]", "derived[0].name: is taken: expressions"},
      {"name: good", "name: good\nderived: [{name: a, value: b}, {name: b, value: 1}]",
       "derived[0].value: unknown parameter b"},
      {"count: length * length", "count: \"exact(length * length, 3)\"", "nodes[0].count: 64 is no multiple of 3"},
      {"name: good", "name: good\nmemory_bandwidth: none", "memory_bandwidth: unknown parameter none"},
  };
  for (const auto& [from, to, message] : cases) {
    const std::string text = said(from, to);
    if (message == "nodes") {
      EXPECT_NE(text.find("channels[1].depth: expected 1..16777216, got 0 (length - 8)"), std::string::npos) << text;
      continue;
    }
    EXPECT_NE(text.find(message), std::string::npos) << to << "\n" << text;
  }
}

TEST(GraphReader, ACircleIsNamed) {
  const std::string text = said("from: in, to: sum", "from: meet, to: sum");
  EXPECT_NE(text.find("closes a circle in which no element can ever be the first: "), std::string::npos) << text;
  EXPECT_NE(text.find("sum -> meet -> sum"), std::string::npos) << text;
}

TEST(GraphReader, AllMistakesAreToldAtOnce) {
  std::string text = kGood;
  for (const char* from : {"count: length,", "depth: depth}", "uses: length,"}) {
    const std::size_t at = text.find(from);
    text.replace(at + std::string(from).find(' ') + 1, 1, "X");
  }
  LoadedGraph loaded;
  Problems problems;
  EXPECT_FALSE(read_graph_text(text, "g.yaml", {}, loaded, problems));
  EXPECT_EQ(problems.size(), 3u) << text_of(problems);
}

TEST(GraphReader, ASetParameterMustExist) {
  EXPECT_EQ(said("", "", {"lengthh=4"}),
            "--set: error: lengthh: no such parameter, did you mean \"length\"?; parameters: depth, length\n");
  EXPECT_EQ(said("", "", {"parameters.dept=4"}),
            "--set: error: dept: no such parameter, did you mean \"depth\"?; parameters: depth, length\n");
  EXPECT_NE(said("", "", {"length=x"}).find("parameters.length: expected a whole number"), std::string::npos);
  EXPECT_NE(said("", "", {"length"}).find("expected path=value"), std::string::npos);
  EXPECT_NE(said("", "", {"length=0"}).find("nodes[0].count: expected 1.."), std::string::npos);
  EXPECT_EQ(said("", "", {"nodes[1].latency=9"}), "");
}

TEST(GraphReader, MemoryMakesAFiringLast) {
  std::string text = kGood;
  text.insert(text.find("parameters"), "memory_bandwidth: 16\n");
  const std::size_t at = text.find("count: length * length");
  text.insert(at, "memory_bytes: 4 * length + 1, ");
  LoadedGraph loaded;
  Problems problems;
  ASSERT_TRUE(read_graph_text(text, "g.yaml", {}, loaded, problems)) << text_of(problems);
  EXPECT_EQ(loaded.graph.nodes[0].interval, 3u);  // 33 bytes of 16 a cycle
  EXPECT_EQ(loaded.graph.memory_bytes(), 64u * 33);
  EXPECT_EQ(finished(loaded.graph).nodes[0].busy, 64u * 3);
}

TEST(GraphReader, DerivedNumbersFollowTheParametersAndEachOther) {
  const std::string derived = "name: good\nderived: [{name: rows, value: 2 * length}, {name: cycles, value: rows + 1}]";
  std::string text = kGood;
  text.replace(text.find("name: good"), 10, derived);
  text.replace(text.find("latency: 3"), 10, "latency: cycles");
  LoadedGraph loaded;
  Problems problems;
  ASSERT_TRUE(read_graph_text(text, "g.yaml", {"length=4"}, loaded, problems)) << text_of(problems);
  EXPECT_EQ(loaded.graph.nodes[1].latency, 9u);
  EXPECT_NE(said("name: good", derived, {"cycles=4"}).find("no such parameter"), std::string::npos);
}

TEST(GraphReader, ARunThatCannotBeCountedIsRefused) {
  EXPECT_NE(said("latency: 3", "initiation_interval: 2147483648, reset: 2147483648", {"length=16777000"})
                .find("nodes[1]: the run is too long to be counted"),
            std::string::npos);
  EXPECT_NE(said("length: 8", "length: 9223372036854775807").find("the value is too large"), std::string::npos);
}

}  // namespace
}  // namespace lutetia::dataflow
