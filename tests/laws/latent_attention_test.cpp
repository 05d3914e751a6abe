// Multi-head latent attention on an attention unit: values are the first elements of their keys, cached and read once.
#include <gtest/gtest.h>

#include "laws/agreement.h"
#include "support/latent_trace.h"
#include "workload/trace_reader.h"
#include "workload/trace_writer.h"

namespace lutetia {
namespace {

/// As a user gives it: a trace file, checked.
Trace through_a_file(const Trace& trace) {
  std::ostringstream text;
  write_trace(text, trace);
  std::istringstream in(text.str());
  Trace out;
  Problems problems;
  EXPECT_TRUE(read_trace(in, "latent.jsonl", out, problems)) << text_of(problems);
  return out;
}

void expect_equal_runs(const Design& design, const LatentSizes& sizes) {
  const Trace trace = through_a_file(latent_trace(sizes));
  MachineRun transaction, cycle;
  run_machine(design, trace, Fidelity::kTransaction, transaction);
  run_machine(design, trace, Fidelity::kCycle, cycle);
  EXPECT_EQ(transaction.result.cycles, cycle.result.cycles);
  EXPECT_EQ("", transaction.log.difference(cycle.log));
  std::uint64_t results = 0;
  for (const OperatorResult& row : cycle.result.operators) {
    if (row.op->kind != OperatorKind::kAttention) continue;
    EXPECT_EQ(row.unit, "attention");
    results += array_elements(*row.op, row.op->tensors[3]);
  }
  EXPECT_EQ(cycle.result.outputs_checked.value_or(0), results) << "every result has been compared, to the bit";
}

const std::vector<std::string> kSmallUnit = {"attention.keys=4", "attention.dims=8"};

std::vector<std::string> with(std::vector<std::string> sets) {
  sets.insert(sets.begin(), kSmallUnit.begin(), kSmallUnit.end());
  return sets;
}

TEST(LatentAttention, TransactionEqualsCycleHoweverItIsCut) {
  LatentSizes sizes;
  const auto plan = [&sizes](const Design& design) {  // of the last step
    const Trace trace = latent_trace(sizes);
    Problems problems;
    const TileProgram program(trace, machine_shape(design), problems);
    EXPECT_TRUE(problems.empty()) << text_of(problems);
    return program.plans().back().attention;
  };
  const auto design = [](const std::vector<std::string>& sets) {
    return load_design("lut-tensor-core-attention", with(sets));
  };
  const Design whole = design({}), contiguous = design({"kv_cache.placement=contiguous", "buffers.attention=8KiB"}),
               chains = design({"buffers.attention=2KiB", "attention.contexts=3"}),
               partial = design({"buffers.attention=11KiB", "attention.contexts=2", "attention.dims=4"});
  expect_equal_runs(whole, sizes);
  expect_equal_runs(contiguous, sizes);
  EXPECT_TRUE(plan(whole).whole_keys());
  expect_equal_runs(chains, sizes);
  EXPECT_FALSE(plan(chains).whole_keys() || plan(chains).partial_results);
  sizes.past = 90;
  expect_equal_runs(partial, sizes);
  EXPECT_TRUE(plan(partial).partial_results);
}

TEST(LatentAttention, IntegersShareTheirZeroPointsToo) {
  LatentSizes sizes;
  sizes.queries = "int8";
  sizes.cache = "int4";
  expect_equal_runs(
      load_design("lut-tensor-core-attention", with({"attention.format=integer", "attention.kv_scales=true",
                                                     "attention.kv_bits=4", "buffers.attention=1KiB"})),
      sizes);
}

TEST(LatentAttention, TheCacheIsReadOnceForKeysAndValues) {
  const Design design = load_design("lut-tensor-core-attention", kSmallUnit);
  const Trace trace = latent_trace({});
  Trace apart = trace;  // the same with a cache of their own for the values
  for (Operator& op : apart.operators)
    if (op.kind == OperatorKind::kAttention) op.tensors[2].name = "values";
  MachineRun shared, separate;
  run_machine(design, trace, Fidelity::kTransaction, shared, {}, false);
  run_machine(design, apart, Fidelity::kTransaction, separate, {}, false);
  std::uint64_t values = 0;
  for (std::size_t i = 0; i < trace.operators.size(); ++i) {
    const Operator& op = trace.operators[i];
    if (op.kind != OperatorKind::kAttention) continue;
    EXPECT_EQ(traffic(op).cache_read, bytes(op, op.tensors[1]));
    EXPECT_EQ(shared.result.operators[i].bytes.stationary, bytes(op, op.tensors[1])) << "whole heads fit";
    EXPECT_EQ(shared.result.operators[i].macs, separate.result.operators[i].macs);
    values += bytes(op, op.tensors[2]);
  }
  EXPECT_EQ(separate.result.memory_read - shared.result.memory_read, values);
  EXPECT_LT(shared.result.cycles, separate.result.cycles);
}

TEST(LatentAttention, ADecodeStepOfTheSizeOfDeepSeekRuns) {
  // A latent of 512 and 64 rotary elements, 16 query heads: 36 chunks of 16.
  LatentSizes sizes;
  sizes.batch = 1;
  sizes.heads = 16;
  sizes.key = 576;
  sizes.value = 512;
  sizes.prefill = 0;
  sizes.decode = 1;
  sizes.past = 99;
  expect_equal_runs(load_design("lut-tensor-core-attention", {"attention.max_chunks=36"}), sizes);
}

TEST(LatentAttention, ALongContextTakesTheTimeOfItsScoresAndOneReadOfItsCache) {
  // Sixteen heads share each latent: the unit limits, not the memory.
  LatentSizes sizes;
  sizes.batch = 1;
  sizes.heads = 16;
  sizes.key = 576;
  sizes.value = 512;
  sizes.prefill = 0;
  sizes.decode = 1;
  sizes.past = 8191;
  const Design design = load_design("lut-tensor-core-attention", {"attention.max_chunks=36", "attention.contexts=16"});
  MachineRun run;
  run_machine(design, latent_trace(sizes), Fidelity::kTransaction, run, {}, false);
  const OperatorResult& row = run.result.operators.back();
  EXPECT_EQ(row.bytes.stationary, 8192u * 576 * 2);
  const double least = 8192.0 * 16 * 576 / (8 * 16);
  EXPECT_GE(static_cast<double>(row.end - row.start), least);
  EXPECT_LE(static_cast<double>(row.end - row.start), 1.05 * least);
}

}  // namespace
}  // namespace lutetia
