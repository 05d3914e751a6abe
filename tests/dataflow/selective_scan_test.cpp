// Linear recurrences: the selective scan of a state-space model by its definition, the same in chunks side by side, and
// online softmax as one more of them.
#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "dataflow/evaluate.h"
#include "graphs.h"

namespace lutetia::dataflow {
namespace {

/// Values as a model has them: delta positive, A negative, B and C of a token shared by all channels.
struct Model {
  std::uint64_t length, channels, state, seed;

  double random(const char* what, std::uint64_t a, std::uint64_t b) const {
    return static_cast<double>(hash(seed, static_cast<std::uint64_t>(what[0]), a, b) >> 11) * 0x1p-52 - 1;
  }
  double delta(std::uint64_t t, std::uint64_t c) const { return std::exp(2 * random("delta", t, c) - 2); }
  double x(std::uint64_t t, std::uint64_t c) const { return random("x", t, c); }
  double a(std::uint64_t c, std::uint64_t j) const { return -std::exp(random("A", c, j)) * static_cast<double>(j + 1); }
  double b(std::uint64_t t, std::uint64_t j) const { return random("B", t, j); }
  double c(std::uint64_t t, std::uint64_t j) const { return random("C", t, j); }
  double d(std::uint64_t c) const { return random("D", c, 0); }

  /// By definition, y of (channel, token).
  std::vector<double> outputs() const {
    std::vector<double> y(channels * length);
    for (std::uint64_t ch = 0; ch < channels; ++ch) {
      std::vector<double> h(state);
      for (std::uint64_t t = 0; t < length; ++t) {
        double sum = d(ch) * x(t, ch);
        for (std::uint64_t j = 0; j < state; ++j) {
          h[j] = std::exp(delta(t, ch) * a(ch, j)) * h[j] + delta(t, ch) * b(t, j) * x(t, ch);
          sum += c(t, j) * h[j];
        }
        y[ch * length + t] = sum;
      }
    }
    return y;
  }
};

/// How tokens and channels lie in the elements of the graphs: `ways` stretches of `chunk` tokens, `at_once` channels.
struct Layout {
  std::uint64_t at_once, ways, chunk;

  std::uint64_t token(std::uint64_t step, std::uint64_t way) const {
    return (step / chunk * ways + way) * chunk + step % chunk;
  }
};

SourceValues sources(const Model& m, const Layout& l) {
  return [m, l](const Node& source, std::uint64_t index, double* value) {
    const bool constant = source.name == "A" || source.name == "D";
    const std::uint64_t steps = m.length / l.ways, group = constant ? index : index / steps;
    const std::uint64_t parts = source.width / (l.ways * l.at_once);  // 1, or the numbers of a state
    for (std::uint64_t i = 0; i < source.width; ++i) {
      const std::uint64_t j = i % parts, channel = group * l.at_once + i / parts % l.at_once;
      const std::uint64_t t = constant ? 0 : l.token(index % steps, i / parts / l.at_once);
      if (source.name == "delta") value[i] = m.delta(t, channel);
      if (source.name == "x") value[i] = m.x(t, channel);
      if (source.name == "A") value[i] = m.a(channel, j);
      if (source.name == "B") value[i] = m.b(t, j);
      if (source.name == "C") value[i] = m.c(t, j);
      if (source.name == "D") value[i] = m.d(channel);
    }
  };
}

Graph scan_graph(const Model& m, const Layout& l) {
  std::vector<std::string> sets = {set("length", m.length), set("inner_channels", m.channels), set("state", m.state),
                                   set("channels_at_once", l.at_once)};
  if (l.ways == 1) return shipped("selective_scan", sets);
  sets.insert(sets.end(), {set("ways", l.ways), set("chunk", l.chunk)});
  return shipped("selective_scan_chunked", sets);
}

/// y of (channel, token), whichever body.
std::vector<double> outputs(const Model& m, const Layout& l) {
  const Graph graph = scan_graph(m, l);
  const SinkValues untimed = evaluate(graph, sources(m, l));
  SinkValues stepped;
  EXPECT_EQ(run_cycle(graph, {}, sources(m, l), &stepped).status, RunStatus::kFinished);
  EXPECT_EQ(untimed, stepped);
  std::vector<double> y(m.channels * m.length);
  const std::vector<double>& out = untimed.back();
  EXPECT_EQ(out.size(), y.size());
  const std::uint64_t width = l.ways * l.at_once, steps = m.length / l.ways;
  for (std::uint64_t i = 0; i < out.size() && i < y.size(); ++i) {
    const std::uint64_t step = i / width, lane = i % width;
    y[(step / steps * l.at_once + lane % l.at_once) * m.length + l.token(step % steps, lane / l.at_once)] = out[i];
  }
  return y;
}

void expect_close(const std::vector<double>& a, const std::vector<double>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], 1e-13) << i;
}

