// What the FIFOs between the nodes of the attention unit's cycle body carry.
#pragma once
#include <cstdint>
#include <vector>

#include "kernel/credit_fifo.h"
#include "units/attention/attention_command.h"

namespace lutetia {

/// Scores -> softmax: one block of one context.
struct AttentionScores {
  std::vector<std::int32_t> score;    ///< by key, SQ10.10
  std::vector<std::uint8_t> visible;  ///< by key: what the context's row says
};

/// Softmax -> accumulate: one block or state of one context.
struct AttentionWeights {
  std::int32_t maximum = 0;    ///< running maximum with this item; 0 until something counted
  std::uint32_t distance = 0;  ///< by which it rose
  bool state = false;
  std::vector<std::uint32_t> weight;  ///< of a block, by key
  std::uint64_t state_sum = 0;        ///< of a state
  std::uint32_t state_distance = 0;   ///< of the state's maximum to the running one
};

using AttentionCommandFifo = CreditFifo<AttentionCommand>;
using AttentionStreamFifo = CreditFifo<Payload>;
using AttentionScoreFifo = CreditFifo<AttentionScores>;
using AttentionWeightFifo = CreditFifo<AttentionWeights>;

}  // namespace lutetia
