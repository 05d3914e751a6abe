// Queries, keys and values drawn by a law and quantized as the attention unit takes them, beside the numbers that the
// codes stand for: what an accuracy test compares on both sides.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "numeric/attention_reference.h"
#include "numeric/attention_scale.h"
#include "numeric/float_format.h"
#include "numeric/kv_quantization.h"
#include "numeric/streaming_attention.h"

namespace lutetia {

/// FP16; or integers with one scale a tensor (group 0) or a scale and a zero point per key and group.
struct AttentionOperandFormat {
  const char* name;
  bool fp16;
  int bits;
  std::size_t group;
};

inline const NumberFormat& fp16_format() {
  static const NumberFormat& format = *find_number_format("fp16");
  return format;
}

struct AttentionOperands {
  StreamingAttention::Format format = StreamingAttention::Format::kFp16;
  std::size_t head = 0, size = 0, rows = 0, keys = 0;
  AttentionScaling scaling;
  std::vector<std::int32_t> query_codes, key_codes, value_codes;
  std::vector<KeyScale> key_scales;
  std::vector<ValueScale> value_scales;
  std::vector<double> query, key, value;  // what the codes mean
  double scale = 1;                       // of scores of these numbers
  double unit = 1;                        // of results

  AttentionBlock block(std::size_t first, std::size_t count) const {
    AttentionBlock b;
    b.count = count;
    b.keys = &key_codes[first * head];
    b.values = &value_codes[first * size];
    if (scaling.key_group != 0)
      b.key_scales = &key_scales[first * ((head + scaling.key_group - 1) / scaling.key_group)];
    if (scaling.value_group != 0)
      b.value_scales = &value_scales[first * ((size + scaling.value_group - 1) / scaling.value_group)];
    return b;
  }
  /// A pass of a row over keys first .. end-1 in blocks.
  StreamingAttention pass(std::size_t row, std::size_t first, std::size_t end, std::size_t block_size) const {
    const auto begin = query_codes.begin() + static_cast<std::ptrdiff_t>(row * head);
    StreamingAttention attention(format, {begin, begin + static_cast<std::ptrdiff_t>(head)}, size);
    for (; first < end; first += block_size) attention.add(scaling, block(first, std::min(block_size, end - first)));
    return attention;
  }
  std::vector<double> result(const StreamingAttention& attention) const {
    std::vector<double> numbers;
    for (const std::uint16_t code : attention.fp16_result())
      numbers.push_back(unit * decode_float(fp16_format(), code));
    return numbers;
  }
  std::vector<double> exact(std::size_t row) const {
    const auto begin = query.begin() + static_cast<std::ptrdiff_t>(row * head);
    return double_attention({begin, begin + static_cast<std::ptrdiff_t>(head)}, key, value, keys, scale);
  }
};

/// `scale` of scores: 1 / sqrt(head) for most.
inline AttentionOperands quantize_operands(const AttentionOperandFormat& format, std::size_t head, std::size_t size,
                                           const std::vector<double>& query, const std::vector<double>& key,
                                           const std::vector<double>& value, double scale) {
  AttentionOperands o;
  o.head = head;
  o.size = size;
  o.rows = query.size() / head;
  o.keys = key.size() / head;
  o.scale = scale;
  if (format.fp16) {
    const auto round = [](const std::vector<double>& from, std::vector<std::int32_t>& codes, std::vector<double>& to) {
      for (const double number : from) {
        const std::uint32_t code = encode_float(fp16_format(), number, Overflow::kSaturate);
        codes.push_back(static_cast<std::int32_t>(code));
        to.push_back(decode_float(fp16_format(), code));
      }
    };
    round(query, o.query_codes, o.query);
    round(key, o.key_codes, o.key);
    round(value, o.value_codes, o.value);
    const ScoreScale s = attention_scale(ScoreUnit::kFp16, scale);
    o.scaling.multiplier = s.multiplier;
    o.scaling.shift = s.shift;
    return o;
  }
  o.format = StreamingAttention::Format::kInteger;
  const auto symmetric = [](const std::vector<double>& from, int bits, std::vector<std::int32_t>& codes,
                            std::vector<double>& to) {
    const SymmetricCodes q = quantize_symmetric(from, bits);
    codes = q.codes;
    for (const std::int32_t code : codes) to.push_back(q.scale * code);
    return q.scale;
  };
  const double query_scale = symmetric(query, 8, o.query_codes, o.query);
  if (format.group == 0) {
    const double key_scale = symmetric(key, format.bits, o.key_codes, o.key);
    o.unit = symmetric(value, format.bits, o.value_codes, o.value);
    const ScoreScale s = attention_scale(ScoreUnit::kInteger, query_scale * key_scale * scale);
    o.scaling.multiplier = s.multiplier;
    o.scaling.shift = s.shift;
    return o;
  }
  const auto grouped = [&format](const std::vector<double>& from, std::size_t columns, std::vector<std::int32_t>& codes,
                                 std::vector<double>& to) {
    GroupedCodes q = quantize_grouped(from, columns, format.group, format.bits);
    codes = q.codes;
    for (std::size_t r = 0; r < q.rows(); ++r)
      for (std::size_t c = 0; c < columns; ++c) to.push_back(q.value(r, c));
    return q;
  };
  const GroupedCodes k = grouped(key, head, o.key_codes, o.key), v = grouped(value, size, o.value_codes, o.value);
  o.scaling.shift = key_shift(k, query_scale * scale);
  o.key_scales = key_scales(k, query_scale * scale, o.scaling.shift);
  o.unit = value_unit(v);
  o.value_scales = value_scales(v, o.unit);
  o.scaling.key_group = o.scaling.value_group = static_cast<std::uint32_t>(format.group);
  return o;
}

}  // namespace lutetia
