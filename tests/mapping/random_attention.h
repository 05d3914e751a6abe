// Attention operators of all shapes, and machines with an attention unit from far too small to ample.
#pragma once
#include "base/random.h"
#include "mapping/attention_plan.h"
#include "workload/trace.h"

namespace lutetia {

struct AttentionSizes {
  std::uint64_t b = 1, h = 2, g = 3, m = 4, n = 40, k = 24, v = 24;
  const char* queries = "fp16";
  const char* cache = "fp16";
  std::uint32_t group = 0;
  Mask mask;
  bool values_in_keys = false;
};

inline Operator attention_operator(const AttentionSizes& s) {
  Operator op;
  op.kind = OperatorKind::kAttention;
  op.name = "sdpa";
  op.loops = {{"b", s.b}, {"h", s.h}, {"g", s.g}, {"m", s.m}, {"n", s.n}, {"k", s.k}, {"v", s.v}};
  const NumberFormat *queries = find_number_format(s.queries), *cache = find_number_format(s.cache);
  op.tensors = {{"q", Role::kInput, false, queries, 0, {0, 3, 1, 2, 5}},
                {"kept", Role::kCacheRead, false, cache, s.group, {0, 1, 4, 5}},
                {s.values_in_keys ? "kept" : "values", Role::kCacheRead, false, cache, s.group, {0, 1, 4, 6}},
                {"y", Role::kOutput, false, find_number_format("fp16"), 0, {0, 3, 1, 2, 6}}};
  op.mask = s.mask;
  op.mask.query = 3;
  op.mask.key = 4;
  return op;
}

/// Query i sees key j.
inline bool sees(const Operator& op, std::uint64_t i, std::uint64_t j) {
  const std::uint64_t keys = extent(op, "n");
  if (op.mask.kind == Mask::Kind::kNone) return j < keys;
  const std::uint64_t end = std::min(keys, op.mask.past + i + 1);
  return j < end && (op.mask.window == 0 || j + op.mask.window >= end || j < op.mask.sinks);
}

class RandomAttention {
 public:
  explicit RandomAttention(std::uint64_t seed) : random_(seed) {}

  Random& random() { return random_; }
  std::uint64_t pick(std::uint64_t low, std::uint64_t high) { return low + random_.below(high - low + 1); }

  AttentionSizes sizes() {
    AttentionSizes s;
    s.b = pick(1, 3);
    s.h = pick(1, 3);
    s.g = pick(1, 5);
    s.m = random_.bernoulli(0.3) ? 1 : pick(1, 12);
    s.n = pick(1, 70);
    s.k = pick(1, 40);
    s.v = pick(1, 40);
    s.values_in_keys = random_.bernoulli(0.2);
    if (s.values_in_keys) s.v = pick(1, s.k);
    if (random_.bernoulli(0.4)) {
      s.queries = "int8";
      s.cache = random_.bernoulli(0.5) ? "int8" : "int4";
      s.group = random_.bernoulli(0.3) ? kScalePerTensor : 0;
    }
    if (random_.bernoulli(0.8)) {
      s.mask.kind = Mask::Kind::kCausal;
      s.mask.past = random_.bernoulli(0.5) ? s.n - std::min(s.n, s.m) : random_.below(s.n);
      if (random_.bernoulli(0.5)) s.mask.window = pick(1, 30);
      if (s.mask.window > 0 && random_.bernoulli(0.5)) s.mask.sinks = pick(0, 30);
    }
    return s;
  }

  MachineShape machine(const AttentionSizes& s) {
    MachineShape shape;
    AttentionUnitShape& u = shape.attention;
    u.present = true;
    u.keys = static_cast<std::uint32_t>(pick(1, 8));
    u.dims = static_cast<std::uint32_t>(pick(2, 16));
    u.contexts = static_cast<std::uint32_t>(pick(1, 8));
    u.max_chunks = 32;
    u.queries = find_number_format(s.queries);
    u.cache = find_number_format(s.cache);
    u.scales = is_integer(*u.cache);
    u.accumulator_bits = u.scales ? 50 : 84;
    u.state_bits = 52;
    const std::uint64_t slot = std::uint64_t{256} << pick(0, 7);
    u.slots = {slot / 4 * 3 + random_.below(64), slot / 8 + random_.below(slot), slot / 8 + random_.below(slot), 0};
    shape.kv_cache.page_tokens = random_.bernoulli(0.5) ? 0 : pick(1, 20);
    shape.vector.lanes = 16;
    shape.vector.slot_bytes = std::uint64_t{512} << pick(0, 5);
    shape.vector.slots = {1 << 16, 1 << 16, 1 << 16, 0};
    return shape;
  }

 private:
  Random random_;
};

}  // namespace lutetia
