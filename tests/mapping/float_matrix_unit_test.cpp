// Which products run on a matrix unit with FP16 multipliers, and that nothing but their own scale groups cuts them.
#include <gtest/gtest.h>

#include "mapping/operator_plan.h"
#include "mapping/tile_program.h"

namespace lutetia {
namespace {

MachineShape multipliers() {
  MachineShape shape;
  shape.matrix.present = true;
  shape.matrix.rows = 2;
  shape.matrix.lanes = 16;
  shape.matrix.blocks = 2;
  shape.matrix.max_planes = 1;
  shape.matrix.weight_bits = 4;
  shape.matrix.activation_bits = 16;
  shape.matrix.float_format = find_number_format("fp16");
  shape.matrix.safe_group_elements.fill(UINT64_MAX);
  shape.matrix.slots = shape.vector.slots = {4096, 4096, 4096, 4096};
  shape.vector.lanes = 16;
  shape.vector.slot_bytes = 4096;
  return shape;
}

OperatorPlan plan_of(const char* activation, const char* weight, std::uint32_t group) {
  Operator op;
  op.name = "layer";
  op.loops = {{"m", 3}, {"n", 40}, {"k", 1024}};
  op.tensors = {{"x", Role::kInput, false, find_number_format(activation), 0, {0, 2}},
                {"w", Role::kWeight, false, find_number_format(weight), group, {1, 2}},
                {"y", Role::kOutput, false, find_number_format("fp16"), 0, {0, 1}}};
  OperatorPlan plan;
  MappingFault fault;
  EXPECT_TRUE(plan_operator(op, multipliers(), plan, fault)) << fault.why;
  return plan;
}

TEST(FloatMatrixUnit, TakesIntegerWeightsWithItsOwnFormat) {
  for (const char* weight : {"int2", "int4", "ternary"}) {
    const OperatorPlan plan = plan_of("fp16", weight, 32);
    EXPECT_EQ(plan.engine, Engine::kMatrix) << weight;
    EXPECT_EQ(plan.weights.planes, 1u) << weight;
    EXPECT_EQ(plan.weights.zero, 0) << weight;
  }
  EXPECT_EQ(plan_of("int8", "int4", 32).engine, Engine::kVector);
  EXPECT_EQ(plan_of("int16", "int4", 32).engine, Engine::kVector);
  EXPECT_EQ(plan_of("bf16", "int4", 32).engine, Engine::kVector);
  EXPECT_EQ(plan_of("fp16", "int8", 32).engine, Engine::kVector) << "weights are wider than the core's";
  EXPECT_EQ(plan_of("fp16", "fp16", 0).engine, Engine::kVector);
}

TEST(FloatMatrixUnit, WithoutSegmentsScaleGroupsAreThoseOfTheWeights) {
  EXPECT_EQ(plan_of("fp16", "int4", 32).shape.scale_group, 32u);
  EXPECT_EQ(plan_of("fp16", "int4", 512).shape.scale_group, 512u);
  EXPECT_EQ(plan_of("fp16", "int4", kScalePerTensor).shape.scale_group, 0u);
  EXPECT_EQ(plan_of("fp16", "int4", 0).shape.scale_group, 0u);
}

}  // namespace
}  // namespace lutetia
