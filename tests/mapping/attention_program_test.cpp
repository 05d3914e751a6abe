// Tile programs with attention: safe to run by their waits alone, exact in bytes, and every cached token is read where
// it was appended, whatever the cache looks like in memory.
#include <gtest/gtest.h>

#include <functional>

#include "program_replay.h"
#include "random_attention.h"
#include "support/latent_trace.h"
#include "workload/expand.h"
#include "workload/fuse_attention.h"

namespace lutetia {
namespace {

struct Subject {
  MachineShape machine;
  Trace trace;
};

/// A small model on a random machine: prefill or none, a past, several sequences, windows with and without sinks.
Subject random_model(std::uint64_t seed) {
  RandomAttention random(seed);
  ModelConfig model;
  model.name = "random";
  model.vocabulary = 32;
  model.layers = random.pick(1, 2);
  model.kv_heads = random.pick(1, 3);
  model.heads = model.kv_heads * random.pick(1, 3);
  model.head_dim = 2 * random.pick(1, 12);
  model.hidden = model.heads * model.head_dim;
  model.intermediate = 20;
  AttentionSizes formats;
  if (random.random().bernoulli(0.4)) {
    formats.queries = "int8";
    formats.cache = random.random().bernoulli(0.5) ? "int8" : "int4";
    model.formats.attention = format_id(formats.queries);
    model.formats.kv_cache = format_id(formats.cache);
  }
  if (random.random().bernoulli(0.6)) {
    model.attention_window = random.pick(1, 20);
    model.attention_sinks = random.pick(0, 8);
  }
  ExpandOptions options;
  options.prefill = random.random().bernoulli(0.2) ? 0 : random.pick(1, 40);
  options.decode = options.prefill == 0 ? random.pick(1, 30) : random.pick(0, 12);
  options.past = random.random().bernoulli(0.5) ? 0 : random.pick(1, 50);
  options.batch = random.pick(1, 3);
  Subject subject;
  subject.machine = random.machine(formats);
  subject.trace = fuse_attention(expand(model, options), [&](const Operator& op) {
    return attention_obstacle(op, subject.machine.attention).empty();
  });
  return subject;
}

Subject random_latent(std::uint64_t seed) {
  RandomAttention random(seed);
  LatentSizes sizes;
  sizes.batch = random.pick(1, 3);
  sizes.heads = random.pick(1, 6);
  sizes.key = 2 * random.pick(1, 16);
  sizes.value = random.pick(1, sizes.key);
  sizes.prefill = random.pick(0, 20);
  sizes.decode = random.pick(1, 5);
  sizes.past = random.pick(0, 20);
  AttentionSizes formats;
  if (random.random().bernoulli(0.4)) {
    formats.queries = sizes.queries = "int8";
    formats.cache = sizes.cache = "int4";
  }
  return {random.machine(formats), latent_trace(sizes)};
}

/// Calls `check` for programs that fit their machines and have attention on the unit.
void for_programs(std::uint64_t seeds, Subject (*subject)(std::uint64_t),
                  const std::function<void(const Subject&, TileProgram&)>& check) {
  std::uint64_t programs = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Subject s = subject(seed);
    Problems problems;
    TileProgram program(s.trace, s.machine, problems);
    if (!problems.empty()) continue;
    for (const OperatorPlan& plan : program.plans())
      if (plan.engine == Engine::kAttention) {
        ++programs;
        check(s, program);
        break;
      }
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(programs, seeds / 3);
}

TEST(AttentionProgram, IsSafeToRunByItsWaitsAlone) {
  std::uint64_t resumed = 0, chained = 0;
  for (const auto subject : {random_model, random_latent})
    for_programs(400, subject, [&](const Subject&, TileProgram& program) {
      ProgramReplay replay(program);
      for (const auto& [index, totals] : replay.totals())
        for (const Instruction& tile : totals.tiles)
          resumed += tile.tile.attention.resume, chained += !tile.tile.attention.open;
    });
  EXPECT_GT(resumed, 100u);
  EXPECT_GT(chained, 100u);
}

TEST(AttentionProgram, CachedTokensAreReadWhereTheyWereAppendedAndNotBefore) {
  std::uint64_t read_back = 0, overwritten = 0;
  for (const auto subject : {random_model, random_latent})
    for_programs(400, subject, [&](const Subject& s, TileProgram& program) {
      CacheMemory caches;
      ProgramReplay replay(program, &caches);
      std::uint64_t appended = 0;
      for (std::size_t i = 0; i < s.trace.operators.size(); ++i)
        if (s.trace.operators[i].kind == OperatorKind::kCacheAppend) appended += program.plans()[i].rows;
      EXPECT_EQ(caches.written(), appended);
      read_back += caches.read_back();
      overwritten += caches.overwritten();
    });
  EXPECT_GT(read_back, 10000u);
  EXPECT_GT(overwritten, 1000u) << "windows pass over old tokens";
}

TEST(AttentionProgram, BytesMovedAreThoseOfTheTiles) {
  for (const auto subject : {random_model, random_latent})
    for_programs(200, subject, [](const Subject& s, TileProgram& program) {
      ProgramReplay replay(program);
      for (const auto& [index, totals] : replay.totals()) {
        const Operator& op = s.trace.operators[index];
        const OperatorTraffic& traffic = program.traffic()[index];
        ASSERT_EQ(totals.loaded, traffic.stationary + traffic.streaming) << op.name;
        ASSERT_EQ(totals.stored, traffic.written) << op.name;
        if (op.kind == OperatorKind::kCacheAppend) {
          ASSERT_EQ(traffic.written, bytes(op, *find_tensor(op, Role::kCacheWrite)));
        }
        if (program.plans()[index].engine != Engine::kAttention) continue;
        ASSERT_EQ(traffic.streaming, bytes(op, op.tensors[0])) << "queries are read once";
        ASSERT_EQ(traffic.written, bytes(op, op.tensors[3]));
        const std::uint64_t cached =
            bytes(op, op.tensors[1]) + (values_in_keys(op) != nullptr ? 0 : bytes(op, op.tensors[2]));
        const AttentionPlan& plan = program.plans()[index].attention;
        if (plan.whole_keys()) {
          ASSERT_EQ(traffic.stationary, cached) << "as much as there is, once";
        }
      }
    });
}

TEST(AttentionProgram, ACacheReadOnlyIsAsLargeAsItsTokens) {
  // Nothing else in memory than what the operator names, to the page.
  for (const std::uint64_t page : {0u, 16u, 64u}) {
    RandomAttention random(1);
    AttentionSizes sizes;
    sizes.b = 2, sizes.h = 2, sizes.n = 100, sizes.k = 24, sizes.v = 16;
    MachineShape machine = random.machine(sizes);
    machine.attention.slots = {1 << 16, 1 << 16, 1 << 16, 0};
    machine.kv_cache.page_tokens = page;
    Trace trace;
    trace.operators = {attention_operator(sizes)};
    Problems problems;
    const TileProgram program(trace, machine, problems);
    ASSERT_TRUE(problems.empty());
    const std::uint64_t tokens = page == 0 ? 100 : (100 + page - 1) / page * page;
    const auto whole = [](std::uint64_t size) { return (size + 4095) / 4096 * 4096; };
    const Operator& op = trace.operators[0];
    EXPECT_EQ(program.memory_bytes(), whole(bytes(op, op.tensors[0])) + whole(bytes(op, op.tensors[3])) +
                                          whole(4 * tokens * 48) + whole(4 * tokens * 32));
  }
}

/// An append of `m` tokens for `b` sequences and `h` heads.
Operator append_operator(std::uint64_t id, const char* cache, std::uint64_t b, std::uint64_t h, std::uint64_t m) {
  Operator op;
  op.id = id;
  op.kind = OperatorKind::kCacheAppend;
  op.name = "append";
  op.loops = {{"b", b}, {"h", h}, {"m", m}, {"k", 24}};
  const NumberFormat* fp16 = find_number_format("fp16");
  op.tensors = {{"new", Role::kInput, false, fp16, 0, {0, 2, 1, 3}},
                {cache, Role::kCacheWrite, false, fp16, 0, {0, 1, 2, 3}}};
  return op;
}

/// Addresses of stores and loads of a trace's caches, all inside the memory that the program asks for.
std::vector<std::uint64_t> store_addresses(const Trace& trace, std::uint64_t page_tokens) {
  RandomAttention random(1);
  MachineShape machine = random.machine({});
  machine.attention.slots = {1 << 16, 1 << 16, 1 << 16, 0};
  machine.vector.slot_bytes = 1 << 16;
  machine.kv_cache.page_tokens = page_tokens;
  Problems problems;
  TileProgram program(trace, machine, problems);
  EXPECT_TRUE(problems.empty());
  std::vector<std::uint64_t> stores;
  Instruction instruction;
  while (program.next(instruction)) {
    if (instruction.engine != Engine::kLoad && instruction.engine != Engine::kStore) continue;
    EXPECT_LE(instruction.address + instruction.bytes, program.memory_bytes());
    if (instruction.engine == Engine::kStore) stores.push_back(instruction.address);
  }
  return stores;
}

TEST(AttentionProgram, AppendsThatNoAttentionReadsYetGoBehindTheOthers) {
  // Two appends before one attention, and one for a step that is not in the trace.
  AttentionSizes sizes;
  sizes.h = 1, sizes.n = 10;
  Operator attention = attention_operator(sizes);
  attention.id = 3;
  Trace trace;
  trace.operators = {append_operator(1, "kept", 1, 1, 2), append_operator(2, "kept", 1, 1, 3), attention,
                     append_operator(4, "kept", 1, 1, 1)};
  const std::vector<std::uint64_t> stores = store_addresses(trace, 0);
  ASSERT_GE(stores.size(), 4u);
  EXPECT_EQ(stores[1], stores[0] + 2 * 48);
  EXPECT_EQ(stores.back(), stores[1] + 3 * 48);
}

TEST(AttentionProgram, AppendsLargerThanWhatIsReadStayInsideTheirCache) {
  for (const std::uint64_t page : {0u, 4u}) {
    AttentionSizes sizes;
    sizes.b = 1, sizes.h = 2, sizes.n = 3;
    Operator attention = attention_operator(sizes);
    attention.id = 9;
    Trace trace;
    trace.operators = {append_operator(1, "kept", 3, 2, 50), append_operator(2, "values", 1, 5, 7), attention};
    store_addresses(trace, page);
    trace.operators = {append_operator(1, "kept", 3, 2, 50), attention, append_operator(10, "kept", 1, 2, 70)};
    store_addresses(trace, page);
  }
}

}  // namespace
}  // namespace lutetia
