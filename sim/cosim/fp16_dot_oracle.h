// A scale group of FP16 activations and integer weights on a core with FP16 multipliers, from the numbers that codes
// stand for: independent of numeric/fp16_dot.h and the RTL. Numbers are doubles, exact throughout; the sum of a step is
// an integer in units of the grid, which exact_fp32.h rounds.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "cosim/exact_fp32.h"
#include "cosim/float_segment_oracle.h"
#include "units/matrix_core/matrix_core_beats.h"

namespace lutetia {

/// A summand with the exponent it brings to the choice of the grid; zeros bring none.
struct Fp16DotSummand {
  double value = 0;
  int exponent = 0;
};

/// All summands cut to 26 places below the largest exponent, added, rounded once; FP32 bits.
inline std::uint32_t fp16_dot_step(const std::vector<Fp16DotSummand>& summands) {
  double unbounded = 0;  // only NaN and infinities of it matter
  int largest = INT32_MIN;
  for (const Fp16DotSummand& s : summands) {
    unbounded += std::isfinite(s.value) ? 0.0 : s.value;
    if (s.value != 0) largest = std::max(largest, s.exponent);
  }
  if (std::isnan(unbounded)) return exact::kNan;
  if (std::isinf(unbounded)) return exact::kInfinity | (unbounded < 0 ? exact::kSign : 0);
  exact::Int sum = 0;
  if (largest == INT32_MIN) return 0;
  for (const Fp16DotSummand& s : summands)
    sum += static_cast<exact::Int>(std::trunc(std::ldexp(s.value, 26 - largest)));
  return sum == 0 ? 0 : exact::round(sum < 0, static_cast<exact::Unsigned>(sum < 0 ? -sum : sum), largest - 26);
}

/// Elements first..end-1 of K: the FP32 bits of the group's partial sum.
inline std::uint32_t fp16_dot_group(const MatrixCoreShape& shape, const MatrixCoreOperands& operands, std::uint32_t m,
                                    std::uint32_t n, std::uint32_t first, std::uint32_t end) {
  std::uint32_t bits = 0;
  for (std::uint32_t k0 = first; k0 < end; k0 += shape.group_length) {
    float sum = 0;
    std::memcpy(&sum, &bits, sizeof sum);
    std::vector<Fp16DotSummand> summands{{sum, std::isfinite(sum) && sum != 0 ? std::max(std::ilogb(sum), -126) : 0}};
    for (std::uint32_t k = k0; k < std::min(k0 + shape.group_length, end); ++k) {
      const auto code = static_cast<std::uint32_t>(operands.activation(m, k)) & 0xffffu;
      const double activation = float_code_value(*shape.float_format, code);
      const auto weight = static_cast<double>(static_cast<std::int32_t>(operands.weight_code(n, k)));
      Fp16DotSummand product{activation * weight, 0};
      if (std::isfinite(product.value) && product.value != 0)
        product.exponent = std::max(std::ilogb(activation), -14) + std::ilogb(weight);
      summands.push_back(product);
    }
    bits = fp16_dot_step(summands);
  }
  return bits;
}

}  // namespace lutetia
