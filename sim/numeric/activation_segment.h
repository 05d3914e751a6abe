// Floating-point activations as integers: all elements of a K segment (at most 64) of one row share the exponent of the
// largest, and what remains are signed integers of `width` bits and one power of two. An integer LUT core then needs
// nothing but a scale per row and segment. (FIGLUT, arXiv 2503.06862, calls such activations "pre-aligned".)
//
// With p mantissa bits, bias B, effective exponents e_i = max(field_i, 1), E = max e_i and significands sig_i (hidden
// bit included):
//
//     value_i = sign_i * RNE(sig_i * 2^G / 2^(E - e_i)),   G = width - 2 - p guard bits,   scale = 2^(E - B - p - G)
//
// so that an element with the largest exponent is exact and |value_i| <= 2^(width-1) - 2^G: the most negative integer
// never occurs. Elements at most G binades below the largest are exact too. A NaN or infinity anywhere makes the scale
// NaN, hence every result of the row; the element itself counts as significand 0 with its exponent field, so that
// hardware treats it as any other. RTL twins: rtl/units/lut_core/lut_core_{classify,align}_element.sv,
// lut_core_segment_scale.sv.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "numeric/number_format.h"

namespace lutetia {

inline constexpr std::size_t kSegmentLength = 64;  ///< most activations that can share an exponent

/// G = width - 2 - p. Throws std::invalid_argument if `format` is no float, or its significand and a sign need more
/// than `width` bits, or `width` is neither 8 nor 16.
int guard_bits(const NumberFormat& format, int width);

/// One element beside a largest effective exponent of `max_exponent`, which is at least its own.
std::int32_t align_element(const NumberFormat& format, int width, std::uint32_t code, std::uint32_t max_exponent);

/// FP32 bits of 2^(E - B - p - G), exact even where it is subnormal (bf16 only), or the canonical NaN.
std::uint32_t segment_scale(const NumberFormat& format, int width, std::uint32_t max_exponent, bool poisoned);

struct AlignedSegment {
  std::array<std::int32_t, kSegmentLength> values{};  ///< 0 beyond the elements that exist
  std::uint32_t max_exponent = 1;                     ///< E
  bool poisoned = false;                              ///< an element was NaN or infinite
  std::uint32_t scale = 0;                            ///< FP32 bits; value of an element = integer * scale
};

/// `count` codes, at most kSegmentLength; missing elements are code 0, and do not change E.
AlignedSegment align_segment(const NumberFormat& format, int width, const std::uint32_t* codes, std::size_t count);

}  // namespace lutetia
