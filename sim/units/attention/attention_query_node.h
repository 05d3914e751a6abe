// Query loader of the attention unit's cycle body: two banks, one filled while the other is read. README.md, "Query
// loader". RTL twin: rtl/units/attention.
#pragma once
#include <array>
#include <vector>

#include "units/attention/attention_items.h"
#include "units/attention/attention_words.h"

namespace lutetia {

class AttentionQueryNode {
 public:
  AttentionQueryNode(const AttentionConfig& config, AttentionStreamFifo& row, AttentionStreamFifo& query);

  AttentionCommandFifo& commands() { return commands_; }
  const AttentionCommandFifo& commands() const { return commands_; }

  /// The bank that is read.
  bool full() const { return banks_[read_].full; }
  const AttentionRow& row(std::uint32_t context) const { return banks_[read_].rows[context]; }
  /// `dims` operands.
  const std::int64_t* operands(std::uint32_t context, std::uint32_t chunk) const {
    return &banks_[read_].operands[offset(context, chunk)];
  }
  /// Empties it with the coming edge and turns to the other.
  void release() { released_ = true; }

  bool idle() const { return commands_.empty() && !banks_[0].full && !banks_[1].full; }
  /// Decides; settle() is the edge, after the reader decided too.
  void evaluate();
  void settle();

 private:
  struct Bank {
    bool full = false;
    std::vector<AttentionRow> rows;
    std::vector<std::int64_t> operands;  ///< [context][chunk][element]
  };
  std::size_t offset(std::uint32_t context, std::uint32_t chunk) const {
    return (std::size_t{context} * config_.max_chunks + chunk) * config_.dims;
  }

  AttentionConfig config_;
  AttentionCommandFifo commands_;
  AttentionStreamFifo& row_;
  AttentionStreamFifo& query_;
  std::array<Bank, AttentionConfig::kBanks> banks_;
  std::uint32_t read_ = 0, write_ = 0;
  std::uint32_t context_ = 0, chunk_ = 0;
  bool filled_ = false, released_ = false;  ///< in this cycle
};

}  // namespace lutetia
