// Laws 1 and 7 over a whole machine: the order in which blocks are evaluated, evaluating them more often than needed,
// and the kernel that drives them change no transfer; the same input gives the same run.
#include <gtest/gtest.h>

#include "kernel/systemc_kernel.h"
#include "support/machine_run.h"

namespace lutetia {
namespace {

Trace small_trace() {
  ExpandOptions options;
  options.prefill = 5;
  options.decode = 2;
  return expand(load_model("bitnet-tiny"), options);
}

/// A core of 2 rows by 12 lanes with small buffers: many tiles, ragged everywhere.
Design small_design() {
  return load_design("lut-tensor-core", {"lut_core.rows=2", "lut_core.lanes=48", "lut_core.epilogue_lanes=8",
                                         "lut_core.table_generators=1", "buffers.weights=16KiB",
                                         "buffers.activations=2KiB", "buffers.outputs=4KiB", "buffers.vector=64KiB"});
}

TEST(Order, ShufflingTheEvaluationOrderChangesNoTransfer) {
  const Design design = small_design();
  const Trace trace = small_trace();
  for (const Fidelity fidelity : {Fidelity::kTransaction, Fidelity::kCycle}) {
    MachineRun plain;
    run_machine(design, trace, fidelity, plain);
    EXPECT_GT(plain.log.size(), 10000u);
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      MachineRun shuffled;
      EventKernelOptions options;
      options.shuffle = true;
      options.seed = seed;
      run_machine(design, trace, fidelity, shuffled, options);
      EXPECT_EQ("", plain.log.difference(shuffled.log)) << "seed " << seed;
      EXPECT_EQ(plain.result.cycles, shuffled.result.cycles);
    }
  }
}

TEST(Order, EvaluatingEveryBlockInEveryCycleChangesNoTransfer) {
  MachineRun plain, every;
  EventKernelOptions options;
  options.tick_every_cycle = true;
  run_machine(small_design(), small_trace(), Fidelity::kTransaction, plain);
  run_machine(small_design(), small_trace(), Fidelity::kTransaction, every, options);
  EXPECT_EQ("", plain.log.difference(every.log));
  EXPECT_GT(every.result.activations, 2 * plain.result.activations);
}

TEST(Order, RepeatingARunRepeatsEveryTransfer) {
  MachineRun first, second;
  run_machine(small_design(), small_trace(), Fidelity::kCycle, first);
  run_machine(small_design(), small_trace(), Fidelity::kCycle, second);
  EXPECT_EQ("", first.log.difference(second.log));
  EXPECT_EQ(first.result.activations, second.result.activations);
}

TEST(Order, SystemCGivesTheTransfersOfThePlainEventLoop) {
  const Design design = small_design();
  const Trace trace = small_trace();
  MachineRun plain, systemc;
  run_machine(design, trace, Fidelity::kTransaction, plain);

  SystemcKernel kernel("machine");
  RunOptions options;
  options.built = [&](Machine& machine) { systemc.log.attach(machine); };
  Problems problems;
  ASSERT_TRUE(run_workload(design, trace, kernel, options, systemc.result, problems)) << text_of(problems);
  EXPECT_TRUE(systemc.result.good());
  EXPECT_EQ("", plain.log.difference(systemc.log));
  EXPECT_EQ(plain.result.cycles, systemc.result.cycles);
}

}  // namespace
}  // namespace lutetia
