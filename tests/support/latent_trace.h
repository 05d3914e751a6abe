// A layer of multi-head latent attention, as little as makes a run: one cached vector a token, whose first elements are
// its values, shared by all query heads.
#pragma once
#include <string>

#include "workload/trace.h"

namespace lutetia {

struct LatentSizes {
  std::uint64_t batch = 2, heads = 4, key = 24, value = 16;
  std::uint64_t prefill = 13, decode = 2, past = 7;
  const char* queries = "fp16";
  const char* cache = "fp16";
};

inline Trace latent_trace(const LatentSizes& s) {
  Trace trace;
  trace.header.model = "latent";
  trace.header.prefill = s.prefill;
  trace.header.decode = s.decode;
  trace.header.batch = s.batch;
  trace.header.past = s.past;
  trace.header.layers = 1;
  const NumberFormat *hidden = find_number_format("fp16"), *queries = find_number_format(s.queries),
                     *cache = find_number_format(s.cache);
  // Waits for the `before` newest operators.
  const auto add = [&trace](OperatorKind kind, const char* name, std::uint32_t step, std::size_t before,
                            std::vector<Loop> loops, std::vector<TensorUse> tensors) -> Operator& {
    Operator op;
    op.id = trace.operators.size() + 1;
    op.kind = kind;
    op.name = name;
    op.layer = 0;
    op.step = step;
    op.loops = std::move(loops);
    op.tensors = std::move(tensors);
    for (std::size_t i = std::min<std::size_t>(before, op.id - 1); i > 0; --i) op.after.push_back(op.id - i);
    trace.operators.push_back(std::move(op));
    return trace.operators.back();
  };
  for (std::uint32_t step = s.prefill > 0 ? 0 : 1; step <= s.decode; ++step) {
    const std::uint64_t tokens = step == 0 ? s.prefill : 1, past = s.past + (step == 0 ? 0 : s.prefill + step - 1);
    add(OperatorKind::kSilu, "latent", step, 1, {{"b", s.batch}, {"m", tokens}, {"k", s.key}},
        {{"x", Role::kInput, false, hidden, 0, {0, 1, 2}}, {"latent", Role::kOutput, false, hidden, 0, {0, 1, 2}}});
    add(OperatorKind::kCacheAppend, "append", step, 1, {{"b", s.batch}, {"m", tokens}, {"k", s.key}},
        {{"latent", Role::kInput, false, hidden, 0, {0, 1, 2}},
         {"latents", Role::kCacheWrite, false, cache, 0, {0, 1, 2}}});
    add(queries == hidden ? OperatorKind::kRelu : OperatorKind::kQuantize, "query", step, 2,
        {{"b", s.batch}, {"m", tokens}, {"g", s.heads}, {"k", s.key}},
        {{"x_query", Role::kInput, false, hidden, 0, {0, 1, 2, 3}},
         {"query", Role::kOutput, false, queries, 0, {0, 1, 2, 3}}});
    Operator& attention = add(
        OperatorKind::kAttention, "sdpa", step, 2,
        {{"b", s.batch}, {"h", 1}, {"g", s.heads}, {"m", tokens}, {"n", past + tokens}, {"k", s.key}, {"v", s.value}},
        {{"query", Role::kInput, false, queries, 0, {0, 3, 1, 2, 5}},
         {"latents", Role::kCacheRead, false, cache, 0, {0, 1, 4, 5}},
         {"latents", Role::kCacheRead, false, cache, 0, {0, 1, 4, 6}},
         {"context", Role::kOutput, false, hidden, 0, {0, 3, 1, 2, 6}}});
    attention.mask = {Mask::Kind::kCausal, past, 3, 4, 0, 0};
  }
  return trace;
}

}  // namespace lutetia
