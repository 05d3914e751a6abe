// The floating-point rows of number_format.h, bit by bit: the fields of a code, its value, and the code nearest to a
// value (nearest even, with subnormals; after the conversion table of OFP8 1.0 for the 8-bit formats, which for the
// formats with infinities is what IEEE 754 does). A code occupies the lowest `bits` bits; higher ones are ignored.
// FP32 bits are converted as encode_float(format, fp32_value(bits), ...): a float is a double.
#pragma once
#include <cstdint>

#include "numeric/number_format.h"

namespace lutetia {

/// What becomes of a value that rounds to more than the largest finite number, and of an infinity.
enum class Overflow : std::uint8_t {
  kSaturate,  ///< the largest finite number, with the sign of the value
  kInfinity,  ///< infinity or, in a format without infinities (fp8_e4m3), NaN, with the sign of the value
};

inline std::uint32_t fraction_field(const NumberFormat& format, std::uint32_t code) {
  return code & ((std::uint32_t{1} << format.mantissa) - 1);
}

inline std::uint32_t exponent_field(const NumberFormat& format, std::uint32_t code) {
  return (code >> format.mantissa) & ((std::uint32_t{1} << format.exponent) - 1);
}

inline bool is_negative(const NumberFormat& format, std::uint32_t code) {
  return ((code >> (format.bits - 1)) & 1) != 0;
}

/// The exponent by which value = significand * 2^(effective - bias - mantissa) holds for subnormals and zero too.
inline std::uint32_t effective_exponent(const NumberFormat& format, std::uint32_t code) {
  const std::uint32_t field = exponent_field(format, code);
  return field == 0 ? 1 : field;
}

/// The fraction with the hidden bit, which is 0 in subnormals and zero: an integer of mantissa + 1 bits.
inline std::uint32_t significand(const NumberFormat& format, std::uint32_t code) {
  const std::uint32_t hidden = exponent_field(format, code) == 0 ? 0 : 1;
  return fraction_field(format, code) | hidden << format.mantissa;
}

bool is_nan(const NumberFormat& format, std::uint32_t code);
bool is_infinity(const NumberFormat& format, std::uint32_t code);
/// NaN or infinity: not a number that arithmetic on significands could treat.
bool is_special(const NumberFormat& format, std::uint32_t code);

/// The NaN that every operation gives: positive; quiet in IEEE formats, 0x7f in fp8_e4m3.
std::uint32_t canonical_nan(const NumberFormat& format);
/// The code of the largest finite number.
std::uint32_t largest_finite(const NumberFormat& format);

/// The value of a code, exact. A NaN becomes a quiet NaN.
double decode_float(const NumberFormat& format, std::uint32_t code);

/// The code nearest to a value, ties to the even code. A NaN becomes canonical_nan().
std::uint32_t encode_float(const NumberFormat& format, double value, Overflow overflow);

}  // namespace lutetia
