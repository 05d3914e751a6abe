// Weights as the +-1 bit planes of the LUT tensor core, and the offline fold of four of them into a table index.
// Definitions and proofs: sim/units/lut_core/README.md; facts: LUT Tensor Core (arXiv 2408.06003) eq. 1-6.
#pragma once
#include <cstdint>

namespace lutetia {

/// How a weight format runs on the core: number of planes, whether planes weigh 2^p or 1, and the corrected zero point
/// z' of codes without a zero of their own. The weight a code stands for is s * (q - z) = s/2 * (q' - z').
struct WeightPlanes {
  std::uint32_t planes = 1;
  bool equal = false;
  std::int32_t zero = 0;  ///< z' = 2 z + 1 - 2^planes
  /// Not 0 on cores that multiply: the weight goes whole, as a two's-complement integer of so many bits. One "plane",
  /// weight = s * (w - zero), zero in units of w.
  std::uint32_t integer_bits = 0;
};

/// Two's-complement INTb stored as offset binary q = w + 2^(b-1), z = 2^(b-1): z' = +1 for every b.
constexpr WeightPlanes signed_weight_planes(std::uint32_t bits) {
  return {bits, false, 1, 0};
}
/// Ternary stored in two bits, q = w + 1 in {0,1,2}, z = 1: z' = -1.
constexpr WeightPlanes ternary_weight_planes() {
  return {2, false, -1, 0};
}
/// Ternary as the two equal planes (w >= 0) and (w > 0): q' = 2w and no zero point.
constexpr WeightPlanes equal_ternary_weight_planes() {
  return {2, true, 0, 0};
}

/// An integer of `bits` bits for a core that multiplies.
constexpr WeightPlanes integer_weights(std::uint32_t bits) {
  return {1, false, 0, bits};
}

/// Code whose bit p is the bit of plane p, for a signed weight.
constexpr std::uint32_t signed_weight_code(std::int32_t weight, std::uint32_t bits) {
  return static_cast<std::uint32_t>(weight + (1 << (bits - 1)));
}
constexpr std::uint32_t ternary_weight_code(std::int32_t weight) {
  return static_cast<std::uint32_t>(weight + 1);
}
constexpr std::uint32_t equal_ternary_weight_code(std::int32_t weight) {
  return (weight >= 0 ? 1u : 0u) | (weight > 0 ? 2u : 0u);
}

/// Folds the plane bits of a group, w3 w2 w1 w0 for length 4 (bit k belongs to activation k), into {negate, index}: if
/// the top bit is set the bits below it are complemented, so that hardware needs no inverter in front of the table.
constexpr std::uint32_t fold(std::uint32_t bits, std::uint32_t group_length = 4) {
  const std::uint32_t sign = 1u << (group_length - 1);
  return (bits & sign) != 0 ? sign | (~bits & (sign - 1)) : bits & (sign - 1);
}

}  // namespace lutetia
