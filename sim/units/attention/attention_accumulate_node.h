// Accumulate node of the attention unit's cycle body: row sums and weighted values in two banks, one filled while the
// other is normalised. README.md, "Accumulate" and arithmetic steps 5 and 6. RTL twin: rtl/units/attention.
#pragma once
#include <array>
#include <vector>

#include "units/attention/attention_items.h"
#include "units/attention/attention_words.h"

namespace lutetia {

/// A bank of accumulators.
struct AttentionBank {
  bool taken = false;  ///< complete; not to be filled before it is freed
  std::uint64_t ready_from =
      0;  ///< first cycle in which a taken bank may be read: its last sums have left the pipeline
  std::vector<std::uint64_t> sum;     ///< [context]
  std::vector<std::int32_t> maximum;  ///< [context]
  std::vector<WideInt> accumulator;   ///< [context][chunk][element]
};

class AttentionAccumulateNode {
 public:
  AttentionAccumulateNode(const AttentionConfig& config, AttentionWeightFifo& weights, AttentionStreamFifo& partial,
                          AttentionStreamFifo& value, AttentionStreamFifo& value_scale);

  AttentionCommandFifo& commands() { return commands_; }
  const AttentionCommandFifo& commands() const { return commands_; }

  /// The bank to be normalised next, and whether it is complete.
  bool ready() const { return banks_[read_].taken && banks_[read_].ready_from <= now_; }
  const AttentionBank& bank() const { return banks_[read_]; }
  std::size_t offset(std::uint32_t context, std::uint32_t chunk) const {
    return (std::size_t{context} * config_.max_chunks + chunk) * config_.dims;
  }
  /// Frees it with the coming edge and turns to the other.
  void release() { released_ = true; }

  bool idle() const { return commands_.empty() && !banks_[0].taken && !banks_[1].taken; }
  void evaluate();
  void settle();

 private:
  /// The accumulator that a fire adds to.
  struct Place {
    std::uint32_t bank = 0, context = 0, chunk = 0;
    bool operator==(const Place& o) const { return bank == o.bank && context == o.context && chunk == o.chunk; }
  };

  bool can_fire() const;
  bool last_of_group() const;
  void add_row_sum();
  void add_state();
  void load_operands();
  void add_values();
  void step();

  AttentionConfig config_;
  AttentionCommandFifo commands_;
  AttentionWeightFifo& weights_;
  AttentionStreamFifo& partial_;
  AttentionStreamFifo& value_;
  AttentionStreamFifo& value_scale_;

  std::array<AttentionBank, AttentionConfig::kBanks> banks_;
  std::uint32_t read_ = 0;
  std::uint64_t now_ = 0;
  bool filled_ = false, released_ = false;  ///< in this cycle
  bool fired_ = false, firing_ = false;     ///< in the cycle before, in this one
  Place last_;                              ///< of the last fire

  std::uint64_t item_ = 0;  ///< of the command: states, then blocks
  Place place_;
  std::vector<AttentionWeights> held_;    ///< [context], for all chunks
  std::vector<std::int64_t> operands_;    ///< [key][element] of the front of the value FIFO
  std::vector<std::uint32_t> fractions_;  ///< [key]
};

}  // namespace lutetia
