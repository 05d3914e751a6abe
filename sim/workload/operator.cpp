#include "workload/operator.h"

#include <algorithm>
#include <tuple>

namespace lutetia {
namespace {

// Formats wider than this (token ids, accumulators) carry no scale.
constexpr unsigned kWidestScaledFormat = 16;

bool has_loop(const TensorUse& tensor, std::uint8_t loop) {
  return std::find(tensor.loops.begin(), tensor.loops.end(), loop) != tensor.loops.end();
}

bool is_causal(const Operator& op) {
  return op.mask.kind == Mask::Kind::kCausal && op.mask.query < op.loops.size() && op.mask.key < op.loops.size();
}

}  // namespace

const std::vector<std::string_view>& operator_kind_names() {
  static const std::vector<std::string_view> names = {
      "linear", "matmul", "embedding", "rms_norm", "layer_norm", "quantize", "rotary",       "softmax",
      "silu",   "relu",   "relu2",     "gelu",     "multiply",   "add",      "cache_append", "attention"};
  return names;
}

const std::vector<std::string_view>& role_names() {
  static const std::vector<std::string_view> names = {"input", "weight", "output", "cache_read", "cache_write"};
  return names;
}

std::string_view name(OperatorKind kind) {
  return operator_kind_names()[static_cast<std::size_t>(kind)];
}
std::string_view name(Role role) {
  return role_names()[static_cast<std::size_t>(role)];
}

bool operator==(const Loop& a, const Loop& b) {
  return a.extent == b.extent && a.name == b.name;
}

bool operator==(const TensorUse& a, const TensorUse& b) {
  return std::tie(a.name, a.role, a.part, a.format, a.group, a.loops) ==
         std::tie(b.name, b.role, b.part, b.format, b.group, b.loops);
}

bool operator==(const Mask& a, const Mask& b) {
  return std::tie(a.kind, a.past, a.query, a.key, a.window, a.sinks) ==
         std::tie(b.kind, b.past, b.query, b.key, b.window, b.sinks);
}

bool operator==(const Operator& a, const Operator& b) {
  return std::tie(a.id, a.kind, a.name, a.layer, a.step, a.loops, a.tensors, a.mask, a.after) ==
         std::tie(b.id, b.kind, b.name, b.layer, b.step, b.loops, b.tensors, b.mask, b.after);
}

std::uint64_t extent(const Operator& op, std::string_view loop) {
  for (const Loop& l : op.loops)
    if (l.name == loop) return l.extent;
  return 1;
}

const TensorUse* find_tensor(const Operator& op, Role role) {
  for (const TensorUse& t : op.tensors)
    if (t.role == role) return &t;
  return nullptr;
}

const TensorUse* values_in_keys(const Operator& op) {
  if (op.kind != OperatorKind::kAttention) return nullptr;
  const TensorUse* keys = find_tensor(op, Role::kCacheRead);
  for (const TensorUse& t : op.tensors)
    if (t.role == Role::kCacheRead && &t != keys) return t.name == keys->name ? &t : nullptr;
  return nullptr;
}

std::uint64_t macs(const Operator& op) {
  if (op.kind == OperatorKind::kAttention)
    return extent(op, "b") * extent(op, "h") * extent(op, "g") * visited_pairs(op) *
           (extent(op, "k") + extent(op, "v"));
  return op.kind == OperatorKind::kLinear || op.kind == OperatorKind::kMatmul ? visited_points(op) : 0;
}

std::uint64_t visited_points(const Operator& op) {
  std::uint64_t points = 1;
  const bool causal = is_causal(op);
  for (std::size_t i = 0; i < op.loops.size(); ++i)
    if (!causal || (i != op.mask.query && i != op.mask.key)) points *= op.loops[i].extent;
  return causal ? points * visited_pairs(op) : points;
}

// A query that sees e keys without a window sees min(e, window) + min(sinks, e - min(e, window)) = min(e, window +
// sinks) with one: as many as if there were no more keys than that.
std::uint64_t visited_pairs(const Operator& op) {
  if (!is_causal(op)) return extent(op, "m") * extent(op, "n");
  const std::uint64_t keys = op.loops[op.mask.key].extent;
  const std::uint64_t seen = op.mask.window == 0 ? keys : std::min(keys, op.mask.window + op.mask.sinks);
  return causal_pairs(op.loops[op.mask.query].extent, seen, op.mask.past);
}

std::uint64_t causal_pairs(std::uint64_t queries, std::uint64_t keys, std::uint64_t past) {
  if (past >= keys) return queries * keys;
  const std::uint64_t growing = std::min(queries, keys - past);  // query i sees past + i + 1 keys
  // growing (growing + 1) / 2 without overflow of the product
  const std::uint64_t triangle = growing % 2 == 0 ? growing / 2 * (growing + 1) : (growing + 1) / 2 * growing;
  return growing * past + triangle + (queries - growing) * keys;
}

std::uint64_t elements(const Operator& op, const TensorUse& tensor) {
  if (!is_causal(op) || !has_loop(tensor, op.mask.query) || !has_loop(tensor, op.mask.key))
    return array_elements(op, tensor);
  std::uint64_t n = visited_pairs(op);
  for (std::uint8_t loop : tensor.loops)
    if (loop != op.mask.query && loop != op.mask.key) n *= op.loops[loop].extent;
  return n;
}

std::uint64_t array_elements(const Operator& op, const TensorUse& tensor) {
  std::uint64_t n = 1;
  for (std::uint8_t loop : tensor.loops) n *= op.loops[loop].extent;
  return n;
}

std::uint64_t scales(const Operator& op, const TensorUse& tensor) {
  if (tensor.format == nullptr || !is_integer(*tensor.format) || tensor.format->bits > kWidestScaledFormat) return 0;
  if (tensor.group == kScalePerTensor || tensor.loops.empty()) return 1;
  std::uint64_t rows = 1;
  for (std::size_t i = 0; i + 1 < tensor.loops.size(); ++i) rows *= op.loops[tensor.loops[i]].extent;
  const std::uint64_t row = op.loops[tensor.loops.back()].extent;
  return tensor.group == 0 ? rows : rows * (row / tensor.group + (row % tensor.group != 0 ? 1 : 0));
}

std::uint64_t bytes(const Operator& op, const TensorUse& tensor) {
  if (tensor.format == nullptr) return 0;
  return storage_bytes(*tensor.format, elements(op, tensor)) + kScaleBytes * scales(op, tensor);
}

Traffic traffic(const Operator& op) {
  Traffic sum;
  const TensorUse* part_of_keys = values_in_keys(op);
  for (const TensorUse& t : op.tensors) {
    if (&t == part_of_keys) continue;
    const std::uint64_t n = bytes(op, t);
    switch (t.role) {
      case Role::kInput: sum.activation_read += n; break;
      case Role::kWeight: sum.weight_read += n; break;
      case Role::kOutput: sum.activation_write += n; break;
      case Role::kCacheRead: sum.cache_read += n; break;
      case Role::kCacheWrite: sum.cache_write += n; break;
    }
  }
  return sum;
}

}  // namespace lutetia
