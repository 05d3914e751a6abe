// An abstract machine that replays a tile program and knows only what its waits guarantee: engines issue and complete
// in order, two slots per buffer. Says what is wrong, or nothing. If asked, it also follows cached tokens through
// memory.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "cache_memory.h"
#include "mapping/tile_program.h"

namespace lutetia {

class ProgramReplay {
 public:
  explicit ProgramReplay(TileProgram& program, CacheMemory* caches = nullptr) : program_(program), caches_(caches) {
    Instruction instruction;
    while (program.next(instruction)) step(instruction);
    for (const auto& [key, buffers] : buffers_)
      EXPECT_FALSE(buffers.weights.fresh || buffers.activations.fresh) << "a load that no tile uses";
  }

  struct OperatorTotals {
    std::vector<Instruction> tiles;
    std::uint64_t loaded = 0, stored = 0, work = 0, last_store = 0;
  };
  /// By position in the trace.
  const std::map<std::uint32_t, OperatorTotals>& totals() const { return totals_; }

 private:
  using Counts = std::array<std::uint64_t, kEvents>;
  struct Operand {
    std::uint64_t loads = 0;
    std::uint64_t newest = 0;                             ///< number of the load that fills the newest slot
    std::array<std::uint64_t, kBufferSlots> last_tile{};  ///< by slot: last tile that read it
    bool fresh = false;                                   ///< loaded and not used yet
  };
  struct Buffers {
    Operand weights, activations;
    std::uint64_t outputs = 0;
    std::array<std::uint64_t, kBufferSlots> last_store{};
  };
  /// Which tile of an operand a slot holds.
  struct Held {
    std::uint64_t weights = UINT64_MAX, activations = UINT64_MAX;
    std::array<std::uint32_t, 4> keys{};  ///< attention: first pass, passes, first key, keys
  };

  static std::size_t at(Event event) { return static_cast<std::size_t>(event); }
  static void raise(Counts& to, const Counts& from) {
    for (std::size_t e = 0; e < kEvents; ++e) to[e] = std::max(to[e], from[e]);
  }

  void step(const Instruction& instruction) {
    const auto engine = static_cast<std::size_t>(instruction.engine);
    Counts sure{};
    if (!issued_[engine].empty()) sure = issued_[engine].back();
    for (std::size_t e = 0; e < kEvents; ++e) {
      const std::uint64_t count = instruction.wait[e];
      if (count == 0) continue;
      const Event event = static_cast<Event>(e);
      const auto& others = issued_[static_cast<std::size_t>(engine_of(event))];
      ASSERT_LE(count, others.size()) << "waits for an instruction that comes later";
      sure[e] = std::max(sure[e], count);
      raise(sure, others[count - 1]);
      if (event == Event::kMatrixDone) sure[at(Event::kMatrixRead)] = std::max(sure[at(Event::kMatrixRead)], count);
      if (event == Event::kVectorDone) sure[at(Event::kVectorRead)] = std::max(sure[at(Event::kVectorRead)], count);
      if (event == Event::kAttentionDone)
        sure[at(Event::kAttentionRead)] = std::max(sure[at(Event::kAttentionRead)], count);
    }
    issued_[engine].push_back(sure);
    ASSERT_GE(instruction.operator_index, current_) << "operators are written down in order";
    if (instruction.operator_index != current_ || !started_) begin(instruction.operator_index);
    switch (instruction.engine) {
      case Engine::kLoad: return load(instruction, sure);
      case Engine::kStore: return store(instruction, sure);
      default: return compute(instruction, sure);
    }
  }

  void begin(std::uint32_t index) {
    current_ = index;
    started_ = true;
    held_ = {};
    batch_ = 0;
    waiting_loads_.clear();
    predecessors_stored_ = 0;
    for (const std::uint64_t id : op().after)
      for (std::uint32_t i = 0; i < index; ++i)
        if (program_.trace().operators[i].id == id)
          predecessors_stored_ = std::max(predecessors_stored_, totals_[i].last_store);
  }

  const OperatorPlan& plan() const { return program_.plans()[current_]; }
  const Operator& op() const { return program_.trace().operators[current_]; }
  Buffers& buffers() { return buffers_[{plan().engine, plan().product}]; }
  Event read() const { return read_event(plan().engine); }
  Event done() const { return done_event(plan().engine); }

  /// Loads are kept until the tile that follows them tells which operands they bring.
  void load(const Instruction& instruction, const Counts& sure) {
    totals_[current_].loaded += instruction.bytes;
    waiting_loads_.push_back({instruction.address, instruction.bytes,
                              issued_[static_cast<std::size_t>(Engine::kLoad)].size(), sure[at(Event::kStoreDone)],
                              sure[at(read())]});
  }

