// The random programs that RTL is compared on, on the cycle bodies of all matrix cores: they end, their numbers are
// right by the oracle, and a seed chooses the weights as it says.
#include "cosim/matrix_core_bench.h"

#include <gtest/gtest.h>

#include <set>

#include "units/matrix_cores.h"

namespace lutetia {
namespace {

class MatrixCoreBenchOf : public testing::TestWithParam<CoreVariant> {};

TEST_P(MatrixCoreBenchOf, ProgramsEndWithRightNumbersUnderEveryStallMode) {
  const MatrixCoreShape shape = GetParam().shape({});
  for (std::uint64_t seed = 1; seed <= MatrixCoreBench::kFlavours; ++seed) {
    const MatrixCoreBench bench(shape, seed, 2'000);
    BenchOptions options;
    options.seed = seed;
    options.stalls = kAllStallModes[seed % std::size(kAllStallModes)];
    const auto model = bench.make_model();
    const BenchResult result = run_alone(*model, bench.program(), options);
    ASSERT_EQ(result.failure, "") << "seed " << seed;
    ASSERT_GE(result.transfers(), 2'000u) << "seed " << seed;
    ASSERT_EQ(bench.check(result.outputs), "") << "seed " << seed;
  }
}

TEST_P(MatrixCoreBenchOf, ASeedChoosesTheWeightsOfItsProgram) {
  const MatrixCoreShape shape = GetParam().shape({});
  std::set<WeightFormat> possible;
  for (const WeightFormat format : kAllWeightFormats)
    if (runs(format, shape)) possible.insert(format);
  for (std::uint64_t seed = 0; seed < MatrixCoreBench::kFlavours; ++seed) {
    std::set<WeightFormat> used;
    for (std::uint64_t more = 0; more < 6; ++more) {  // programs of few commands do not hold all formats
      const MatrixCoreBench bench(shape, seed + more * MatrixCoreBench::kFlavours, 10'000);
      for (const auto& tile : bench.tiles()) used.insert(tile->format);
    }
    const bool chosen = seed > 0 && runs(kAllWeightFormats[seed - 1], shape);
    EXPECT_EQ(used, chosen ? std::set<WeightFormat>{kAllWeightFormats[seed - 1]} : possible) << "seed " << seed;
  }
}

/// No command of a program may overflow a partial sum, whatever its values are.
TEST_P(MatrixCoreBenchOf, EveryScaleGroupIsSafe) {
  CoreSizes narrow;
  narrow.psum_bits = 22;
  const MatrixCoreShape shape = GetParam().shape(narrow);
  for (std::uint64_t seed = 1; seed <= MatrixCoreBench::kFlavours; ++seed) {
    const MatrixCoreBench bench(shape, seed, 5'000);
    for (const auto& tile : bench.tiles()) {
      const MatrixCoreCommand& c = tile->command;
      const std::uint64_t safe =
          c.equal_planes ? shape.safe_group_elements(1) / c.planes : shape.safe_group_elements(c.planes);
      ASSERT_LE(std::uint64_t{std::min(c.scale_group_length, c.k_groups)} * shape.group_length, safe)
          << "seed " << seed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cores, MatrixCoreBenchOf, testing::ValuesIn(kAllCores),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace lutetia
