// The part of the tile program that belongs to the attention unit: passes over cached keys and values, page by page.
#include <algorithm>

#include "base/quantity.h"
#include "mapping/attention_plan.h"
#include "mapping/tile_program.h"

namespace lutetia {

void TileProgram::attention_tile() {
  const OperatorPlan& plan = plans_[current_];
  const AttentionPlan& a = plan.attention;
  AttentionCursor& at = attention_cursor_;
  const std::uint64_t passes = std::min(a.pass_tile, a.passes - at.pass),
                      heads = std::min(a.head_tile, a.heads - at.head),
                      queries = std::min(a.query_tile, a.queries - at.query);
  const std::uint64_t last_query = at.query + queries - 1, end = a.tile.keys;
  while (!sees_keys(a.tile, at.query, last_query, at.key, a.key_tile)) at.key += a.key_tile;
  const KeyRange keys = loaded_keys(a, at.query, last_query, at.key);
  const auto read = Event::kAttentionRead, done = Event::kAttentionDone;

  if (at.open) {
    const std::uint64_t bytes = passes * queries * heads * a.query_bytes;
    load(streaming_address_, bytes, attention_.activations, read, done, true);
    traffic_[current_].streaming += bytes;
  }
  if (at.loaded_from != keys.begin || at.loaded_to != keys.end) {
    load_cache(a, passes, keys.begin, keys.end);
    at.loaded_from = keys.begin;
    at.loaded_to = keys.end;
  }
  std::uint64_t next_key = at.key + a.key_tile;
  while (next_key < end && !sees_keys(a.tile, at.query, last_query, next_key, a.key_tile)) next_key += a.key_tile;

  Instruction& compute = add(Engine::kAttention);
  const std::uint64_t tile = issued_[static_cast<std::size_t>(Engine::kAttention)];
  compute.wait_for(Event::kLoadDone, issued_[static_cast<std::size_t>(Engine::kLoad)]);
  TileCommand& command = compute.tile;
  command.op = plan.op;
  command.m0 = static_cast<std::uint32_t>(at.query);
  command.m = static_cast<std::uint32_t>(queries);
  command.n0 = static_cast<std::uint32_t>(keys.begin);
  command.n = static_cast<std::uint32_t>(keys.end - keys.begin);
  command.k = static_cast<std::uint32_t>(a.head_dim);
  command.b0 = static_cast<std::uint32_t>(at.pass);
  command.b = static_cast<std::uint32_t>(passes);
  command.attention = a.tile;
  command.attention.head0 = static_cast<std::uint32_t>(at.head);
  command.attention.heads = static_cast<std::uint32_t>(heads);
  const bool first = at.open, last = next_key >= end;
  if (a.partial_results) {
    command.attention.resume = !first;
    command.attention.partial = !last;
    if (!first) compute.wait_for(done, tile - 1);  // reads what the tile before wrote
  } else {
    command.attention.open = first;
    command.attention.close = last;
  }
  attention_.weights.used_by(tile);
  attention_.activations.used_by(tile);
  if (at.open) {  // takes an output slot that a store must have emptied
    attention_.outputs.begin_load();
    compute.wait_for(Event::kStoreDone, attention_.outputs.last_use(kBufferSlots));
  }
  at.open = last;
  at.key = next_key;
  if (!last) return;
  store(passes * queries * heads * a.output_bytes, done, tile);
  attention_.outputs.used_by(issued_[static_cast<std::size_t>(Engine::kStore)]);
  at.key = 0;
  if (!advance_attention(a)) finish_operator();
}

/// Loads keys from .. to - 1, and their values, of `passes` passes from the cursor on, in as many pieces as they lie
/// in.
void TileProgram::load_cache(const AttentionPlan& plan, std::uint64_t passes, std::uint64_t from, std::uint64_t to) {
  const AttentionCursor& at = attention_cursor_;
  const std::uint64_t skip = window_skip_[current_], sinks = plan.tile.sinks;
  bool first = true;
  for (const std::size_t tensor : {1u, 2u}) {
    if (tensor == 2 && plan.tile.values_in_keys) break;
    const KvCacheLayout& cache = caches_.at(trace_.operators[current_].tensors[tensor].name);
    const std::uint64_t row = tensor == 1 ? plan.key_bytes : plan.value_bytes;
    for (std::uint64_t pass = at.pass; pass < at.pass + passes; ++pass)
      for (std::uint64_t key = from; key < to;) {
        const bool before_skip = skip > 0 && key < sinks;
        const KvCacheLayout::Run run =
            cache.run(block_table_, pass / plan.heads_kv, pass % plan.heads_kv, key + (before_skip ? 0 : skip),
                      (before_skip ? std::min(to, sinks) : to) - key);
        if (first) {
          load(run.address, run.tokens * row, attention_.weights, Event::kAttentionRead, Event::kAttentionDone, true);
          first = false;
        } else {  // loads go in order: what the first waits for has happened
          Instruction& piece = add(Engine::kLoad);
          piece.address = run.address;
          piece.bytes = run.tokens * row;
        }
        traffic_[current_].stationary += run.tokens * row;
        key += run.tokens;
      }
  }
}

bool TileProgram::advance_attention(const AttentionPlan& plan) {
  AttentionCursor& at = attention_cursor_;
  at.query += plan.query_tile;
  if (at.query < plan.queries) return true;
  at.query = 0;
  at.head += plan.head_tile;
  if (at.head < plan.heads) return true;
  at.head = 0;
  at.loaded_from = at.loaded_to = 0;
  at.pass += plan.pass_tile;
  return at.pass < plan.passes;
}

}  // namespace lutetia
