// The laws of a whole machine with an attention unit: whatever its tiles are (whole heads, partial results in the
// buffer, chains in the unit), its formats and masks, however the cache lies in memory; and what decoding and traffic
// must cost.
#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "cosim/rtl_config.h"
#include "cosim/rtl_registry.h"
#include "kernel/systemc_kernel.h"
#include "laws/agreement.h"

namespace lutetia {
namespace {

struct Setting {
  const char* name;
  std::vector<std::string> sets;
  std::vector<std::string> model;
};

/// Two key/value heads of 24 elements, three query heads each.
const std::vector<std::string> kSmallModel = {"hidden=72",   "heads=6",         "kv_heads=2",
                                              "head_dim=24", "intermediate=60", "layers=1"};

const std::vector<Setting>& settings() {
  static const std::vector<Setting> all = {
      {"whole heads, two passes a tile", {}, {}},
      {"whole heads, query tiles", {"buffers.attention=8KiB"}, {}},
      {"keys in tiles, partial results in the buffer", {"buffers.attention=4800B", "attention.contexts=2"}, {}},
      {"keys in tiles, chains in the unit", {"buffers.attention=3KiB", "attention.contexts=3"}, {}},
      {"fewer contexts than heads that share keys", {"buffers.attention=2KiB", "attention.contexts=2"}, {}},
      {"one context, one chunk: interval of 2", {"attention.contexts=1", "attention.dims=24"}, {}},
      {"FIFOs of one slot",
       {"attention.score_fifo=1", "attention.probability_fifo=1", "attention.output_fifo=1", "attention.key_fifo=1"},
       {}},
      {"contiguous cache", {"kv_cache.placement=contiguous"}, {}},
      {"pages of three tokens", {"kv_cache.page_tokens=3", "buffers.attention=4KiB"}, {}},
      {"a window and sinks", {"buffers.attention=2KiB"}, {"attention_window=9", "attention_sinks=5"}},
      {"sinks larger than a tile, chains", {"buffers.attention=2KiB"}, {"attention_window=3", "attention_sinks=20"}},
      {"sinks larger than a tile, partial results",
       {"buffers.attention=4800B", "attention.contexts=2"},
       {"attention_window=3", "attention_sinks=20"}},
      {"chains, deep FIFOs of keys and values",
       {"attention.keys=8", "attention.dims=2", "attention.max_chunks=12", "attention.contexts=8",
        "attention.key_fifo=256", "attention.value_fifo=256", "buffers.attention=6KiB"},
       {}},
      {"a window, partial results", {"buffers.attention=4800B", "attention.contexts=2"}, {"attention_window=20"}},
      {"multi-query", {}, {"kv_heads=1"}},
      {"every head its own keys", {}, {"kv_heads=6"}},
      {"integers with a scale per token",
       {"attention.format=integer", "attention.kv_scales=true"},
       {"formats.attention=int8", "formats.kv_cache=int8"}},
      {"4-bit cache, results INT8, keys in tiles",
       {"attention.format=integer", "attention.kv_scales=true", "attention.kv_bits=4", "attention.output_format=int8",
        "buffers.attention=1KiB"},
       {"formats.attention=int8", "formats.kv_cache=int4"}},
      {"DRAM", {"memory=ddr4-2400"}, {}},
  };
  return all;
}

Design design_of(const Setting& setting) {
  std::vector<std::string> sets = {"attention.keys=4", "attention.dims=8"};
  sets.insert(sets.end(), setting.sets.begin(), setting.sets.end());
  return load_design("lut-tensor-core-attention", sets);
}

Trace trace_of(const Setting& setting, std::uint64_t prefill = 21, std::uint64_t decode = 2) {
  std::vector<std::string> sets = kSmallModel;
  sets.insert(sets.end(), setting.model.begin(), setting.model.end());
  ExpandOptions options;
  options.prefill = prefill;
  options.decode = decode;
  options.past = 13;
  options.batch = 2;
  return expand(load_model("bitnet-tiny", sets), options);
}

std::uint64_t attention_operators(const RunResult& result) {
  std::uint64_t n = 0;
  for (const OperatorResult& row : result.operators) n += row.unit == "attention";
  return n;
}

TEST(AttentionMachine, TransactionEqualsCycleInEveryTransfer) {
  for (const Setting& setting : settings()) {
    SCOPED_TRACE(setting.name);
    expect_agreement(design_of(setting), trace_of(setting), Fidelity::kTransaction, Fidelity::kCycle);
  }
}

TEST(AttentionMachine, TransactionEqualsRtlWhateverIsVerilated) {
  for (const RtlVariant* variant : rtl_variants("attention")) {
    SCOPED_TRACE(variant->name);
    Setting setting{"", {"buffers.attention=4KiB"}, {}};
    Design design = design_of(setting);
    design.attention = config_from_rtl<AttentionConfig>(variant->parameters);
    const std::uint32_t longest = design.attention->dims * design.attention->max_chunks;
    setting.model = {"head_dim=" + std::to_string(std::min(24u, longest / 2 * 2)), "position=rotary"};
    if (!design.attention->floating()) {
      setting.model.push_back("formats.attention=int8");
      setting.model.push_back(design.attention->kv_bits == 4 ? "formats.kv_cache=int4" : "formats.kv_cache=int8");
    }
    Trace trace = trace_of(setting, 9, 1);
    if (!design.attention->floating() && !design.attention->kv_scales)
      for (Operator& op : trace.operators)
        for (TensorUse& tensor : op.tensors)
          if (tensor.role == Role::kCacheRead || tensor.role == Role::kCacheWrite) tensor.group = kScalePerTensor;
    if (longest < 2) continue;
    // The lut_core of the shipped design is not what is looked at here.
    MachineRun transaction, rtl;
    run_machine(design, trace, Fidelity::kTransaction, transaction);
    EventKernel kernel(EventKernelOptions{});
    RunOptions options;
    options.fidelity.attention = Fidelity::kRtl;
    options.built = [&](Machine& machine) { rtl.log.attach(machine); };
    rtl.trace = executed_trace(design, trace);
    Problems problems;
    ASSERT_TRUE(run_workload(design, rtl.trace, kernel, options, rtl.result, problems)) << text_of(problems);
    EXPECT_TRUE(rtl.result.good()) << rtl.result.first_mismatch;
    EXPECT_GT(attention_operators(rtl.result), 0u);
    EXPECT_GT(rtl.result.outputs_checked.value_or(0), 0u);
    EXPECT_EQ("", transaction.log.difference(rtl.log));
  }
}

TEST(AttentionMachine, EvaluationOrderAndKernelChangeNoTransfer) {
  for (const std::size_t i : {0u, 2u, 3u}) {
    const Setting& setting = settings()[i];
    SCOPED_TRACE(setting.name);
    const Design design = design_of(setting);
    EventKernelOptions shuffle, tick;
    shuffle.shuffle = true;
    tick.tick_every_cycle = true;
    for (const Fidelity fidelity : {Fidelity::kTransaction, Fidelity::kCycle}) {
      MachineRun plain, shuffled, every;
      run_machine(design, trace_of(setting), fidelity, plain);
      run_machine(design, trace_of(setting), fidelity, shuffled, shuffle);
      run_machine(design, trace_of(setting), fidelity, every, tick);
      EXPECT_EQ("", plain.log.difference(shuffled.log));
      EXPECT_EQ("", plain.log.difference(every.log));
    }
  }
}

TEST(AttentionMachine, SkippingSteadyStatesChangesNoCycle) {
  for (const Setting& setting : settings()) {
    SCOPED_TRACE(setting.name);
    const Design design = design_of(setting);
    MachineRun watched, skipping;
    run_machine(design, trace_of(setting, 300, 2), Fidelity::kTransaction, watched);
    run_machine(design, trace_of(setting, 300, 2), Fidelity::kTransaction, skipping, {}, false);
    EXPECT_EQ(watched.result.cycles, skipping.result.cycles);
    for (std::size_t i = 0; i < watched.result.activity.size(); ++i)
      for (std::size_t j = 0; j < watched.result.activity[i].shares.size(); ++j)
        EXPECT_EQ(watched.result.activity[i].shares[j].cycles, skipping.result.activity[i].shares[j].cycles)
            << watched.result.activity[i].block << " " << watched.result.activity[i].shares[j].name;
  }
}

TEST(AttentionMachine, RandomMachinesAgree) {
  std::mt19937_64 random(20);
  const auto pick = [&random](std::uint32_t low, std::uint32_t high) {
    return low + static_cast<std::uint32_t>(random() % (high - low + 1));
  };
  for (int i = 0; i < 40; ++i) {
    Setting setting{"random", {}, {}};
    Design design = design_of(setting);
    AttentionConfig& a = *design.attention;
    a.keys = pick(1, 7);
    a.dims = pick(3, 12);
    a.contexts = pick(1, 7);
    a.score_fifo = pick(1, 9);
    a.probability_fifo = pick(1, 7);
    a.output_fifo = pick(1, 5);
    a.key_fifo = pick(1, 3);
    a.value_fifo = pick(1, 3);
    design.buffers.attention = Bytes(1500u << pick(0, 4));
    design.kv_cache.placement = pick(0, 1) == 0 ? KvPlacement::kPaged : KvPlacement::kContiguous;
    design.kv_cache.page_tokens = pick(1, 20);
    const bool floating = pick(0, 1) == 0;
    if (!floating) {
      a.format = AttentionFormat::kInteger;
      a.kv_scales = true;
      a.kv_bits = 4 * pick(1, 2);
      a.output_format = pick(0, 1) == 0 ? AttentionOutput::kInt8 : AttentionOutput::kFp16;
      setting.model = {"formats.attention=int8", a.kv_bits == 4 ? "formats.kv_cache=int4" : "formats.kv_cache=int8"};
    }
    setting.model.push_back("kv_heads=" + std::to_string(std::vector<int>{1, 2, 3, 6}[pick(0, 3)]));
    setting.model.push_back("head_dim=" + std::to_string(2 * pick(1, 12)));
    if (pick(0, 2) == 0) {
      setting.model.push_back("attention_window=" + std::to_string(pick(1, 30)));
      setting.model.push_back("attention_sinks=" + std::to_string(pick(0, 6)));
    }
    if (24 > a.dims * a.max_chunks) continue;
    Trace trace = trace_of(setting, pick(1, 40), pick(1, 2));
    SCOPED_TRACE("machine " + std::to_string(i) + ", " + to_text(rtl_parameters_of(a)));
    const MachineShape shape = machine_shape(design);
    Problems problems;
    TileProgram program(executed_trace(design, trace), shape, problems);
    if (!problems.empty()) continue;  // a buffer too small for a token is a fault of the user
    MachineRun transaction, cycle;
    run_machine(design, trace, Fidelity::kTransaction, transaction);
    run_machine(design, trace, Fidelity::kCycle, cycle);
    EXPECT_EQ("", transaction.log.difference(cycle.log));
    EXPECT_GT(attention_operators(cycle.result), 0u);
  }
}

TEST(AttentionMachine, DeeperFifosNeverAddCycles) {
  std::uint32_t AttentionConfig::*const depths[] = {&AttentionConfig::score_fifo, &AttentionConfig::probability_fifo,
                                                    &AttentionConfig::output_fifo, &AttentionConfig::key_fifo,
                                                    &AttentionConfig::value_fifo};
  for (const std::size_t i : {0u, 2u, 5u, 9u}) {
    SCOPED_TRACE(settings()[i].name);
    const Trace trace = trace_of(settings()[i]);
    for (const auto depth : depths) {
      Cycle before = kNever;
      for (std::uint32_t slots = 1; slots <= 10; ++slots) {
        Design design = design_of(settings()[i]);
        (*design.attention).*depth = slots;
        MachineRun run;
        run_machine(design, trace, Fidelity::kTransaction, run, {}, false);
        EXPECT_LE(run.result.cycles, before) << slots;
        before = run.result.cycles;
      }
    }
  }
}

TEST(AttentionMachine, OneTokenBehindALongContextCostsWhatItsCacheNeeds) {
  // LLaMA-3-8B, 32768 keys, FP16: 128 MiB of keys and values a layer, four query heads to each of eight key/value
  // heads.
  const Design design = load_design("lut-tensor-core-attention");
  ExpandOptions options;
  options.prefill = 0;
  options.decode = 1;
  options.past = 32767;
  options.layers = 2;
  MachineRun run;
  run_machine(design, expand(load_model("llama-3-8b"), options), Fidelity::kTransaction, run, {}, false);
  ASSERT_EQ(attention_operators(run.result), 2u);
  for (const OperatorResult& row : run.result.operators) {
    if (row.unit != "attention") continue;
    EXPECT_EQ(row.bytes.stationary, 2u * 32768 * 128 * 2 * 8);
    const double memory = static_cast<double>(row.bytes.total()) / run.result.shape.memory_bytes_per_cycle;
    const double least = std::max(memory, row.bounds.attention);
    const auto cycles = static_cast<double>(row.end - row.start);
    EXPECT_GE(cycles, least);
    EXPECT_LE(cycles, 1.02 * least);
  }
}

TEST(AttentionMachine, OnePassReadsTheCacheOncePerTileOfQueries) {
  // Analytic minimum for the tile sizes and their order: keys and values once per tile of queries that sees them,
  // queries and results once.
  for (const Setting& setting : settings()) {
    SCOPED_TRACE(setting.name);
    MachineRun run;
    run_machine(design_of(setting), trace_of(setting, 57, 1), Fidelity::kTransaction, run, {}, false);
    for (const OperatorResult& row : run.result.operators) {
      if (row.unit != "attention") continue;
      const AttentionPlan& a = row.plan.attention;
      // Read for one key/value head: all at once; or, of every tile of keys, for every tile of queries, whole blocks
      // from the first key that these see to the last (from the tile's beginning if it has sinks), but for what is
      // still there.
      std::uint64_t keys = a.whole_keys() ? a.tile.keys : 0;
      std::pair<std::uint64_t, std::uint64_t> held{0, 0};
      for (std::uint64_t head = 0; head < a.heads && !a.whole_keys(); head += a.head_tile)
        for (std::uint64_t q = 0; q < a.queries; q += a.query_tile)
          for (std::uint64_t k = 0; k < a.tile.keys; k += a.key_tile) {
            const std::uint64_t end = std::min<std::uint64_t>(a.tile.keys, k + a.key_tile);
            const std::uint64_t last_query = std::min(a.queries, q + a.query_tile) - 1;
            std::uint64_t first = UINT64_MAX, last = 0;
            bool window = false;  // begins in this tile or before
            for (std::uint64_t i = q; i <= last_query; ++i)
              for (std::uint64_t key = k; key < end; ++key) {
                const auto t = static_cast<std::uint32_t>(i);
                if (key >= a.tile.to(t) || (key < a.tile.from(t) && key >= a.tile.sinks)) continue;
                first = std::min(first, key);
                last = std::max(last, key + 1);
                window = window || key >= a.tile.from(t);
              }
            if (first == UINT64_MAX) continue;
            // Sinks and what lies between them and a window in the same tile are one piece.
            first = k < a.tile.sinks ? k : first / a.block * a.block;
            if (!window) last = a.tile.sinks;
            last = std::min(end, (last + a.block - 1) / a.block * a.block);
            if (held == std::make_pair(first, last)) continue;
            held = {first, last};
            keys += last - first;
          }
      EXPECT_EQ(row.bytes.stationary, keys * a.passes * (a.key_bytes + a.value_bytes)) << row.op->name;
      EXPECT_EQ(row.bytes.streaming, bytes(*row.op, row.op->tensors[0]));
      EXPECT_EQ(row.bytes.written, bytes(*row.op, row.op->tensors[3]));
    }
  }
}

TEST(AttentionMachine, WithoutAUnitTheSameModelRunsOnTheVectorUnit) {
  const Setting& setting = settings()[0];
  Design without = design_of(setting);
  without.attention.reset();
  MachineRun with_unit, fallback;
  run_machine(design_of(setting), trace_of(setting), Fidelity::kTransaction, with_unit, {}, false);
  run_machine(without, trace_of(setting), Fidelity::kTransaction, fallback, {}, false);
  EXPECT_EQ(with_unit.result.macs, fallback.result.macs);
  EXPECT_GT(attention_operators(with_unit.result), 0u);
  EXPECT_EQ(attention_operators(fallback.result), 0u);
  EXPECT_LT(with_unit.result.traffic.total(), fallback.result.traffic.total());
}

TEST(AttentionMachine, WhatTheUnitCannotRunFallsBackAndIsNamed) {
  Setting setting = settings()[0];
  setting.model = {"formats.attention=int8", "formats.kv_cache=int8"};
  MachineRun run;
  run_machine(design_of(setting), trace_of(setting), Fidelity::kTransaction, run, {}, false);
  EXPECT_EQ(attention_operators(run.result), 0u);
  const auto noted = [&](const std::string& text) {
    return std::any_of(run.result.notes.begin(), run.result.notes.end(),
                       [&](const std::string& note) { return note.find(text) != std::string::npos; });
  };
  EXPECT_TRUE(noted("3 attention operators run on the vector unit"));
  EXPECT_TRUE(noted("its queries are int8, the unit takes fp16"));
}

}  // namespace
}  // namespace lutetia