TEST(SelectiveScan, IsTheRecurrenceOfItsDefinition) {
  const Model models[] = {{12, 4, 16, 1}, {60, 6, 3, 2}, {1, 1, 1, 3}, {48, 2, 1, 4}};
  for (const Model& m : models)
    for (std::uint64_t at_once = 1; at_once <= m.channels; ++at_once)
      if (m.channels % at_once == 0) expect_close(outputs(m, {at_once, 1, m.length}), m.outputs());
}

TEST(SelectiveScan, InChunksSideBySideItIsTheSame) {
  const Model m{72, 4, 5, 7};
  const std::vector<double> oracle = m.outputs();
  for (const Layout& l : {Layout{2, 2, 4}, {1, 3, 8}, {4, 4, 6}, {2, 8, 9}, {1, 2, 36}, {2, 2, 1}, {1, 72, 1}}) {
    SCOPED_TRACE(testing::Message() << l.at_once << " " << l.ways << " " << l.chunk);
    if (m.length % (l.ways * l.chunk) != 0) continue;
    expect_close(outputs(m, l), oracle);
    expect_close(outputs(m, l), outputs(m, {l.at_once, 1, m.length}));
  }
}

std::uint64_t lanes_busy(const Graph& graph) {
  std::uint64_t longest = 0;
  for (const Node& node : graph.nodes) longest = std::max(longest, node.firings * node.interval);
  return longest;
}

TEST(SelectiveScan, TakesWhatItsLanesOrItsBytesTake) {
  for (const char* bandwidth : {"bandwidth=64", "bandwidth=512", "bandwidth=4096"})
    for (const char* interval : {"scan_interval=1", "scan_interval=4"})
      for (const char* name : {"selective_scan", "selective_scan_chunked"}) {
        SCOPED_TRACE(std::string(name) + " " + bandwidth + " " + interval);
        Graph graph = shipped(name, {bandwidth, interval, "inner_channels=256"});
        const Cycle cycles = finished(graph).cycles;
        EXPECT_GE(cycles, lanes_busy(graph));
        EXPECT_GE(cycles * graph.memory_bandwidth, graph.memory_bytes());
        // Besides: the way of the first element, and of a chunk that waits for its state.
        std::uint64_t step = 1;
        for (const Node& node : graph.nodes)
          if (node.firings == graph.nodes[0].firings) step = std::max(step, node.interval);
        EXPECT_LE(cycles, lanes_busy(graph) + 250 + (graph.name == "selective_scan" ? 0 : 64 * step));
        unbound(graph);
        EXPECT_EQ(cycles, finished(graph).cycles) << "FIFOs are deep enough";
      }
}

TEST(SelectiveScan, BytesAreTheInputsAndOutputsAndTokensOnceForEachGroupOfChannels) {
  for (const char* name : {"selective_scan", "selective_scan_chunked"})
    for (const std::uint64_t at_once : {8, 32}) {
      const Graph graph = shipped(name, {set("channels_at_once", at_once)});
      const std::uint64_t length = 1024, channels = 1536, state = 16, groups = channels / at_once;
      EXPECT_EQ(graph.memory_bytes(),
                2 * (3 * length * channels + 2 * length * state * groups + channels * (state + 1)));
    }
}

Graph graph_of(const std::string& text) {
  LoadedGraph loaded;
  Problems problems;
  EXPECT_TRUE(read_graph_text(text, "test.yaml", {}, loaded, problems)) << text_of(problems);
  return loaded.graph;
}

