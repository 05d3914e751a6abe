// binary32 arithmetic for oracles, by exact 128-bit integers and one rounding; shares nothing with numeric/fp32.h, with
// std::fma or with the RTL. Nearest even, subnormals kept, every NaN result the canonical 0x7fc00000.
#pragma once
#include <cstdint>
#include <utility>

namespace lutetia::exact {

__extension__ using Int = __int128;
__extension__ using Unsigned = unsigned __int128;

inline constexpr std::uint32_t kNan = 0x7fc00000u, kInfinity = 0x7f800000u, kSign = 0x80000000u;

/// magnitude * 2^exponent with this sign, rounded to binary32.
inline std::uint32_t round(bool negative, Unsigned magnitude, int exponent) {
  const std::uint32_t sign = negative ? kSign : 0;
  if (magnitude == 0) return sign;
  int top = 127;
  while ((magnitude >> top) == 0) --top;
  constexpr int kSmallest = -149;  // exponent of the least subnormal
  const int ulp = top + exponent - 23 < kSmallest ? kSmallest : top + exponent - 23;
  const int drop = ulp - exponent;  // bits below the last place
  Unsigned significand = 0;
  if (drop <= 0) {
    significand = magnitude << -drop;
  } else if (drop < 128) {
    significand = magnitude >> drop;
    const Unsigned rest = magnitude - (significand << drop), half = Unsigned{1} << (drop - 1);
    if (rest > half || (rest == half && (significand & 1) != 0)) ++significand;
  }
  // The implicit one adds to the exponent field, and so does a carry out of the rounding.
  const std::int64_t bits = (std::int64_t{ulp - kSmallest} << 23) + static_cast<std::int64_t>(significand);
  return sign | (bits >= kInfinity ? kInfinity : static_cast<std::uint32_t>(bits));
}

inline std::uint32_t from_int(Int value) {
  return round(value < 0, value < 0 ? -static_cast<Unsigned>(value) : static_cast<Unsigned>(value), 0);
}

struct Parts {
  bool negative;
  std::uint32_t significand;  ///< value = significand * 2^exponent
  int exponent;
};
inline Parts parts(std::uint32_t bits) {
  const std::uint32_t field = (bits >> 23) & 0xffu, fraction = bits & 0x7fffffu;
  return {(bits & kSign) != 0, field == 0 ? fraction : fraction | 0x800000u,
          field == 0 ? -149 : static_cast<int>(field) - 150};
}

/// a * b + c, rounded once.
inline std::uint32_t fma(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  const auto magnitude = [](std::uint32_t x) { return x & ~kSign; };
  const auto is_nan = [&](std::uint32_t x) { return magnitude(x) > kInfinity; };
  const auto is_inf = [&](std::uint32_t x) { return magnitude(x) == kInfinity; };
  const bool product_negative = ((a ^ b) & kSign) != 0;
  if (is_nan(a) || is_nan(b) || is_nan(c)) return kNan;
  if (is_inf(a) || is_inf(b)) {
    if (magnitude(a) == 0 || magnitude(b) == 0) return kNan;
    const std::uint32_t product = kInfinity | (product_negative ? kSign : 0);
    return is_inf(c) && c != product ? kNan : product;
  }
  if (is_inf(c)) return c;

  const Parts pa = parts(a), pb = parts(b), pc = parts(c);
  const Unsigned product = Unsigned{pa.significand} * pb.significand;
  if (product == 0 && pc.significand == 0) return product_negative && pc.negative ? kSign : 0;
  if (product == 0) return c;
  if (pc.significand == 0) return round(product_negative, product, pa.exponent + pb.exponent);

  // Both to one exponent. If they are too far apart for 128 bits, the upper one is a multiple of 2^72 units and the
  // lower one less than 2^47 units: too small to reach the next rounding boundary, so that 1 unit in its place rounds
  // alike.
  struct Term {
    bool negative;
    Unsigned magnitude;
    int exponent;
  } high{product_negative, product, pa.exponent + pb.exponent}, low{pc.negative, pc.significand, pc.exponent};
  if (high.exponent < low.exponent) std::swap(high, low);
  constexpr int kRoom = 72;  // 48 bits of a product + 72 + carry fit into 127
  const int distance = high.exponent - low.exponent;
  const int shift = distance < kRoom ? distance : kRoom;
  high.magnitude <<= shift;
  high.exponent -= shift;
  if (high.exponent != low.exponent) low.magnitude = 1;
  const Int sum = (high.negative ? -Int(high.magnitude) : Int(high.magnitude)) +
                  (low.negative ? -Int(low.magnitude) : Int(low.magnitude));
  if (sum == 0) return 0;
  return round(sum < 0, sum < 0 ? Unsigned(-sum) : Unsigned(sum), high.exponent);
}

}  // namespace lutetia::exact
