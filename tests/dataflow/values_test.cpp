// The attention graphs compute one thing, softmax(Q K^T) V, for random values and any head size: compared with double
// precision by definition, in the untimed evaluation and in the cycle body.
#include <cmath>

#include "dataflow/evaluate.h"
#include "dataflow/rates.h"
#include "graphs.h"
#include "random_graph.h"

namespace lutetia::dataflow {
namespace {

double element(const SourceValues& values, const Graph& graph, const std::string& source, std::uint64_t index,
               std::uint32_t i) {
  for (const Node& node : graph.nodes) {
    if (node.name != source) continue;
    std::vector<double> value(node.width);
    values(node, index, value.data());
    return value[i];
  }
  ADD_FAILURE() << "no source " << source;
  return 0;
}

/// By definition: the row's maximum, all exponentials, their sum, the mean of the values. Every query has keys and
/// values of its own.
std::vector<double> attention(const Graph& graph, const SourceValues& values, std::uint64_t n, std::uint32_t d) {
  std::vector<double> out;
  for (std::uint64_t q = 0; q < n; ++q) {
    std::vector<double> score(n);
    for (std::uint64_t k = 0; k < n; ++k)
      for (std::uint32_t i = 0; i < d; ++i)
        score[k] += element(values, graph, "query", q, i) * element(values, graph, "key", q * n + k, i);
    double highest = score[0], sum = 0;
    for (const double s : score) highest = std::max(highest, s);
    for (const double s : score) sum += std::exp(s - highest);
    for (std::uint32_t i = 0; i < d; ++i) {
      double mean = 0;
      for (std::uint64_t k = 0; k < n; ++k)
        mean += std::exp(score[k] - highest) / sum * element(values, graph, "value", q * n + k, i);
      out.push_back(mean);
    }
  }
  return out;
}

void expect_close(const std::vector<double>& a, const std::vector<double>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-12) << i;
}

TEST(Values, EveryAttentionGraphComputesSoftmaxOfQKTimesV) {
  for (const char* name : {"naive", "reordered", "online", "two_pass", "three_pass"})
    for (const auto& [n, d] : {std::pair<std::uint64_t, std::uint32_t>{4, 1}, {12, 3}, {20, 16}}) {
      SCOPED_TRACE(std::string(name) + " " + set("length", n) + " " + set("head_dim", d));
      const Graph graph = shipped(name, {set("length", n), set("head_dim", d)});
      ASSERT_TRUE(has_values(graph));
      // Scores of any size: the graphs without a maximum must be able to take their exponential, too.
      const SourceValues uniform = random_values(n + d);
      const SourceValues values = [&](const Node& source, std::uint64_t index, double* value) {
        uniform(source, index, value);
        for (std::uint32_t i = 0; i < source.width; ++i) value[i] *= 4;
      };
      const std::vector<double> oracle = attention(graph, values, n, d);
      const SinkValues untimed = evaluate(graph, values);
      SinkValues stepped;
      EXPECT_EQ(run_cycle(graph, {}, values, &stepped).status, RunStatus::kFinished);
      expect_close(untimed.back(), oracle);
      EXPECT_EQ(untimed, stepped) << "the same operations in the same order: the same bits";
    }
}

TEST(Values, TheOnlineGraphNeedsNoScoreThatFitsAnExponential) {
  const Graph graph = shipped("online", {"length=16", "head_dim=2"});
  const SourceValues uniform = random_values(5);
  const SourceValues large = [&](const Node& source, std::uint64_t index, double* value) {
    uniform(source, index, value);
    for (std::uint32_t i = 0; i < source.width; ++i) value[i] *= source.name == "value" ? 1 : 60;
  };
  expect_close(evaluate(graph, large).back(), attention(graph, large, 16, 2));
}

Graph graph_of(const std::string& text) {
  LoadedGraph loaded;
  Problems problems;
  EXPECT_TRUE(read_graph_text(text, "test.yaml", {}, loaded, problems)) << text_of(problems);
  return loaded.graph;
}

SinkValues both(const Graph& graph, const SourceValues& values) {
  SinkValues stepped;
  EXPECT_EQ(run_cycle(graph, {}, values, &stepped).status, RunStatus::kFinished);
  EXPECT_EQ(evaluate(graph, values), stepped);
  return stepped;
}

TEST(Values, AMatmulKeepsItsRowForAllColumns) {
  constexpr std::uint64_t m = 3, n = 4, k = 5;
  const Graph graph = graph_of(
      "name: matmul\n"
      "nodes:\n"
      "  - {name: a, kind: source, count: 3 * 5}\n"
      "  - {name: b, kind: source, count: 3 * 4 * 5}\n"
      "  - {name: product, kind: matmul, function: dot_accumulate, count: 5, columns: 4, latency: 6}\n"
      "  - {name: out, kind: sink}\n"
      "channels:\n"
      "  - {from: a, to: product}\n  - {from: b, to: product}\n  - {from: product, to: out}\n");
  const SourceValues values = random_values(1);
  std::vector<double> oracle;
  for (std::uint64_t i = 0; i < m; ++i)
    for (std::uint64_t j = 0; j < n; ++j) {
      double sum = 0;
      for (std::uint64_t x = 0; x < k; ++x)
        sum += element(values, graph, "a", i * k + x, 0) * element(values, graph, "b", (i * n + j) * k + x, 0);
      oracle.push_back(sum);
    }
  expect_close(both(graph, values).back(), oracle);
}

TEST(Values, RepeatFlatmapAndZipMoveNumbers) {
  const Graph graph = graph_of(
      "name: moves\n"
      "nodes:\n"
      "  - {name: a, kind: source, count: 2, width: 3}\n"
      "  - {name: b, kind: source, count: 4}\n"
      "  - {name: twice, kind: repeat, count: 2}\n"
      "  - {name: both, kind: zip, function: concat}\n"
      "  - {name: parts, kind: flatmap, count: 4}\n"
      "  - {name: out, kind: sink}\n"
      "channels:\n"
      "  - {from: a, to: twice}\n  - {from: twice, to: both}\n  - {from: b, to: both}\n"
      "  - {from: both, to: parts}\n  - {from: parts, to: out}\n");
  const SourceValues values = [](const Node& source, std::uint64_t index, double* value) {
    for (std::uint32_t i = 0; i < source.width; ++i)
      value[i] = source.name == "a" ? static_cast<double>(10 * index + i) : -static_cast<double>(index);
  };
  EXPECT_EQ(both(graph, values).back(), (std::vector<double>{0, 1, 2, 0, 0, 1, 2, -1, 10, 11, 12, -2, 10, 11, 12, -3}));
}

TEST(Values, AScanOfCompositionsIsARecurrence) {
  const Graph graph = graph_of(
      "name: recurrence\n"
      "nodes:\n"
      "  - {name: ab, kind: source, count: 12, width: 2}\n"
      "  - {name: state, kind: scan, function: affine, count: 6}\n"
      "  - {name: composed, kind: scan, function: affine_compose, count: 6}\n"
      "  - {name: states, kind: sink}\n"
      "  - {name: compositions, kind: sink}\n"
      "channels:\n"
      "  - {from: ab, to: state}\n  - {from: ab, to: composed}\n"
      "  - {from: state, to: states}\n  - {from: composed, to: compositions}\n");
  const SinkValues out = both(graph, random_values(3));
  const std::vector<double>*states = nullptr, *compositions = nullptr;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].name == "states") states = &out[i];
    if (graph.nodes[i].name == "compositions") compositions = &out[i];
  }
  ASSERT_EQ(compositions->size(), 24u);
  for (std::size_t i = 0; i < 12; ++i)  // from 0: the constant of the composition is the state
    EXPECT_NEAR((*states)[i], (*compositions)[2 * i + 1], 1e-14);
}

TEST(Values, EveryFunctionHasATextAndFitsSomeOperands) {
  for (const ValueFunction& f : value_functions()) {
    EXPECT_FALSE(f.text.empty()) << f.name;
    bool fits = false;
    for (const std::uint32_t first : {1u, 2u}) {
      std::vector<std::uint32_t> widths(f.least, first);
      fits = fits || f.width(widths) != 0;
    }
    EXPECT_TRUE(fits) << f.name;
    EXPECT_EQ(find_function(f.name), &f);
  }
}

}  // namespace
}  // namespace lutetia::dataflow
