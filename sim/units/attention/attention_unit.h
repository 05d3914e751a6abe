// The attention unit as a compute unit of a machine: tile fork, operand readers, unit, result writer.
//
// A tile is taken from the command channel in a cycle in which every reader that has beats to read has room in its
// queue of jobs (one being read, two waiting). There is a reader per input stream, for the commands too; it pushes a
// beat in every cycle in which the unit is ready, from the cycle after it loaded the job; it loads the next job in the
// cycle of its last push. The writer takes a result in every cycle. `operands_read` follows the last query, key and
// value beat (and their scales), `done` the last result; a tile whose pass goes on in the next one is done when it is
// read. Tokens keep the order of tiles.
//
// attention_transaction.h computes these times, attention_stepped.h steps the cycle body or the RTL; same stamps.
#pragma once
#include <memory>

#include "units/activity_ledger.h"
#include "units/attention/attention_beats.h"
#include "units/compute_unit.h"
#include "units/token_queue.h"

namespace lutetia {

inline constexpr std::uint32_t kAttentionReaderQueue = AttentionConfig::kStreamDepth;

/// Whether a tile's operands have been read when this stream's last beat is.
constexpr bool is_attention_operand(std::uint32_t input) {
  return input != AttentionPort::kCommand && input != AttentionPort::kRow;
}

/// Where values come from and go to when a body carries them.
class AttentionData {
 public:
  virtual ~AttentionData() = default;
  virtual std::unique_ptr<AttentionOperands> operands(const TileCommand& tile) = 0;
  /// One result of the operator: FP16 bits, or an INT8.
  virtual void output(const TileCommand& tile, std::uint32_t pass, std::uint32_t token, std::uint32_t head,
                      std::uint32_t e, std::uint32_t bits) = 0;
};

/// Places in UnitEvents: the fires of the scores node, and the ports.
/// kBlock: blocks of keys of query rows, one softmax step each, whatever the number of chunks.
struct AttentionEvent {
  enum : std::size_t { kFire, kFirstPort, kOut = kFirstPort + AttentionPort::kInputs, kBlock, kCount };
};
static_assert(AttentionEvent::kCount <= kMostUnitEvents);

/// Of one command: what happens on every port, whatever the times.
UnitEvents attention_events(const AttentionCommand& command);

/// What the unit did, counted as tiles are taken; equal in every body, and what technologies price.
struct AttentionCounters {
  explicit AttentionCounters(StatGroup& group) : group_(group) {}
  /// Returns the events of the command.
  UnitEvents count(const AttentionConfig& config, const AttentionCommand& command);

  StatGroup& group_;
  Counter tiles{group_, "tiles", Unit::kTransfers, "tile commands taken"};
  Counter passes{group_, "passes", Unit::kTransfers, "commands that end a pass over the keys"};
  Counter score_steps{group_, "score_steps", Unit::kOperations,
                      "steps of keys x dims multiply-accumulates, queries by keys"};
  Counter value_steps{group_, "value_steps", Unit::kOperations, "the same, weights by values"};
  Counter exponentials{group_, "exponentials", Unit::kOperations, "powers of two, for keys that do not count too"};
  Counter divisions{group_, "divisions", Unit::kOperations, "row sums inverted"};
  Counter commands{group_, "commands", Unit::kTransfers, "commands of tiles: one or more passes"};
  Counter row_beats{group_, "row_beats", Unit::kTransfers, "contexts told what they may see"};
  Counter query_beats{group_, "query_beats", Unit::kTransfers, "chunks of queries read"};
  Counter key_beats{group_, "key_beats", Unit::kTransfers, "chunks of blocks of keys read"};
  Counter key_scale_beats{group_, "key_scale_beats", Unit::kTransfers, "scales of blocks of keys read"};
  Counter state_beats{group_, "state_beats", Unit::kTransfers, "heads of partial results read back"};
  Counter partial_beats{group_, "partial_beats", Unit::kTransfers, "chunks of partial results read back"};
  Counter value_beats{group_, "value_beats", Unit::kTransfers, "chunks of blocks of values read"};
  Counter value_scale_beats{group_, "value_scale_beats", Unit::kTransfers, "scales of blocks of values read"};
  Counter output_beats{group_, "output_beats", Unit::kTransfers, "chunks of results written"};
};

UnitAbilities attention_abilities(const std::string& body, const AttentionConfig& config);

}  // namespace lutetia
