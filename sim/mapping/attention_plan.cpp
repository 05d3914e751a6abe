#include "mapping/attention_plan.h"

#include <algorithm>

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
    if (is_integer(*cache->format) && cache->group != kScalePerTensor && !(unit.scales && cache->group == 0))
      return unit.scales ? "its cache has several scales a token"
                         : "its cache has a scale per token, the unit no kv_scales";
  for (const char* head : {"k", "v"})
    if (ceil_div(extent(op, head), std::uint64_t{unit.dims}) > unit.max_chunks)
      return "its heads have " + std::to_string(extent(op, head)) + " elements, the unit takes " +
             std::to_string(unit.dims * unit.max_chunks);
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
  const std::uint64_t keys = extent(op, "n");
  a.tile.value_dims = static_cast<std::uint32_t>(extent(op, "v"));
  a.tile.keys = static_cast<std::uint32_t>(keys);
  a.tile.causal = op.mask.kind == Mask::Kind::kCausal;
  a.tile.past = static_cast<std::uint32_t>(op.mask.past);
  a.tile.window = static_cast<std::uint32_t>(op.mask.window);
  a.tile.sinks = static_cast<std::uint32_t>(op.mask.sinks);
  const std::uint64_t query_rows = a.passes * a.queries * a.heads;
  a.query_bytes = row_bytes(op, op.tensors[0], query_rows);
  a.key_bytes = row_bytes(op, op.tensors[1], a.passes * keys);
  a.value_bytes = row_bytes(op, op.tensors[2], a.passes * keys);
  a.output_bytes = row_bytes(op, op.tensors[3], query_rows);
  plan.streaming_bytes = query_rows * a.query_bytes;
  plan.stationary_bytes = a.passes * keys * (a.key_bytes + a.value_bytes);
  plan.output_bytes = query_rows * a.output_bytes;

  const SlotSizes& slots = unit.slots;
  const std::uint64_t pair = a.key_bytes + a.value_bytes;
  const std::uint64_t rows = std::min(slots.activations / a.query_bytes, slots.outputs / a.output_bytes);
  const std::uint64_t step = std::max<std::uint64_t>(unit.keys, machine.kv_cache.page_tokens);
  a.key_tile = fit(keys, slots.weights / pair, ceil_div(step, std::uint64_t{unit.keys}) * unit.keys);
  a.head_tile = a.heads;
  if (a.whole_keys()) {
    a.head_tile = std::min(a.heads, rows);
    if (rows > 0)
      a.query_tile = fit(a.queries, rows / a.head_tile, std::max<std::uint64_t>(1, unit.contexts / a.heads));
    if (a.query_tile == a.queries && a.head_tile == a.heads)
      a.pass_tile = std::min({a.passes, slots.weights / (pair * keys), rows / (a.queries * a.heads)});
  } else {
    a.head_tile = std::min<std::uint64_t>(a.heads, unit.contexts);
    a.query_tile = std::min<std::uint64_t>(a.queries, std::max<std::uint64_t>(1, unit.contexts / a.heads));
  }
  if (a.key_tile == 0 || rows < a.head_tile * a.query_tile || a.query_tile == 0) {
    fault = {"buffers.attention", "not even " + std::to_string(step) + " keys and values of " + std::to_string(pair) +
                                      " bytes and a query of " + std::to_string(a.query_bytes) +
                                      " fit the slots of the attention buffer (" + std::to_string(slots.weights) +
                                      ", " + std::to_string(slots.activations) + " bytes)"};
    return false;
  }
  return true;
}

bool sees_keys(const AttentionTile& tile, std::uint64_t first_query, std::uint64_t last_query, std::uint64_t key,
               std::uint64_t keys) {
  const std::uint64_t to = tile.to(static_cast<std::uint32_t>(last_query));
  return key < to && (key + keys > tile.from(static_cast<std::uint32_t>(first_query)) || key < tile.sinks);
}

}  // namespace lutetia
