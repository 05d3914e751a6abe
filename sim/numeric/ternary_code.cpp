#include "numeric/ternary_code.h"

namespace lutetia {
namespace {

std::uint32_t trit(std::int32_t weight) {
  return static_cast<std::uint32_t>(weight + 1);
}

std::uint32_t encode_i2s(const TernaryWeights& w) {
  return trit(w[0]) << 6 | trit(w[1]) << 4 | trit(w[2]) << 2 | trit(w[3]);
}

std::uint32_t encode_tl2(const TernaryWeights& w) {
  const std::int32_t v = 9 * w[0] + 3 * w[1] + w[2];
  return v < 0 ? 16u | static_cast<std::uint32_t>(-v) : static_cast<std::uint32_t>(v);
}

std::uint32_t encode_tq1(const TernaryWeights& w) {
  std::uint32_t q = 0;
  for (const std::int32_t weight : w) q = 3 * q + trit(weight);
  return (q * 256 + 242) / 243;
}

DecodedTernary decode_i2s(std::uint32_t bits) {
  DecodedTernary d;
  for (std::uint32_t n = 0; n < 4; ++n) {
    const std::uint32_t field = bits >> (6 - 2 * n) & 3u;
    if (field == 3)
      d.legal = false;
    else
      d.weights[n] = static_cast<std::int32_t>(field) - 1;
  }
  return d;
}

DecodedTernary decode_tl2(std::uint32_t bits) {
  const bool negative = (bits & 16u) != 0;
  const auto size = static_cast<std::int32_t>(bits & 15u);
  DecodedTernary d;
  d.legal = size <= 13 && !(negative && size == 0);
  if (!d.legal) return d;
  std::int32_t q = (negative ? -size : size) + 13;  // 9 (w0 + 1) + 3 (w1 + 1) + (w2 + 1)
  for (std::uint32_t n = 3; n-- > 0; q /= 3) d.weights[n] = q % 3 - 1;
  return d;
}

/// The byte is q / 243 in units of 1/256, rounded up: every multiplication by 3 moves the next trit before the point.
DecodedTernary decode_tq1(std::uint32_t bits) {
  DecodedTernary d;
  std::uint32_t fraction = bits;
  for (std::int32_t& weight : d.weights) {
    fraction *= 3;
    weight = static_cast<std::int32_t>(fraction >> 8) - 1;
    fraction &= 255u;
  }
  // 243 * bits = 256 q + fraction. Rounding q * 256 / 243 up gives this byte only if fraction < 243: 13 bytes are left.
  d.legal = fraction < 243;
  if (!d.legal) d.weights = {};
  return d;
}

}  // namespace

std::uint32_t encode_ternary(TernaryCode code, const TernaryWeights& weights) {
  switch (code) {
    case TernaryCode::kI2S: return encode_i2s(weights);
    case TernaryCode::kTl2: return encode_tl2(weights);
    default: return encode_tq1(weights);
  }
}

DecodedTernary decode_ternary(TernaryCode code, std::uint32_t bits) {
  switch (code) {
    case TernaryCode::kI2S: return decode_i2s(bits);
    case TernaryCode::kTl2: return decode_tl2(bits);
    default: return decode_tq1(bits);
  }
}

}  // namespace lutetia
