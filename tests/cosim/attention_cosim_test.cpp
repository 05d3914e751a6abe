// rtl/units/attention against its cycle body, and both against the oracles: many seeds and every variant.
// every_unit_test.cpp covers what it does briefly; attention_bench_test.cpp has what the programs reach.
#include <gtest/gtest.h>

#include <sstream>

#include "cosim/cosim.h"
#include "cosim/rtl_config.h"
#include "cosim/rtl_registry.h"
#include "units/attention/attention_config.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kTransfers = 10'000;  // as tests/mutants/run.py has it

CosimReport expect_equal(const std::string& variant, std::uint64_t seed, std::uint64_t transfers = kTransfers) {
  CosimOptions options;
  options.units = {"attention"};
  options.variant = variant;
  options.seed = seed;
  options.transactions = transfers;
  std::ostringstream log;
  CosimReport report = run_cosim(options, log);
  EXPECT_TRUE(report.passed()) << log.str();
  for (const CosimRow& row : report.rows) EXPECT_GE(row.result.transfers(), transfers) << row.replay;
  return report;
}

TEST(AttentionCosim, EveryVariantEqualsTheCycleBodyInEveryStallMode) {
  for (const RtlVariant* variant : rtl_variants("attention")) expect_equal(variant->name, 8);
}

TEST(AttentionCosim, AgreesAcrossSeeds) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed)
    for (const char* variant : {"small_int8", "small_int4", "small_fp16", "one_lane"})
      expect_equal(variant, seed, 2'000);
}

TEST(AttentionCosim, EveryFormatHasRtlAndTheParametersOfTheConfig) {
  std::uint32_t formats = 0, outputs = 0, scales = 0;
  for (const RtlVariant* variant : rtl_variants("attention")) {
    const auto config = config_from_rtl<AttentionConfig>(variant->parameters);
    EXPECT_EQ(rtl_parameters_of(config), variant->parameters);
    for (const auto& [name, value] : variant->declared) EXPECT_EQ(variant->parameters.at(name), value) << name;
    formats |= 1u << (config.floating() ? 16 : config.kv_bits);
    outputs |= 1u << static_cast<std::uint32_t>(config.output_format);
    scales |= 1u << (config.kv_scales ? 1 : 0);
  }
  EXPECT_EQ(formats, 1u << 4 | 1u << 8 | 1u << 16);
  EXPECT_EQ(outputs, 3u);
  EXPECT_EQ(scales, 3u);
}

TEST(AttentionCosim, StallsReachEveryActivity) {
  const CosimReport report = expect_equal("small_int8", 8);
  std::vector<std::uint64_t> cycles(report.rows[0].activities.size());
  for (const CosimRow& row : report.rows)
    for (std::size_t a = 0; a < cycles.size(); ++a) cycles[a] += row.result.activity_cycles[a];
  for (std::size_t a = 0; a < cycles.size(); ++a) EXPECT_GT(cycles[a], 50u) << report.rows[0].activities[a];
}

}  // namespace
}  // namespace lutetia
