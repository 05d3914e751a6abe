// FP16 (IEEE 754 binary16) as the scales of packed weights hold it: exact to FP32, and back with round to nearest even.
// Little-endian reads and writes, as every packed file has them.
#pragma once
#include <cmath>
#include <cstdint>

#include "numeric/fp32.h"

namespace lutetia {

/// The value of 16 bits; NaN for the NaN patterns.
inline float half_value(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const int mantissa = bits & 1023;
  float magnitude = 0;
  if (exponent == 31)
    magnitude = mantissa == 0 ? INFINITY : NAN;
  else if (exponent == 0)
    magnitude = std::ldexp(static_cast<float>(mantissa), -24);
  else
    magnitude = std::ldexp(static_cast<float>(1024 + mantissa), exponent - 25);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

/// The nearest FP16, ties to even; beyond 65504 + half a step infinity, NaN the quiet NaN 0x7e00.
inline std::uint16_t half_bits(float value) {
  const auto sign = static_cast<std::uint16_t>(std::signbit(value) ? 0x8000 : 0);
  if (std::isnan(value)) return 0x7e00;
  const double magnitude = std::fabs(static_cast<double>(value));
  if (magnitude >= 65520.0) return static_cast<std::uint16_t>(sign | 0x7c00);
  int exponent = magnitude == 0 ? -14 : std::ilogb(magnitude);
  if (exponent < -14) exponent = -14;  // subnormals share the smallest exponent
  // steps of 2^(exponent-10); a carry to 2048 steps goes on into the exponent field by itself
  const auto steps = static_cast<std::uint16_t>(std::nearbyint(std::ldexp(magnitude, 10 - exponent)));
  const int field = steps < 1024 ? steps : ((exponent + 14) << 10) + steps;
  return static_cast<std::uint16_t>(sign | field);
}

inline std::uint16_t read_u16(const std::uint8_t* bytes) {
  return static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8);
}

inline void write_u16(std::uint8_t* bytes, std::uint16_t value) {
  bytes[0] = static_cast<std::uint8_t>(value);
  bytes[1] = static_cast<std::uint8_t>(value >> 8);
}

inline float read_fp32(const std::uint8_t* bytes) {
  return fp32_value(std::uint32_t{read_u16(bytes)} | std::uint32_t{read_u16(bytes + 2)} << 16);
}

inline void write_fp32(std::uint8_t* bytes, float value) {
  const std::uint32_t bits = fp32_bits(value);
  write_u16(bytes, static_cast<std::uint16_t>(bits));
  write_u16(bytes + 2, static_cast<std::uint16_t>(bits >> 16));
}

}  // namespace lutetia
