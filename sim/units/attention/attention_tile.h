// A kAttention tile as commands of the attention unit: the contexts of a pass (query tokens times the heads that share
// its keys) are cut into groups of `contexts`, and every group is one pass over the blocks of keys that any of them
// sees. Blocks that nobody sees are not in the command.
#pragma once
#include <cstdint>

#include "numeric/attention_scale.h"
#include "units/attention/attention_command.h"
#include "units/attention/attention_config.h"
#include "units/tile_command.h"

namespace lutetia {

class AttentionTileCommands {
 public:
  /// A context of a command: query token and query head, both counted in the whole operator.
  struct Context {
    std::uint32_t token = 0, head = 0;
  };

  AttentionTileCommands() = default;
  AttentionTileCommands(const AttentionConfig& config, const TileCommand& tile) : config_(config), tile_(tile) {}

  std::uint64_t size() const { return std::uint64_t{tile_.b} * groups(); }
  AttentionCommand command(std::uint64_t index) const;
  AttentionRow row(std::uint64_t index, std::uint32_t context) const;
  Context context(std::uint64_t index, std::uint32_t context) const;
  /// Pair of sequence and key/value head of a command, counted in the whole operator.
  std::uint32_t pass(std::uint64_t index) const { return tile_.b0 + static_cast<std::uint32_t>(index / groups()); }
  const TileCommand& tile() const { return tile_; }

 private:
  std::uint64_t contexts() const { return std::uint64_t{tile_.m} * tile_.attention.heads; }
  std::uint64_t groups() const { return (contexts() + config_.contexts - 1) / config_.contexts; }

  AttentionConfig config_;
  TileCommand tile_;
};

/// Of the score products of heads of `head_dim` elements: FP16 as they are; integers stand for numbers within +-4, one
/// unit is 1/32 in queries and in keys (traces have no values, and so no scales).
ScoreScale score_scale(const AttentionConfig& config, std::uint32_t head_dim);

}  // namespace lutetia
