// The third body against the hardware: the recurrence of the transaction body, told only when beats were offered and
// when the receiver was ready, gives the cycle of every transfer on the pins of the RTL, under every stall mode.
#include <gtest/gtest.h>

#include "cosim/matrix_core_bench.h"
#include "cosim/rtl_config.h"
#include "cosim/rtl_registry.h"
#include "support/recorded_pins.h"
#include "units/adder_core/adder_core_config.h"
#include "units/lut_core/lut_core_config.h"
#include "units/mac_core/mac_core_config.h"
#include "units/matrix_core/matrix_core_recurrence.h"

namespace lutetia {
namespace {

MatrixCoreShape shape_of(const RtlVariant& variant) {
  if (variant.unit == "adder_core") return config_from_rtl<AdderCoreConfig>(variant.parameters).shape();
  if (variant.unit == "mac_core") return config_from_rtl<MacCoreConfig>(variant.parameters).shape();
  return config_from_rtl<LutCoreConfig>(variant.parameters).shape();
}

void expect_agreement(const RtlVariant& variant, std::uint64_t seed, StallMode stalls) {
  SCOPED_TRACE(variant.unit + " " + variant.name + " seed " + std::to_string(seed) + " stalls " + to_text(stalls));
  const MatrixCoreShape shape = shape_of(variant);
  const MatrixCoreBench bench(shape, seed, 10'000);
  BenchOptions options;
  options.seed = seed;
  options.stalls = stalls;
  options.record_stamps = true;
  const auto rtl = variant.make(seed);
  const BenchResult result = run_bench(*rtl, *bench.make_model(), bench.program(), options);
  ASSERT_TRUE(result.passed) << result.failure;
  ASSERT_GE(result.transfers(), 10'000u);

  RecordedPins environment(result.stamps);
  MatrixCoreRecurrence<RecordedPins> recurrence(shape);
  for (const Payload& command : bench.program().inputs[MatrixCorePort::kCommand])
    recurrence.run(MatrixCoreCommand::decode(command), environment);
  for (std::uint32_t input = 0; input < MatrixCorePort::kInputs; ++input)
    ASSERT_EQ(result.stamps.accepted[input], environment.accepted()[input]) << "input " << input;
  ASSERT_EQ(result.stamps.transferred[MatrixCorePort::kOut], environment.transferred());
  const MatrixCoreActivity& activity = recurrence.activity();
  const std::vector<std::int64_t> stalls_by_cause = {activity.busy, activity.operands, activity.weights,
                                                     activity.epilogue};
  const std::vector<std::uint64_t>& rtl_cycles = result.activity_cycles;  // busy, no_command, table, weights, epilogue
  EXPECT_EQ(stalls_by_cause, (std::vector<std::int64_t>{std::int64_t(rtl_cycles[0]), std::int64_t(rtl_cycles[2]),
                                                        std::int64_t(rtl_cycles[3]), std::int64_t(rtl_cycles[4])}));
}

TEST(MatrixCoreTransaction, GivesEveryTransferOfTheRtlUnderEveryStallMode) {
  ASSERT_FALSE(rtl_variants("lut_core").empty());
  for (const char* unit : {"lut_core", "adder_core", "mac_core"})
    for (const RtlVariant* variant : rtl_variants(unit))
      for (const StallMode stalls : kAllStallModes)
        for (const std::uint64_t seed : {8, 17, 26}) expect_agreement(*variant, seed, stalls);
}

}  // namespace
}  // namespace lutetia
