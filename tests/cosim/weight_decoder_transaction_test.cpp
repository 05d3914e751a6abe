// The third body against the hardware: the recurrence, told only when beats were offered and when the receiver was
// ready, gives the cycle of every transfer on the pins of the RTL, under every stall mode.
#include <gtest/gtest.h>

#include "cosim/rtl_config.h"
#include "cosim/rtl_registry.h"
#include "cosim/weight_decoder_bench.h"
#include "support/recorded_pins.h"
#include "units/weight_decoder/weight_decoder_recurrence.h"

namespace lutetia {
namespace {

void expect_agreement(const RtlVariant& variant, std::uint64_t seed, StallMode stalls) {
  SCOPED_TRACE(variant.name + " seed " + std::to_string(seed) + " stalls " + to_text(stalls));
  const auto config = config_from_rtl<WeightDecoderConfig>(variant.parameters);
  const WeightDecoderBench bench(config, seed, 10'000);
  BenchOptions options;
  options.seed = seed;
  options.stalls = stalls;
  options.record_stamps = true;
  const auto rtl = variant.make(seed);
  const BenchResult result = run_bench(*rtl, *bench.make_model(), bench.program(), options);
  ASSERT_TRUE(result.passed) << result.failure;
  ASSERT_GE(result.transfers(), 10'000u);

  RecordedPins pins(result.stamps);
  WeightDecoderRecurrence<RecordedPins> recurrence(config);
  for (const Payload& command : bench.program().inputs[WeightDecoderPort::kCommand])
    recurrence.run(WeightDecoderCommand::decode(command), pins);
  ASSERT_EQ(result.stamps.accepted, pins.accepted());
  ASSERT_EQ(result.stamps.transferred[WeightDecoderPort::kWeight], pins.transferred());
  const WeightDecoderActivity& activity = recurrence.activity();
  const std::vector<std::int64_t> by_cause = {activity.busy, activity.codes, activity.fill, activity.output};
  const std::vector<std::uint64_t>& rtl_cycles = result.activity_cycles;  // busy, no_command, codes, fill, output
  EXPECT_EQ(by_cause, (std::vector<std::int64_t>{std::int64_t(rtl_cycles[0]), std::int64_t(rtl_cycles[2]),
                                                 std::int64_t(rtl_cycles[3]), std::int64_t(rtl_cycles[4])}));
}

TEST(WeightDecoderTransaction, GivesEveryTransferOfTheRtlUnderEveryStallMode) {
  for (const RtlVariant* variant : rtl_variants("weight_decoder"))
    for (const StallMode stalls : kAllStallModes)
      for (const std::uint64_t seed : {8, 17, 26}) expect_agreement(*variant, seed, stalls);
}

}  // namespace
}  // namespace lutetia
