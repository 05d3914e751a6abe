// Tables of 8-bit entries: the exact half tables of an aligned segment (activation_segment.h), rescaled so that the
// largest entry of all its groups comes near 127. One scale per row and segment, so the lookups of a segment still add
// up as integers (a scale per table would need a multiplication per lookup).
//
// The ideal factor is 127 / A, where A is the largest sum|a_k| of a group and so its largest entry. A divider for it
// would be far larger than the rest, so A is replaced by a floating-point number of few bits above it: with L the bit
// length of A and t = L - 5,
//
//     m = ceil(A / 2^t), 16..32     c[m] = floor(127 * 256 / m)     q = RNE(T * c[m] / 2^(8 + t))
//
// that is a table of 17 reciprocals of 11 bits, one multiplication and a shift (t may be negative: A below 16 is
// shifted left, exactly). |T| <= A <= m 2^t gives |q| <= RNE(m c[m] / 256) <= 127: nothing saturates, -128 never
// occurs, and the negation of an entry in the array is safe. ceil wastes less than 1/16 of the range: A / 2^t > m - 1,
// where m >= 17 if A / 2^t is no integer; floor wastes less than 1/1000. Hence the largest entry is at least 119.
// What the entries are multiplied with is undone exactly but for one rounding, 2^(8 + t) / c[m].
//
// All sizes follow from `width`, the bits of an aligned element: A < 2^(width + 1), so 4 <= 8 + t <= width + 4.
// RTL twins: rtl/units/lut_core/lut_core_table_scale.sv, lut_core_quantize_entry.sv.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "numeric/activation_segment.h"

namespace lutetia {

inline constexpr std::size_t kTableGroup = 4;        ///< activations behind one table
inline constexpr std::size_t kHalfTableEntries = 8;  ///< the other half is the negated one
inline constexpr std::size_t kSegmentTables = kSegmentLength / kTableGroup;

/// T[i] = -a3 + s2 a2 + s1 a1 + s0 a0, s_k = +1 if bit k of i is set, else -1.
std::array<std::int32_t, kHalfTableEntries> half_table(const std::int32_t* group);

/// |a0| + |a1| + |a2| + |a3|: the largest magnitude in the half table of the group.
std::uint32_t group_magnitude(const std::int32_t* group);

/// What all entries of a segment are multiplied with: multiplier / 2^shift.
struct TableRatio {
  std::uint32_t multiplier = 0;  ///< c[m], 1016..2032
  int shift = 0;                 ///< 8 + t
};

/// The ratio for a largest group_magnitude() of A; 0 counts as 1.
TableRatio table_ratio(std::uint32_t largest_magnitude);

/// The 8-bit entry, -127..127, of an exact one whose magnitude is at most the A behind `ratio`.
std::int32_t quantize_entry(std::int32_t entry, const TableRatio& ratio);

/// FP32 bits of the number that a sum of entries is multiplied with: RNE(256 / c[m]) * 2^t * 2^(E - B - p - G), an
/// addition to the exponent of one of 17 constants; +0 if the exponent field would be below 1, the canonical NaN if
/// the segment is poisoned. It cannot overflow: the field is at most E - 4.
std::uint32_t table_scale(const NumberFormat& format, int width, const TableRatio& ratio, std::uint32_t max_exponent,
                          bool poisoned);

struct QuantizedSegment {
  std::array<std::array<std::int32_t, kHalfTableEntries>, kSegmentTables> tables{};
  TableRatio ratio;
  std::uint32_t scale = 0;  ///< FP32 bits; the sum of activations behind a lookup = entry * scale
};

QuantizedSegment quantize_segment(const NumberFormat& format, int width, const AlignedSegment& segment);

}  // namespace lutetia
