// What the attention unit must give, to the bit: the arithmetic of its README once more, key by key, in exact integers
// that are wide enough for every step. Shares nothing with sim/units/attention but config and command, and nothing with
// numeric/attention_arithmetic.* and numeric/exp2_segments.*: the tables are made here from 2^-f.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "cosim/attention_task.h"

namespace lutetia::attention_exact {

using Int = AttentionExactInt;

inline Int power(std::uint32_t n) {
  return Int{1} << n;
}
inline Int floor_divide(Int a, Int b) {
  const Int q = a / b;
  return a % b != 0 && a < 0 ? q - 1 : q;
}
inline Int saturated(Int x) {
  return std::clamp(x, -power(20), power(20) - 1);
}

/// significand * 2^exponent; units: 1 for integers, 2^-24 for FP16 with an exponent 31 like any other.
struct Number {
  Int significand = 0;
  std::uint32_t exponent = 0;
  Int value() const { return significand * power(exponent); }
};

inline Number fp16(std::uint32_t code) {
  const std::uint32_t field = code / 1024 % 32;
  const Int magnitude = Int{code % 1024} + (field > 0 ? 1024 : 0);
  return {code >= 0x8000 ? -magnitude : magnitude, field > 1 ? field - 1 : 0};
}

inline Int two_complement(std::uint32_t code, std::uint32_t bits) {
  return Int{code} - (code >= 1u << (bits - 1) ? power(bits) : 0);
}

inline Number query(const AttentionConfig& c, std::uint32_t code) {
  return c.format == AttentionFormat::kFp16 ? fp16(code) : Number{two_complement(code, 8), 0};
}
/// A key or value; `scale` null: signed codes.
inline Number key_or_value(const AttentionConfig& c, std::uint32_t code, const AttentionTaskScale* scale) {
  if (c.format == AttentionFormat::kFp16) return fp16(code);
  return {scale != nullptr ? Int{code} - scale->zero : two_complement(code, c.kv_bits), 0};
}

/// Group of an element.
inline std::size_t group_of(const AttentionTask& t, std::size_t element, std::uint32_t chunks_per_group) {
  return element / t.dims / chunks_per_group;
}

/// Step 1: the scaled dot product before rounding, T.
inline Int scaled_dot(const AttentionConfig& c, const AttentionTask& t, std::uint32_t context, std::size_t key) {
  const AttentionTaskKey& k = t.keys[key];
  const bool scaled = t.command.key_group != 0;
  std::vector<Int> sums(scaled ? k.key_scale.size() : 1);
  for (std::size_t e = 0; e < k.key.size(); ++e) {
    const std::size_t g = scaled ? group_of(t, e, t.command.key_group) : 0;
    const Number a = query(c, t.query[context][e]);
    const Number b = key_or_value(c, k.key[e], scaled ? &k.key_scale[g] : nullptr);
    sums[g] += a.significand * b.significand * power(a.exponent + b.exponent);
  }
  Int total = 0;
  for (std::size_t g = 0; g < sums.size(); ++g)
    total += sums[g] * (scaled ? k.key_scale[g].factor : t.command.multiplier);
  return total;
}

/// Steps 1 and 2.
inline Int score(const AttentionConfig& c, const AttentionTask& t, std::uint32_t context, std::size_t key) {
  const Int halves = floor_divide(scaled_dot(c, t, context, key), power(t.command.shift - 1));
  const Int x = saturated(floor_divide(halves + 1, 2));
  const AttentionTaskMask* mask = t.mask_of(key, context);
  return mask == nullptr ? x : saturated(x + mask->bias);
}

/// Whether a key counts: by the row, and by the mask.
inline bool counts(const AttentionTask& t, std::uint32_t context, std::size_t key) {
  const AttentionRow& row = t.rows[context];
  const std::uint64_t n = t.keys[key].number;
  if (n >= row.to || (n < row.from && n >= row.sink)) return false;
  const AttentionTaskMask* mask = t.mask_of(key, context);
  return mask == nullptr || mask->seen;
}

struct Chord {
  Int base = 0, slope = 0;
};
inline std::vector<Chord> chords() {
  std::vector<Chord> all;
  const long double ln2 = std::log(2.0L);
  for (int i = 0; i < 32; ++i) {
    const long double a = i / 32.0L, begin = std::exp2(-a), slope = 32 * (std::exp2(-a - 1 / 32.0L) - begin);
    const long double touch = -std::log2(-slope / ln2);  // where the curve is parallel to the chord
    const long double deviation = begin + slope * (touch - a) - std::exp2(-touch);
    all.push_back({std::llround((begin - deviation / 2) * 65536), std::llround(-slope * 4096)});
  }
  return all;
}

/// Step 4: 2^-(distance/1024), 1 = 2^20.
inline Int exp2_minus(Int distance) {
  static const std::vector<Chord> table = chords();
  const auto whole = static_cast<std::uint32_t>(distance / 1024),
             fraction = static_cast<std::uint32_t>(distance % 1024);
  if (whole >= 21) return 0;
  const Chord& chord = table[fraction / 32];
  const Int y = chord.base - floor_divide(chord.slope * (fraction % 32) + 32, 64);
  return floor_divide(32 * y + power(whole), 2 * power(whole));  // nearest, half up
}

inline Int rescale(Int sum, Int distance, std::uint32_t width) {
  return distance > Int{width} ? 0 : floor_divide(sum, power(static_cast<std::uint32_t>(distance)));
}

/// By how much the running maximum rises when `maximum` counts.
inline Int raise(AttentionPartial& p, Int maximum) {
  const Int before = p.any ? Int{p.maximum} : maximum;
  p.any = true;
  p.maximum = static_cast<std::int32_t>(std::max(before, maximum));
  return p.maximum - before;
}

/// Step 6.
inline void add_state(const AttentionConfig& c, const AttentionPartial& state, AttentionPartial& p) {
  if (state.sum == 0) return;
  const Int distance = raise(p, state.maximum), of_state = Int{p.maximum} - state.maximum;
  p.sum = static_cast<std::uint64_t>(rescale(p.sum, distance, 40) + rescale(state.sum, of_state, 40));
  for (std::size_t e = 0; e < p.accumulator.size(); ++e)
    p.accumulator[e] = rescale(p.accumulator[e], distance, c.accumulator_bits()) +
                       rescale(state.accumulator[e], of_state, c.accumulator_bits());
}

/// Steps 3 to 5.
inline void add_block(const AttentionConfig& c, const AttentionTask& t, std::uint32_t context, std::uint32_t block,
                      AttentionPartial& p) {
  std::vector<Int> scores(t.keys_per_block);
  Int distance = 0;
  for (std::uint32_t i = 0; i < t.keys_per_block; ++i) {
    const std::size_t key = std::size_t{block} * t.keys_per_block + i;
    if (!counts(t, context, key)) continue;
    scores[i] = score(c, t, context, key);
    distance += raise(p, -floor_divide(-scores[i], 1024));
  }
  p.sum = static_cast<std::uint64_t>(rescale(p.sum, distance, 40));
  for (Int& sum : p.accumulator) sum = rescale(sum, distance, c.accumulator_bits());
  for (std::uint32_t i = 0; i < t.keys_per_block; ++i) {
    const std::size_t key = std::size_t{block} * t.keys_per_block + i;
    if (!counts(t, context, key)) continue;
    const Int weight = exp2_minus(Int{p.maximum} * 1024 - scores[i]);
    p.sum += static_cast<std::uint64_t>(weight);
    const AttentionTaskKey& k = t.keys[key];
    for (std::size_t e = 0; e < k.value.size(); ++e) {
      const AttentionTaskScale* scale = nullptr;
      if (t.command.value_group != 0) scale = &k.value_scale[group_of(t, e, t.command.value_group)];
      const Int w = scale == nullptr ? weight : floor_divide(weight * scale->factor + 32768, 65536);
      p.accumulator[e] += w * key_or_value(c, k.value[e], scale).value();
    }
  }
}

/// Runs a command; `pass`: by context, what the commands of the chain have gathered.
inline void run(const AttentionConfig& c, const AttentionTask& t, std::vector<AttentionPartial>& pass) {
  if (t.command.open) {
    pass.assign(t.command.contexts, {});
    for (AttentionPartial& p : pass) p.accumulator.resize(std::size_t{t.command.value_chunks} * t.dims);
  }
  for (std::uint32_t context = 0; context < t.command.contexts; ++context) {
    for (std::uint32_t s = 0; s < t.command.states; ++s)
      add_state(c, t.states[std::size_t{s} * t.command.contexts + context], pass[context]);
    for (std::uint32_t b = 0; b < t.blocks(); ++b) add_block(c, t, context, b, pass[context]);
  }
}

/// Step 7 for one element: the 16 bits of a result, found among all results there are by where their midpoints lie.
inline std::uint32_t result(const AttentionConfig& c, const AttentionPartial& p, std::size_t element) {
  if (p.sum == 0) return 0;
  std::uint32_t zeros = 0;
  while ((Int{p.sum} << zeros) < power(39)) ++zeros;
  const bool negative = p.accumulator[element] < 0;
  const Int magnitude = (negative ? -p.accumulator[element] : p.accumulator[element]) *
                        (power(56) / (Int{p.sum} << zeros));  // times 2^(zeros - 56), in units of the values
  // `magnitude` counts 2^-point halves of the grid's unit: 1 for INT8, 2^-24 for FP16.
  const bool int8 = c.output_format == AttentionOutput::kInt8;
  const std::uint32_t point = 56 - zeros;
  const Int up = int8 || c.format == AttentionFormat::kFp16 ? 1 : power(24);
  const auto above = [&](Int halves) { return up * 2 * magnitude > halves * power(point); };
  const auto at = [&](Int halves) { return up * 2 * magnitude == halves * power(point); };
  const auto grid = [int8](std::uint32_t n) { return int8 ? Int{n} : fp16(n).value(); };
  std::uint32_t low = 0, high = int8 ? (negative ? 128 : 127) : 0x7bff;  // `high` is the largest: it takes all above
  while (low < high) {
    const std::uint32_t n = (low + high) / 2;
    const Int midpoint = grid(n) + grid(n + 1);
    const bool beyond = above(midpoint) || (at(midpoint) && n % 2 == 1);
    if (beyond)
      low = n + 1;
    else
      high = n;
  }
  if (int8) return static_cast<std::uint32_t>(negative ? (65536 - low) % 65536 : low);
  return low + (negative ? 0x8000u : 0);
}

}  // namespace lutetia::attention_exact
