#include "numeric/attention_arithmetic.h"

#include <algorithm>
#include <cassert>

namespace lutetia {
namespace {

constexpr std::int32_t kScoreMost = (1 << 20) - 1, kScoreLeast = -(1 << 20);

/// magnitude / 2^shift to nearest even; shift may be negative.
WideInt round_even(WideInt magnitude, int shift) {
  if (shift <= 0) return magnitude << -shift;
  if (shift >= 126) return 0;
  const WideInt half = WideInt{1} << (shift - 1);
  const WideInt rest = magnitude & ((WideInt{1} << shift) - 1);
  WideInt whole = magnitude >> shift;
  if (rest > half || (rest == half && (whole & 1) != 0)) ++whole;
  return whole;
}

/// Number of the highest bit that is 1; -1 for 0.
int highest_bit(WideInt magnitude) {
  const auto high = static_cast<std::uint64_t>(magnitude >> 64), low = static_cast<std::uint64_t>(magnitude);
  if (high != 0) return 127 - __builtin_clzll(high);
  return low == 0 ? -1 : 63 - __builtin_clzll(low);
}

}  // namespace

std::int64_t fp16_to_fixed(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const std::int64_t fraction = bits & 1023;
  const std::int64_t magnitude = exponent == 0 ? fraction : (fraction | 1024) << (exponent - 1);
  return (bits >> 15) != 0 ? -magnitude : magnitude;
}

std::int32_t score_log2(WideInt total, std::uint32_t shift) {
  assert(shift >= 1 && shift <= 127);
  // floor((total + 2^(shift-1)) / 2^shift) without the sum, which could leave 128 bits.
  const WideInt rounded = (total >> shift) + ((total >> (shift - 1)) & 1);
  return static_cast<std::int32_t>(std::clamp<WideInt>(rounded, kScoreLeast, kScoreMost));
}

std::int32_t add_bias(std::int32_t score, std::int32_t bias) {
  return std::clamp(score + bias, kScoreLeast, kScoreMost);
}

std::int32_t ceiling(std::int32_t score) {
  return (score + 1023) >> 10;
}

WideInt rescale(WideInt sum, std::uint32_t distance, std::uint32_t width) {
  return distance > width ? 0 : sum >> distance;
}

std::uint32_t scale_weight(std::uint32_t weight, std::uint32_t fraction) {
  return static_cast<std::uint32_t>((std::uint64_t{weight} * fraction + 32768) >> 16);
}

Reciprocal reciprocal(std::uint64_t row_sum) {
  assert(row_sum != 0 && row_sum >> kRowSumBits == 0);
  const auto zeros = static_cast<std::uint32_t>(__builtin_clzll(row_sum)) - (64 - kRowSumBits);
  return {static_cast<std::uint32_t>((std::uint64_t{1} << kReciprocalPoint) / (row_sum << zeros)), zeros};
}

std::uint16_t normalise_fp16(WideInt accumulator, const Reciprocal& r, std::uint32_t unit) {
  const bool negative = accumulator < 0;
  const WideInt magnitude = (negative ? -accumulator : accumulator) * r.value;
  const std::uint16_t sign = negative ? 0x8000 : 0;
  const int top = highest_bit(magnitude);
  if (top < 0) return 0;
  // Units of 2^-24 are the grid of subnormals and of the lowest normal binade; above it the grid follows the top bit.
  const int point = static_cast<int>(kReciprocalPoint + unit - r.zeros);  // magnitude counts 2^-point
  const int exponent = std::max(top - point, -14);
  const WideInt significand = round_even(magnitude, point + exponent - 10);  // 11 bits, or 2^11 after a carry
  // The bits of FP16 count up across binades: exponent - (-14) steps of 1024, plus the significand (hidden bit = one
  // step).
  const WideInt bits = (WideInt{exponent + 14} << 10) + significand;
  return static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(std::min<WideInt>(bits, 0x7bff)));
}

std::int8_t normalise_int8(WideInt accumulator, const Reciprocal& r) {
  const bool negative = accumulator < 0;
  const WideInt magnitude = (negative ? -accumulator : accumulator) * r.value;
  const WideInt rounded = round_even(magnitude, static_cast<int>(kReciprocalPoint - r.zeros));
  return static_cast<std::int8_t>(std::clamp<WideInt>(negative ? -rounded : rounded, -128, 127));
}

}  // namespace lutetia