// Online softmax is such a recurrence: for each key, both of its sums, of weights and of weighted values, pass through
// x -> a x + b with a = e^(m - m'), b = e^(score - m') times 1 or the value. So stretches of keys can be composed by
// themselves and then with each other, by the operator of the selective scan.
TEST(SelectiveScan, ItsOperatorMergesTheSumsOfOnlineSoftmaxStretchByStretch) {
  constexpr std::uint64_t rows = 3, keys = 24;
  const auto merged = [](std::uint64_t stretch) {
    return graph_of("name: merge\nparameters: {stretch: " + std::to_string(stretch) +
                    "}\n"
                    "nodes:\n"
                    "  - {name: score, kind: source, count: 3 * 24}\n"
                    "  - {name: one, kind: source, count: 3 * 24}\n"
                    "  - {name: value, kind: source, count: 3 * 24}\n"
                    "  - {name: maximum, kind: scan, function: online_max, count: 24}\n"
                    "  - {name: factors, kind: map, function: concat}\n"
                    "  - {name: weighted, kind: map, function: mul}\n"
                    "  - {name: both, kind: map, function: concat}\n"
                    "  - {name: stretch, kind: reduce, function: affine_compose, count: stretch}\n"
                    "  - {name: row, kind: reduce, function: affine_compose, count: 24 / stretch}\n"
                    "  - {name: out, kind: sink}\n"
                    "channels:\n"
                    "  - {from: score, to: maximum}\n"
                    "  - {from: one, to: factors}\n  - {from: value, to: factors}\n"
                    "  - {from: maximum, to: weighted}\n  - {from: factors, to: weighted}\n"
                    "  - {from: maximum, to: both}\n  - {from: weighted, to: both}\n"
                    "  - {from: both, to: stretch}\n  - {from: stretch, to: row}\n  - {from: row, to: out}\n");
  };
  const SourceValues uniform = random_values(9);
  const SourceValues values = [&](const Node& source, std::uint64_t index, double* value) {
    uniform(source, index, value);
    if (source.name == "score") *value *= 30;
    if (source.name == "one") *value = 1;
  };
  for (const std::uint64_t stretch : {1, 2, 6, 8, 24}) {
    SCOPED_TRACE(stretch);
    const Graph graph = merged(stretch);
    const std::vector<double> out = evaluate(graph, values).back();
    ASSERT_EQ(out.size(), 4 * rows);
    for (std::uint64_t r = 0; r < rows; ++r) {
      std::vector<double> score(keys), value(keys);
      for (const Node& node : graph.nodes)
        for (std::uint64_t k = 0; k < keys; ++k) {
          if (node.name == "score") values(node, r * keys + k, &score[k]);
          if (node.name == "value") values(node, r * keys + k, &value[k]);
        }
      const double highest = *std::max_element(score.begin(), score.end());
      double sum = 0, weighted = 0;
      for (std::uint64_t k = 0; k < keys; ++k) {
        sum += std::exp(score[k] - highest);
        weighted += std::exp(score[k] - highest) * value[k];
      }
      EXPECT_NEAR(out[4 * r + 1], sum, 1e-13);
      EXPECT_NEAR(out[4 * r + 3], weighted, 1e-13);
    }
  }
}

TEST(SelectiveScan, AGatherIsTheInverseOfAFlatmap) {
  const Graph graph = graph_of(
      "name: there_and_back\n"
      "nodes:\n"
      "  - {name: a, kind: source, count: 5, width: 6}\n"
      "  - {name: apart, kind: flatmap, count: 3}\n"
      "  - {name: together, kind: gather, count: 3, latency: 4, reset: 2}\n"
      "  - {name: same, kind: map, function: identity}\n"
      "  - {name: out, kind: sink}\n"
      "channels:\n"
      "  - {from: a, to: apart}\n  - {from: apart, to: together}\n  - {from: together, to: same}\n"
      "  - {from: same, to: out}\n");
  const SourceValues values = random_values(4);
  std::vector<double> sent(30);
  for (std::uint64_t i = 0; i < 5; ++i) values(graph.nodes[0], i, &sent[6 * i]);
  EXPECT_EQ(evaluate(graph, values).back(), sent);
  SinkValues stepped;
  EXPECT_EQ(run_cycle(graph, {}, values, &stepped).status, RunStatus::kFinished);
  EXPECT_EQ(stepped.back(), sent);
}

}  // namespace
}  // namespace lutetia::dataflow
