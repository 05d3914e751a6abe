// Arithmetic of streaming attention, every step on integers, so that C++, SystemC and Verilog agree to the bit.
// sim/units/attention/README.md, "Arithmetic", numbers the steps. Leaves out: tables of 2^-f (exp2_segments.h).
#pragma once
#include <cstdint>

#include "numeric/exp2_segments.h"

namespace lutetia {

__extension__ using WideInt = __int128;

/// Of at most 2^20 - 1 weights of at most 1.
inline constexpr std::uint32_t kRowSumBits = kWeightFraction + 20;
/// The same times values: integers of 9 bits signed, or FP16 in units of 2^-24, 42 bits signed; and a bit to spare.
inline constexpr std::uint32_t kIntegerAccumulatorBits = kRowSumBits + 10, kFp16AccumulatorBits = kRowSumBits + 44;
/// Of the unit in which FP16 values are integers.
inline constexpr std::uint32_t kFp16Fraction = 24;

/// FP16 as Arm's alternative half precision (exponent 31 is ordinary), in units of 2^-24; 42 bits signed.
std::int64_t fp16_to_fixed(std::uint16_t bits);

/// Base-2 logarithm of a weight, SQ10.10, from a scaled dot product: saturated (total + 2^(shift-1)) >> shift; shift
/// 1..127, |total| < 2^126.
std::int32_t score_log2(WideInt total, std::uint32_t shift);
/// Saturated sum of two SQ10.10.
std::int32_t add_bias(std::int32_t score, std::int32_t bias);
/// Smallest integer that is not less than an SQ10.10.
std::int32_t ceiling(std::int32_t score);

/// A sum when the running maximum rises by `distance` >= 0: floor(sum / 2^distance); 0 if distance > width.
WideInt rescale(WideInt sum, std::uint32_t distance, std::uint32_t width);
/// A weight times the scale fraction (of 2^16) of a value, rounded half up.
std::uint32_t scale_weight(std::uint32_t weight, std::uint32_t fraction);

/// 1/l for a row sum l (40 bits, not 0): floor(2^56 / (l << zeros)), zeros = leading zeros in 40 bits; 2^16 .. 2^17.
struct Reciprocal {
  std::uint32_t value = 0;
  std::uint32_t zeros = 0;
};
inline constexpr std::uint32_t kReciprocalPoint = kRowSumBits + 16;
Reciprocal reciprocal(std::uint64_t row_sum);

/// accumulator * reciprocal * 2^(zeros - 56 - unit), rounded to nearest even; `unit`: the accumulator's values count
/// 2^-unit. FP16 bits, subnormals, saturating to +-65504.
std::uint16_t normalise_fp16(WideInt accumulator, const Reciprocal& r, std::uint32_t unit);
/// The same for unit 0, to an integer, saturating to -128..127.
std::int8_t normalise_int8(WideInt accumulator, const Reciprocal& r);

}  // namespace lutetia
