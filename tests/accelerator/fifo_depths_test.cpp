#include "accelerator/fifo_depths.h"

#include <gtest/gtest.h>

#include "support/machine_run.h"

namespace lutetia {
namespace {

Cycle cycles_of(const Design& design, const Trace& trace) {
  MachineRun run;
  run_machine(design, trace, Fidelity::kTransaction, run, {}, false);
  return run.result.cycles;
}

std::uint32_t& depth_of(Design& design, const std::string& key) {
  AttentionConfig& a = *design.attention;
  return key == "attention.key_fifo"           ? a.key_fifo
         : key == "attention.score_fifo"       ? a.score_fifo
         : key == "attention.probability_fifo" ? a.probability_fifo
         : key == "attention.value_fifo"       ? a.value_fifo
                                               : a.output_fifo;
}

TEST(FifoDepths, TheLeastDepthsHoldTogetherAndNoneCanBeLess) {
  for (const char* chunk : {"attention.dims=24", "attention.dims=6"}) {
    SCOPED_TRACE(chunk);
    const Design design = load_design("lut-tensor-core-attention", {"attention.keys=4", "attention.contexts=3", chunk});
    ExpandOptions options;
    options.prefill = 90;
    options.decode = 1;
    const Trace trace = executed_trace(design, expand(load_model("bitnet-tiny", {"head_dim=24", "layers=1"}), options));
    const UnitFifoDepths found = find_fifo_depths(design, trace, {});
    ASSERT_EQ(found.fifos.size(), 5u);
    EXPECT_LE(found.ample_cycles, cycles_of(design, trace));
    Design least = design;
    for (const UnitFifo& fifo : found.fifos) {
      EXPECT_EQ(fifo.depth, depth_of(least, fifo.key)) << fifo.key;
      EXPECT_LE(fifo.most, fifo.depth) << fifo.key;
      depth_of(least, fifo.key) = fifo.least;
    }
    EXPECT_EQ(cycles_of(least, trace), found.ample_cycles);
    std::uint32_t narrowed = 0;
    for (const UnitFifo& fifo : found.fifos) {
      if (fifo.least == 1) continue;
      Design less = least;
      depth_of(less, fifo.key) = fifo.least - 1;
      EXPECT_GT(cycles_of(less, trace), found.ample_cycles) << fifo.key;
      ++narrowed;
    }
    EXPECT_GT(narrowed, 0u);
  }
}

}  // namespace
}  // namespace lutetia
