// rtl/units/lut_core against sim/units/lut_core: every transfer in the same cycle with the same bits, under every stall
// mode, for every weight format; and the numbers against the oracle. A failure prints the command that replays it.
#include <gtest/gtest.h>

#include <sstream>
#include <tuple>

#include "cosim/cosim.h"
#include "cosim/matrix_core_bench.h"
#include "cosim/rtl_config.h"
#include "cosim/rtl_registry.h"
#include "units/lut_core/lut_core_config.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kTransfers = 10'000;
constexpr std::uint64_t kMixed = MatrixCoreBench::kFlavours;  // a seed that mixes all weight formats

void expect_equal(const std::string& variant, std::uint64_t seed, StallMode stalls,
                  std::uint64_t transfers = kTransfers) {
  CosimOptions options;
  options.units = {"lut_core"};
  options.variant = variant;
  options.seed = seed;
  options.transactions = transfers;
  options.stalls = {stalls};
  std::ostringstream log;
  const CosimReport report = run_cosim(options, log);
  ASSERT_TRUE(report.passed()) << log.str();
  ASSERT_EQ(report.rows.size(), 1u);
  EXPECT_GE(report.rows[0].result.transfers(), transfers) << report.rows[0].replay;
}

/// Seeds whose remainder chooses the weight format (matrix_core_bench.h).
std::uint64_t seed_of(WeightFormat format) {
  return MatrixCoreBench::kFlavours * 11 + 1 + static_cast<std::uint64_t>(format);
}

class LutCoreCosim : public testing::TestWithParam<std::tuple<const char*, WeightFormat, StallMode>> {};

TEST_P(LutCoreCosim, RtlEqualsCycleBody) {
  const auto [variant, format, stalls] = GetParam();
  expect_equal(variant, seed_of(format), stalls);
}

INSTANTIATE_TEST_SUITE_P(
    All, LutCoreCosim,
    testing::Combine(testing::Values("small_a8", "small_a16", "fp16_small", "fp16_quantized_small", "fp8_e4m3_small",
                                     "fused_fp16_quantized_small", "full_a8", "unfolded_a8"),
                     testing::Values(WeightFormat::kInt1, WeightFormat::kInt2, WeightFormat::kInt3, WeightFormat::kInt4,
                                     WeightFormat::kTernary, WeightFormat::kEqualTernary),
                     testing::ValuesIn(kAllStallModes)),
    [](const auto& info) {
      return std::string(std::get<0>(info.param)) + "_" + to_text(std::get<1>(info.param)) + "_stalls_" +
             to_text(std::get<2>(info.param));
    });

TEST(LutCoreCosimVariants, EveryVariantEqualsTheCycleBodyWithMixedFormats) {
  for (const RtlVariant* variant : rtl_variants("lut_core"))
    for (const StallMode stalls : kAllStallModes) expect_equal(variant->name, kMixed, stalls);
}

TEST(LutCoreCosimVariants, AgreeAcrossSeeds) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    for (const char* variant : {"small_a8", "small_a16"}) expect_equal(variant, seed, StallMode::kBoth, 3'000);
}

TEST(LutCoreCosimVariants, HaveTheParametersThatTheirLineDeclares) {
  ASSERT_FALSE(rtl_variants("lut_core").empty());
  for (const RtlVariant* variant : rtl_variants("lut_core")) {
    EXPECT_FALSE(variant->declared.empty()) << variant->name;
    for (const auto& [name, value] : variant->declared)
      EXPECT_EQ(variant->parameters.at(name), value) << variant->name << " " << name;
  }
}

TEST(LutCoreCosimVariants, HaveExactlyTheParametersOfTheConfig) {
  const RtlParameters of_config = rtl_parameters_of(LutCoreConfig{});
  for (const RtlVariant* variant : rtl_variants("lut_core")) {
    RtlParameters of_rtl = rtl_parameters_of(config_from_rtl<LutCoreConfig>(variant->parameters));
    EXPECT_EQ(of_rtl, variant->parameters);
    for (const auto& parameter : of_config)
      EXPECT_EQ(variant->parameters.count(parameter.first), 1u) << parameter.first;
    EXPECT_EQ(variant->parameters.size(), of_config.size());
  }
}

TEST(LutCoreCosimVariants, TheDefaultConfigHasRtl) {
  const RtlParameters wanted = rtl_parameters_of(LutCoreConfig{});
  EXPECT_NE(find_rtl_variant("lut_core", wanted), nullptr) << no_rtl_variant("lut_core", wanted);
}

TEST(LutCoreCosimVariants, ProgramsCoverTheCornersOfACommand) {
  const MatrixCoreShape shape =
      config_from_rtl<LutCoreConfig>(find_rtl_variant("lut_core", "small_a8")->parameters).shape();
  bool ragged_rows = false, ragged_depth = false, ragged_outputs = false, ragged_group = false, fill = false,
       single = false;
  for (const std::uint64_t seed : {kMixed, kMixed + 1}) {  // all formats, INT1
    const MatrixCoreBench bench(shape, seed, kTransfers);
    for (const auto& tile : bench.tiles()) {
      const MatrixCoreCommand& c = tile->command;
      ragged_rows |= c.rows % shape.rows != 0;
      ragged_depth |= tile->depth % shape.group_length != 0;
      ragged_outputs |= tile->outputs % shape.lanes != 0;
      ragged_group |= c.scale_groups() > 1 && c.k_groups % c.scale_group_length != 0;
      fill |= c.fill && c.scale_groups() > 1;
      single |= c.fires(shape) == 1;
    }
  }
  EXPECT_TRUE(ragged_rows);
  EXPECT_TRUE(ragged_depth);
  EXPECT_TRUE(ragged_outputs);
  EXPECT_TRUE(ragged_group);
  EXPECT_TRUE(fill);
  EXPECT_TRUE(single);
}

TEST(LutCoreCosimVariants, StallsReachEveryActivity) {
  CosimOptions options;
  options.units = {"lut_core"};
  options.variant = "small_a8";
  options.seed = kMixed;
  std::ostringstream log;
  const CosimReport report = run_cosim(options, log);
  ASSERT_TRUE(report.passed()) << log.str();
  std::vector<std::uint64_t> cycles(report.rows[0].activities.size());
  for (const CosimRow& row : report.rows)
    for (std::size_t a = 0; a < cycles.size(); ++a) cycles[a] += row.result.activity_cycles[a];
  for (std::size_t a = 0; a < cycles.size(); ++a) EXPECT_GT(cycles[a], 200u) << report.rows[0].activities[a];
}

}  // namespace
}  // namespace lutetia
