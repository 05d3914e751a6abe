// The tile program of a workload: double-buffered loads, tiles, stores, written down operator by operator as the
// sequencer asks for them. Weights of an operator may be loaded while earlier operators still run; its activations are
// loaded when the operators it waits for have stored their results. Nothing is allocated per instruction.
//
// Scales travel with the weights but lie in a buffer of their own with three slots: the epilogue still reads them when
// the next weights arrive.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/problem.h"
#include "mapping/kv_cache_layout.h"
#include "mapping/operator_plan.h"
#include "workload/trace.h"

namespace lutetia {

/// Bytes of a tensor handed out tile by tile, in proportion to volume, so that every pass over it sums to the total.
class ByteShare {
 public:
  void start(std::uint64_t bytes, std::uint64_t volume) { *this = {}, bytes_ = bytes, volume_ = volume; }
  std::uint64_t take(std::uint64_t volume);

 private:
  std::uint64_t bytes_ = 0, volume_ = 1, done_ = 0, given_ = 0;
};

/// Slots of one buffer in turn: who used what was loaded last, so that a later load knows what to wait for.
class SlotHistory {
 public:
  /// The newest load is used by tile number `tile` (counted from 1).
  void used_by(std::uint64_t tile) { last_use_[loads_ % last_use_.size()] = tile; }
  /// A new load begins; returns the last tile that used the load `back` loads before it.
  void begin_load() { last_use_[++loads_ % last_use_.size()] = 0; }
  std::uint64_t last_use(std::uint64_t back) const {
    return back > loads_ ? 0 : last_use_[(loads_ - back) % last_use_.size()];
  }

 private:
  std::array<std::uint64_t, 4> last_use_{};
  std::uint64_t loads_ = 0;
};

/// Bytes between memory and buffers; a stationary operand that is reloaded counts every time.
struct OperatorTraffic {
  std::uint64_t stationary = 0;  ///< weights or cache, constants
  std::uint64_t streaming = 0;   ///< activations
  std::uint64_t written = 0;
  std::uint64_t total() const { return stationary + streaming + written; }
};

class TileProgram final : public InstructionSource {
 public:
  /// Plans every operator; what cannot be mapped is added to `problems`, whose path is the
  /// design key that is too small (no location: the design is not known here). The trace outlives this.
  TileProgram(const Trace& trace, const MachineShape& machine, Problems& problems);

  bool next(Instruction& instruction) override;

  const std::vector<OperatorPlan>& plans() const { return plans_; }
  /// Bytes moved for each operator by the instructions written so far.
  const std::vector<OperatorTraffic>& traffic() const { return traffic_; }
  const Trace& trace() const { return trace_; }
  /// Bytes of memory that the tensors take, packed one after the other.
  std::uint64_t memory_bytes() const { return memory_bytes_; }
  /// Bytes of the usual piece in which the attention unit's keys and values are loaded: a page of a head, or a whole
  /// tile; 0 without such loads.
  std::uint64_t cache_piece_bytes() const;

 private:
  /// Position in the passes of attention.
  struct AttentionCursor {
    std::uint64_t pass = 0, head = 0, query = 0, key = 0;
    bool open = true;                              ///< the next key tile is the first that these queries see
    std::uint64_t loaded_from = 0, loaded_to = 0;  ///< which keys of this pass the slot holds
  };

  struct Buffers {  ///< of one unit
    SlotHistory weights, activations, outputs;
  };
  /// Position in the tile loops of a product: outer, inner, k.
  struct Cursor {
    std::uint64_t batch = 0, m = 0, n = 0, k = 0;
    std::uint64_t weights_key = UINT64_MAX, activations_key = UINT64_MAX;  ///< which tile each slot holds
  };

  void fuse_tables(const MachineShape& machine, Problems& problems);
  void begin_operator();
  void product_tile();
  void row_tile();
  void attention_tile();
  void load_cache(const AttentionPlan& plan, std::uint64_t passes, std::uint64_t from, std::uint64_t to);
  bool advance_attention(const AttentionPlan& plan);
  void store_rows(std::uint64_t first_row, std::uint64_t rows, std::uint64_t tile);
  bool advance_product();
  void finish_operator();
  Instruction& add(Engine engine);
  std::uint64_t load(std::uint64_t address, std::uint64_t bytes, SlotHistory& slots, Event read, Event done,
                     bool depends_on_results);
  void store(std::uint64_t bytes, Event computed, std::uint64_t tile);
  void wait_for_results(Instruction& instruction) const;
  /// Places every tensor in memory, each with room for its largest use (a cache grows from step to step).
  void place_tensors();
  /// Layouts of the caches that the attention unit reads, and where new tokens are appended (tile_program_cache.cpp).
  void lay_out_caches(const MachineShape& machine);

  const Trace& trace_;
  std::uint64_t group_length_;  ///< of the matrix unit
  std::vector<OperatorPlan> plans_;
  std::vector<OperatorTraffic> traffic_;
  std::vector<std::uint64_t> last_store_;  ///< per operator: stores issued when it was complete
  std::vector<std::uint32_t> after_;       ///< indices of predecessors, all operators' one after the other
  std::vector<std::size_t> after_begin_;
  std::unordered_map<std::string, std::uint64_t> addresses_;
  std::unordered_map<std::string, std::uint64_t> table_bytes_;  ///< of activations that are fetched as tables
  std::uint64_t memory_bytes_ = 0;
  BlockTable block_table_;
  std::unordered_map<std::string, KvCacheLayout> caches_;  ///< those the attention unit reads
  std::vector<std::uint64_t> append_at_;    ///< per operator: position of the first token that a cache append writes
  std::vector<std::uint64_t> window_skip_;  ///< per operator: tokens that its attention's window left behind the sinks

  std::size_t current_ = 0;  ///< operator being written down
  bool begun_ = false;
  Cursor cursor_;
  AttentionCursor attention_cursor_;
  std::uint64_t rows_done_ = 0;
  std::uint64_t results_stored_ = 0;  ///< stores the current operator's inputs wait for
  ByteShare stationary_, streaming_, output_, work_, tables_;
  std::uint64_t stationary_address_ = 0, streaming_address_ = 0, output_address_ = 0;

  Buffers matrix_, vector_, vector_rows_, attention_;
  std::array<std::uint64_t, kEngines> issued_{};  ///< instructions written so far, by engine
  std::vector<Instruction> pending_;              ///< of the tile being written down; its room is reused
  std::size_t pending_next_ = 0;
};

}  // namespace lutetia
