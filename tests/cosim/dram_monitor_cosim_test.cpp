// rtl/units/dram_monitor against its cycle body, and both against the search through the history: many seeds, and that
// the programs reach what they are meant to reach. every_unit_test.cpp covers all variants under all stall modes.
#include <gtest/gtest.h>

#include <array>
#include <sstream>

#include "cosim/cosim.h"
#include "cosim/dram_monitor_bench.h"
#include "cosim/rtl_config.h"
#include "cosim/rtl_registry.h"

namespace lutetia {
namespace {

CosimOptions options_of(const std::string& variant, std::uint64_t seed) {
  CosimOptions options;
  options.units = {"dram_monitor"};
  options.variant = variant;
  options.seed = seed;
  return options;
}

TEST(DramMonitorCosim, AgreesAcrossSeeds) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    for (const char* variant : {"small", "any_standard"}) {
      CosimOptions options = options_of(variant, seed);
      options.stalls = {StallMode::kBoth};
      std::ostringstream log;
      EXPECT_TRUE(run_cosim(options, log).passed()) << log.str();
    }
}

TEST(DramMonitorCosim, ProgramsReachEveryKindOfVerdict) {
  for (const char* variant : {"small", "any_standard"}) {
    const auto config = config_from_rtl<DramMonitorConfig>(find_rtl_variant("dram_monitor", variant)->parameters);
    const DramMonitorBench bench(config, 1, 20'000);
    std::array<std::uint64_t, DramMonitorVerdict::kKinds> kinds{};
    std::vector<bool> rules(config.rules);
    std::uint64_t hidden = 0, at_the_limit = 0;
    for (const DramMonitorVerdict& v : bench.verdicts()) {
      ++kinds.at(v.kind);
      if (v.too_early) rules[v.rule] = true;
      hidden += v.too_early && v.kind != DramMonitorVerdict::kTooEarly;
      at_the_limit += v.kind == DramMonitorVerdict::kLegal && v.earliest > 0;
    }
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) EXPECT_GT(kinds[kind], 20u) << variant << " kind " << kind;
    std::uint64_t lowest = 0;
    for (const bool seen : rules) lowest += seen;
    EXPECT_GT(lowest, config.rules / 2) << "different rules are the lowest violated one";
    EXPECT_GT(hidden, 100u);
    EXPECT_GT(at_the_limit, 100u);
  }
}

TEST(DramMonitorCosim, StallsReachEveryActivity) {
  std::ostringstream log;
  const CosimReport report = run_cosim(options_of("small", 1), log);
  ASSERT_TRUE(report.passed()) << log.str();
  std::vector<std::uint64_t> cycles(report.rows[0].activities.size());
  for (const CosimRow& row : report.rows)
    for (std::size_t a = 0; a < cycles.size(); ++a) cycles[a] += row.result.activity_cycles[a];
  for (std::size_t a = 0; a < cycles.size(); ++a) EXPECT_GT(cycles[a], 200u) << report.rows[0].activities[a];
}

TEST(DramMonitorCosim, TheDefaultConfigHasRtl) {
  const RtlParameters wanted = rtl_parameters_of(DramMonitorConfig{});
  EXPECT_NE(find_rtl_variant("dram_monitor", wanted), nullptr) << no_rtl_variant("dram_monitor", wanted);
}

}  // namespace
}  // namespace lutetia
