// Tile programs of random operators on random machines: complete, within the machine, safe to run, exact in bytes.
#include "mapping/tile_program.h"

#include <gtest/gtest.h>

#include <sstream>

#include "program_replay.h"
#include "random_trace.h"

namespace lutetia {
namespace {

/// Calls `check` for programs of operators that fit their machines.
void for_random_programs(std::uint64_t seeds, const std::function<void(const MachineShape&, TileProgram&)>& check) {
  std::uint64_t programs = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomTrace random(seed);
    const MachineShape machine = random.machine();
    Trace trace = random.trace(8), fitting;
    for (Operator& op : trace.operators) {  // leave out what does not fit this machine
      OperatorPlan plan;
      MappingFault fault;
      if (plan_operator(op, machine, plan, fault)) fitting.operators.push_back(op);
    }
    for (std::size_t i = 0; i < fitting.operators.size(); ++i) {
      std::vector<std::uint64_t> after;
      for (const std::uint64_t id : fitting.operators[i].after)
        for (std::size_t j = 0; j < i; ++j)
          if (fitting.operators[j].id == id) after.push_back(id);
      fitting.operators[i].after = after;
    }
    Problems problems;
    TileProgram program(fitting, machine, problems);
    ASSERT_TRUE(problems.empty());
    programs += !fitting.operators.empty();
    check(machine, program);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(programs, seeds / 2);
}

TEST(TileProgram, IsSafeToRunByItsWaitsAlone) {
  for_random_programs(1500, [](const MachineShape&, TileProgram& program) { ProgramReplay replay(program); });
}

TEST(TileProgram, TilesCoverEveryPointOfEveryOperatorExactlyOnce) {
  for_random_programs(500, [](const MachineShape&, TileProgram& program) {
    ProgramReplay replay(program);
    ASSERT_EQ(replay.totals().size(), program.plans().size());
    for (const auto& [index, totals] : replay.totals()) {
      const OperatorPlan& plan = program.plans()[index];
      if (!plan.product) {
        std::uint64_t row = 0;
        for (const Instruction& i : totals.tiles) {
          ASSERT_EQ(i.tile.m0, row);
          ASSERT_EQ(i.tile.n, plan.row_length);
          row += i.tile.m;
        }
        ASSERT_EQ(row, plan.rows);
        continue;
      }
      const Product& p = plan.shape;
      std::vector<std::uint32_t> visits(p.m * p.n * p.k);  // over all independent products
      for (const Instruction& i : totals.tiles)
        for (std::uint64_t m = i.tile.m0; m < i.tile.m0 + i.tile.m; ++m)
          for (std::uint64_t n = i.tile.n0; n < i.tile.n0 + i.tile.n; ++n)
            for (std::uint64_t k = i.tile.k0; k < i.tile.k0 + i.tile.k; ++k)
              visits.at((m * p.n + n) * p.k + k) += i.tile.b;
      for (const std::uint32_t v : visits) ASSERT_EQ(v, p.batch);
      ASSERT_EQ(totals.work, plan.work);
    }
  });
}

TEST(TileProgram, KTilesOfAnOutputFollowEachOtherAndAllButTheFirstFill) {
  for_random_programs(500, [](const MachineShape&, TileProgram& program) {
    ProgramReplay replay(program);
    for (const auto& [index, totals] : replay.totals()) {
      const OperatorPlan& plan = program.plans()[index];
      std::uint64_t k = 0;
      for (const Instruction& i : totals.tiles) {
        if (!plan.product) continue;
        ASSERT_EQ(i.tile.k0, k);
        ASSERT_EQ(i.tile.fill, plan.engine == Engine::kMatrix && k > 0);
        k = i.tile.k0 + i.tile.k == plan.shape.k ? 0 : i.tile.k0 + i.tile.k;
      }
      ASSERT_EQ(k, 0u);
    }
  });
}

TEST(TileProgram, BytesOfEachOperandSumToItsSizeInEveryPassOverIt) {
  for_random_programs(1500, [](const MachineShape&, TileProgram& program) {
    ProgramReplay replay(program);
    for (const auto& [index, totals] : replay.totals()) {
      const OperatorPlan& plan = program.plans()[index];
      std::uint64_t stationary_passes = 1, streaming_passes = 1;
      if (plan.product) {
        const Product& p = plan.shape;
        const ProductTiling& t = plan.tiling;
        const bool k_split = t.k < p.k, weights_stay = t.order == TileOrder::kWeightsStay;
        const std::uint64_t m_tiles = ceil_div(p.m, t.m), n_tiles = ceil_div(p.n, t.n);
        if (k_split || !(weights_stay || n_tiles == 1)) stationary_passes = m_tiles;
        if (k_split || !(!weights_stay || m_tiles == 1)) streaming_passes = n_tiles;
      }
      const OperatorTraffic& traffic = program.traffic()[index];
      const std::string& name = program.trace().operators[index].name;
      ASSERT_EQ(traffic.stationary, plan.stationary_bytes * stationary_passes + plan.constant_bytes) << name;
      ASSERT_EQ(traffic.streaming, plan.streaming_bytes * streaming_passes) << name;
      ASSERT_EQ(traffic.written, plan.output_bytes) << name;
      ASSERT_EQ(totals.loaded, traffic.stationary + traffic.streaming) << name;
      ASSERT_EQ(totals.stored, traffic.written) << name;
    }
  });
}

void expect_matrix_limits(const MatrixUnitShape& m, const OperatorPlan& plan, const TileCommand& tile) {
  ASSERT_TRUE(m.present);
  ASSERT_LE(tile.m, m.max_extent);
  ASSERT_LE(ceil_div(tile.k, m.group_length), m.max_extent);
  ASSERT_LE(ceil_div(tile.n, m.lanes), m.blocks);
  ASSERT_LE(tile.weights.planes, m.max_planes);
  ASSERT_LE(tile.weights.integer_bits, m.weight_bits);
  ASSERT_EQ(tile.n0 % m.lanes, 0u);
  ASSERT_EQ(tile.k0 % m.group_length, 0u);
  const std::uint64_t safe = m.safe_group_elements[tile.weights.planes];
  const std::uint64_t group = plan.shape.scale_group;
  ASSERT_LE(group == 0 ? tile.k : std::min<std::uint64_t>(group, tile.k), safe) << "a partial sum may overflow";
  if (group == 0) {
    ASSERT_EQ(tile.scale_group, 0u);
    return;
  }
  ASSERT_EQ(tile.k0 % group, 0u) << "K is split inside a scale group";
  ASSERT_EQ(tile.scale_group % m.group_length, 0u);
  ASSERT_EQ(tile.scale_group, std::min<std::uint64_t>(group, ceil_div(tile.k, m.group_length) * m.group_length));
}

TEST(TileProgram, NoTileExceedsALimitOfItsMachine) {
  for_random_programs(1500, [](const MachineShape& machine, TileProgram& program) {
    ProgramReplay replay(program);
    for (const auto& [index, totals] : replay.totals()) {
      const OperatorPlan& plan = program.plans()[index];
      for (const Instruction& i : totals.tiles) {
        const TileCommand& t = i.tile;
        ASSERT_GE(std::min({t.m, t.n, t.k}), 1u);
        if (!plan.product) {
          const std::uint64_t row = ceil_div(plan.streaming_bytes, plan.rows) + ceil_div(plan.output_bytes, plan.rows);
          ASSERT_LE(t.m * row + plan.constant_bytes, machine.vector.slot_bytes);
          continue;
        }
        const SlotSizes& slots = plan.engine == Engine::kMatrix ? machine.matrix.slots : machine.vector.slots;
        const Product& p = plan.shape;
        ASSERT_LE(p.weight_bytes * t.b * t.n * t.k, static_cast<double>(slots.weights));
        ASSERT_LE(p.activation_bytes * t.b * t.m * t.k, static_cast<double>(slots.activations));
        ASSERT_LE(p.output_bytes * t.b * t.m * t.n, static_cast<double>(slots.outputs));
        if (plan.engine == Engine::kMatrix) expect_matrix_limits(machine.matrix, plan, t);
      }
    }
  });
}

TEST(TileProgram, IsTheSameEveryTime) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto text = [&] {
      RandomTrace random(seed);
      MachineShape machine = random.machine();
      const Trace trace = random.trace(6);
      machine.matrix.slots = machine.vector.slots = {1 << 14, 1 << 14, 1 << 14};
      machine.vector.slot_bytes = 1 << 14;
      Problems problems;
      std::ostringstream out;
      TileProgram program(trace, machine, problems);
      if (!problems.empty()) return std::string();
      Instruction i;
      while (program.next(i)) {
        out << static_cast<int>(i.engine) << ' ' << i.operator_index << ' ' << i.address << ' ' << i.bytes << ' '
            << i.tile.m0 << ' ' << i.tile.n0 << ' ' << i.tile.k0 << ' ' << i.tile.m << ' ' << i.tile.n << ' '
            << i.tile.k;
        for (const std::uint64_t wait : i.wait) out << ' ' << wait;
        out << '\n';
      }
      return out.str();
    };
    ASSERT_EQ(text(), text()) << "seed " << seed;
  }
}

