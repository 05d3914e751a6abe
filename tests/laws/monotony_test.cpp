// Law 6: more of a resource never adds cycles to a single stream of operators, as long as it does not change the tiles:
// bandwidth, latency, queues, vector lanes; and rows of a core whose table generators keep pace. Larger buffers or
// wider cores change the tiling (a larger first tile takes longer to arrive), so for them the law holds for large
// products only.
#include <gtest/gtest.h>

#include "support/machine_run.h"

namespace lutetia {
namespace {

Trace prefill(std::uint64_t tokens) {
  ExpandOptions options;
  options.prefill = tokens;
  return expand(load_model("bitnet-tiny"), options);
}

Cycle cycles(const std::string& set, std::uint64_t tokens = 33) {
  MachineRun run;
  run_machine(load_design("lut-tensor-core", {set}), prefill(tokens), Fidelity::kTransaction, run, {}, false);
  return run.result.cycles;
}

void expect_never_slower(const std::string& key, const std::vector<std::string>& rising) {
  Cycle last = kNever;
  for (const std::string& value : rising) {
    const Cycle now = cycles(key + "=" + value);
    EXPECT_LE(now, last) << key << "=" << value;
    last = now;
  }
  EXPECT_LT(last, cycles(key + "=" + rising.front())) << key << " has no effect at all";
}

TEST(Monotony, MoreBandwidthNeverAddsCycles) {
  expect_never_slower("memory.fixed.bandwidth",
                      {"1GB/s", "3GB/s", "12.8GB/s", "51.2GB/s", "100GB/s", "333GB/s", "1000GB/s"});
}

TEST(Monotony, LessMemoryLatencyNeverAddsCycles) {
  expect_never_slower("memory.fixed.latency", {"1000ns", "333ns", "100ns", "50ns", "10ns"});
}

TEST(Monotony, DeeperInstructionQueuesNeverAddCycles) {
  expect_never_slower("sequencer.queue_depth", {"1", "2", "3", "4", "8", "16"});
}

TEST(Monotony, MoreVectorLanesNeverAddCycles) {
  expect_never_slower("vector.lanes", {"32", "64", "128", "256"});
}

TEST(Monotony, MoreCoreRowsNeverAddCyclesToALargeProduct) {
  Cycle last = kNever;
  for (const char* rows : {"1", "2", "4", "8", "16", "32", "64"}) {
    MachineRun run;
    ExpandOptions options;
    options.prefill = 256;
    const Design design = load_design(
        "lut-tensor-core", {std::string("lut_core.rows=") + rows, std::string("lut_core.table_generators=") + rows});
    run_machine(design, expand(load_model("bitnet-tiny"), options), Fidelity::kTransaction, run, {}, false);
    EXPECT_LE(run.result.cycles, last) << rows;
    last = run.result.cycles;
  }
}

}  // namespace
}  // namespace lutetia
