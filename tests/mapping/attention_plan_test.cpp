// Tiles of attention: every kind of plan fits its slots, meets every pair of query and key once and leaves out what
// nobody sees; what cannot run says why.
#include "mapping/attention_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "base/quantity.h"
#include "mapping/tile_program.h"
#include "random_attention.h"

namespace lutetia {
namespace {

using testing::HasSubstr;

std::vector<TileCommand> tiles_of(const Operator& op, const MachineShape& machine) {
  Trace trace;
  trace.operators = {op};
  Problems problems;
  TileProgram program(trace, machine, problems);
  std::vector<TileCommand> tiles;
  Instruction instruction;
  if (!problems.empty()) return tiles;
  while (program.next(instruction))
    if (instruction.engine == Engine::kAttention) tiles.push_back(instruction.tile);
  return tiles;
}

/// What a plan is: how a pass is cut.
std::string kind_of(const AttentionPlan& a) {
  if (!a.whole_keys()) {
    if (a.partial_results) return "partial results in the buffer";
    return a.head_tile < a.heads ? "chains of head tiles" : "chains in the unit";
  }
  if (a.head_tile < a.heads) return "whole keys, head tiles";
  if (a.query_tile < a.queries) return "whole keys, query tiles";
  return a.pass_tile > 1 ? "several passes a tile" : "one pass a tile";
}

/// Checks plans of random operators on random machines that they fit; returns how many there were of each kind.
std::map<std::string, int> for_random_plans(
    int cases, const std::function<void(const Operator&, const MachineShape&, const AttentionPlan&)>& check) {
  std::map<std::string, int> kinds;
  for (int seed = 0; seed < cases; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomAttention random(static_cast<std::uint64_t>(seed));
    const AttentionSizes sizes = random.sizes();
    const MachineShape machine = random.machine(sizes);
    const Operator op = attention_operator(sizes);
    OperatorPlan plan;
    MappingFault fault;
    if (!plan_operator(op, machine, plan, fault)) {
      EXPECT_EQ(fault.key, "buffers.attention") << fault.why;
      continue;
    }
    ++kinds[kind_of(plan.attention)];
    check(op, machine, plan.attention);
    if (testing::Test::HasFailure()) break;
  }
  return kinds;
}

/// Bits of `rows` rows in memory, their scales included where a row has one.
std::uint64_t row_bits(const TensorUse& tensor, std::uint64_t elements, std::uint64_t rows) {
  const bool scaled = is_integer(*tensor.format) && tensor.group == 0;
  return rows * (elements * tensor.format->bits + (scaled ? 32 : 0));
}

TEST(AttentionPlan, EveryKindOfPlanIsMadeAndItsTilesFitTheSlots) {
  const auto kinds = for_random_plans(4000, [](const Operator& op, const MachineShape& machine, const AttentionPlan&) {
    const AttentionUnitShape& unit = machine.attention;
    const std::uint64_t k = extent(op, "k"), v = extent(op, "v");
    for (const TileCommand& t : tiles_of(op, machine)) {
      const AttentionTile& a = t.attention;
      const std::uint64_t contexts = std::uint64_t{t.b} * t.m * a.heads;
      ASSERT_LE(row_bits(op.tensors[0], k, contexts), 8 * unit.slots.activations);
      const std::uint64_t values = a.values_in_keys ? 0 : row_bits(op.tensors[2], v, std::uint64_t{t.b} * t.n);
      ASSERT_LE(row_bits(op.tensors[1], k, std::uint64_t{t.b} * t.n) + values, 8 * unit.slots.weights);
      ASSERT_LE(row_bits(op.tensors[3], v, contexts), 8 * unit.slots.outputs);
      // A partial result is its head and its accumulators, chunk by chunk.
      const std::uint64_t chunks = (v + unit.dims - 1) / unit.dims;
      if (a.partial || a.resume) {
        ASSERT_LE(contexts * (unit.state_bits + chunks * unit.dims * unit.accumulator_bits), 8 * unit.slots.outputs);
      }
      // Between the tiles of a chain, queries and accumulators stay in the unit.
      if (!a.open || !a.close) {
        ASSERT_LE(contexts, unit.contexts);
      }
    }
  });
  for (const char* kind :
       {"several passes a tile", "one pass a tile", "whole keys, query tiles", "whole keys, head tiles",
        "partial results in the buffer", "chains in the unit", "chains of head tiles"})
    EXPECT_GT(kinds.count(kind) == 0 ? 0 : kinds.at(kind), 20) << kind;
}

TEST(AttentionPlan, TilesMeetEveryPairThatIsSeenOnceAndNoneOfThemIsForNothing) {
  for_random_plans(1500, [](const Operator& op, const MachineShape& machine, const AttentionPlan&) {
    const std::uint64_t passes = extent(op, "b") * extent(op, "h"), heads = extent(op, "g"), queries = extent(op, "m"),
                        keys = extent(op, "n");
    std::vector<std::uint8_t> visits(passes * heads * queries * keys);
    const auto at = [&](std::uint64_t pass, std::uint64_t head, std::uint64_t query, std::uint64_t key) {
      return ((pass * heads + head) * queries + query) * keys + key;
    };
    for (const TileCommand& t : tiles_of(op, machine)) {
      const AttentionTile& a = t.attention;
      ASSERT_EQ(t.n0 % machine.attention.keys, 0u) << "tiles begin with a block";
      ASSERT_TRUE(t.n % machine.attention.keys == 0 || t.n0 + t.n == keys);
      bool seen = false;
      for (std::uint64_t query = t.m0; query < t.m0 + t.m; ++query)
        for (std::uint64_t key = t.n0; key < t.n0 + t.n; ++key) {
          seen = seen || sees(op, query, key);
          for (std::uint64_t pass = t.b0; pass < t.b0 + t.b; ++pass)
            for (std::uint64_t head = a.head0; head < a.head0 + a.heads; ++head)
              ASSERT_EQ(++visits.at(at(pass, head, query, key)), 1u) << "a pair in two tiles";
        }
      EXPECT_TRUE(seen) << "a tile that nobody sees";
    }
    for (std::uint64_t pass = 0; pass < passes; ++pass)
      for (std::uint64_t head = 0; head < heads; ++head)
        for (std::uint64_t query = 0; query < queries; ++query)
          for (std::uint64_t key = 0; key < keys; ++key)
            if (sees(op, query, key)) {
              ASSERT_EQ(visits[at(pass, head, query, key)], 1u) << "query " << query << " key " << key;
            }
  });
}

TEST(AttentionPlan, TilesCarryTheMaskOfTheirOperator) {
  for_random_plans(1500, [](const Operator& op, const MachineShape& machine, const AttentionPlan&) {
    for (const TileCommand& t : tiles_of(op, machine)) {
      const AttentionTile& a = t.attention;
      ASSERT_EQ(a.keys, extent(op, "n"));
      for (std::uint32_t query = 0; query < extent(op, "m"); ++query)
        for (std::uint32_t key = 0; key < a.keys; ++key)
          ASSERT_EQ(key < a.to(query) && (key >= a.from(query) || key < a.sinks), sees(op, query, key));
    }
  });
}

TEST(AttentionPlan, TilesOfAPassFollowEachOtherAndSayHowItIsCut) {
  for_random_plans(1500, [](const Operator& op, const MachineShape& machine, const AttentionPlan& plan) {
    const TileCommand* before = nullptr;
    const std::vector<TileCommand> tiles = tiles_of(op, machine);
    for (std::size_t i = 0; i < tiles.size(); ++i) {
      const AttentionTile& a = tiles[i].attention;
      const bool first = a.open && !a.resume, last = a.close && !a.partial;
      if (plan.partial_results) {
        ASSERT_TRUE(a.open && a.close);
      } else {
        ASSERT_FALSE(a.resume || a.partial);
      }
      ASSERT_EQ(first, before == nullptr);
      if (before != nullptr) {
        ASSERT_GT(tiles[i].n0, before->n0);
        ASSERT_EQ(tiles[i].m0, before->m0);
        ASSERT_EQ(tiles[i].b0, before->b0);
        ASSERT_EQ(a.head0, before->attention.head0);
      }
      before = last ? nullptr : &tiles[i];
    }
    ASSERT_EQ(before, nullptr) << "a pass that never ends";
  });
}

TEST(AttentionPlan, ValuesThatLieInTheirKeysTakeNoRoom) {
  RandomAttention random(1);
  AttentionSizes sizes;
  sizes.k = 24, sizes.v = 16, sizes.n = 40;
  MachineShape machine = random.machine(sizes);
  machine.attention.slots = {40 * 48, 1 << 14, 1 << 14, 0};
  OperatorPlan plan;
  MappingFault fault;
  ASSERT_TRUE(plan_operator(attention_operator(sizes), machine, plan, fault)) << fault.why;
  EXPECT_FALSE(plan.attention.whole_keys());
  EXPECT_EQ(plan.attention.value_bytes, 32u);
  sizes.values_in_keys = true;
  ASSERT_TRUE(plan_operator(attention_operator(sizes), machine, plan, fault)) << fault.why;
  EXPECT_TRUE(plan.attention.whole_keys());
  EXPECT_EQ(plan.attention.key_bytes, 48u);
  EXPECT_EQ(plan.attention.value_bytes, 0u);
  EXPECT_TRUE(plan.attention.tile.values_in_keys);
  EXPECT_EQ(plan.stationary_bytes, 2u * 40 * 48);
}

TEST(AttentionPlan, KeyTilesAreWholePagesIfTheSlotHasRoomForOne) {
  RandomAttention random(1);
  AttentionSizes sizes;
  sizes.k = sizes.v = 16, sizes.n = 500;
  MachineShape machine = random.machine(sizes);
  machine.attention.keys = 8;
  machine.attention.slots = {64 * 100, 1 << 14, 1 << 14, 0};  // a hundred keys and values
  const auto key_tile = [&](std::uint64_t page) {
    machine.kv_cache.page_tokens = page;
    OperatorPlan plan;
    MappingFault fault;
    EXPECT_TRUE(plan_operator(attention_operator(sizes), machine, plan, fault)) << fault.why;
    return plan.attention.key_tile;
  };
  EXPECT_EQ(key_tile(0), 96u);
  EXPECT_EQ(key_tile(16), 96u);
  EXPECT_EQ(key_tile(12), 96u);
  EXPECT_EQ(key_tile(5), 80u);
  EXPECT_EQ(key_tile(64), 64u);
  EXPECT_EQ(key_tile(256), 96u) << "whole blocks at least";
}

TEST(AttentionPlan, ObstaclesAreNamed) {
  RandomAttention random(1);
  const AttentionSizes sizes;
  const MachineShape machine = random.machine(sizes);
  const auto obstacle = [&](const std::function<void(AttentionSizes&, AttentionUnitShape&)>& change) {
    AttentionSizes s = sizes;
    AttentionUnitShape unit = machine.attention;
    unit.dims = 16, unit.max_chunks = 8;
    change(s, unit);
    return attention_obstacle(attention_operator(s), unit);
  };
  EXPECT_EQ(obstacle([](auto&, auto&) {}), "");
  EXPECT_THAT(obstacle([](auto&, auto& unit) { unit.present = false; }), HasSubstr("no attention unit"));
  EXPECT_THAT(obstacle([](auto& s, auto&) { s.queries = "int8"; }), HasSubstr("queries are int8, the unit takes fp16"));
  EXPECT_THAT(obstacle([](auto& s, auto&) { s.cache = "int8"; }), HasSubstr("cache is int8, the unit takes fp16"));
  EXPECT_EQ(obstacle([](auto& s, auto&) { s.k = 128; }), "");
  EXPECT_THAT(obstacle([](auto& s, auto&) { s.k = 129; }), HasSubstr("129 elements, the unit takes 128"));
  EXPECT_THAT(obstacle([](auto& s, auto&) { s.v = 130; }), HasSubstr("130 elements, the unit takes 128"));
  EXPECT_EQ(obstacle([](auto& s, auto&) { s.n = (1 << 20) - 1; }), "");
  EXPECT_THAT(obstacle([](auto& s, auto&) { s.n = 1 << 20; }), HasSubstr("2^20 keys"));
  EXPECT_THAT(obstacle([](auto& s, auto&) { s.values_in_keys = true, s.v = 25; }),
              HasSubstr("values are more than their keys"));
}

TEST(AttentionPlan, ScalesOfTheCacheAreTakenOneAToken) {
  RandomAttention random(1);
  AttentionSizes sizes;
  sizes.queries = sizes.cache = "int8";
  AttentionUnitShape unit = random.machine(sizes).attention;
  unit.dims = 16;
  const auto obstacle = [&](std::uint32_t group, bool scales) {
    sizes.group = group;
    unit.scales = scales;
    return attention_obstacle(attention_operator(sizes), unit);
  };
  EXPECT_EQ(obstacle(0, true), "");
  EXPECT_EQ(obstacle(24, true), "") << "a group as long as the head is one scale a token";
  EXPECT_EQ(obstacle(64, true), "");
  EXPECT_EQ(obstacle(kScalePerTensor, true), "");
  EXPECT_EQ(obstacle(kScalePerTensor, false), "");
  EXPECT_THAT(obstacle(0, false), HasSubstr("scale per token, the unit no kv_scales"));
  EXPECT_THAT(obstacle(8, false), HasSubstr("scale per token, the unit no kv_scales"));
  EXPECT_THAT(obstacle(8, true), HasSubstr("several scales a token"));
}

TEST(AttentionPlan, WhatDoesNotFitIsAFaultOfTheBuffer) {
  RandomAttention random(1);
  const AttentionSizes sizes;
  MachineShape machine = random.machine(sizes);
  machine.attention.keys = 4;
  const SlotSizes least = {4 * 96, 48, 48, 0};  // a block of keys and values, a query, a result
  machine.attention.slots = least;
  OperatorPlan plan;
  MappingFault fault;
  const Operator op = attention_operator(sizes);
  EXPECT_TRUE(plan_operator(op, machine, plan, fault)) << fault.why;
  for (const int slot : {0, 1, 2}) {
    machine.attention.slots = least;
    --(slot == 0   ? machine.attention.slots.weights
       : slot == 1 ? machine.attention.slots.activations
                   : machine.attention.slots.outputs);
    fault = {};
    EXPECT_FALSE(plan_operator(op, machine, plan, fault)) << slot;
    EXPECT_EQ(fault.key, "buffers.attention");
    EXPECT_THAT(fault.why,
                HasSubstr("not even 4 keys and values of 96 bytes, a query of 48 bytes and a result of 48 bytes"));
  }
  machine.attention.present = false;
  EXPECT_FALSE(plan_operator(op, machine, plan, fault));
  EXPECT_EQ(fault.key, "attention");
}

TEST(AttentionPlan, MasksBeyondTheKeysAreAsGoodAsNone) {
  // Such numbers do not fit the fields of a tile command.
  RandomAttention random(1);
  AttentionSizes sizes;
  sizes.mask = {Mask::Kind::kCausal,          (std::uint64_t{1} << 33) + 1, 0, 0,
                (std::uint64_t{1} << 32) + 2, (std::uint64_t{1} << 32) + 3};
  OperatorPlan plan;
  MappingFault fault;
  MachineShape machine = random.machine(sizes);
  machine.attention.dims = 16;
  machine.attention.slots = {1 << 14, 1 << 14, 1 << 14, 0};
  ASSERT_TRUE(plan_operator(attention_operator(sizes), machine, plan, fault)) << fault.why;
  for (std::uint32_t query = 0; query < sizes.m; ++query) {
    EXPECT_EQ(plan.attention.tile.to(query), sizes.n);
    EXPECT_EQ(plan.attention.tile.from(query), 0u);
  }
}

}  // namespace
}  // namespace lutetia
