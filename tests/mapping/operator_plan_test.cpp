// Which unit an operator runs on, and what is said about operators that fit nowhere.
#include "mapping/operator_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mapping/tile_program.h"

namespace lutetia {
namespace {

using testing::HasSubstr;

MachineShape machine() {
  MachineShape shape;
  shape.matrix.present = true;
  shape.matrix.unit = "lut_core";
  shape.matrix.rows = 2;
  shape.matrix.lanes = 16;
  shape.matrix.blocks = 2;
  shape.matrix.max_planes = 2;
  shape.matrix.activation_bits = 8;
  shape.matrix.safe_group_elements.fill(256);
  shape.matrix.slots = shape.vector.slots = {4096, 4096, 4096, 4096};
  shape.vector.lanes = 16;
  shape.vector.slot_bytes = 4096;
  return shape;
}

Operator linear(const char* activation, const char* weight, std::uint32_t group, std::uint64_t k = 64) {
  Operator op;
  op.name = "layer";
  op.loops = {{"m", 3}, {"n", 40}, {"k", k}};
  op.tensors = {{"x", Role::kInput, false, find_number_format(activation), 0, {0, 2}},
                {"w", Role::kWeight, false, find_number_format(weight), group, {1, 2}},
                {"y", Role::kOutput, false, find_number_format("fp16"), 0, {0, 1}}};
  return op;
}

Operator norm(std::uint64_t rows, std::uint64_t length) {
  Operator op;
  op.kind = OperatorKind::kRmsNorm;
  op.name = "norm";
  op.loops = {{"m", rows}, {"n", length}};
  const NumberFormat* fp16 = find_number_format("fp16");
  op.tensors = {{"x", Role::kInput, false, fp16, 0, {0, 1}},
                {"w", Role::kWeight, false, fp16, 0, {1}},
                {"y", Role::kOutput, false, fp16, 0, {0, 1}}};
  return op;
}

MachineShape multiplying_machine() {
  MachineShape shape = machine();
  shape.matrix.unit = "mac_core";
  shape.matrix.weight_bits = 4;
  shape.matrix.max_planes = 1;
  return shape;
}

WeightPlanes planes(const char* format) {
  return weight_planes(*find_number_format(format), machine().matrix);
}

Engine engine_for(const Operator& op) {
  OperatorPlan plan;
  MappingFault fault;
  EXPECT_TRUE(plan_operator(op, machine(), plan, fault)) << fault.why;
  return plan.engine;
}

TEST(OperatorPlan, CodedWeightsWithNarrowActivationsRunOnTheMatrixUnit) {
  EXPECT_EQ(engine_for(linear("int8", "ternary", kScalePerTensor)), Engine::kMatrix);
  EXPECT_EQ(engine_for(linear("int8", "int1", 0)), Engine::kMatrix);
  EXPECT_EQ(engine_for(linear("int8", "int2", 32)), Engine::kMatrix);
}

TEST(OperatorPlan, EverythingElseRunsOnTheVectorUnit) {
  EXPECT_EQ(engine_for(linear("int16", "int2", 0)), Engine::kVector) << "activations too wide";
  EXPECT_EQ(engine_for(linear("int8", "int3", 0)), Engine::kVector) << "too many planes";
  EXPECT_EQ(engine_for(linear("int8", "int8", 0)), Engine::kVector) << "eight planes are too many";
  Operator grouped = linear("int8", "int2", 0);
  grouped.tensors[0].group = 32;
  EXPECT_EQ(engine_for(grouped), Engine::kVector) << "the core has no scales per activation group";
  EXPECT_EQ(engine_for(linear("fp16", "ternary", 0)), Engine::kVector) << "activations are floats";
  EXPECT_EQ(engine_for(linear("int8", "int2", 6)), Engine::kVector) << "a scale group cuts a table";
  EXPECT_EQ(engine_for(norm(4, 64)), Engine::kVector);
}

TEST(OperatorPlan, PlanesOfAFormatCarryItsZeroPoint) {
  for (const char* name : {"int1", "int2", "int3", "int4"}) {
    const NumberFormat& format = *find_number_format(name);
    EXPECT_EQ(planes(name).planes, format.bits);
    EXPECT_EQ(planes(name).zero, 1);
    EXPECT_EQ(planes(name).integer_bits, 0u);
  }
  EXPECT_EQ(planes("ternary").zero, -1);
  EXPECT_EQ(planes("int8").planes, 8u);
  EXPECT_EQ(planes("int8").zero, 1);
  EXPECT_EQ(planes("int16").planes, 0u);
  EXPECT_EQ(planes("fp16").planes, 0u);
}

TEST(OperatorPlan, ACoreThatMultipliesTakesWeightsWholeWithoutAZeroPoint) {
  const MachineShape multiplier = multiplying_machine();
  for (const char* name : {"int2", "int3", "int4", "int8", "ternary"}) {
    const NumberFormat& format = *find_number_format(name);
    const WeightPlanes planes = weight_planes(format, multiplier.matrix);
    EXPECT_EQ(planes.planes, 1u);
    EXPECT_EQ(planes.zero, 0);
    EXPECT_EQ(planes.integer_bits, format.bits) << name;
    OperatorPlan plan;
    MappingFault fault;
    EXPECT_TRUE(plan_operator(linear("int8", name, 0), multiplier, plan, fault)) << fault.why;
    EXPECT_EQ(plan.engine, format.bits <= 4 ? Engine::kMatrix : Engine::kVector) << name;
  }
  EXPECT_EQ(weight_planes(*find_number_format("fp16"), multiplier.matrix).planes, 0u);
  EXPECT_EQ(matrix_obstacle(linear("int8", "int8", 0), multiplier.matrix), "its weights have 8 bits, the core takes 4");
}

TEST(OperatorPlan, ACoreForFloatingPointActivationsTakesItsFormatAndScalesAtEverySegment) {
  MachineShape shape = machine();
  shape.matrix.float_format = find_number_format("fp8_e4m3");
  shape.matrix.segment_elements = 64;
  const auto plan_of = [&shape](const char* activation, std::uint32_t group) {
    OperatorPlan plan;
    MappingFault fault;
    EXPECT_TRUE(plan_operator(linear(activation, "int2", group, 1024), shape, plan, fault)) << fault.why;
    return plan;
  };
  EXPECT_EQ(plan_of("fp8_e4m3", 0).engine, Engine::kMatrix);
  EXPECT_EQ(plan_of("fp8_e4m3", 0).shape.scale_group, 64u) << "one scale per row: segments alone";
  EXPECT_EQ(plan_of("fp8_e4m3", 0).shape.weight_group, 0u) << "one scale per row is stored, whatever the segments";
  EXPECT_EQ(plan_of("fp8_e4m3", 32).shape.scale_group, 32u);
  EXPECT_EQ(plan_of("fp8_e4m3", 128).shape.scale_group, 64u);
  EXPECT_EQ(plan_of("fp8_e4m3", 128).shape.weight_group, 128u);
  EXPECT_EQ(plan_of("fp8_e4m3", 96).shape.scale_group, 32u) << "a segment never crosses a weight scale";
  EXPECT_EQ(plan_of("fp8_e4m3", 128).tiling.k % 128, 0u);
  for (const char* other : {"int8", "fp16"}) {
    EXPECT_EQ(plan_of(other, 0).engine, Engine::kVector) << other;
    EXPECT_THAT(matrix_obstacle(linear(other, "int2", 0), shape.matrix), HasSubstr("the core takes fp8_e4m3"));
  }
}

TEST(OperatorPlan, FusedTablesAreFetchedInPlaceOfActivations) {
  MachineShape shape = machine();
  shape.matrix.fused = {true, 8, 11, 0, 12};
  OperatorPlan plan;
  MappingFault fault;
  ASSERT_TRUE(plan_operator(linear("int8", "int2", 0), shape, plan, fault)) << fault.why;
  // A table of 8 entries of 11 bits for four activations: 2.75 bytes where one was. Scales of rows stay.
  EXPECT_EQ(plan.streaming_bytes, plan.shape.m * plan.shape.k * 11 / 4 + plan.shape.m * kScaleBytes);
  EXPECT_DOUBLE_EQ(plan.shape.activation_bytes, 2.75);
  shape.matrix.fused.header_bits = 32;
  shape.matrix.segment_elements = 64;
  EXPECT_EQ(shape.matrix.table_bytes(3, 130), (3 * (33 * 88 + 3 * 32) + 7) / 8);
}

TEST(OperatorPlan, ARowOfTablesThatFillsItsSlotFits) {
  MachineShape shape = machine();
  shape.matrix.fused = {true, 8, 11, 0, 12};
  shape.matrix.slots = {1 << 20, 0, 1 << 20, 4096};
  for (std::uint64_t k = 1; k <= 1200; ++k) {
    shape.matrix.slots.activations = shape.matrix.table_bytes(1, k);
    OperatorPlan plan;
    MappingFault fault;
    ASSERT_TRUE(plan_operator(linear("int8", "int2", 0, k), shape, plan, fault)) << k << ": " << fault.why;
    ASSERT_GE(plan.tiling.m, 1u) << k;
    ASSERT_GE(plan.tiling.n, 1u) << k;
  }
}

TEST(OperatorPlan, RowsOfAVectorTileLeaveRoomForTheTablesThatTheyBecome) {
  MachineShape shape = machine();
  shape.matrix.fused = {true, 8, 11, 0, 12};
  Trace trace;
  trace.operators = {norm(3, 64), linear("int8", "int2", 0)};
  Operator& writer = trace.operators[0];
  writer.kind = OperatorKind::kQuantize;
  writer.tensors = {writer.tensors[0], writer.tensors[2]};
  writer.tensors[1].format = find_number_format("int8");
  writer.tensors[1].name = trace.operators[1].tensors[0].name = "a";
  trace.operators[1].id = 1;
  trace.operators[1].after = {0};
  // A row: 64 FP16 in, 16 tables of 11 bytes and a scale out.
  for (const auto& [slot, tiles] : std::vector<std::pair<std::uint64_t, int>>{{924, 1}, {923, 2}, {308, 3}, {307, 0}}) {
    shape.vector.slot_bytes = slot;
    Problems problems;
    TileProgram program(trace, shape, problems);
    ASSERT_EQ(problems.size(), tiles == 0 ? 1u : 0u);
    if (tiles == 0) {
      EXPECT_THAT(problems.items()[0].text(), HasSubstr("buffers.vector: tables of operator norm do not fit: a row"));
      continue;
    }
    int vector_tiles = 0;
    for (Instruction i; program.next(i);) vector_tiles += i.engine == Engine::kVector;
    EXPECT_EQ(vector_tiles, tiles) << slot;
  }
}

TEST(OperatorPlan, AScaleGroupIsWholeKGroupsOfWhateverLengthTheCoreHas) {
  MachineShape shape = machine();
  OperatorPlan plan;
  MappingFault fault;
  for (shape.matrix.group_length = 2; shape.matrix.group_length <= 6; ++shape.matrix.group_length)
    for (const std::uint32_t group : {6u, 8u, 10u, 12u, 15u}) {
      ASSERT_TRUE(plan_operator(linear("int8", "int2", group), shape, plan, fault)) << fault.why;
      EXPECT_EQ(plan.engine, group % shape.matrix.group_length == 0 ? Engine::kMatrix : Engine::kVector) << group;
    }
}

TEST(OperatorPlan, PackedTernaryRunsBehindItsDecoderAndMovesItsOwnBytes) {
  for (const auto& [name, bytes] : std::vector<std::pair<const char*, std::uint64_t>>{
           {"i2_s", 640}, {"tl1", 640}, {"tl2", 534}, {"tq1_0", 520}, {"tq2_0", 640}}) {
    MachineShape shape = machine();
    OperatorPlan plan;
    MappingFault fault;
    ASSERT_TRUE(plan_operator(linear("int8", name, kScalePerTensor), shape, plan, fault)) << fault.why;
    EXPECT_EQ(plan.engine, Engine::kVector) << name << " without a decoder";
    EXPECT_THAT(matrix_obstacle(linear("int8", name, kScalePerTensor), shape.matrix), HasSubstr("no decoder for that"));
    shape.matrix.packed_weights = find_number_format(name);
    ASSERT_TRUE(plan_operator(linear("int8", name, kScalePerTensor), shape, plan, fault)) << fault.why;
    EXPECT_EQ(plan.engine, Engine::kMatrix) << name;
    EXPECT_EQ(plan.weights.planes, 2u) << name;
    EXPECT_EQ(plan.weights.zero, -1) << name;
    EXPECT_EQ(plan.stationary_bytes, bytes + kScaleBytes) << name;
    EXPECT_THAT(matrix_obstacle(linear("int8", "ternary", 0), shape.matrix), HasSubstr("the core's decoder takes"));
  }
}

TEST(OperatorPlan, AScaleGroupThatCanOverflowAPartialSumIsRefused) {
  OperatorPlan plan;
  MappingFault fault;
  EXPECT_TRUE(plan_operator(linear("int8", "int2", 256, 1024), machine(), plan, fault));
  EXPECT_FALSE(plan_operator(linear("int8", "int2", 260, 1040), machine(), plan, fault));
  EXPECT_THAT(fault.why, HasSubstr("scale group of 260 elements can overflow a partial sum"));
  EXPECT_EQ(fault.key, "lut_core.psum_bits");
  EXPECT_TRUE(plan_operator(linear("int8", "int2", 0, 1024), machine(), plan, fault))
      << "one scale: K is split instead";
  EXPECT_LE(plan.tiling.k, 256u);
}

TEST(OperatorPlan, ScalesFitTheirSlot) {
  OperatorPlan plan;
  MappingFault fault;
  MachineShape small = machine();
  small.matrix.slots.scales = 16 * 4 * 3;  // three groups of one column block
  ASSERT_TRUE(plan_operator(linear("int8", "int2", 8, 256), small, plan, fault));
  EXPECT_EQ(plan.tiling.n, 16u);
  EXPECT_EQ(plan.tiling.k, 24u);
  small.matrix.slots.scales = 16 * 4 - 1;
  EXPECT_FALSE(plan_operator(linear("int8", "int2", 8, 256), small, plan, fault));
}

TEST(OperatorPlan, ItsMappingShowsTilesArraysAndOrderAtTheirLevels) {
  OperatorPlan plan;
  MappingFault fault;
  ASSERT_TRUE(plan_operator(linear("int8", "ternary", kScalePerTensor), machine(), plan, fault));
  const Mapping matrix = mapping_of(plan, machine());
  EXPECT_EQ(matrix.extent("memory", 'n'), plan.tiling.n);
  EXPECT_EQ(matrix.extent("memory", 'k'), plan.tiling.k);
  EXPECT_EQ(matrix.extent("buffer", 'n'), 16u);
  ASSERT_TRUE(plan_operator(norm(4, 64), machine(), plan, fault));
  EXPECT_EQ(mapping_of(plan, machine()).extent("memory", 'm'), 4u);
}

TEST(OperatorPlan, ACausalRowHasItsMeanVisitedLength) {
  Operator op = norm(4, 4);
  op.kind = OperatorKind::kSoftmax;
  op.tensors.erase(op.tensors.begin() + 1);
  op.mask = {Mask::Kind::kCausal, 0, 0, 1};
  OperatorPlan plan;
  MappingFault fault;
  ASSERT_TRUE(plan_operator(op, machine(), plan, fault));
  EXPECT_EQ(plan.rows, 4u);
  EXPECT_EQ(plan.row_length, 3u);  // 10 pairs in 4 rows
}

TEST(OperatorPlan, EveryOperatorThatFitsNowhereIsOneProblemThatSaysWhatIsTooSmall) {
  MachineShape small = machine();
  small.matrix.slots.weights = 8;
  small.vector.slot_bytes = 300;
  Trace trace;
  trace.operators = {linear("int8", "ternary", 0), norm(4, 64), norm(4, 128), norm(4, 16),
                     linear("int8", "int2", 512, 1024)};
  for (std::size_t i = 0; i < trace.operators.size(); ++i) {
    trace.operators[i].id = i;
    trace.operators[i].name += std::to_string(i);
  }
  Problems problems;
  TileProgram program(trace, small, problems);
  ASSERT_EQ(problems.size(), 4u);
  EXPECT_THAT(problems.items()[0].text(),
              HasSubstr("buffers.weights: operator layer0 does not fit: one block of 16 columns by 4 elements"));
  EXPECT_THAT(
      problems.items()[1].text(),
      HasSubstr("buffers.vector: operator norm1 does not fit: a row of 256 bytes (and 128 of constants) does not "
                "fit a slot of the vector buffer (300 bytes)"));
  EXPECT_THAT(problems.items()[2].text(), HasSubstr("operator norm2 does not fit: a row of 512 bytes"));
  EXPECT_THAT(problems.items()[3].text(),
              HasSubstr("lut_core.psum_bits: operator layer4 does not fit: a scale group of 512"));
}

TEST(OperatorPlan, TheSameProblemOfManyLayersIsSaidOnce) {
  MachineShape small = machine();
  small.vector.slot_bytes = 300;
  Trace trace;
  trace.operators.assign(30, norm(4, 64));
  Problems problems;
  TileProgram program(trace, small, problems);
  EXPECT_EQ(problems.size(), 1u);
}

}  // namespace
}  // namespace lutetia
