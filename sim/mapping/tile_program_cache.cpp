// The part of the tile program that places cached keys and values in memory and appends to them. A trace says how many
// tokens an operator appends or reads, not which: that follows from what came before.
#include <algorithm>

#include "base/quantity.h"
#include "mapping/tile_program.h"

namespace lutetia {
namespace {

/// What has been cached under a name so far.
struct CacheHistory {
  std::uint64_t tokens = 0;          ///< of a sequence, those that a window let go included
  std::vector<std::size_t> appends;  ///< operators whose tokens no attention has read yet
  bool ring = false;                 ///< some attention has a window: not every token keeps its room
};

/// Tokens of a sequence that have been cached when an attention operator runs: those it reads, and behind a window
/// those that were appended before.
std::uint64_t cached_tokens(const Operator& op, const Trace& trace, const CacheHistory& history) {
  const std::uint64_t keys = extent(op, "n");
  const bool window = op.mask.kind == Mask::Kind::kCausal && op.mask.window > 0;
  if (!window || keys < op.mask.sinks + op.mask.window + extent(op, "m") - 1) return keys;  // nothing was let go
  std::uint64_t tokens = history.tokens;
  for (const std::size_t append : history.appends) tokens += extent(trace.operators[append], "m");
  return std::max(keys, tokens);
}

/// Whether an append's rows are tokens of heads, as caches lie. Others are written in one piece.
bool goes_by_token(const Operator& append, const OperatorPlan& plan, std::uint64_t heads) {
  return extent(append, "h") == heads && extent(append, "b") * heads * extent(append, "m") == plan.rows;
}

}  // namespace

void TileProgram::lay_out_caches(const MachineShape& machine) {
  append_at_.assign(plans_.size(), 0);
  window_skip_.assign(plans_.size(), 0);
  std::unordered_map<std::string, CacheHistory> histories;
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    const Operator& op = trace_.operators[i];
    if (op.kind == OperatorKind::kCacheAppend)
      if (const TensorUse* cache = find_tensor(op, Role::kCacheWrite)) histories[cache->name].appends.push_back(i);
    if (plans_[i].engine != Engine::kAttention) continue;
    const AttentionPlan& a = plans_[i].attention;
    const std::uint64_t tokens = cached_tokens(op, trace_, histories[op.tensors[1].name]);
    window_skip_[i] = tokens - a.tile.keys;
    for (const std::size_t t : {1u, 2u}) {
      KvCacheLayout& layout = caches_[op.tensors[t].name];
      layout.sequences = std::max(layout.sequences, a.passes / a.heads_kv);
      layout.heads = std::max(layout.heads, a.heads_kv);
      layout.tokens = std::max<std::uint64_t>(layout.tokens, a.tile.keys);
      layout.row_bytes = std::max(layout.row_bytes, t == 1 ? a.key_bytes : a.value_bytes);
      layout.sinks = std::max<std::uint64_t>(layout.sinks, a.tile.sinks);
      CacheHistory& history = histories[op.tensors[t].name];
      history.ring = history.ring || a.tile.window > 0;
      history.tokens = tokens;
      // New tokens are the last of those that the attention behind them sees.
      for (std::uint64_t end = tokens; !history.appends.empty(); history.appends.pop_back()) {
        const std::size_t append = history.appends.back();
        end -= std::min(end, extent(trace_.operators[append], "m"));
        append_at_[append] = end;
      }
    }
  }
  std::uint64_t tokens = 0, sequences = 0;
  for (auto& [name, layout] : caches_) {
    CacheHistory& history = histories[name];
    for (const std::size_t append : history.appends) {  // for attention that is not in the trace
      append_at_[append] = history.tokens;
      history.tokens += extent(trace_.operators[append], "m");
    }
  }
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    const Operator& op = trace_.operators[i];
    const TensorUse* cache = op.kind == OperatorKind::kCacheAppend ? find_tensor(op, Role::kCacheWrite) : nullptr;
    const auto found = cache == nullptr ? caches_.end() : caches_.find(cache->name);
    if (found == caches_.end() || !goes_by_token(op, plans_[i], found->second.heads)) continue;
    KvCacheLayout& layout = found->second;
    layout.sequences = std::max(layout.sequences, extent(op, "b"));
    layout.row_bytes = std::max(layout.row_bytes, ceil_div(plans_[i].output_bytes, plans_[i].rows));
    if (!histories[found->first].ring) layout.tokens = std::max(layout.tokens, append_at_[i] + extent(op, "m"));
  }
  for (const auto& [name, layout] : caches_) {
    tokens = std::max(tokens, layout.tokens);
    sequences = std::max(sequences, layout.sequences);
  }
  block_table_ = BlockTable(machine.kv_cache.page_tokens, sequences, tokens);
}

/// Rows of a row operation go where they lie: appends to a cache that the attention unit reads, piece by piece.
void TileProgram::store_rows(std::uint64_t first_row, std::uint64_t rows, std::uint64_t tile) {
  const Operator& op = trace_.operators[current_];
  const TensorUse* written = op.kind == OperatorKind::kCacheAppend ? find_tensor(op, Role::kCacheWrite) : nullptr;
  const auto cache = written == nullptr ? caches_.end() : caches_.find(written->name);
  if (cache == caches_.end() || !goes_by_token(op, plans_[current_], cache->second.heads)) {
    store(output_.take(rows), Event::kVectorDone, tile);
    return;
  }
  const std::uint64_t fresh = extent(op, "m"), heads = extent(op, "h");
  for (std::uint64_t row = first_row; row < first_row + rows;) {  // rows run over sequences, heads, tokens
    const std::uint64_t token = row % fresh, head = row / fresh % heads, sequence = row / fresh / heads;
    const KvCacheLayout::Run run = cache->second.run(block_table_, sequence, head, append_at_[current_] + token,
                                                     std::min(fresh - token, first_row + rows - row));
    output_address_ = run.address;
    store(output_.take(run.tokens), Event::kVectorDone, tile);
    row += run.tokens;
  }
}

std::uint64_t TileProgram::cache_piece_bytes() const {
  std::uint64_t least = 0;
  for (const OperatorPlan& plan : plans_) {
    if (plan.engine != Engine::kAttention) continue;
    const AttentionPlan& a = plan.attention;
    const std::uint64_t tokens = block_table_.paged() ? std::min(a.key_tile, block_table_.page_tokens()) : a.key_tile;
    const std::uint64_t piece = tokens * std::max(a.key_bytes, a.value_bytes);
    least = least == 0 ? piece : std::min(least, piece);
  }
  return least;
}

}  // namespace lutetia
