#include "numeric/activation_segment.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "numeric/float_format.h"
#include "numeric/fp32.h"

namespace lutetia {

int guard_bits(const NumberFormat& format, int width) {
  const int guard = width - 2 - format.mantissa;
  if (is_integer(format) || (width != 8 && width != 16) || guard < 0)
    throw std::invalid_argument(std::string(format.name) + " cannot be aligned in " + std::to_string(width) + " bits");
  return guard;
}

std::int32_t align_element(const NumberFormat& format, int width, std::uint32_t code, std::uint32_t max_exponent) {
  if (is_special(format, code)) return 0;
  const std::uint32_t wide = significand(format, code) << guard_bits(format, width);  // below 2^(width - 1)
  const std::uint32_t distance = max_exponent - effective_exponent(format, code);
  if (distance >= static_cast<std::uint32_t>(width)) return 0;  // below half a unit
  // A unit more if the dropped bits are above half a unit, or half a unit and the kept ones odd.
  const std::uint32_t kept = wide >> distance;
  const std::uint32_t twice_dropped = 2 * (wide - (kept << distance));
  const std::uint32_t unit = std::uint32_t{1} << distance;
  const bool up = twice_dropped > unit || (twice_dropped == unit && kept % 2 != 0);
  const auto rounded = static_cast<std::int32_t>(kept + (up ? 1 : 0));
  return is_negative(format, code) ? -rounded : rounded;
}

std::uint32_t segment_scale(const NumberFormat& format, int width, std::uint32_t max_exponent, bool poisoned) {
  if (poisoned) return kCanonicalNan;
  // p + G = width - 2. bf16 in 16 bits: at least 1 - 127 - 14 = -140, above the smallest subnormal 2^-149.
  const int exponent = static_cast<int>(max_exponent) - format.bias - format.mantissa - guard_bits(format, width);
  const int field = exponent + 127;
  return field >= 1 ? static_cast<std::uint32_t>(field) << 23 : std::uint32_t{1} << (22 + field);
}

AlignedSegment align_segment(const NumberFormat& format, int width, const std::uint32_t* codes, std::size_t count) {
  if (count > kSegmentLength) throw std::invalid_argument("a segment has at most 64 elements");
  AlignedSegment segment;
  for (std::size_t i = 0; i < count; ++i) {
    segment.max_exponent = std::max(segment.max_exponent, effective_exponent(format, codes[i]));
    segment.poisoned = segment.poisoned || is_special(format, codes[i]);
  }
  for (std::size_t i = 0; i < count; ++i)
    segment.values[i] = align_element(format, width, codes[i], segment.max_exponent);
  segment.scale = segment_scale(format, width, segment.max_exponent, segment.poisoned);
  return segment;
}

}  // namespace lutetia
