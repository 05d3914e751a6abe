// The third body against the hardware: the recurrence, told only when beats were offered and when the receiver was
// ready, gives the cycle of every transfer on the pins of the RTL, under every stall mode.
#include <gtest/gtest.h>

#include "cosim/rtl_config.h"
#include "cosim/rtl_registry.h"
#include "cosim/unit_bench.h"
#include "support/recorded_pins.h"
#include "units/attention/attention_recurrence.h"

namespace lutetia {
namespace {

void expect_agreement(const RtlVariant& variant, std::uint64_t seed, StallMode stalls) {
  SCOPED_TRACE(variant.name + " seed " + std::to_string(seed) + " stalls " + to_text(stalls));
  const auto bench = UnitBenchRegistry::create("attention", variant.parameters, seed, 5'000);
  BenchOptions options;
  options.seed = seed;
  options.stalls = stalls;
  options.record_stamps = true;
  const auto rtl = variant.make(seed);
  const BenchResult result = run_bench(*rtl, *bench->make_model(), bench->program(), options);
  ASSERT_TRUE(result.passed) << result.failure;
  ASSERT_GE(result.transfers(), 5'000u);

  RecordedPins pins(result.stamps);
  AttentionRecurrence<RecordedPins> recurrence(config_from_rtl<AttentionConfig>(variant.parameters));
  for (const Payload& command : bench->program().inputs[AttentionPort::kCommand])
    recurrence.run(AttentionCommand::decode(command), pins);
  for (std::uint32_t input = 0; input < AttentionPort::kInputs; ++input)
    ASSERT_EQ(result.stamps.accepted[input], pins.accepted()[input]) << "input " << input;
  ASSERT_EQ(result.stamps.transferred[AttentionPort::kOut], pins.transferred());
  const AttentionActivity& a = recurrence.activity();
  const std::vector<std::int64_t> by_cause = {a.busy, a.queries, a.keys, a.downstream};
  const std::vector<std::uint64_t>& rtl_cycles = result.activity_cycles;  // busy, idle, queries, keys, downstream
  EXPECT_EQ(by_cause, (std::vector<std::int64_t>{std::int64_t(rtl_cycles[0]), std::int64_t(rtl_cycles[2]),
                                                 std::int64_t(rtl_cycles[3]), std::int64_t(rtl_cycles[4])}));
}

TEST(AttentionTransaction, GivesEveryTransferOfTheRtlUnderEveryStallMode) {
  ASSERT_FALSE(rtl_variants("attention").empty());
  for (const RtlVariant* variant : rtl_variants("attention"))
    for (const StallMode stalls : kAllStallModes)
      for (const std::uint64_t seed : {8, 17, 26}) expect_agreement(*variant, seed, stalls);
}

}  // namespace
}  // namespace lutetia
