// What the LUT Tensor Core paper (arXiv 2408.06003) says of its array, read from the verilated models: a step takes
// W_BIT cycles (section 3.2.1), tables take M * 2^(K-1) * LUT_BIT bits (eq. 7), grouped weights K * N * W_BIT bits (eq.
// 8).
#include <gtest/gtest.h>

#include "cosim/matrix_core_bench.h"
#include "cosim/rtl_config.h"
#include "cosim/rtl_registry.h"
#include "units/lut_core/lut_core_config.h"

namespace lutetia {
namespace {

/// Cycles in which the RTL fires for one long tile of one block that is fed as fast as it takes it.
std::vector<std::uint64_t> fires(const RtlVariant& variant, const MatrixCoreShape& shape, WeightFormat format) {
  const std::uint32_t depth = 48 * shape.group_length;
  const MatrixCoreTile tile(shape, format, shape.rows, shape.lanes, depth, depth, false);
  BenchProgram program;
  append_matrix_core_tile(shape, tile, program);
  const auto rtl = variant.make(1);
  std::vector<std::size_t> sent(program.inputs.size());
  std::vector<std::uint64_t> at;
  std::uint64_t due = program.outputs.at(MatrixCorePort::kOut);
  for (std::uint64_t now = 0; due > 0 && now < 10'000; ++now) {
    if (rtl->activity() == 0) at.push_back(now);
    for (std::uint32_t input = 0; input < sent.size(); ++input)
      if (sent[input] < program.inputs[input].size() && rtl->ready(input))
        rtl->push(input, program.inputs[input][sent[input]++]);
    if (rtl->valid(MatrixCorePort::kOut)) {
      rtl->pop(MatrixCorePort::kOut);
      --due;
    }
    rtl->clock();
  }
  EXPECT_EQ(due, 0u);
  return at;
}

TEST(LutCorePublished, AStepTakesAsManyCyclesAsWeightBitsUnlessATableTakesLonger) {
  for (const RtlVariant* variant : rtl_variants("lut_core")) {
    const MatrixCoreShape shape = config_from_rtl<LutCoreConfig>(variant->parameters).shape();
    if (shape.segment_groups > 0) continue;  // a segment's drain may take longer than its fires: psum_blocks hide it
    for (const WeightFormat format :
         {WeightFormat::kInt1, WeightFormat::kInt2, WeightFormat::kInt3, WeightFormat::kInt4}) {
      const std::uint32_t planes = planes_of(format).planes;
      if (planes > shape.max_planes) continue;
      SCOPED_TRACE(variant->name + " " + to_text(format));
      const std::vector<std::uint64_t> at = fires(*variant, shape, format);
      ASSERT_EQ(at.size(), 48u * planes);
      const std::uint64_t interval = std::max<std::uint64_t>(planes, shape.build_interval);
      for (std::size_t step = 16; step < 40; ++step)  // between fill and drain
        EXPECT_EQ(at[(step + 1) * planes] - at[step * planes], interval) << "step " << step;
    }
  }
}

TEST(LutCorePublished, WeightAndTableBitsAreThoseOfTheEquations) {
  for (const RtlVariant* variant : rtl_variants("lut_core")) {
    SCOPED_TRACE(variant->name);
    const auto unit = variant->make(1);
    const std::uint64_t m = unit->parameter("Rows"), n = unit->parameter("Lanes"), k = unit->parameter("GroupLength");
    if (unit->parameter("TernaryTables") != 0) continue;  // its weights are no planes
    // Equation 8: one plane of one K group; W_BIT of them make the grouped weights.
    EXPECT_EQ(unit->inputs().at(MatrixCorePort::kWeight).bits, k * n);
    if (unit->parameter("FusedTables") == 0) continue;
    // Equation 7, where whole tables pass the act port: half tables of 2^(K-1) entries.
    const LutCoreConfig config = config_from_rtl<LutCoreConfig>(variant->parameters);
    const std::uint64_t entries = std::uint64_t{1} << (config.symmetric ? k - 1 : k);
    EXPECT_EQ(unit->inputs().at(MatrixCorePort::kActivation).bits, m * entries * config.entry_bits());
  }
}

TEST(LutCorePublished, Int8TablesOfTwoRowsAre128Bits) {
  const RtlVariant* fused = find_rtl_variant("lut_core", "fused_fp16_quantized_small");
  ASSERT_NE(fused, nullptr);
  const auto unit = fused->make(1);
  ASSERT_EQ(unit->parameter("Rows"), 2u);
  EXPECT_EQ(unit->inputs().at(MatrixCorePort::kActivation).bits, 128u);  // as published for M2 K4 and LUT_BIT 8
}

}  // namespace
}  // namespace lutetia
