// Law 2 over a whole machine: transaction == cycle == rtl in every transfer stamp, between blocks and on every stream
// of the LUT core, while a small BitNet runs prefill and decode.
#include <gtest/gtest.h>

#include "support/machine_run.h"

namespace lutetia {
namespace {

void expect_agreement(const Design& design, const Trace& trace, Fidelity a, Fidelity b) {
  MachineRun first, second;
  run_machine(design, trace, a, first);
  run_machine(design, trace, b, second);
  EXPECT_EQ(first.result.cycles, second.result.cycles);
  EXPECT_EQ("", first.log.difference(second.log));
  EXPECT_GT(first.log.size(), 1000u);
  ASSERT_EQ(first.result.activity.size(), second.result.activity.size());
  for (std::size_t i = 0; i < first.result.activity.size(); ++i) {
    const auto& x = first.result.activity[i].shares;
    const auto& y = second.result.activity[i].shares;
    ASSERT_EQ(x.size(), y.size());
    for (std::size_t j = 0; j < x.size(); ++j)
      EXPECT_EQ(x[j].cycles, y[j].cycles) << first.result.activity[i].block << " " << x[j].name;
  }
  for (std::size_t i = 0; i < first.result.operators.size(); ++i) {
    EXPECT_EQ(first.result.operators[i].start, second.result.operators[i].start) << first.result.operators[i].op->name;
    EXPECT_EQ(first.result.operators[i].end, second.result.operators[i].end) << first.result.operators[i].op->name;
  }
  for (const auto& [path, value] : first.result.statistics.values)
    EXPECT_EQ(value.count, second.result.statistics.counter(path)) << path;
  const RunResult& valued = b == Fidelity::kTransaction ? first.result : second.result;
  EXPECT_GT(valued.outputs_checked.value_or(0), 0u);
  const std::uint64_t busy = first.result.activity.front().shares.front().cycles;
  EXPECT_EQ(busy, first.result.statistics.counter("lut_core.weight_planes"));
  EXPECT_EQ(first.log.transfers().at("lut_core stream weight").size(), busy);
  const auto expect_counted = [&](const char* port, const char* counter, std::uint64_t per_beat = 1) {
    const auto found = first.log.transfers().find(std::string("lut_core stream ") + port);
    const std::uint64_t beats = found == first.log.transfers().end() ? 0 : found->second.size();
    EXPECT_EQ(beats * per_beat, first.result.statistics.counter(std::string("lut_core.") + counter)) << port;
  };
  expect_counted("out", "output_beats");
  expect_counted("scale", "scale_beats");
  expect_counted("fill", "fill_beats");
  expect_counted("cmd", "tiles");
  expect_counted("act", "tables_built", design.lut_core->rows);
}

Trace tiny_bitnet() {
  ExpandOptions options;
  options.prefill = 16;
  options.decode = 4;
  return expand(load_model("bitnet-tiny"), options);
}

TEST(Agreement, TransactionEqualsCycleInEveryTransferOfATinyBitnet) {
  expect_agreement(load_design("lut-tensor-core"), tiny_bitnet(), Fidelity::kTransaction, Fidelity::kCycle);
}

TEST(Agreement, TransactionEqualsRtlInEveryTransferOfATinyBitnet) {
  expect_agreement(load_design("lut-tensor-core"), tiny_bitnet(), Fidelity::kTransaction, Fidelity::kRtl);
}

/// Small buffers and an odd core: K is split over tiles (fill stream), every tile is ragged, group scales.
TEST(Agreement, TransactionEqualsRtlWhenProductsAreSplitEverywhere) {
  const Design design =
      load_design("lut-tensor-core", {"lut_core.rows=2", "lut_core.lanes=12", "lut_core.psum_blocks=2",
                                      "lut_core.table_generators=1", "lut_core.epilogue_lanes=2",
                                      "buffers.weights=4KiB", "buffers.activations=1KiB", "buffers.outputs=1KiB"});
  ExpandOptions options;
  options.prefill = 3;
  options.layers = 1;
  for (const char* weight : {"int1", "int3", "int4", "ternary"}) {
    SCOPED_TRACE(weight);
    const ModelConfig model =
        load_model("bitnet-tiny", {std::string("formats.weight=") + weight, "formats.weight_scale=group",
                                   "formats.weight_group=32", "hidden=72", "head_dim=18", "intermediate=130"});
    expect_agreement(design, expand(model, options), Fidelity::kTransaction, Fidelity::kRtl);
  }
}

}  // namespace
}  // namespace lutetia
