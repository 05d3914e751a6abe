// The FP32 arithmetic of the epilogues, bit by bit as the RTL does it: IEEE-754 binary32, round to nearest even,
// subnormals kept, every NaN result the canonical quiet NaN. RTL twins: rtl/common/fp32_fma.sv,
// fp32_multiply.sv, int_to_fp32.sv.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

namespace lutetia {

inline constexpr std::uint32_t kCanonicalNan = 0x7fc00000u;

inline std::uint32_t fp32_bits(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline float fp32_value(std::uint32_t bits) {
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// a * b + c, rounded once. std::fma is exact by definition of IEEE-754; the build never enables -ffast-math.
inline std::uint32_t fp32_fma(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  const float result = std::fma(fp32_value(a), fp32_value(b), fp32_value(c));
  return std::isnan(result) ? kCanonicalNan : fp32_bits(result);
}

/// a * b, rounded once.
inline std::uint32_t fp32_multiply(std::uint32_t a, std::uint32_t b) {
  const float result = fp32_value(a) * fp32_value(b);
  return std::isnan(result) ? kCanonicalNan : fp32_bits(result);
}

/// Integer to FP32, nearest even (exact up to 2^24).
inline std::uint32_t fp32_from_int(std::int64_t value) {
  return fp32_bits(static_cast<float>(value));
}

}  // namespace lutetia
