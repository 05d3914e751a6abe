// Attention as one operator of a trace file: what it must look like, and values that are part of their keys.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/latent_trace.h"
#include "trace_text.h"
#include "workload/fuse_attention.h"
#include "workload/trace_writer.h"

namespace lutetia {
namespace {

using testing::HasSubstr;

std::string text_of(const Trace& trace) {
  std::ostringstream text;
  write_trace(text, trace);
  return text.str();
}

/// The latent trace with its last operator, attention, changed.
template <class Change>
std::string faults_with(Change change) {
  Trace trace = latent_trace({});
  change(trace.operators.back());
  return faults(text_of(trace));
}

TEST(TraceAttention, ValuesMayBePartOfTheirKeys) {
  const Trace trace = latent_trace({});
  EXPECT_EQ(faults(text_of(trace)), "");
  const Operator& op = trace.operators.back();
  EXPECT_EQ(values_in_keys(op), &op.tensors[2]);
  Operator apart = op;
  apart.tensors[2].name = "values";
  EXPECT_EQ(values_in_keys(apart), nullptr);
  EXPECT_EQ(values_in_keys(trace.operators.front()), nullptr);
}

TEST(TraceAttention, TrafficCountsSharedKeysAndValuesOnce) {
  const Trace trace = latent_trace({});
  const Operator& op = trace.operators.back();
  Operator apart = op;
  apart.tensors[2].name = "values";
  EXPECT_EQ(traffic(op).cache_read, bytes(op, op.tensors[1]));
  EXPECT_EQ(traffic(apart).cache_read, bytes(op, op.tensors[1]) + bytes(op, op.tensors[2]));
  EXPECT_EQ(traffic(op).activation_read, traffic(apart).activation_read);
  EXPECT_EQ(traffic(op).written(), traffic(apart).written());
  EXPECT_EQ(macs(op), macs(apart)) << "the work is the same";
}

TEST(TraceAttention, MoreValuesThanKeysAreAFault) {
  EXPECT_EQ(faults_with([](Operator& op) { op.loops[6].extent = 24; }), "");
  EXPECT_THAT(faults_with([](Operator& op) { op.loops[6].extent = 25; }),
              HasSubstr("tensors[2]: are the first elements of their keys, latents, but v is more than k"));
}

TEST(TraceAttention, SharedKeysAndValuesHaveOneSetOfScales) {
  LatentSizes sizes;
  sizes.queries = sizes.cache = "int8";
  Trace trace = latent_trace(sizes);
  EXPECT_EQ(faults(text_of(trace)), "");
  trace.operators.back().tensors[2].group = kScalePerTensor;
  EXPECT_THAT(faults(text_of(trace)), HasSubstr("tensors[2]: are part of their keys, latents, but have another group"));
}

TEST(TraceAttention, TensorsStandInTheOrderThatTheyAreReadIn) {
  EXPECT_THAT(faults_with([](Operator& op) { std::swap(op.tensors[0], op.tensors[3]); }),
              HasSubstr("tensors[0]: the tensors of attention are queries, keys, values, output, in this order"));
  EXPECT_THAT(faults_with([](Operator& op) { std::swap(op.tensors[0], op.tensors[1]); }), HasSubstr("in this order"));
}

TEST(TraceAttention, TheMaskRunsOverQueriesAndKeys) {
  EXPECT_EQ(faults_with([](Operator& op) { op.mask = {}; }), "");
  EXPECT_THAT(faults_with([](Operator& op) { op.mask.query = 2; }),
              HasSubstr("mask: the mask of attention has the query m and the key n"));
  EXPECT_THAT(faults_with([](Operator& op) { op.mask.key = 5, op.mask.past = 0; }),
              HasSubstr("the query m and the key n"));
}

TEST(TraceAttention, ScoresAndValuesOfOneCacheFuseToSharedAttention) {
  // Latent attention as two products: [b, h, n, k] and [b, h, n, v] of one tensor.
  const auto use = [](const char* name, Role role, std::vector<std::uint8_t> loops) {
    return TensorUse{name, role, false, find_number_format("fp16"), 0, std::move(loops)};
  };
  Trace trace;
  Operator scores;
  scores.id = 1;
  scores.kind = OperatorKind::kMatmul;
  scores.name = "a.scores";
  scores.loops = {{"b", 1}, {"h", 1}, {"g", 4}, {"m", 1}, {"n", 30}, {"k", 24}};
  scores.tensors = {use("q", Role::kInput, {0, 3, 1, 2, 5}), use("latents", Role::kCacheRead, {0, 1, 4, 5}),
                    use("a.scores", Role::kOutput, {0, 1, 2, 3, 4})};
  Operator softmax = scores;
  softmax.id = 2;
  softmax.kind = OperatorKind::kSoftmax;
  softmax.loops.pop_back();
  softmax.tensors = {use("a.scores", Role::kInput, {0, 1, 2, 3, 4}), use("p", Role::kOutput, {0, 1, 2, 3, 4})};
  softmax.after = {1};
  Operator values = scores;
  values.id = 3;
  values.name = "a.values";
  values.loops[4].extent = 16;
  values.loops[5].extent = 30;
  values.tensors = {use("p", Role::kInput, {0, 1, 2, 3, 5}), use("latents", Role::kCacheRead, {0, 1, 5, 4}),
                    use("a.values", Role::kOutput, {0, 3, 1, 2, 4})};
  values.after = {2};
  trace.operators = {scores, softmax, values};
  const Trace fused = fuse_attention(trace, [](const Operator&) { return true; });
  ASSERT_EQ(fused.operators.size(), 1u);
  EXPECT_NE(values_in_keys(fused.operators[0]), nullptr);
  EXPECT_EQ(traffic(fused.operators[0]).cache_read, 30u * 24 * 2);
  EXPECT_EQ(faults(text_of(fused)), "");
}

}  // namespace
}  // namespace lutetia
