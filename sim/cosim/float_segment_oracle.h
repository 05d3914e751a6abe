// What a segment of floating-point activations must become, in double precision and from the numbers the codes stand
// for: independent of numeric/activation_segment.h, numeric/quantized_table.h and the RTL. Every step is exact in a
// double except the two roundings that are meant, which nearbyint() and a float division make to nearest even.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "numeric/number_format.h"

namespace lutetia {

/// The number of a code; NaN for NaN, infinities as they are.
inline double float_code_value(const NumberFormat& f, std::uint32_t code) {
  const std::uint32_t fraction = code & ((1u << f.mantissa) - 1),
                      field = (code >> f.mantissa) & ((1u << f.exponent) - 1);
  const std::uint32_t ones = (1u << f.exponent) - 1;
  const double sign = (code >> (f.exponent + f.mantissa)) != 0 ? -1 : 1;
  const bool all_ones = field == ones && fraction == (1u << f.mantissa) - 1;
  if (f.nan == NanRule::kAllOnesOnly ? all_ones : field == ones && fraction != 0) return std::nan("");
  if (f.infinities && field == ones) return sign * HUGE_VAL;
  const double significand = fraction + (field != 0 ? std::ldexp(1.0, f.mantissa) : 0.0);
  return sign * std::ldexp(significand, static_cast<int>(std::max(field, 1u)) - f.bias - f.mantissa);
}

class FloatSegmentOracle {
 public:
  /// `width` bits of an aligned element; `codes` of one segment of a row.
  FloatSegmentOracle(const NumberFormat& format, std::uint32_t width, bool quantized,
                     const std::vector<std::uint32_t>& codes)
      : quantized_(quantized) {
    int top = 1 - format.bias;  // exponent of the largest, not below the format's smallest
    for (const std::uint32_t code : codes) {
      const double value = float_code_value(format, code);
      if (!std::isfinite(value)) poisoned_ = true;
      if (std::isfinite(value) && value != 0) top = std::max(top, std::ilogb(value));
    }
    const int unit = top - (static_cast<int>(width) - 2);  // exponent of the integers' last bit
    for (const std::uint32_t code : codes) {
      const double value = float_code_value(format, code);
      integers_.push_back(std::isfinite(value) ? std::nearbyint(std::ldexp(value, -unit)) : 0.0);
    }
    scale_ = std::ldexp(1.0f, unit);
    if (!quantized) return;
    double largest = 1;
    for (std::size_t k = 0; k < codes.size(); k += 4) {
      double sum = 0;
      for (std::size_t i = k; i < std::min(k + 4, codes.size()); ++i) sum += std::fabs(integers_[i]);
      largest = std::max(largest, sum);
    }
    const int step = std::ilogb(largest) - 4;
    multiplier_ = std::floor(127 * 256 / std::ceil(std::ldexp(largest, -step)));
    shift_ = 8 + step;
    const float ratio = 256.0f / static_cast<float>(multiplier_);
    const double exact = std::ldexp(static_cast<double>(ratio), step + unit);
    scale_ = exact < std::ldexp(1.0, -126) ? 0.0f : static_cast<float>(exact);
  }

  /// FP32 bits of the row scale.
  std::uint32_t scale() const {
    std::uint32_t bits = 0x7fc00000u;
    if (!poisoned_) std::memcpy(&bits, &scale_, sizeof bits);
    return bits;
  }
  /// What the core adds for the K group that begins at element `k`, with these signs of its four activations.
  std::int64_t signed_sum(std::size_t k, const int (&signs)[4]) const {
    double sum = 0;
    for (std::size_t i = 0; i < 4 && k + i < integers_.size(); ++i) sum += signs[i] * integers_[k + i];
    return static_cast<std::int64_t>(quantized_ ? std::nearbyint(std::ldexp(sum * multiplier_, -shift_)) : sum);
  }

 private:
  bool quantized_, poisoned_ = false;
  std::vector<double> integers_;
  float scale_ = 0;
  double multiplier_ = 0;
  int shift_ = 0;
};

}  // namespace lutetia
