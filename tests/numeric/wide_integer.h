// 128-bit integers of the code under test as integers without limits, and divisions of those that say how they round:
// for oracles that cannot overflow.
#pragma once
#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>

#include "base/random.h"
#include "numeric/attention_arithmetic.h"

namespace lutetia {

using Integer = boost::multiprecision::cpp_int;

inline Integer integer(WideInt value) {
  const bool negative = value < 0;
  const auto magnitude = static_cast<unsigned __int128>(negative ? -value : value);
  const Integer whole =
      (Integer(static_cast<std::uint64_t>(magnitude >> 64)) << 64) + static_cast<std::uint64_t>(magnitude);
  return negative ? Integer(-whole) : whole;
}

inline Integer power_of_two(unsigned exponent) {
  return Integer(1) << exponent;
}

/// Largest integer not above numerator / denominator; denominator > 0.
inline Integer floor_divide(const Integer& numerator, const Integer& denominator) {
  const Integer quotient = numerator / denominator;  // toward zero
  return quotient * denominator > numerator ? Integer(quotient - 1) : quotient;
}

/// The integer nearest to numerator / denominator, ties to the even one; denominator > 0.
inline Integer nearest_even(const Integer& numerator, const Integer& denominator) {
  const Integer low = floor_divide(numerator, denominator);
  const Integer below = numerator - low * denominator, above = denominator - below;
  if (below == above) return low % 2 == 0 ? low : Integer(low + 1);
  return below < above ? low : Integer(low + 1);
}

inline Integer saturate(const Integer& value, std::int64_t least, std::int64_t most) {
  return value < least ? Integer(least) : value > most ? Integer(most) : value;
}

/// A signed integer below 2^bits in magnitude whose magnitude has any number of bits with the same probability.
inline WideInt random_wide(Random& random, unsigned bits) {
  const auto length = static_cast<unsigned>(random.below(bits + 1));
  unsigned __int128 magnitude = (static_cast<unsigned __int128>(random.next()) << 64) | random.next();
  magnitude = length == 0 ? 0 : magnitude >> (128 - length);
  return random.bernoulli(0.5) ? -static_cast<WideInt>(magnitude) : static_cast<WideInt>(magnitude);
}

}  // namespace lutetia
