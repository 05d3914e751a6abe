// FP16 activations on the cycle body of mac_core, against the exact oracle: all K group lengths and weight widths, NaN
// and infinities, cancellation, ragged scale groups, K split by fill.
#include <gtest/gtest.h>

#include "cosim/matrix_core_bench.h"
#include "units/mac_core/mac_core_config.h"
#include "units/matrix_core/matrix_core_cycle.h"

namespace lutetia {
namespace {

TEST(Fp16Multipliers, GiveWhatExactArithmeticSays) {
  MacCoreConfig config;
  config.rows = 2;
  config.lanes = 12;
  config.epilogue_lanes = 2;
  config.psum_blocks = 2;
  config.activation_format = ActivationFormat::kFp16;
  config.activation_bits = 16;
  for (const std::uint32_t group : {2u, 3u, 4u, 5u, 6u})
    for (const std::uint32_t width : {2u, 4u, 5u, 8u}) {
      config.group_length = group;
      config.weight_bits = width;
      for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const MatrixCoreBench bench(config.shape(), seed, 4'000);
        MatrixCoreCycle dut(config.shape()), model(config.shape());
        BenchOptions options;
        options.seed = seed;
        options.stalls = seed % 2 == 0 ? StallMode::kBoth : StallMode::kNone;
        const BenchResult result = run_bench(dut, model, bench.program(), options);
        ASSERT_TRUE(result.passed) << result.failure;
        ASSERT_EQ(bench.check(result.outputs), "") << "group " << group << " width " << width << " seed " << seed;
      }
    }
}

}  // namespace
}  // namespace lutetia
