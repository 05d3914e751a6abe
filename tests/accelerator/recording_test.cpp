// What a unit was given in a run, replayed on a fresh body without the machine, gives what the run gave; and recording
// changes nothing in the run.
#include <gtest/gtest.h>

#include "accelerator/cycle_body.h"
#include "cosim/rtl_registry.h"
#include "support/machine_run.h"
#include "workload/gemm.h"

namespace lutetia {
namespace {

struct Recorded {
  UnitRecording recording;
  RunResult result;
};

Recorded record(const Design& design, const Trace& trace, const std::string& unit, bool recorded = true) {
  Recorded out;
  out.recording.unit = unit;
  EventKernel kernel;
  RunOptions options;
  (unit == "attention" ? options.fidelity.attention : options.fidelity.matrix) = Fidelity::kCycle;
  if (recorded) options.recording = &out.recording;
  Problems problems;
  EXPECT_TRUE(run_workload(design, executed_trace(design, trace), kernel, options, out.result, problems))
      << text_of(problems);
  EXPECT_TRUE(out.result.good()) << out.result.first_mismatch;
  return out;
}

Trace product(std::uint64_t m, std::uint64_t n, std::uint64_t k, const char* weight, std::uint32_t group = 0) {
  GemmOptions options;
  options.m = m;
  options.n = n;
  options.k = k;
  options.activation = find_number_format("int8");
  options.weight = find_number_format(weight);
  options.output = find_number_format("fp16");
  options.weight_group = group;
  return gemm_trace(options);
}

Design small_core(std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"lut_core.rows=2", "lut_core.lanes=12", "lut_core.psum_blocks=2",
                             "lut_core.table_generators=1", "lut_core.epilogue_lanes=2"});
  return load_design("lut-tensor-core", std::move(more));
}

void expect_replay(const Design& design, const Recorded& run) {
  const auto unit = make_cycle_body(design, run.recording.unit);
  ASSERT_FALSE(run.recording.empty());
  ASSERT_EQ(run.recording.inputs.size(), unit->inputs().size());
  for (std::size_t i = 0; i < unit->inputs().size(); ++i)
    for (const Payload& payload : run.recording.pushed[i]) ASSERT_EQ(payload.bits(), unit->inputs()[i].bits);
  const BenchResult alone = run_alone(*unit, run.recording.program(), {});
  EXPECT_TRUE(alone.passed) << alone.failure;
  EXPECT_EQ(alone.outputs, run.recording.popped);
  EXPECT_GT(alone.transfers(), 0u);
  EXPECT_EQ(run.recording.transfers(), alone.transfers());
  EXPECT_EQ(run.recording.parameters, rtl_of(design, run.recording.unit));
}

TEST(Recording, OfAMatrixCoreReplaysWithAndWithoutScaleGroupsAndSplitK) {
  const Design design = small_core({"buffers.weights=1KiB"});
  const Recorded ternary = record(design, product(4, 24, 64, "ternary"), "lut_core");
  expect_replay(design, ternary);
  EXPECT_GT(ternary.recording.pushed[0].size(), 0u);
  const Recorded split = record(design, product(3, 12, 160, "int4", 32), "lut_core");
  expect_replay(design, split);
  EXPECT_FALSE(split.recording.pushed[MatrixCorePort::kFill].empty()) << "K is split, so sums are filled in";
}

TEST(Recording, OfTheOperandsEqualsTheRtlToo) {
  const Design design = small_core();
  const Recorded run = record(design, product(4, 24, 64, "int2"), "lut_core");
  const RtlVariant* variant = find_rtl_variant("lut_core", run.recording.parameters);
  ASSERT_NE(variant, nullptr);
  const auto rtl = variant->make(3);
  const auto model = make_cycle_body(design, "lut_core");
  const BenchResult both = run_bench(*rtl, *model, run.recording.program(), {});
  EXPECT_TRUE(both.passed) << both.failure;
  EXPECT_EQ(both.outputs, run.recording.popped);
}

TEST(Recording, OfTheDecoderHasCodesAndThatOfTheCoreBehindItPlanes) {
  const Design design = small_core({"weight_decoder.code=tl2"});
  const Trace trace = product(4, 24, 64, "tl2");
  const Recorded decoder = record(design, trace, "weight_decoder"), core = record(design, trace, "lut_core");
  expect_replay(design, decoder);
  expect_replay(design, core);
  ASSERT_EQ(decoder.recording.popped[0].size(), core.recording.pushed[MatrixCorePort::kWeight].size());
}

TEST(Recording, OfAttentionReplaysInBothFormats) {
  for (const bool integer : {false, true}) {
    std::vector<std::string> unit, formats = {"layers=1"};
    if (integer) {
      unit = {"attention.format=integer", "attention.kv_scales=true"};
      formats.insert(formats.end(), {"formats.attention=int8", "formats.kv_cache=int8"});
    }
    const Design design = load_design("lut-tensor-core-attention", unit);
    ExpandOptions options;
    options.prefill = 3;
    options.past = 20;
    const Recorded run = record(design, expand(load_model("bitnet-tiny", formats), options), "attention");
    ASSERT_GT(run.recording.transfers(), 0u);
    expect_replay(design, run);
  }
}

TEST(Recording, ChangesNothingInTheRunAndIsTheSameEveryTime) {
  const Design design = small_core();
  const Trace trace = product(5, 30, 48, "int2");
  const Recorded once = record(design, trace, "lut_core"), again = record(design, trace, "lut_core"),
                 without = record(design, trace, "lut_core", false);
  EXPECT_EQ(once.recording.pushed, again.recording.pushed);
  EXPECT_EQ(once.recording.popped, again.recording.popped);
  EXPECT_EQ(once.result.cycles, without.result.cycles);
  EXPECT_TRUE(without.recording.empty());
}

TEST(Recording, NamesTheUnitsOfADesign) {
  EXPECT_EQ(stepped_units(load_design("lut-tensor-core")), (std::vector<std::string>{"lut_core"}));
  EXPECT_EQ(stepped_units(load_design("lut-tensor-core-attention", {"weight_decoder.code=i2_s"})),
            (std::vector<std::string>{"lut_core", "weight_decoder", "attention"}));
}

}  // namespace
}  // namespace lutetia
