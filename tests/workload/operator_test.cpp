#include "workload/operator.h"

#include <gtest/gtest.h>

#include <set>

namespace lutetia {
namespace {

const NumberFormat* format(const char* name) {
  return find_number_format(name);
}

TensorUse use(Role role, const char* format_name, std::vector<std::uint8_t> loops, std::uint32_t group = 0) {
  TensorUse t;
  t.name = "t";
  t.role = role;
  t.format = format(format_name);
  t.group = group;
  t.loops = std::move(loops);
  return t;
}

Operator linear() {
  Operator op;
  op.kind = OperatorKind::kLinear;
  op.loops = {{"m", 3}, {"n", 5}, {"k", 300}};
  op.tensors = {use(Role::kInput, "int8", {0, 2}), use(Role::kWeight, "int2", {1, 2}, 128),
                use(Role::kOutput, "fp16", {0, 1})};
  return op;
}

Operator scores(std::uint64_t queries, std::uint64_t past) {
  Operator op;
  op.kind = OperatorKind::kMatmul;
  op.loops = {{"h", 2}, {"g", 3}, {"m", queries}, {"n", past + queries}, {"k", 64}};
  op.tensors = {use(Role::kInput, "fp16", {2, 0, 1, 4}), use(Role::kCacheRead, "fp16", {0, 3, 4}),
                use(Role::kOutput, "fp16", {0, 1, 2, 3})};
  op.mask = {Mask::Kind::kCausal, past, 2, 3};
  return op;
}

TEST(Operator, ALinearDoesOneMacPerLoopPoint) {
  EXPECT_EQ(macs(linear()), 3u * 5 * 300);
}

TEST(Operator, ElementWiseKindsDoNoMacs) {
  Operator op = linear();
  op.kind = OperatorKind::kAdd;
  EXPECT_EQ(macs(op), 0u);
  EXPECT_EQ(visited_points(op), 3u * 5 * 300);
}

TEST(Operator, ScalesComePerGroupPerRowOrPerTensor) {
  Operator op = linear();
  EXPECT_EQ(scales(op, op.tensors[1]), 5u * 3);  // 300 = 128 + 128 + 44
  EXPECT_EQ(bytes(op, op.tensors[1]), (5u * 300 * 2 + 7) / 8 + 4 * 15);
  op.tensors[1].group = 0;
  EXPECT_EQ(scales(op, op.tensors[1]), 5u);
  op.tensors[1].group = kScalePerTensor;
  EXPECT_EQ(scales(op, op.tensors[1]), 1u);
  EXPECT_EQ(scales(op, op.tensors[0]), 3u);  // one per token
  EXPECT_EQ(scales(op, op.tensors[2]), 0u);  // floats have none
  EXPECT_EQ(scales(op, use(Role::kInput, "int32", {0})), 0u);
}

TEST(Operator, TrafficIsTheSumOfTheTensorsByRole) {
  const Operator op = linear();
  const Traffic t = traffic(op);
  EXPECT_EQ(t.activation_read, 3u * 300 + 3 * 4);
  EXPECT_EQ(t.weight_read, bytes(op, op.tensors[1]));
  EXPECT_EQ(t.activation_write, 3u * 5 * 2);
  EXPECT_EQ(t.total(), t.read() + t.written());
}

TEST(Operator, CausalPairsAreThoseOfTheDefinition) {
  for (std::uint64_t queries = 1; queries < 9; ++queries)
    for (std::uint64_t past = 0; past < 9; ++past)
      for (std::uint64_t keys = 1; keys < 20; ++keys) {
        std::uint64_t pairs = 0;
        for (std::uint64_t i = 0; i < queries; ++i)
          for (std::uint64_t j = 0; j < keys; ++j) pairs += j <= past + i;
        EXPECT_EQ(causal_pairs(queries, keys, past), pairs) << queries << " " << keys << " " << past;
      }
}

TEST(Operator, ACausalOperatorCountsVisitedPairsOnly) {
  const Operator op = scores(4, 6);  // queries see 7, 8, 9 and 10 keys
  EXPECT_EQ(macs(op), 2u * 3 * 64 * (7 + 8 + 9 + 10));
  EXPECT_EQ(elements(op, op.tensors[2]), 2u * 3 * 34);
  EXPECT_EQ(array_elements(op, op.tensors[2]), 2u * 3 * 4 * 10);
  EXPECT_EQ(elements(op, op.tensors[0]), 4u * 2 * 3 * 64);
  EXPECT_EQ(elements(op, op.tensors[1]), 2u * 10 * 64);
}

TEST(Operator, OneDecodedTokenSeesTheWholeCache) {
  EXPECT_EQ(macs(scores(1, 99)), 2u * 3 * 64 * 100);
}

TEST(Operator, EveryKindAndRoleHasItsOwnName) {
  std::set<std::string_view> names;
  for (std::string_view n : operator_kind_names()) names.insert(n);
  EXPECT_EQ(names.size(), static_cast<std::size_t>(OperatorKind::kAttention) + 1);
  EXPECT_EQ(name(OperatorKind::kCacheAppend), "cache_append");
  EXPECT_EQ(name(OperatorKind::kRelu2), "relu2");
  EXPECT_EQ(name(OperatorKind::kAttention), "attention");
  EXPECT_EQ(role_names().size(), static_cast<std::size_t>(Role::kCacheWrite) + 1);
  EXPECT_EQ(name(Role::kCacheWrite), "cache_write");
}

}  // namespace
}  // namespace lutetia
