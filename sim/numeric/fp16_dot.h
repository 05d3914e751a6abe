// Dot products of FP16 numbers as floating-point tensor cores make them, bit by bit: exact products, and a step that
// adds some of them to an FP32 sum on a common grid and rounds once. sim/units/mac_core/README.md defines both. RTL
// twins: rtl/common/fp16_product.sv, fp16_dot_accumulate.sv, int_to_fp16.sv.
#pragma once
#include <cstddef>
#include <cstdint>

namespace lutetia {

/// An exact product: significand * 2^(exponent - 50) with this sign.
struct Fp16Product {
  static constexpr std::uint32_t kSpecial = 63;  ///< exponent of infinity (significand 0) and NaN (any other)

  bool negative = false;
  std::uint32_t exponent = 0;     ///< sum of the factors' biased exponents; 0: the product is zero
  std::uint32_t significand = 0;  ///< product of the factors' significands, not normalised

  /// The 29 bits of the term register.
  std::uint32_t encode() const { return std::uint32_t{negative} << 28 | exponent << 22 | significand; }
  static Fp16Product decode(std::uint32_t bits) { return {(bits >> 28 & 1) != 0, bits >> 22 & 63, bits & 0x3fffff}; }
};

/// Of two FP16 codes.
Fp16Product fp16_product(std::uint32_t a, std::uint32_t b);

/// acc + all products (as encoded), each cut to the grid 26 places below the largest exponent, rounded once to FP32.
std::uint32_t fp16_dot_accumulate(std::uint32_t acc, const std::int64_t* products, std::size_t count);

/// The FP16 code of an integer of magnitude 2048 at most; exact.
std::uint32_t fp16_from_int(std::int32_t value);

}  // namespace lutetia
