// Scores node of the attention unit's cycle body: dot products of the queries with a block of keys, a chunk a cycle.
// Sums are computed at the fire; nobody can see them before the pipeline's end. README.md, "Scores" and arithmetic
// step 1. RTL twin: rtl/units/attention.
#pragma once
#include <vector>

#include "units/attention/attention_query_node.h"

namespace lutetia {

class AttentionScoreNode {
 public:
  enum Activity : std::uint32_t { kBusy, kIdle, kQueries, kKeys, kDownstream };

  AttentionScoreNode(const AttentionConfig& config, AttentionQueryNode& queries, AttentionStreamFifo& key,
                     AttentionStreamFifo& key_scale, AttentionScoreFifo& scores);

  AttentionCommandFifo& commands() { return commands_; }
  const AttentionCommandFifo& commands() const { return commands_; }
  Activity activity() const;
  void evaluate();
  void settle() { commands_.clock(); }

 private:
  bool last_chunk() const { return chunk_ + 1 == commands_.front().key_chunks; }
  bool last_context() const { return context_ + 1 == commands_.front().contexts; }
  bool last_of_group() const;
  void load_operands();
  void fire();
  void accumulate();
  void finish();
  void end_command();

  AttentionConfig config_;
  AttentionCommandFifo commands_;
  AttentionQueryNode& queries_;
  AttentionStreamFifo& key_;
  AttentionStreamFifo& key_scale_;
  AttentionScoreFifo& scores_;

  std::uint64_t block_ = 0;  ///< position in the command
  std::uint32_t chunk_ = 0, context_ = 0;
  std::vector<std::int64_t> operands_;      ///< [key][element] of the front of the key FIFO
  std::vector<std::uint32_t> multipliers_;  ///< [key]
  std::vector<WideInt> groups_, totals_;    ///< [context][key]
};

}  // namespace lutetia
