// Attention as one operator: what a fused trace keeps, and what is left as it was.
#include "workload/fuse_attention.h"

#include <gtest/gtest.h>

#include <set>

#include "models.h"
#include "workload/expand.h"

namespace lutetia {
namespace {

ModelConfig model_of(const char* attention) {
  ModelConfig model;
  model.name = "m";
  model.heads = 6;
  model.kv_heads = 2;
  model.head_dim = 24;
  model.formats.attention = model.formats.kv_cache = format_id(attention);
  return model;
}

Trace trace_of(const ModelConfig& model) {
  ExpandOptions options;
  options.prefill = 5;
  options.decode = 2;
  options.past = 3;
  return expand(model, options);
}

Trace fuse_all(const Trace& trace) {
  return fuse_attention(trace, [](const Operator&) { return true; });
}

std::uint64_t count(const Trace& trace, OperatorKind kind) {
  std::uint64_t n = 0;
  for (const Operator& op : trace.operators) n += op.kind == kind;
  return n;
}

TEST(FuseAttention, KeepsTheMultiplyAccumulates) {
  for (const char* format : {"fp16", "int8"}) {
    const Trace trace = trace_of(model_of(format));
    const Trace fused = fuse_all(trace);
    EXPECT_EQ(total_macs(fused), total_macs(trace)) << format;
    EXPECT_EQ(count(fused, OperatorKind::kAttention), 6u) << format;  // 2 layers, 3 passes
    EXPECT_EQ(count(fused, OperatorKind::kMatmul), 0u) << format;
    EXPECT_EQ(count(fused, OperatorKind::kSoftmax), 0u) << format;
    // The quantization of the probabilities goes, that of the queries stays.
    EXPECT_EQ(trace.operators.size() - fused.operators.size(), format == std::string("int8") ? 6u * 3 : 6u * 2);
  }
}

TEST(FuseAttention, MovesNoScoresThroughMemory) {
  const Trace trace = trace_of(model_of("fp16"));
  const Traffic before = total_traffic(trace), after = total_traffic(fuse_all(trace));
  EXPECT_EQ(after.cache_read, before.cache_read);
  EXPECT_EQ(after.cache_write, before.cache_write);
  EXPECT_EQ(after.weight_read, before.weight_read);
  EXPECT_LT(after.activation_read, before.activation_read);
  EXPECT_LT(after.activation_write, before.activation_write);
}

TEST(FuseAttention, EveryOperatorStandsBehindThoseItWaitsFor) {
  const Trace fused = fuse_all(trace_of(model_of("int8")));
  std::set<std::uint64_t> seen;
  for (const Operator& op : fused.operators) {
    for (const std::uint64_t id : op.after) EXPECT_EQ(seen.count(id), 1u) << op.name << " waits for " << id;
    EXPECT_TRUE(seen.insert(op.id).second);
  }
}

TEST(FuseAttention, ReadsQueriesAndCachesAndWritesWhatTheValuesWrote) {
  const Trace fused = fuse_all(trace_of(model_of("fp16")));
  for (const Operator& op : fused.operators) {
    if (op.kind != OperatorKind::kAttention) continue;
    EXPECT_EQ(op.name, "layers." + std::to_string(op.layer) + ".attention.sdpa");
    ASSERT_EQ(op.tensors.size(), 4u);
    const std::string prefix = "layers." + std::to_string(op.layer) + ".attention.";
    EXPECT_EQ(op.tensors[0].name, prefix + "q_rotary");
    EXPECT_EQ(op.tensors[1].name, prefix + "k_cache");
    EXPECT_EQ(op.tensors[2].name, prefix + "v_cache");
    EXPECT_EQ(op.tensors[3].name, prefix + "values");
    EXPECT_EQ(extent(op, "v"), 24u);
    EXPECT_EQ(extent(op, "g"), 3u);
  }
}

TEST(FuseAttention, WhatMayNotRunIsLeftAlone) {
  const Trace trace = trace_of(model_of("fp16"));
  EXPECT_EQ(fuse_attention(trace, [](const Operator&) { return false; }), trace);
  const Trace half = fuse_attention(trace, [](const Operator& op) { return op.layer == 1; });
  EXPECT_EQ(count(half, OperatorKind::kAttention), 3u);
  EXPECT_EQ(count(half, OperatorKind::kSoftmax), 3u);
}

TEST(FuseAttention, ScoresThatSomebodyElseReadsStay) {
  Trace trace = trace_of(model_of("fp16"));
  for (Operator& op : trace.operators) {  // the last operator of the pass also waits for the first scores
    if (op.name != "lm_head" || op.step != 0) continue;
    for (const Operator& scores : trace.operators)
      if (scores.name == "layers.0.attention.scores" && scores.step == 0) op.after.insert(op.after.begin(), scores.id);
  }
  const Trace fused = fuse_all(trace);
  EXPECT_EQ(count(fused, OperatorKind::kAttention), 5u);
}

TEST(AttentionWindow, VisitsTheWindowAndTheSinks) {
  for (const std::uint64_t past : {0u, 1u, 6u, 40u})
    for (const std::uint64_t tokens : {1u, 3u, 17u})
      for (const std::uint64_t window : {1u, 4u, 9u})
        for (const std::uint64_t sinks : {0u, 2u, 5u}) {
          Operator op;
          op.kind = OperatorKind::kSoftmax;
          op.loops = {{"m", tokens}, {"n", past + tokens}};
          op.mask = {Mask::Kind::kCausal, past, 0, 1, window, sinks};
          std::uint64_t pairs = 0;  // key by key
          for (std::uint64_t i = 0; i < tokens; ++i)
            for (std::uint64_t key = 0; key <= past + i; ++key) pairs += key < sinks || key + window > past + i;
          EXPECT_EQ(visited_pairs(op), pairs) << past << " " << tokens << " " << window << " " << sinks;
        }
}

TEST(AttentionWindow, DecodeReadsARingAndNotTheWholePast) {
  ModelConfig model = model_of("fp16");
  model.attention_window = 16;
  model.attention_sinks = 4;
  ExpandOptions options;
  options.prefill = 0;
  options.decode = 1;
  options.past = 1000;
  for (const Operator& op : expand(model, options).operators) {
    if (find_tensor(op, Role::kCacheRead) == nullptr) continue;
    EXPECT_EQ(elements(op, *find_tensor(op, Role::kCacheRead)), 20u * 24 * 2);
    EXPECT_EQ(macs(op), 20u * 24 * 6);
  }
}

}  // namespace
}  // namespace lutetia