TEST(TileProgram, AnEmptyWorkloadIsAnEmptyProgram) {
  const Trace trace;
  Problems problems;
  TileProgram program(trace, {}, problems);
  Instruction instruction;
  EXPECT_FALSE(program.next(instruction));
  EXPECT_FALSE(program.next(instruction));
  EXPECT_TRUE(problems.empty());
}

TEST(ByteShare, EveryPassSumsToTheTotalEvenIfATakeStraddlesItsEnd) {
  Random random(1);
  for (int round = 0; round < 2000; ++round) {
    const std::uint64_t bytes = random.below(10'000), volume = 1 + random.below(100);
    ByteShare share;
    share.start(bytes, volume);
    std::uint64_t taken = 0, given = 0;
    while (taken < 20 * volume) {
      const std::uint64_t piece = std::min(1 + random.below(volume), 20 * volume - taken);
      given += share.take(piece);
      taken += piece;
      ASSERT_EQ(given, bytes * taken / volume) << bytes << " bytes, volume " << volume;
    }
  }
}

TEST(SlotHistory, RemembersWhoUsedTheLoadsBeforeTheNewest) {
  SlotHistory slots;
  EXPECT_EQ(slots.last_use(2), 0u);
  for (std::uint64_t load = 1; load <= 10; ++load) {
    slots.begin_load();
    EXPECT_EQ(slots.last_use(0), 0u) << "nobody yet";
    EXPECT_EQ(slots.last_use(1), load > 1 ? 10 * (load - 1) + 1 : 0);
    EXPECT_EQ(slots.last_use(2), load > 2 ? 10 * (load - 2) + 1 : 0);
    EXPECT_EQ(slots.last_use(3), load > 3 ? 10 * (load - 3) + 1 : 0);
    slots.used_by(10 * load);
    slots.used_by(10 * load + 1);
  }
}

}  // namespace
}  // namespace lutetia
