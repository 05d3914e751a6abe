// The laws of a whole machine hold whatever its matrix core is: bit-serial adders, multipliers, and tables of every
// kind in place of the half tables of four that the shipped design has.
#include <gtest/gtest.h>

#include <functional>

#include "cosim/rtl_config.h"
#include "cosim/rtl_registry.h"
#include "kernel/systemc_kernel.h"
#include "laws/agreement.h"

namespace lutetia {
namespace {

struct Core {
  const char* name;
  std::function<void(Design&)> put;  ///< into a design without matrix core
};

template <class Config>
Config small_core(std::uint32_t group_length) {
  Config config;
  config.rows = 2;
  config.lanes = 48;
  config.group_length = group_length;
  config.psum_blocks = 2;
  config.epilogue_lanes = 8;
  return config;
}

void put_tables(Design& d, std::uint32_t group_length, bool symmetric, bool fold, TablePlacement placement) {
  d.lut_core = small_core<LutCoreConfig>(group_length);
  d.lut_core->symmetric = symmetric;
  d.lut_core->fold = fold;
  d.lut_core->table_placement = placement;
  if (d.lut_core->fused()) d.lut_core->table_generators = d.lut_core->rows;
}

const std::vector<Core>& cores() {
  static const std::vector<Core> all = {
      {"adder_core", [](Design& d) { d.adder_core = small_core<AdderCoreConfig>(4); }},
      {"adder_core, groups of 3", [](Design& d) { d.adder_core = small_core<AdderCoreConfig>(3); }},
      {"mac_core", [](Design& d) { d.mac_core = small_core<MacCoreConfig>(4); }},
      {"mac_core, groups of 5, 3-bit weights",
       [](Design& d) {
         d.mac_core = small_core<MacCoreConfig>(5);
         d.mac_core->weight_bits = 3;
       }},
      {"lut_core, groups of 2", [](Design& d) { put_tables(d, 2, true, true, TablePlacement::kNearArray); }},
      {"lut_core, full tables of 6", [](Design& d) { put_tables(d, 6, false, false, TablePlacement::kNearArray); }},
      {"lut_core, unfolded", [](Design& d) { put_tables(d, 4, true, false, TablePlacement::kNearArray); }},
      {"lut_core, fused tables", [](Design& d) { put_tables(d, 4, true, true, TablePlacement::kFused); }},
  };
  return all;
}

/// Small buffers: many tiles, ragged everywhere.
Design small_design(const Core& core) {
  Design design = load_design("lut-tensor-core", {"buffers.weights=16KiB", "buffers.activations=2KiB",
                                                  "buffers.outputs=4KiB", "buffers.vector=64KiB"});
  design.lut_core.reset();
  core.put(design);
  return design;
}

Trace small_trace(std::vector<std::string> sets = {}) {
  ExpandOptions options;
  options.prefill = 5;
  options.decode = 2;
  return expand(load_model("bitnet-tiny", std::move(sets)), options);
}

TEST(MatrixCores, TransactionEqualsCycleInEveryTransferOfATinyBitnet) {
  for (const Core& core : cores()) {
    SCOPED_TRACE(core.name);
    expect_agreement(small_design(core), small_trace(), Fidelity::kTransaction, Fidelity::kCycle);
  }
}

TEST(MatrixCores, TransactionEqualsCycleWhenProductsAreSplitEverywhere) {
  for (const Core& core : cores()) {
    SCOPED_TRACE(core.name);
    Design design = small_design(core);
    design.buffers.weights = Bytes(4096);
    design.buffers.activations = design.buffers.outputs = Bytes(1024);
    for (const char* weight : {"int1", "int2", "int3", "ternary"}) {
      SCOPED_TRACE(weight);
      const Trace trace =
          small_trace({std::string("formats.weight=") + weight, "formats.weight_scale=group", "formats.weight_group=60",
                       "hidden=72", "head_dim=18", "intermediate=130", "layers=1"});
      expect_agreement(design, trace, Fidelity::kTransaction, Fidelity::kCycle);
    }
  }
}

template <class Config>
void expect_rtl_agrees(const char* unit, std::optional<Config> Design::*core) {
  for (const RtlVariant* variant : rtl_variants(unit)) {
    SCOPED_TRACE(std::string(unit) + " " + variant->name);
    const auto config = config_from_rtl<Config>(variant->parameters);
    const MatrixCoreShape shape = config.shape();
    // Models quantize activations to integers, and ternary weights have two planes.
    if (shape.float_format != nullptr || (shape.weight_bits == 1 && shape.max_planes < 2)) continue;
    const Design design = small_design({unit, [&](Design& d) { d.*core = config; }});
    const Trace trace = small_trace({"formats.weight_scale=group", "formats.weight_group=60", "hidden=72",
                                     "head_dim=18", "intermediate=130", "layers=1"});
    expect_agreement(design, trace, Fidelity::kTransaction, Fidelity::kRtl);
  }
}

TEST(MatrixCores, TransactionEqualsRtlWhateverIsVerilated) {
  expect_rtl_agrees("lut_core", &Design::lut_core);
  expect_rtl_agrees("adder_core", &Design::adder_core);
  expect_rtl_agrees("mac_core", &Design::mac_core);
}

TEST(MatrixCores, OrderAndFrequencyOfEvaluationChangeNoTransfer) {
  for (const Core& core : cores()) {
    SCOPED_TRACE(core.name);
    const Design design = small_design(core);
    EventKernelOptions shuffle, tick;
    shuffle.shuffle = true;
    tick.tick_every_cycle = true;
    for (const Fidelity fidelity : {Fidelity::kTransaction, Fidelity::kCycle}) {
      MachineRun plain, shuffled;
      run_machine(design, small_trace(), fidelity, plain);
      run_machine(design, small_trace(), fidelity, shuffled, shuffle);
      EXPECT_EQ("", plain.log.difference(shuffled.log));
    }
    MachineRun plain, every;
    run_machine(design, small_trace(), Fidelity::kTransaction, plain);
    run_machine(design, small_trace(), Fidelity::kTransaction, every, tick);
    EXPECT_EQ("", plain.log.difference(every.log));
  }
}

TEST(MatrixCores, SystemCGivesTheTransfersOfThePlainEventLoop) {
  const Design design = small_design(cores().front());
  MachineRun plain, systemc;
  run_machine(design, small_trace(), Fidelity::kTransaction, plain);
  SystemcKernel kernel("machine");
  RunOptions options;
  options.built = [&](Machine& machine) { systemc.log.attach(machine); };
  Problems problems;
  ASSERT_TRUE(run_workload(design, small_trace(), kernel, options, systemc.result, problems)) << text_of(problems);
  EXPECT_TRUE(systemc.result.good());
  EXPECT_EQ("", plain.log.difference(systemc.log));
}

TEST(MatrixCores, MultipliersNeedOneWeightBeatWhereAddersNeedOnePerPlane) {
  const auto weight_beats = [](const Core& core, const char* weight) {
    MachineRun run;
    const Design design = small_design(core);
    run_machine(design, small_trace({std::string("formats.weight=") + weight}), Fidelity::kTransaction, run, {}, false);
    return run.result.statistics.counter(matrix_core_name(design) + ".weight_planes");
  };
  const Core &adder = cores()[0], &multiplier = cores()[2];
  const std::uint64_t products = weight_beats(multiplier, "int1");
  EXPECT_GT(products, 0u);
  EXPECT_EQ(weight_beats(multiplier, "int4"), products);
  EXPECT_EQ(weight_beats(adder, "int1"), products);
  EXPECT_EQ(weight_beats(adder, "int4"), 4 * products);
}

}  // namespace
}  // namespace lutetia
