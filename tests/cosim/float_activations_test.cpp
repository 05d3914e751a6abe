// Floating-point activations on the cycle body of lut_core, against the oracle in double precision: both paths, all
// formats, tables built near the array or arriving ready-made, NaN and infinities, ragged segments, K split by fill.
#include <gtest/gtest.h>

#include "cosim/matrix_core_bench.h"
#include "units/lut_core/lut_core_config.h"
#include "units/matrix_core/matrix_core_cycle.h"

namespace lutetia {
namespace {

struct Case {
  ActivationFormat format;
  std::uint32_t bits;
  FloatPath path;
  TablePlacement placement;
};

class FloatActivations : public testing::TestWithParam<Case> {};

TEST_P(FloatActivations, GiveWhatDoublePrecisionSays) {
  const Case& c = GetParam();
  LutCoreConfig config;
  config.rows = 2;
  config.lanes = 14;
  config.epilogue_lanes = 2;
  config.psum_blocks = 2;
  config.activation_format = c.format;
  config.activation_bits = c.bits;
  config.float_path = c.path;
  config.table_placement = c.placement;
  if (config.fused()) config.table_generators = config.rows;
  for (const std::uint32_t segment : {1u, 4u, 16u}) {
    config.segment_groups = segment;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      const MatrixCoreBench bench(config.shape(), seed, 4'000);
      MatrixCoreCycle dut(config.shape()), model(config.shape());
      BenchOptions options;
      options.seed = seed;
      options.stalls = seed % 2 == 0 ? StallMode::kBoth : StallMode::kNone;
      const BenchResult result = run_bench(dut, model, bench.program(), options);
      ASSERT_TRUE(result.passed) << result.failure;
      ASSERT_EQ(bench.check(result.outputs), "") << "segment_groups " << segment << " seed " << seed;
    }
  }
}

std::vector<Case> cases() {
  std::vector<Case> out;
  for (const TablePlacement placement : {TablePlacement::kNearArray, TablePlacement::kFused})
    for (const FloatPath path : {FloatPath::kAligned, FloatPath::kQuantizedTable}) {
      for (const ActivationFormat f :
           {ActivationFormat::kFp16, ActivationFormat::kBf16, ActivationFormat::kFp8E4m3, ActivationFormat::kFp8E5m2})
        out.push_back({f, 16, path, placement});
      out.push_back({ActivationFormat::kFp8E4m3, 8, path, placement});
      out.push_back({ActivationFormat::kFp8E5m2, 8, path, placement});
    }
  return out;
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  const Case& c = info.param;
  constexpr const char* kFormats[] = {"integer", "fp16", "bf16", "fp8_e4m3", "fp8_e5m2"};
  return std::string(kFormats[static_cast<int>(c.format)]) + "_" + std::to_string(c.bits) +
         (c.path == FloatPath::kAligned ? "_aligned" : "_quantized") +
         (c.placement == TablePlacement::kFused ? "_fused" : "_near");
}

INSTANTIATE_TEST_SUITE_P(All, FloatActivations, testing::ValuesIn(cases()), name_of);

}  // namespace
}  // namespace lutetia
