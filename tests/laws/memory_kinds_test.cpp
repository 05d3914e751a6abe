// The laws of a whole machine hold whatever its memory is: DRAM to the command and banked SRAM behind the same ports.
#include <gtest/gtest.h>

#include "kernel/systemc_kernel.h"
#include "support/machine_run.h"

namespace lutetia {
namespace {

const std::vector<std::string>& memories() {
  static const std::vector<std::string> kinds = {
      "memory=ddr4-2400",
      "memory=lpddr5-6400",
      "memory=hbm2-2000",
      "memory={dram: {standard: ddr4, device: 8Gb_x8, speed: 2400U, channels: 2, ranks: 2, controller: {refresh: none, "
      "page_policy: closed_adaptive, read_queue: 4, write_queue: 5, response_latency: 20ns}}}",
      "memory={dram: {standard: gddr6, device: 8Gb_x16, speed: 14000_1350mV, controller: {refresh: per_bank, permute: "
      "[bank]}}}",
      "memory={sram: {capacity: 64MiB, bank_width: 16B, banks: 4, ports: one_rw}}"};
  return kinds;
}

Trace small_trace() {
  ExpandOptions options;
  options.prefill = 5;
  options.decode = 2;
  return expand(load_model("bitnet-tiny"), options);
}

Design small_design(const std::string& memory) {
  return load_design(
      "lut-tensor-core",
      {"lut_core.rows=2", "lut_core.lanes=48", "lut_core.epilogue_lanes=8", "lut_core.table_generators=1",
       "buffers.weights=16KiB", "buffers.activations=2KiB", "buffers.outputs=4KiB", "buffers.vector=64KiB", memory});
}

TEST(MemoryKinds, TransactionEqualsCycleOnEveryMemory) {
  for (const std::string& memory : memories()) {
    SCOPED_TRACE(memory);
    MachineRun transaction, cycle;
    run_machine(small_design(memory), small_trace(), Fidelity::kTransaction, transaction);
    run_machine(small_design(memory), small_trace(), Fidelity::kCycle, cycle);
    EXPECT_EQ("", transaction.log.difference(cycle.log));
    EXPECT_EQ(transaction.result.cycles, cycle.result.cycles);
    EXPECT_GT(cycle.result.outputs_checked.value_or(0), 0u);
  }
}

TEST(MemoryKinds, OrderAndFrequencyOfEvaluationChangeNoTransfer) {
  for (const std::string& memory : memories()) {
    SCOPED_TRACE(memory);
    MachineRun plain, shuffled, every;
    EventKernelOptions shuffle, tick;
    shuffle.shuffle = true;
    tick.tick_every_cycle = true;
    run_machine(small_design(memory), small_trace(), Fidelity::kTransaction, plain);
    run_machine(small_design(memory), small_trace(), Fidelity::kTransaction, shuffled, shuffle);
    run_machine(small_design(memory), small_trace(), Fidelity::kTransaction, every, tick);
    EXPECT_EQ("", plain.log.difference(shuffled.log));
    EXPECT_EQ("", plain.log.difference(every.log));
  }
}

TEST(MemoryKinds, SystemCAndThePlainLoopAgreeOnDram) {
  MachineRun plain;
  run_machine(small_design("memory=ddr4-2400"), small_trace(), Fidelity::kTransaction, plain);
  SystemcKernel kernel("machine");
  RunResult result;
  Problems problems;
  ASSERT_TRUE(run_workload(small_design("memory=ddr4-2400"), small_trace(), kernel, {}, result, problems));
  EXPECT_EQ(result.cycles, plain.result.cycles);
  EXPECT_EQ(result.memory_read, plain.result.memory_read);
}

/// Every byte that the program moves is a burst in the counts; partial bursts at the edges of tiles count whole.
TEST(MemoryKinds, EveryBurstOfAMachineIsAccountedForOnce) {
  EventKernel kernel;
  RunOptions options;
  RunResult result;
  Problems problems;
  ASSERT_TRUE(run_workload(small_design("memory=ddr4-2400"), small_trace(), kernel, options, result, problems));
  ASSERT_TRUE(result.dram);
  const DramCounts& counts = result.dram->total;
  const std::uint64_t columns = counts.commands[static_cast<std::size_t>(Command::kRead)] +
                                counts.commands[static_cast<std::size_t>(Command::kWrite)];
  EXPECT_EQ(columns + counts.forwarded, counts.read_bursts + counts.write_bursts)
      << "after the run everything is carried out";
  EXPECT_GE((counts.read_bursts + counts.write_bursts) * 64, result.memory_read + result.memory_written);
}

TEST(MemoryKinds, AWorkloadLargerThanTheMemoryIsAProblem) {
  Design design = small_design("memory={sram: {capacity: 64KiB, bank_width: 16B, banks: 4}}");
  EventKernel kernel;
  RunResult result;
  Problems problems;
  EXPECT_FALSE(run_workload(design, small_trace(), kernel, {}, result, problems));
  EXPECT_NE(text_of(problems).find("holds"), std::string::npos) << text_of(problems);
}

}  // namespace
}  // namespace lutetia
