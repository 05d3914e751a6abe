#include "numeric/streaming_attention.h"

#include <algorithm>
#include <cassert>

#include "numeric/exp2_segments.h"

namespace lutetia {
namespace {

std::int64_t operand(StreamingAttention::Format format, std::int32_t code) {
  return format == StreamingAttention::Format::kFp16 ? fp16_to_fixed(static_cast<std::uint16_t>(code)) : code;
}

}  // namespace

StreamingAttention::StreamingAttention(Format format, const std::vector<std::int32_t>& query, std::size_t value_size)
    : format_(format) {
  for (const std::int32_t code : query) query_.push_back(operand(format, code));
  state_.accumulators.assign(value_size, 0);
}

std::int32_t StreamingAttention::score(const AttentionScaling& scaling, const std::int32_t* key, const KeyScale* scales,
                                       std::int32_t bias) const {
  const std::size_t size = query_.size(), group = scaling.key_group == 0 ? size : scaling.key_group;
  WideInt total = 0;
  for (std::size_t begin = 0, g = 0; begin < size; begin += group, ++g) {
    const KeyScale scale = scaling.key_group == 0 ? KeyScale{scaling.multiplier, 0} : scales[g];
    const std::int64_t zero = scale.zero;
    const std::size_t end = std::min(size, begin + group);
    WideInt sum = 0;
    if (format_ == Format::kFp16) {
      for (std::size_t e = begin; e < end; ++e)
        sum += WideInt{query_[e]} * fp16_to_fixed(static_cast<std::uint16_t>(key[e]));
    } else {
      std::int64_t narrow = 0;
      for (std::size_t e = begin; e < end; ++e) narrow += query_[e] * (key[e] - zero);
      sum = narrow;
    }
    total += sum * scale.multiplier;
  }
  return add_bias(score_log2(total, scaling.shift), bias);
}

void StreamingAttention::raise(std::int32_t maximum) {
  if (state_.sum == 0) {  // nothing has counted yet: there is nothing to rescale
    state_.maximum = maximum;
    return;
  }
  if (maximum <= state_.maximum) return;
  const auto distance = static_cast<std::uint32_t>(maximum - state_.maximum);
  state_.maximum = maximum;
  state_.sum = static_cast<std::uint64_t>(rescale(static_cast<WideInt>(state_.sum), distance, kRowSumBits));
  for (WideInt& accumulator : state_.accumulators) accumulator = rescale(accumulator, distance, accumulator_bits());
}

void StreamingAttention::add(const AttentionScaling& scaling, const AttentionBlock& block) {
  assert(format_ == Format::kInteger || (scaling.key_group == 0 && scaling.value_group == 0));
  const std::size_t head = query_.size(), size = state_.accumulators.size();
  const std::size_t key_groups = scaling.key_group == 0 ? 0 : (head + scaling.key_group - 1) / scaling.key_group;
  const std::size_t value_groups =
      scaling.value_group == 0 ? 0 : (size + scaling.value_group - 1) / scaling.value_group;

  std::vector<std::int32_t> scores(block.count);
  const auto counts = [&block](std::size_t i) { return block.counts == nullptr || block.counts[i] != 0; };
  bool any = false;
  std::int32_t maximum = 0;
  for (std::size_t i = 0; i < block.count; ++i) {
    if (!counts(i)) continue;
    scores[i] = score(scaling, block.keys + i * head, block.key_scales + i * key_groups,
                      block.biases == nullptr ? 0 : block.biases[i]);
    const std::int32_t c = ceiling(scores[i]);
    maximum = any ? std::max(maximum, c) : c;
    any = true;
  }
  if (!any) return;
  raise(maximum);

  for (std::size_t i = 0; i < block.count; ++i) {
    if (!counts(i)) continue;
    const std::uint32_t p = exp2_minus(static_cast<std::uint32_t>(state_.maximum * 1024 - scores[i]));
    state_.sum += p;
    for (std::size_t e = 0; e < size; ++e) {
      const std::int32_t code = block.values[i * size + e];
      if (scaling.value_group == 0) {
        state_.accumulators[e] += WideInt{p} * operand(format_, code);
      } else {
        const ValueScale& scale = block.value_scales[i * value_groups + e / scaling.value_group];
        state_.accumulators[e] +=
            std::int64_t{scale_weight(p, scale.fraction)} * (code - static_cast<std::int64_t>(scale.zero));
      }
    }
  }
}

void StreamingAttention::merge(const PartialAttention& state) {
  assert(state.accumulators.size() == state_.accumulators.size());
  if (state.sum == 0) return;
  raise(state.maximum);
  const auto distance = static_cast<std::uint32_t>(state_.maximum - state.maximum);
  state_.sum += static_cast<std::uint64_t>(rescale(static_cast<WideInt>(state.sum), distance, kRowSumBits));
  for (std::size_t e = 0; e < state.accumulators.size(); ++e)
    state_.accumulators[e] += rescale(state.accumulators[e], distance, accumulator_bits());
}

std::vector<std::uint16_t> StreamingAttention::fp16_result() const {
  std::vector<std::uint16_t> result(state_.accumulators.size(), 0);
  if (state_.sum == 0) return result;
  const Reciprocal r = reciprocal(state_.sum);
  for (std::size_t e = 0; e < result.size(); ++e) result[e] = normalise_fp16(state_.accumulators[e], r, value_unit());
  return result;
}

std::vector<std::int8_t> StreamingAttention::int8_result() const {
  assert(format_ == Format::kInteger);
  std::vector<std::int8_t> result(state_.accumulators.size(), 0);
  if (state_.sum == 0) return result;
  const Reciprocal r = reciprocal(state_.sum);
  for (std::size_t e = 0; e < result.size(); ++e) result[e] = normalise_int8(state_.accumulators[e], r);
  return result;
}

}  // namespace lutetia
