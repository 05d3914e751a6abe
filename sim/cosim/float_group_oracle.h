// One scale group of a product with floating-point activations, from the numbers that codes stand for and the signs of
// the weights' planes: what the core must add up, and its row scale.
#pragma once
#include <cstring>
#include <vector>

#include "cosim/exact_fp32.h"
#include "cosim/float_segment_oracle.h"
#include "units/matrix_core/matrix_core_beats.h"

namespace lutetia {

/// Elements first..end-1 of K are group g. The sum holds what every K group adds for the signs of each plane, less z'
/// times what it adds with all signs positive.
inline exact::Int float_group_sum(const MatrixCoreShape& shape, const WeightPlanes& planes,
                                  const MatrixCoreOperands& operands, std::uint32_t m, std::uint32_t n, std::uint32_t g,
                                  std::uint32_t first, std::uint32_t end, std::uint32_t& row_scale) {
  std::vector<std::uint32_t> codes;
  for (std::uint32_t k = first; k < end; ++k) codes.push_back(static_cast<std::uint32_t>(operands.activation(m, k)));
  const FloatSegmentOracle segment(*shape.float_format, shape.activation_bits, shape.quantized_tables, codes);
  row_scale = segment.scale();
  exact::Int sum = 0;
  for (std::uint32_t k = first; k < end; k += 4) {
    constexpr int kPositive[4] = {1, 1, 1, 1};
    sum -= exact::Int{operands.zero(n, g)} * segment.signed_sum(k - first, kPositive);
    for (std::uint32_t p = 0; p < planes.planes; ++p) {
      int signs[4];
      for (std::uint32_t i = 0; i < 4; ++i) signs[i] = ((operands.weight_code(n, k + i) >> p) & 1u) != 0 ? 1 : -1;
      sum += exact::Int{segment.signed_sum(k - first, signs)} << (planes.equal ? 0 : p);
    }
  }
  return sum;
}

/// The product of two FP32 numbers, rounded to nearest even; any NaN is the canonical one.
inline std::uint32_t float_product(std::uint32_t a, std::uint32_t b) {
  float x, y;
  std::memcpy(&x, &a, sizeof x);
  std::memcpy(&y, &b, sizeof y);
  x *= y;
  std::uint32_t bits = 0x7fc00000u;
  if (x == x) std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

}  // namespace lutetia
