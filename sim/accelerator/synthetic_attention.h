// Values for bodies of the attention unit that carry them: reproducible pseudo-random queries, keys and values (a trace
// has shapes, not values), and a check of every result against numeric/streaming_attention.h, to the bit, over the
// whole pass, however many tiles it was cut into.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "units/attention/attention_unit.h"

namespace lutetia {

class SyntheticAttention final : public AttentionData {
 public:
  SyntheticAttention(std::uint64_t seed, const AttentionConfig& config) : seed_(seed), config_(config) {}

  std::unique_ptr<AttentionOperands> operands(const TileCommand& tile) override;
  void output(const TileCommand& tile, std::uint32_t pass, std::uint32_t token, std::uint32_t head, std::uint32_t e,
              std::uint32_t bits) override;

  std::uint64_t outputs_checked() const { return checked_; }
  std::uint64_t mismatches() const { return mismatches_; }
  const std::string& first_mismatch() const { return first_mismatch_; }

 private:
  /// Results of one context of one operator, as they must be.
  std::vector<std::uint16_t> expected(const TileCommand& tile, std::uint32_t pass, std::uint32_t token,
                                      std::uint32_t head) const;

  std::uint64_t seed_;
  AttentionConfig config_;
  /// The context whose results come just now: they come one after the other.
  std::vector<std::uint64_t> context_;
  std::vector<std::uint16_t> results_;
  std::uint64_t checked_ = 0, mismatches_ = 0;
  std::string first_mismatch_;
};

}  // namespace lutetia
