#include "workload/expand.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <unordered_map>

#include "models.h"

namespace lutetia {
namespace {

ExpandOptions options(std::uint64_t prefill, std::uint64_t decode, std::uint64_t batch = 1, std::uint64_t layers = 0,
                      std::uint64_t past = 0) {
  return {prefill, decode, batch, layers, past};
}

std::vector<std::string> names_of(const Trace& trace, std::uint32_t step, int layer) {
  std::vector<std::string> names;
  for (const Operator& op : trace.operators)
    if (op.step == step && op.layer == layer) names.push_back(op.name);
  return names;
}

const Operator& find(const Trace& trace, const std::string& name, std::uint32_t step = 0) {
  for (const Operator& op : trace.operators)
    if (op.name == name && op.step == step) return op;
  ADD_FAILURE() << name;
  return trace.operators.front();
}

// The analytic total, token by token: each attends to itself and all before it; one lm_head per pass and sequence.
std::uint64_t analytic_macs(const ModelConfig& m, const ExpandOptions& o) {
  std::uint64_t sum = 0;
  for (std::uint64_t t = 0; t < o.prefill + o.decode; ++t) sum += block_macs_per_token(m, o.past + t + 1);
  return o.batch * (sum + ((o.prefill > 0 ? 1 : 0) + o.decode) * m.vocabulary * m.hidden);
}

TEST(Expand, MacsEqualTheAnalyticFormulaForEveryModel) {
  for (const std::string& name : model_names())
    for (const ExpandOptions& o : {options(7, 3), options(1, 0), options(0, 4), options(5, 2, 3),
                                   options(0, 2, 2, 0, 9), options(4, 1, 1, 0, 6)}) {
      const ModelConfig m = model(name);
      const Trace trace = expand(m, o);
      EXPECT_EQ(total_macs(trace), analytic_macs(m, o)) << name << " prefill " << o.prefill << " decode " << o.decode;
      EXPECT_EQ(trace.operators.size(), operator_count(m, o)) << name;
      Problems problems;
      EXPECT_TRUE(check_expansion(m, o, problems));
    }
}

TEST(Expand, TheWeightsInTheTraceAreTheParametersOfTheModel) {
  for (const std::string& name : model_names()) {
    const ModelConfig m = model(name);
    const Trace trace = expand(m, options(2, 1));
    std::map<std::string, std::uint64_t> weights;
    for (const Operator& op : trace.operators)
      for (const TensorUse& t : op.tensors)
        if (t.role == Role::kWeight && !t.part) weights[t.name] = elements(op, t);
    std::uint64_t sum = 0;
    for (const auto& [weight, count] : weights) sum += count;
    if (!m.tied_embeddings) sum += m.vocabulary * m.hidden;  // of the tables only rows are touched
    if (m.position == Position::kLearned) sum += (m.positions + m.position_offset) * m.hidden;
    EXPECT_EQ(sum, parameter_count(m)) << name;
  }
}

TEST(Expand, EveryOperatorWaitsForTheWritersOfWhatItReads) {
  for (const std::string& name : model_names()) {
    const Trace trace = expand(model(name), options(3, 3, 2, 2));
    std::unordered_map<std::string, std::uint64_t> writers;
    std::set<std::string> external;
    std::uint64_t next = 0, previous_end = 0;
    for (const Operator& op : trace.operators) {
      EXPECT_EQ(op.id, next++);
      std::set<std::uint64_t> expected;
      for (const TensorUse& t : op.tensors) {
        ASSERT_NE(t.format, nullptr);
        if (t.role == Role::kInput && writers.count(t.name) == 0) external.insert(t.name);
        EXPECT_TRUE(t.role != Role::kCacheRead || writers.count(t.name) == 1) << op.name;
        if (t.role != Role::kWeight && t.role != Role::kOutput && writers.count(t.name) > 0)
          expected.insert(writers[t.name]);
      }
      if (op.kind == OperatorKind::kEmbedding && op.step > 0) expected.insert(previous_end);
      EXPECT_EQ(op.after, std::vector<std::uint64_t>(expected.begin(), expected.end())) << op.name;
      for (std::uint64_t id : op.after) EXPECT_LT(id, op.id);
      for (const TensorUse& t : op.tensors)
        if (t.role == Role::kOutput || t.role == Role::kCacheWrite) writers[t.name] = op.id;
      if (op.name == "lm_head") previous_end = op.id;
    }
    EXPECT_EQ(external, std::set<std::string>{"tokens"}) << name;
  }
}

TEST(Expand, EveryOperatorButTheLastIsWaitedForBeforeTheNextStepStarts) {
  // so that activations may keep their names from step to step
  const Trace trace = expand(model("bitnet-tiny"), options(3, 1));
  std::set<std::uint64_t> reached;
  for (auto op = trace.operators.rbegin(); op != trace.operators.rend(); ++op) {
    if (op->step > 0) continue;
    if (op->name == "lm_head") reached.insert(op->id);
    EXPECT_EQ(reached.count(op->id), 1u) << op->name;
    for (std::uint64_t id : op->after) reached.insert(id);
  }
}

TEST(Expand, ABitNetLayerIsTheseOperatorsInThisOrder) {
  const Trace trace = expand(model("bitnet-2b-4t"), options(4, 0, 1, 2));
  const std::string a = "layers.1.attention.", p = "layers.1.mlp.";
  EXPECT_EQ(names_of(trace, 0, 1), (std::vector<std::string>{a + "norm",       a + "quantize",
                                                             a + "q_proj",     a + "k_proj",
                                                             a + "v_proj",     a + "q_rotary",
                                                             a + "k_rotary",   a + "k_append",
                                                             a + "v_append",   a + "scores",
                                                             a + "softmax",    a + "values",
                                                             a + "sub_norm",   a + "o_proj_quantize",
                                                             a + "o_proj",     a + "add",
                                                             p + "norm",       p + "quantize",
                                                             p + "gate_proj",  p + "up_proj",
                                                             p + "activation", p + "multiply",
                                                             p + "sub_norm",   p + "down_proj_quantize",
                                                             p + "down_proj",  p + "add"}));
  EXPECT_EQ(names_of(trace, 0, -1), (std::vector<std::string>{"embed_tokens", "final_norm", "lm_head"}));
}

TEST(Expand, AnOptLayerHasBiasesLayerNormAndLearnedPositions) {
  const Trace trace = expand(model("opt-125m"), options(4, 0, 1, 1));
  EXPECT_EQ(names_of(trace, 0, -1),
            (std::vector<std::string>{"embed_tokens", "embed_positions", "embed_add", "final_norm", "lm_head"}));
  const Operator& up = find(trace, "layers.0.mlp.up_proj");
  ASSERT_EQ(up.tensors.size(), 4u);
  EXPECT_EQ(up.tensors[2].name, "layers.0.mlp.up_proj.bias");
  EXPECT_EQ(elements(up, up.tensors[2]), 3072u);
  EXPECT_EQ(find(trace, "layers.0.attention.norm").kind, OperatorKind::kLayerNorm);
  EXPECT_EQ(find(trace, "layers.0.mlp.activation").kind, OperatorKind::kRelu);
  EXPECT_EQ(find(trace, "lm_head").tensors[1].name, "embed_tokens.weight");
}

TEST(Expand, GroupedQueryAttentionReadsTheCacheOncePerKeyValueHead) {
  const ModelConfig m = model("llama-3-8b");
  const Trace trace = expand(m, options(6, 2, 1, 1));
  const Operator& scores = find(trace, "layers.0.attention.scores", 2);
  EXPECT_EQ(extent(scores, "h"), 8u);
  EXPECT_EQ(extent(scores, "g"), 4u);
  EXPECT_EQ(extent(scores, "m"), 1u);
  EXPECT_EQ(extent(scores, "n"), 8u);  // 6 of the prompt, 1 of the first step, itself
  EXPECT_EQ(scores.mask.past, 7u);
  EXPECT_EQ(traffic(scores).cache_read, 8u * 8 * 128 * 2);
  EXPECT_EQ(macs(find(trace, "layers.0.attention.scores")), 32u * 128 * (6 * 7 / 2));
  EXPECT_EQ(macs(find(trace, "layers.0.attention.values")), 32u * 128 * (6 * 7 / 2));
  EXPECT_EQ(visited_points(find(trace, "layers.0.attention.softmax")), 32u * (6 * 7 / 2));
}

TEST(Expand, TheLmHeadSeesOneTokenPerSequenceAndPass) {
  const Trace trace = expand(model("bitnet-tiny"), options(5, 1, 3));
  EXPECT_EQ(extent(find(trace, "lm_head"), "m"), 3u);
  EXPECT_TRUE(find(trace, "final_norm").tensors[0].part);
  EXPECT_EQ(extent(find(trace, "lm_head", 1), "m"), 3u);
  EXPECT_FALSE(find(trace, "final_norm", 1).tensors[0].part);
  EXPECT_EQ(extent(find(trace, "layers.0.mlp.up_proj"), "m"), 15u);
}

TEST(Expand, TernaryWeightsTakeTwoBitsAndOneScale) {
  const Trace trace = expand(model("bitnet-3b"), options(1, 0, 1, 1));
  const Operator& up = find(trace, "layers.0.mlp.up_proj");
  EXPECT_EQ(traffic(up).weight_read, 3200u * 8640 / 4 + 4);
  EXPECT_EQ(traffic(up).activation_read, 3200u + 4);
}

TEST(Expand, AnAttentionFormatOfItsOwnIsReachedByQuantizeOperators) {
  const Trace trace = expand(model("bitnet-tiny", {"formats.attention=int8", "formats.kv_cache=int8"}), options(4, 1));
  const Operator& scores = find(trace, "layers.0.attention.scores");
  EXPECT_EQ(scores.tensors[0].name, "layers.0.attention.q_quantize");
  EXPECT_EQ(scores.tensors[0].format->name, "int8");
  EXPECT_EQ(find(trace, "layers.0.attention.values").tensors[0].name, "layers.0.attention.softmax_quantize");
  EXPECT_EQ(trace.operators.size(), operator_count(model("bitnet-tiny", {"formats.attention=int8"}), options(4, 1)));
}

TEST(Expand, AFloatActivationFormatNeedsNoQuantize) {
  const ModelConfig m = model("bitnet-tiny", {"formats.activation=fp16"});
  const Trace trace = expand(m, options(4, 1));
  for (const Operator& op : trace.operators) EXPECT_NE(op.kind, OperatorKind::kQuantize);
  EXPECT_EQ(trace.operators.size(), operator_count(m, options(4, 1)));
}

TEST(Expand, AQuantizedLmHeadQuantizesItsInput) {
  const ModelConfig m = model("llama-2-7b", {"formats.lm_head=int4"});
  const Trace trace = expand(m, options(4, 1, 1, 1));
  EXPECT_EQ(find(trace, "lm_head").tensors[0].name, "lm_head_quantize");
  EXPECT_EQ(trace.operators.size(), operator_count(m, options(4, 1, 1, 1)));
}

TEST(Expand, NothingToDoGivesAHeaderOnly) {
  const Trace trace = expand(model("bitnet-tiny"), options(0, 0));
  EXPECT_TRUE(trace.operators.empty());
  EXPECT_EQ(trace.header.model, "bitnet-tiny");
  EXPECT_EQ(trace.header.layers, 2u);
}

TEST(Expand, ImpossibleRequestsAreProblems) {
  const auto text = [](const std::string& name, const ExpandOptions& o) {
    Problems problems;
    EXPECT_FALSE(check_expansion(model(name), o, problems));
    std::ostringstream out;
    problems.print(out);
    return out.str();
  };
  EXPECT_EQ(text("bitnet-tiny", options(1, 0, 1, 3)), "error: layers: 3 layers asked for, bitnet-tiny has 2\n");
  EXPECT_EQ(text("opt-125m", options(2048, 1)),
            "error: prefill: 2049 tokens are more than the 2048 positions that opt-125m has learned\n");
  EXPECT_EQ(text("bitnet-3b", options(1, 10000)),
            "error: decode: the trace would have 6790679 operators, more than 4000000; ask for fewer decode steps or "
            "layers\n");
  EXPECT_EQ(text("bitnet-tiny", options(~std::uint64_t{0}, 1)),
            "error: prefill: 18446744073709551615 is above 16777216\n");
  EXPECT_EQ(text("llama-2-7b", options(1 << 20, 0, 1 << 16)),
            "error: batch: the trace would have more than 2^56 multiply-accumulates\n");
}

TEST(Expand, TheLargestUsualWorkloadStaysLight) {
  const Trace trace = expand(model("bitnet-3b"), options(512, 128));
  EXPECT_GT(trace.operators.size(), 70000u);
  EXPECT_LT(trace.operators.size(), 100000u);
  // What the vectors and strings hold, without the allocator's own overhead.
  std::size_t bytes = trace.operators.capacity() * sizeof(Operator);
  const auto heap = [](const std::string& s) { return s.capacity() > 15 ? s.capacity() + 1 : 0; };
  for (const Operator& op : trace.operators) {
    bytes += op.loops.capacity() * sizeof(Loop) + op.tensors.capacity() * sizeof(TensorUse) + heap(op.name) +
             op.after.capacity() * sizeof(std::uint64_t);
    for (const TensorUse& t : op.tensors) bytes += heap(t.name) + t.loops.capacity();
  }
  EXPECT_LT(bytes, 120u << 20);
}

}  // namespace
}  // namespace lutetia
