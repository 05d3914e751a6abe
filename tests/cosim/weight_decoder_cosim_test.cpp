// rtl/units/weight_decoder against its cycle body, and both against the weights' meaning: many seeds, every kind of
// code, and that the programs reach what they are meant to reach. every_unit_test.cpp covers what it does briefly.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "cosim/cosim.h"
#include "cosim/rtl_config.h"
#include "cosim/rtl_registry.h"
#include "cosim/weight_decoder_bench.h"
#include "numeric/ternary_code.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kTransfers = 10'000;

CosimReport expect_equal(const std::string& variant, std::uint64_t seed, std::uint64_t transfers = kTransfers) {
  CosimOptions options;
  options.units = {"weight_decoder"};
  options.variant = variant;
  options.seed = seed;
  options.transactions = transfers;
  std::ostringstream log;
  CosimReport report = run_cosim(options, log);
  EXPECT_TRUE(report.passed()) << log.str();
  for (const CosimRow& row : report.rows) EXPECT_GE(row.result.transfers(), transfers) << row.replay;
  return report;
}

TEST(WeightDecoderCosim, EveryVariantEqualsTheCycleBodyInEveryStallMode) {
  for (const RtlVariant* variant : rtl_variants("weight_decoder")) expect_equal(variant->name, 8);
}

TEST(WeightDecoderCosim, AgreesAcrossSeeds) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed)
    for (const char* variant : {"small_i2s", "small_tl2", "small_tq1"}) expect_equal(variant, seed, 2'000);
}

TEST(WeightDecoderCosim, EveryKindOfCodeHasRtlAndTheParametersOfTheConfig) {
  std::uint32_t kinds = 0;
  for (const RtlVariant* variant : rtl_variants("weight_decoder")) {
    const auto config = config_from_rtl<WeightDecoderConfig>(variant->parameters);
    EXPECT_EQ(rtl_parameters_of(config), variant->parameters);
    EXPECT_EQ(variant->declared, variant->parameters);
    kinds |= 1u << config.code;
  }
  EXPECT_EQ(kinds, 7u);
}

TEST(WeightDecoderCosim, MeaningsAgreeWithTheTables) {
  for (const TernaryCode kind : kAllTernaryCodes) {
    const std::vector<CodeMeaning> meanings = code_meanings(static_cast<std::uint32_t>(kind));
    ASSERT_EQ(meanings.size(), std::size_t{1} << ternary_code_bits(kind));
    for (std::uint32_t code = 0; code < meanings.size(); ++code) {
      const DecodedTernary decoded = decode_ternary(kind, code);
      EXPECT_EQ(decoded.legal, !meanings[code].illegal) << to_text(kind) << " " << code;
      ASSERT_EQ(meanings[code].weights.size(), ternary_code_weights(kind));
      for (std::size_t n = 0; n < meanings[code].weights.size(); ++n)
        EXPECT_EQ(decoded.weights[n], meanings[code].weights[n]) << to_text(kind) << " " << code;
    }
  }
}

TEST(WeightDecoderCosim, ProgramsReachEveryCodeAndEveryLeftover) {
  for (const char* variant : {"small_i2s", "small_tl2", "small_tq1"}) {
    const auto config = config_from_rtl<WeightDecoderConfig>(find_rtl_variant("weight_decoder", variant)->parameters);
    const WeightDecoderBench bench(config, 8, 6 * kTransfers);
    for (std::size_t code = 0; code < bench.used().size(); ++code)
      EXPECT_GT(bench.used()[code], 0u) << variant << " code " << code;
    std::vector<std::uint64_t> ends(config.period());  // commands whose K ends so many groups into a period
    std::uint64_t single = 0, flagged = 0, flagged_late = 0;
    for (const WeightDecoderTile& tile : bench.tiles()) {
      ++ends[tile.command.k_groups % config.period()];
      single += tile.command.weight_beats() == 2;
      const auto first = std::find(tile.illegal.begin(), tile.illegal.end(), true);
      flagged += first != tile.illegal.end();
      flagged_late += first != tile.illegal.end() && first - tile.illegal.begin() > 20;
    }
    for (const std::uint64_t count : ends) EXPECT_GT(count, 0u) << variant;
    EXPECT_GT(single, 3u) << variant;
    EXPECT_GT(flagged, 3u) << variant;
    EXPECT_GT(flagged_late, 0u) << variant;
  }
}

TEST(WeightDecoderCosim, StallsReachEveryActivity) {
  const CosimReport report = expect_equal("small_tl2", 8);
  std::vector<std::uint64_t> cycles(report.rows[0].activities.size());
  for (const CosimRow& row : report.rows)
    for (std::size_t a = 0; a < cycles.size(); ++a) cycles[a] += row.result.activity_cycles[a];
  for (std::size_t a = 0; a < cycles.size(); ++a) EXPECT_GT(cycles[a], 200u) << report.rows[0].activities[a];
}

}  // namespace
}  // namespace lutetia
