// Softmax node of the attention unit's cycle body: bias and mask, running maximum, exp2. README.md, "Softmax" and
// arithmetic steps 2 to 4 and 6. RTL twin: rtl/units/attention.
#pragma once
#include <vector>

#include "units/attention/attention_items.h"
#include "units/attention/attention_words.h"

namespace lutetia {

class AttentionSoftmaxNode {
 public:
  AttentionSoftmaxNode(const AttentionConfig& config, AttentionScoreFifo& scores, AttentionStreamFifo& mask,
                       AttentionStreamFifo& state, AttentionWeightFifo& weights);

  AttentionCommandFifo& commands() { return commands_; }
  const AttentionCommandFifo& commands() const { return commands_; }
  void evaluate();
  void settle() { commands_.clock(); }

 private:
  /// Running maximum of a context.
  struct Running {
    bool any = false;  ///< something counted in this pass
    std::int32_t maximum = 0;
  };
  /// Raises it and returns by how much.
  static std::uint32_t raise(Running& running, std::int32_t maximum);
  AttentionWeights of_state(Running& running);
  AttentionWeights of_block(Running& running);

  AttentionConfig config_;
  AttentionCommandFifo commands_;
  AttentionScoreFifo& scores_;
  AttentionStreamFifo& mask_;
  AttentionStreamFifo& state_;
  AttentionWeightFifo& weights_;

  std::uint64_t item_ = 0;  ///< of the command: states, then blocks
  std::uint32_t context_ = 0;
  std::vector<Running> running_;  ///< [context]
};

}  // namespace lutetia
