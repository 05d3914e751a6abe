#include "numeric/float_format.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lutetia {
namespace {

std::uint32_t magnitude_mask(const NumberFormat& format) {
  return (std::uint32_t{1} << (format.bits - 1)) - 1;
}

/// All ones in the exponent, nothing in the fraction.
std::uint32_t top_exponent(const NumberFormat& format) {
  return ((std::uint32_t{1} << format.exponent) - 1) << format.mantissa;
}

}  // namespace

bool is_nan(const NumberFormat& format, std::uint32_t code) {
  const std::uint32_t magnitude = code & magnitude_mask(format);
  switch (format.nan) {
    case NanRule::kNone: return false;
    case NanRule::kIeee: return magnitude > top_exponent(format);
    case NanRule::kAllOnesOnly: return magnitude == magnitude_mask(format);
  }
  return false;
}

bool is_infinity(const NumberFormat& format, std::uint32_t code) {
  return format.infinities && (code & magnitude_mask(format)) == top_exponent(format);
}

bool is_special(const NumberFormat& format, std::uint32_t code) {
  return is_nan(format, code) || is_infinity(format, code);
}

std::uint32_t canonical_nan(const NumberFormat& format) {
  if (format.nan == NanRule::kAllOnesOnly) return magnitude_mask(format);
  return top_exponent(format) | std::uint32_t{1} << (format.mantissa - 1);
}

std::uint32_t largest_finite(const NumberFormat& format) {
  return (format.infinities ? top_exponent(format) : magnitude_mask(format)) - 1;
}

double decode_float(const NumberFormat& format, std::uint32_t code) {
  if (is_nan(format, code)) return std::numeric_limits<double>::quiet_NaN();
  const double sign = is_negative(format, code) ? -1.0 : 1.0;
  if (is_infinity(format, code)) return sign * std::numeric_limits<double>::infinity();
  const int exponent = static_cast<int>(effective_exponent(format, code)) - format.bias - format.mantissa;
  return sign * std::ldexp(static_cast<double>(significand(format, code)), exponent);
}

std::uint32_t encode_float(const NumberFormat& format, double value, Overflow overflow) {
  if (std::isnan(value)) return canonical_nan(format);
  const std::uint32_t sign = std::signbit(value) ? std::uint32_t{1} << (format.bits - 1) : 0;
  const std::uint32_t largest = largest_finite(format);
  const std::uint32_t too_large = overflow == Overflow::kSaturate ? largest
                                  : format.infinities             ? top_exponent(format)
                                                                  : canonical_nan(format);
  const double magnitude = std::fabs(value);
  if (std::isinf(value)) return sign | too_large;
  if (magnitude == 0) return sign;

  // Count in units of the last place; below the smallest normal (field 1) that unit stays the same.
  int exponent = 0;
  std::frexp(magnitude, &exponent);  // magnitude in [2^(exponent - 1), 2^exponent)
  const int field = std::max(exponent - 1 + format.bias, 1);
  const double units = std::ldexp(magnitude, format.bias + format.mantissa - field);  // exact, below 2^(mantissa + 1)
  auto rounded = static_cast<std::int64_t>(units);
  const double rest = units - static_cast<double>(rounded);
  if (rest > 0.5 || (rest == 0.5 && rounded % 2 != 0)) ++rounded;

  // The hidden bit adds to the exponent field, and so does a carry out of the rounding.
  const std::int64_t code = (std::int64_t{field - 1} << format.mantissa) + rounded;
  return sign | (code > largest ? too_large : static_cast<std::uint32_t>(code));
}

}  // namespace lutetia
