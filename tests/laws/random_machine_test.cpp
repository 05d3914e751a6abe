// Law 2 on machines nobody would build: random cores and parameters, buffers so small that K is split and tiles are
// ragged, every weight format, group scales. Every output is checked against exact arithmetic on the way.
#include <gtest/gtest.h>

#include <random>

#include "support/machine_run.h"

namespace lutetia {
namespace {

using Generator = std::mt19937_64;

std::uint32_t pick(Generator& random, std::uint32_t low, std::uint32_t high) {
  return low + static_cast<std::uint32_t>(random() % (high - low + 1));
}

template <class Config>
Config random_core(Generator& random) {
  Config core;
  core.rows = pick(random, 1, 8);
  core.epilogue_lanes = pick(random, 1, 4);
  core.lanes = core.epilogue_lanes * pick(random, 6, 10);
  core.group_length = pick(random, 2, 6);
  core.psum_blocks = pick(random, 1, 4);
  return core;
}

/// Half of the machines have tables, near the array or ready-made, the others adders or multipliers.
void put_random_core(Generator& random, Design& design) {
  design.lut_core.reset();
  const std::uint32_t kind = pick(random, 0, 3);
  if (kind == 0) {
    design.adder_core = random_core<AdderCoreConfig>(random);
  } else if (kind == 1) {
    design.mac_core = random_core<MacCoreConfig>(random);
    design.mac_core->weight_bits = pick(random, 2, 8);
  } else {
    design.lut_core = random_core<LutCoreConfig>(random);
    LutCoreConfig& core = *design.lut_core;
    core.table_generators = pick(random, 1, 2);
    core.rows = core.table_generators * pick(random, 1, 4);
    core.symmetric = pick(random, 0, 3) != 0;
    core.fold = core.symmetric && pick(random, 0, 2) != 0;
    if (pick(random, 0, 2) != 0) return;
    core.table_placement = TablePlacement::kFused;
    core.table_generators = core.rows;
  }
}

Design random_design(Generator& random) {
  Design design = load_design("lut-tensor-core");
  put_random_core(random, design);
  design.buffers.weights = Bytes(2048 << pick(random, 0, 4));
  design.buffers.activations = Bytes(1024 << pick(random, 0, 4));
  design.buffers.outputs = Bytes(1024 << pick(random, 0, 5));
  design.buffers.vector = Bytes(65536);
  design.memory.fixed.emplace();
  design.memory.fixed->bandwidth = BytesPerSecond(1'000'000'000ull * pick(random, 1, 200));
  design.memory.fixed->latency = Picoseconds(1000ull * pick(random, 0, 300));
  design.memory.fixed->clock = Hertz(100'000'000ull * pick(random, 4, 20));
  design.sequencer.queue_depth = pick(random, 1, 16);
  design.sequencer.fetch_width = pick(random, 1, 4);
  design.dma.request_bytes = Bytes(64 << pick(random, 0, 10));
  return design;
}

Trace random_trace(Generator& random, std::uint32_t group_length) {
  const char* formats[] = {"int1", "int2", "int3", "int4", "ternary"};
  const std::uint32_t group = group_length * pick(random, 1, 8);
  std::vector<std::string> sets = {"formats.weight=" + std::string(formats[pick(random, 0, 4)]),
                                   "hidden=" + std::to_string(8 * pick(random, 1, 50)),
                                   "heads=2",
                                   "kv_heads=1",
                                   "head_dim=" + std::to_string(2 * pick(random, 1, 12)),
                                   "intermediate=" + std::to_string(pick(random, 5, 600)),
                                   "vocabulary=40",
                                   "layers=1"};
  if (pick(random, 0, 1) == 1) {
    sets.push_back("formats.weight_scale=group");
    sets.push_back("formats.weight_group=" + std::to_string(group));
  }
  ExpandOptions options;
  options.prefill = pick(random, 1, 9);
  options.decode = pick(random, 0, 1);
  options.batch = pick(random, 1, 2);
  return expand(load_model("bitnet-tiny", sets), options);
}

TEST(RandomMachine, TransactionEqualsCycleInEveryTransferAndOutputsAreExact) {
  std::uint64_t outputs = 0, filled = 0;
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Generator random(seed);
    const Design design = random_design(random);
    const Trace trace = random_trace(random, matrix_core_shape(design)->group_length);
    MachineRun transaction, cycle;
    run_machine(design, trace, Fidelity::kTransaction, transaction);
    run_machine(design, trace, Fidelity::kCycle, cycle, {}, true, seed);
    ASSERT_EQ("", transaction.log.difference(cycle.log));
    ASSERT_EQ(transaction.result.cycles, cycle.result.cycles);
    outputs += cycle.result.outputs_checked.value_or(0);
    const auto fills = cycle.log.transfers().find(matrix_core_name(design) + " stream fill");
    if (fills != cycle.log.transfers().end()) filled += fills->second.size();
  }
  EXPECT_GT(outputs, 10000u);
  EXPECT_GT(filled, 1000u) << "no K range was ever split";
}

}  // namespace
}  // namespace lutetia
