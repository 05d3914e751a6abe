#include "units/attention/attention_tile.h"

#include <algorithm>
#include <cmath>

namespace lutetia {
namespace {

std::uint32_t ceil_div(std::uint32_t a, std::uint32_t b) {
  return (a + b - 1) / b;
}

}  // namespace

ScoreScale score_scale(const AttentionConfig& config, std::uint32_t head_dim) {
  constexpr double kUnit = 1.0 / 32;
  const double scale = 1 / std::sqrt(static_cast<double>(head_dim));
  return config.floating() ? attention_scale(ScoreUnit::kFp16, scale)
                           : attention_scale(ScoreUnit::kInteger, kUnit * kUnit * scale);
}

AttentionTileCommands::Context AttentionTileCommands::context(std::uint64_t index, std::uint32_t context) const {
  const std::uint64_t number = index % groups() * config_.contexts + context;
  const std::uint32_t heads = tile_.attention.heads;
  return {tile_.m0 + static_cast<std::uint32_t>(number / heads),
          tile_.attention.head0 + static_cast<std::uint32_t>(number % heads)};
}

AttentionRow AttentionTileCommands::row(std::uint64_t index, std::uint32_t c) const {
  const AttentionTile& a = tile_.attention;
  const std::uint32_t token = context(index, c).token;
  return {a.from(token), a.to(token), std::min(a.sinks, a.to(token))};
}

AttentionCommand AttentionTileCommands::command(std::uint64_t index) const {
  const AttentionTile& a = tile_.attention;
  AttentionCommand c;
  c.contexts = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(config_.contexts, contexts() - index % groups() * config_.contexts));
  c.key_chunks = ceil_div(tile_.k, config_.dims);
  c.value_chunks = ceil_div(a.value_dims, config_.dims);
  c.states = a.resume ? 1 : 0;
  c.partial = a.partial;
  c.open = a.open;
  c.close = a.close;
  if (config_.kv_scales) c.key_group = c.key_chunks, c.value_group = c.value_chunks;
  const ScoreScale scale = score_scale(config_, tile_.k);
  c.multiplier = scale.multiplier;
  c.shift = scale.shift;

  // Tokens rise with contexts, and so do both ends of what they see.
  const AttentionRow first = row(index, 0), last = row(index, c.contexts - 1);
  const std::uint32_t begin = tile_.n0, end = std::min(tile_.n0 + tile_.n, last.to);
  const std::uint32_t p = config_.keys;
  std::uint32_t from = std::max(begin, first.from) / p, sink_blocks = 0;
  if (begin == 0) {
    sink_blocks = std::min(ceil_div(last.sink, p), from);
  } else if (last.sink > begin) {
    from = begin / p;  // sinks that reach into a later tile: what lies between is visited, and masked
  }
  std::uint32_t to = std::max(ceil_div(end, p), from);
  if (to == from && sink_blocks == 0) {  // nobody sees a key of this tile, but a command has at least one block
    from = begin / p;
    to = from + 1;
  }
  c.sink_blocks = sink_blocks;
  c.from_block = from;
  c.blocks = to - from;
  return c;
}

}  // namespace lutetia
