// Keys and values as the integer attention unit takes them: 8- or 4-bit codes, symmetric with one scale per tensor, or
// asymmetric with a scale and a zero point per row (key) and group of 32, 64 or 128 elements, the way KV caches are
// quantized (along the head, for keys as for values). The unit's form of those scales: a multiplier per key and group
// (key_scales), and fractions of the largest value scale (value_scales).
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "numeric/streaming_attention.h"

namespace lutetia {

/// value = scale * code; codes -127 .. 127 or -7 .. 7.
struct SymmetricCodes {
  std::vector<std::int32_t> codes;
  double scale = 0;
};
/// The largest magnitude becomes the largest code; of all zeros the scale is 1. `bits`: 2 .. 8.
SymmetricCodes quantize_symmetric(const std::vector<double>& values, int bits);

/// value = scale * (code - zero) of its row and group; codes and zeros 0 .. 255 or 0 .. 15.
struct GroupedCodes {
  std::size_t columns = 0, group = 0;
  std::vector<std::int32_t> codes;   ///< row by row
  std::vector<double> scales;        ///< row by row, groups() each
  std::vector<std::uint32_t> zeros;  ///< like scales

  std::size_t groups() const { return (columns + group - 1) / group; }
  std::size_t rows() const { return columns == 0 ? 0 : codes.size() / columns; }
  double value(std::size_t row, std::size_t column) const;
};
/// The range of a group, widened to hold 0, becomes the range of codes; of all zeros the scale is 1. The last group of
/// a row may be short.
GroupedCodes quantize_grouped(const std::vector<double>& values, std::size_t columns, std::size_t group, int bits);

/// The shift that suits the largest multiplier of scores scaled by `scale` = s_q / sqrt(d), and the multipliers with a
/// given shift (what does not fit, of keys that came later, saturates).
std::uint32_t key_shift(const GroupedCodes& keys, double scale);
std::vector<KeyScale> key_scales(const GroupedCodes& keys, double scale, std::uint32_t shift);

/// The least unit of results of which all scales are fractions, and the scales as fractions of a given one
/// (saturating).
double value_unit(const GroupedCodes& values);
std::vector<ValueScale> value_scales(const GroupedCodes& values, double unit);

}  // namespace lutetia
