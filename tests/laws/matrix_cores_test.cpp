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
  const char* activation = "int8";   ///< format that its model must have
  const char* weight = nullptr;      ///< of weights, if it takes only that
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

void put_floats(Design& d, ActivationFormat format, FloatPath path, TablePlacement placement) {
  put_tables(d, 4, true, true, placement);
  d.lut_core->activation_format = format;
  d.lut_core->activation_bits = format == ActivationFormat::kFp8E4m3 ? 8 : 16;
  d.lut_core->float_path = path;
  d.lut_core->epilogue_lanes = 6;
}

void put_decoder(Design& d, TernaryCode code) {
  put_tables(d, 4, true, true, TablePlacement::kNearArray);
  d.weight_decoder.emplace().code = code;
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
      {"lut_core, three arrays above each other",
       [](Design& d) {
         put_tables(d, 4, true, true, TablePlacement::kNearArray);
         d.lut_core->rows = 6;
         d.lut_core->epilogue_rows = 3;
       }},
      {"lut_core, ternary tables",
       [](Design& d) {
         put_tables(d, 3, true, true, TablePlacement::kNearArray);
         d.lut_core->ternary_tables = true;
         d.lut_core->max_planes = 1;
       },
       "int8", "ternary"},
      {"lut_core, ternary tables that arrive ready-made",
       [](Design& d) {
         put_tables(d, 3, true, true, TablePlacement::kFused);
         d.lut_core->ternary_tables = true;
         d.lut_core->max_planes = 1;
       },
       "int8", "ternary"},
      {"lut_core, fp16 aligned",
       [](Design& d) { put_floats(d, ActivationFormat::kFp16, FloatPath::kAligned, TablePlacement::kNearArray); },
       "fp16"},
      {"lut_core, bf16 in quantized tables",
       [](Design& d) {
         put_floats(d, ActivationFormat::kBf16, FloatPath::kQuantizedTable, TablePlacement::kNearArray);
       },
       "bf16"},
      {"lut_core, fp8 aligned, fused tables",
       [](Design& d) { put_floats(d, ActivationFormat::kFp8E4m3, FloatPath::kAligned, TablePlacement::kFused); },
       "fp8_e4m3"},
      {"lut_core, fp16 in quantized fused tables",
       [](Design& d) { put_floats(d, ActivationFormat::kFp16, FloatPath::kQuantizedTable, TablePlacement::kFused); },
       "fp16"},
      {"lut_core behind a decoder of i2_s", [](Design& d) { put_decoder(d, TernaryCode::kI2S); }, "int8", "i2_s"},
      {"lut_core behind a decoder of tl2", [](Design& d) { put_decoder(d, TernaryCode::kTl2); }, "int8", "tl2"},
      {"lut_core behind a decoder of tq1_0", [](Design& d) { put_decoder(d, TernaryCode::kTq1); }, "int8", "tq1_0"},
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

Trace small_trace(const Core& core, std::vector<std::string> sets = {}) {
  sets.push_back(std::string("formats.activation=") + core.activation);
  if (core.weight != nullptr) sets.push_back(std::string("formats.weight=") + core.weight);
  ExpandOptions options;
  options.prefill = 5;
  options.decode = 2;
  return expand(load_model("bitnet-tiny", std::move(sets)), options);
}

TEST(MatrixCores, TransactionEqualsCycleInEveryTransferOfATinyBitnet) {
  for (const Core& core : cores()) {
    SCOPED_TRACE(core.name);
    expect_agreement(small_design(core), small_trace(core), Fidelity::kTransaction, Fidelity::kCycle);
  }
}

TEST(MatrixCores, TransactionEqualsCycleWhenProductsAreSplitEverywhere) {
  for (const Core& core : cores()) {
    SCOPED_TRACE(core.name);
    Design design = small_design(core);
    design.buffers.weights = Bytes(4096);
    design.buffers.activations = design.buffers.outputs = Bytes(1024);
    for (const char* weight : {"int1", "int2", "int3", "ternary"}) {
      if (core.weight != nullptr && weight != std::string("ternary")) continue;
      SCOPED_TRACE(weight);
      const Trace trace =
          small_trace(core, {std::string("formats.weight=") + weight, "formats.weight_scale=group",
                             "formats.weight_group=60", "hidden=72", "head_dim=18", "intermediate=130", "layers=1"});
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
    if (shape.weight_bits == 1 && !shape.ternary_groups && shape.max_planes < 2) continue;  // ternary: two planes
    const std::string activation = shape.float_format != nullptr ? std::string(shape.float_format->name) : "int8";
    const Core placed{unit, [&](Design& d) { d.*core = config; }, activation.c_str()};
    const Design design = small_design(placed);
    const Trace trace = small_trace(placed, {"formats.weight_scale=group", "formats.weight_group=60", "hidden=72",
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
      run_machine(design, small_trace(core), fidelity, plain);
      run_machine(design, small_trace(core), fidelity, shuffled, shuffle);
      EXPECT_EQ("", plain.log.difference(shuffled.log));
    }
    MachineRun plain, every;
    run_machine(design, small_trace(core), Fidelity::kTransaction, plain);
    run_machine(design, small_trace(core), Fidelity::kTransaction, every, tick);
    EXPECT_EQ("", plain.log.difference(every.log));
  }
}

TEST(MatrixCores, SystemCGivesTheTransfersOfThePlainEventLoop) {
  const Core& core = cores().front();
  const Design design = small_design(core);
  MachineRun plain, systemc;
  run_machine(design, small_trace(core), Fidelity::kTransaction, plain);
  SystemcKernel kernel("machine");
  RunOptions options;
  options.built = [&](Machine& machine) { systemc.log.attach(machine); };
  Problems problems;
  ASSERT_TRUE(run_workload(design, small_trace(core), kernel, options, systemc.result, problems)) << text_of(problems);
  EXPECT_TRUE(systemc.result.good());
  EXPECT_EQ("", plain.log.difference(systemc.log));
}

TEST(MatrixCores, MultipliersNeedOneWeightBeatWhereAddersNeedOnePerPlane) {
  const auto weight_beats = [](const Core& core, const char* weight) {
    MachineRun run;
    const Design design = small_design(core);
    run_machine(design, small_trace(core, {std::string("formats.weight=") + weight}), Fidelity::kTransaction, run, {},
                false);
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
