#include "mapping/attention_plan.h"

#include <algorithm>
#include <numeric>

#include "base/quantity.h"

namespace lutetia {
namespace {

/// Bytes of one of `rows` rows of a tensor, scales included.
std::uint64_t row_bytes(const Operator& op, const TensorUse& tensor, std::uint64_t rows) {
  return ceil_div(bytes(op, tensor), rows);
}

/// Largest number of at most `whole` that is a multiple of `step`, or `whole` itself if that fits.
std::uint64_t fit(std::uint64_t whole, std::uint64_t most, std::uint64_t step) {
  return whole <= most ? whole : most / step * step;
}

}  // namespace

std::string attention_obstacle(const Operator& op, const AttentionUnitShape& unit) {
  if (!unit.present) return "the design has no attention unit";
  const TensorUse& queries = op.tensors.at(0);
  const TensorUse& keys = op.tensors.at(1);
  const TensorUse& values = op.tensors.at(2);
  if (queries.format != unit.queries)
    return "its queries are " + std::string(queries.format->name) + ", the unit takes " +
           std::string(unit.queries->name);
  for (const TensorUse* cache : {&keys, &values})
    if (cache->format != unit.cache)
      return "its cache is " + std::string(cache->format->name) + ", the unit takes " + std::string(unit.cache->name);
  for (const TensorUse* cache : {&keys, &values})
    if (is_integer(*cache->format) && cache->group != kScalePerTensor) {
      if (!unit.scales) return "its cache has a scale per token, the unit no kv_scales";
      if (cache->group != 0 && cache->group < op.loops[cache->loops.back()].extent)
        return "its cache has several scales a token";
    }
  for (const char* head : {"k", "v"})
    if (ceil_div(extent(op, head), std::uint64_t{unit.dims}) > unit.max_chunks)
      return "its heads have " + std::to_string(extent(op, head)) + " elements, the unit takes " +
             std::to_string(unit.dims * unit.max_chunks);
  if (values_in_keys(op) != nullptr && extent(op, "v") > extent(op, "k")) return "its values are more than their keys";
  if (extent(op, "n") >= (std::uint64_t{1} << 20)) return "it has 2^20 keys or more";
  return "";
}

bool plan_attention(const Operator& op, const MachineShape& machine, OperatorPlan& plan, MappingFault& fault) {
  const AttentionUnitShape& unit = machine.attention;
  const std::string obstacle = attention_obstacle(op, unit);
  if (!obstacle.empty()) {
    fault = {"attention", "attention as one operator cannot run: " + obstacle};
    return false;
  }
  plan.engine = Engine::kAttention;
  plan.work = macs(op);
  AttentionPlan& a = plan.attention;
  a.heads_kv = extent(op, "h");
  a.passes = extent(op, "b") * a.heads_kv;
  a.queries = extent(op, "m");
  a.heads = extent(op, "g");
  a.head_dim = extent(op, "k");
  a.block = unit.keys;
  const std::uint64_t keys = extent(op, "n");
  a.tile.value_dims = static_cast<std::uint32_t>(extent(op, "v"));
  a.tile.keys = static_cast<std::uint32_t>(keys);
  a.tile.values_in_keys = values_in_keys(op) != nullptr;
  a.tile.causal = op.mask.kind == Mask::Kind::kCausal;
  if (a.tile.causal) {  // beyond the number of keys all are alike
    a.tile.past = static_cast<std::uint32_t>(std::min(op.mask.past, keys));
    a.tile.window = static_cast<std::uint32_t>(std::min(op.mask.window, keys));
    a.tile.sinks = static_cast<std::uint32_t>(std::min(op.mask.sinks, keys));
  }
  const std::uint64_t query_rows = a.passes * a.queries * a.heads;
  a.query_bytes = row_bytes(op, op.tensors[0], query_rows);
  a.key_bytes = row_bytes(op, op.tensors[1], a.passes * keys);
  a.value_bytes = a.tile.values_in_keys ? 0 : row_bytes(op, op.tensors[2], a.passes * keys);
  a.output_bytes = row_bytes(op, op.tensors[3], query_rows);
  plan.streaming_bytes = query_rows * a.query_bytes;
  plan.stationary_bytes = a.passes * keys * (a.key_bytes + a.value_bytes);
  plan.output_bytes = query_rows * a.output_bytes;

  const SlotSizes& slots = unit.slots;
  const std::uint64_t pair = a.key_bytes + a.value_bytes;
  const std::uint64_t rows = std::min(slots.activations / a.query_bytes, slots.outputs / a.output_bytes);
  // Tiles of whole blocks, and of whole pages too where one fits.
  const std::uint64_t blocks = unit.keys;
  const std::uint64_t pages = std::lcm(std::max<std::uint64_t>(machine.kv_cache.page_tokens, 1), blocks);
  a.key_tile = fit(keys, slots.weights / pair, pages * pair <= slots.weights ? pages : blocks);
  // Query tokens of a tile: contexts that fill the unit, if there is a choice.
  const auto queries_of = [&](std::uint64_t contexts) {
    const std::uint64_t most = a.head_tile == 0 ? 0 : contexts / a.head_tile;
    return fit(a.queries, most,
               std::clamp<std::uint64_t>(unit.contexts / a.heads, 1, std::max<std::uint64_t>(most, 1)));
  };
  if (a.whole_keys()) {
    a.head_tile = std::min(a.heads, rows);
    a.query_tile = queries_of(rows);
    if (a.query_tile == a.queries && a.head_tile == a.heads)
      a.pass_tile = std::min({a.passes, slots.weights / (pair * keys), rows / (a.queries * a.heads)});
  } else {
    // A partial result: the accumulators of whole chunks, and a head.
    const std::uint64_t chunks = ceil_div(std::uint64_t{a.tile.value_dims}, std::uint64_t{unit.dims});
    const std::uint64_t state_bytes =
        ceil_div(chunks * unit.dims * unit.accumulator_bits + unit.state_bits, std::uint64_t{8});
    const std::uint64_t held = std::min<std::uint64_t>(unit.contexts, rows);
    const std::uint64_t kept = std::min(rows, slots.outputs / std::max(state_bytes, a.output_bytes));
    a.partial_results = kept >= a.heads && kept > held && a.queries * a.heads > held;
    a.head_tile = a.partial_results ? a.heads : std::min(a.heads, held);
    a.query_tile = queries_of(a.partial_results ? kept : held);
  }
  if (a.key_tile == 0 || a.head_tile == 0 || a.query_tile == 0) {
    const auto text = [](std::uint64_t number) { return std::to_string(number); };
    fault = {"buffers.attention", "not even " + text(std::min(blocks, keys)) + " keys and values of " + text(pair) +
                                      " bytes, a query of " + text(a.query_bytes) + " bytes and a result of " +
                                      text(a.output_bytes) + " bytes fit the slots of the attention buffer (" +
                                      text(slots.weights) + ", " + text(slots.activations) + ", " +
                                      text(slots.outputs) + " bytes)"};
    return false;
  }
  return true;
}

bool sees_keys(const AttentionTile& tile, std::uint64_t first_query, std::uint64_t last_query, std::uint64_t key,
               std::uint64_t keys) {
  const std::uint64_t to = tile.to(static_cast<std::uint32_t>(last_query));
  return key < to && (key + keys > tile.from(static_cast<std::uint32_t>(first_query)) || key < tile.sinks);
}

KeyRange loaded_keys(const AttentionPlan& plan, std::uint64_t first_query, std::uint64_t last_query,
                     std::uint64_t key) {
  const AttentionTile& tile = plan.tile;
  KeyRange range{key, std::min<std::uint64_t>(tile.keys, key + plan.key_tile)};
  if (plan.whole_keys()) return range;
  const std::uint64_t from = tile.from(static_cast<std::uint32_t>(first_query)),
                      to = tile.to(static_cast<std::uint32_t>(last_query));
  // Of a tile that the windows have left behind, only its sinks.
  const std::uint64_t last = from >= range.end ? tile.sinks : to;
  if (key >= tile.sinks) range.begin = std::max(key, from / plan.block * plan.block);
  range.end = std::min(range.end, ceil_div(last, plan.block) * plan.block);
  return range;
}

}  // namespace lutetia
