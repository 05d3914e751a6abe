// Values as real models have them: per-token quantization scales the largest of some thousand roughly normal
// activations to the largest code, so that small codes are common and large ones rare. Switching energy hangs on that;
// results of arithmetic do not, and extremes are the business of the co-simulation.
#pragma once
#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "numeric/float_format.h"

namespace lutetia {

/// Two's complement: a standard deviation of largest / 3.46, which is 36.7 of 8 bits.
inline std::int32_t drawn_integer(std::uint64_t random, std::uint32_t bits) {
  return static_cast<std::int32_t>(bell(random, (std::int64_t{1} << (bits - 1)) - 1));
}

/// Unsigned around the middle, as a minimum and a maximum scaled to 0 and the largest code leave them.
inline std::uint32_t drawn_unsigned(std::uint64_t random, std::uint32_t bits) {
  const std::int64_t middle = std::int64_t{1} << (bits - 1);
  return static_cast<std::uint32_t>(std::min(middle + bell(random, middle), 2 * middle - 1));
}

/// Nearly normal, of a standard deviation of 1.15: the code nearest to a multiple of 2^-15 in -4 .. 4.
inline std::uint32_t drawn_float(std::uint64_t random, const NumberFormat& format) {
  return encode_float(format, std::ldexp(static_cast<double>(bell(random, 1 << 17)), -15), Overflow::kSaturate);
}

}  // namespace lutetia