  /// The next load, or the next `pieces` of them, bring one operand.
  void fill_slot(Operand& operand, bool depends_on_results, std::size_t pieces = 1) {
    const std::uint64_t overwritten = operand.last_tile[operand.loads % kBufferSlots];
    for (std::size_t i = 0; i < pieces; ++i) {
      ASSERT_FALSE(waiting_loads_.empty()) << "a tile whose operand was never loaded";
      const CacheMemory::Load load = waiting_loads_.front();
      waiting_loads_.erase(waiting_loads_.begin());
      EXPECT_GE(load.tiles_read, overwritten) << op().name << ": a load may overwrite what a tile still reads";
      if (depends_on_results) {
        EXPECT_GE(load.stores_done, predecessors_stored_) << op().name << ": loads what a predecessor has not stored";
      }
      operand.newest = load.number;
    }
    ++operand.loads;
    operand.fresh = true;
  }
  void use(Operand& operand, const Counts& sure, std::uint64_t tile) {
    EXPECT_GE(sure[at(Event::kLoadDone)], operand.newest)
        << op().name << ": a tile may begin before its operand arrived";
    operand.last_tile[(operand.loads - 1) % kBufferSlots] = tile;
    operand.fresh = false;
  }

  void compute(const Instruction& instruction, const Counts& sure) {
    const TileCommand& t = instruction.tile;
    OperatorTotals& totals = totals_[current_];
    ASSERT_EQ(instruction.engine, plan().engine);
    const bool first = t.m0 == 0 && t.n0 == 0 && t.k0 == 0;
    if (first && !totals.tiles.empty()) ++batch_;
    totals.tiles.push_back(instruction);
    totals.work += t.work;
    Buffers& b = buffers();
    const std::uint64_t tile = issued_[static_cast<std::size_t>(plan().engine)].size();
    if (plan().engine == Engine::kAttention) return attend(t, sure, tile);
    if (plan().product) {
      const Product& p = plan().shape;
      const std::uint64_t weights = (batch_ * p.n + t.n0) * p.k + t.k0,
                          activations = (batch_ * p.m + t.m0) * p.k + t.k0;
      const bool results = find_tensor(op(), Role::kWeight) == nullptr;
      if (weights != held_.weights) fill_slot(b.weights, results);
      if (activations != held_.activations) fill_slot(b.activations, true);
      held_ = {weights, activations};
      use(b.weights, sure, tile);
    } else {
      fill_slot(b.activations, true);
    }
    if (testing::Test::HasFatalFailure()) return;
    use(b.activations, sure, tile);
    EXPECT_TRUE(waiting_loads_.empty()) << op().name << ": a load that its tile does not need";
    if (!plan().product || t.k0 == 0) {
      EXPECT_GE(sure[at(Event::kStoreDone)], b.last_store[b.outputs % kBufferSlots])
          << op().name << ": a tile may overwrite results that are still being stored";
      ++b.outputs;
    }
    if (t.fill) {
      EXPECT_GE(sure[at(done())], tile - 1) << op().name << ": a fill may read partial sums that are not there yet";
    }
  }

  /// A tile of attention. Queries come before the first tile that meets them; keys and values, in pieces, before the
  /// first tile that reads them; results leave with the last tile of their queries.
  void attend(const TileCommand& t, const Counts& sure, std::uint64_t tile) {
    Buffers& b = buffers();
    const AttentionTile& a = t.attention;
    const bool begins = a.open && !a.resume;
    if (begins) {
      fill_slot(b.activations, true);
      ++b.outputs;
    }
    const std::array<std::uint32_t, 4> keys = {t.b0, t.b, t.n0, t.n};
    if (!waiting_loads_.empty()) {
      if (caches_ != nullptr) caches_->read(program_, current_, t, waiting_loads_);
      fill_slot(b.weights, true, waiting_loads_.size());
      held_.keys = keys;
    }
    if (testing::Test::HasFatalFailure()) return;
    EXPECT_EQ(held_.keys, keys) << op().name << ": a tile works on keys of another";
    ASSERT_GT(b.weights.loads, 0u);
    use(b.weights, sure, tile);
    if (a.open) use(b.activations, sure, tile);
    if (a.close) {
      EXPECT_GE(sure[at(Event::kStoreDone)], b.last_store[(b.outputs - 1) % kBufferSlots])
          << op().name << ": a tile may overwrite results that are still being stored";
    }
    if (a.resume) {
      EXPECT_GE(sure[at(done())], tile - 1) << op().name << ": a tile may go on from results that are not there yet";
    }
  }

  void store(const Instruction& instruction, const Counts& sure) {
    OperatorTotals& totals = totals_[current_];
    totals.stored += instruction.bytes;
    totals.last_store = issued_[static_cast<std::size_t>(Engine::kStore)].size();
    EXPECT_GE(sure[at(done())], issued_[static_cast<std::size_t>(plan().engine)].size())
        << op().name << ": stores what is not computed yet";
    Buffers& b = buffers();
    b.last_store[(b.outputs - 1) % kBufferSlots] = totals.last_store;
    if (caches_ != nullptr && op().kind == OperatorKind::kCacheAppend)
      caches_->append(program_, current_, instruction, totals.last_store, sure[at(Event::kLoadDone)]);
  }

  TileProgram& program_;
  CacheMemory* caches_;
  std::array<std::vector<Counts>, kEngines> issued_;  ///< what is sure when each instruction goes
  std::map<std::pair<Engine, bool>, Buffers> buffers_;
  std::map<std::uint32_t, OperatorTotals> totals_;
  std::uint32_t current_ = 0;
  bool started_ = false;
  Held held_;
  std::uint64_t batch_ = 0, predecessors_stored_ = 0;
  std::vector<CacheMemory::Load> waiting_loads_;
};

}  // namespace lutetia
