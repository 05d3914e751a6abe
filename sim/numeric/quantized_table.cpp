#include "numeric/quantized_table.h"

#include <algorithm>
#include <cstdlib>

#include "numeric/fp32.h"

namespace lutetia {

std::array<std::int32_t, kHalfTableEntries> half_table(const std::int32_t* group) {
  std::array<std::int32_t, kHalfTableEntries> table{};
  for (std::size_t i = 0; i < kHalfTableEntries; ++i) {
    table[i] = -group[3];
    for (std::size_t k = 0; k < 3; ++k) table[i] += (i >> k & 1) != 0 ? group[k] : -group[k];
  }
  return table;
}

std::uint32_t group_magnitude(const std::int32_t* group) {
  std::uint32_t sum = 0;
  for (std::size_t k = 0; k < kTableGroup; ++k) sum += static_cast<std::uint32_t>(std::abs(group[k]));
  return sum;
}

TableRatio table_ratio(std::uint32_t largest_magnitude) {
  const std::uint32_t a = std::max(largest_magnitude, std::uint32_t{1});
  int length = 0;
  while (length < 32 && a >> length != 0) ++length;
  const int t = length - 5;
  std::uint32_t m = 0;  // ceil(a / 2^t)
  if (t <= 0) {
    m = a << -t;
  } else {
    m = a >> t;
    if (m << t != a) ++m;
  }
  return {127 * 256 / m, 8 + t};
}

std::int32_t quantize_entry(std::int32_t entry, const TableRatio& ratio) {
  const std::int64_t product = std::int64_t{entry} * ratio.multiplier;
  const std::int64_t unit = std::int64_t{1} << ratio.shift;
  const std::int64_t below = product >> ratio.shift;  // towards minus infinity
  const std::int64_t twice_rest = 2 * (product - below * unit);
  const bool up = twice_rest > unit || (twice_rest == unit && below % 2 != 0);
  return static_cast<std::int32_t>(below + (up ? 1 : 0));
}

std::uint32_t table_scale(const NumberFormat& format, int width, const TableRatio& ratio, std::uint32_t max_exponent,
                          bool poisoned) {
  if (poisoned) return kCanonicalNan;
  const std::uint32_t constant = fp32_bits(256.0f / static_cast<float>(ratio.multiplier));  // one of 17; rounded once
  const int segment_exponent =
      static_cast<int>(max_exponent) - format.bias - format.mantissa - guard_bits(format, width);
  const int field = static_cast<int>(constant >> 23) + (ratio.shift - 8) + segment_exponent;
  if (field < 1) return 0;
  return static_cast<std::uint32_t>(field) << 23 | (constant & 0x7fffffu);
}

QuantizedSegment quantize_segment(const NumberFormat& format, int width, const AlignedSegment& segment) {
  std::uint32_t largest = 0;
  for (std::size_t j = 0; j < kSegmentTables; ++j)
    largest = std::max(largest, group_magnitude(&segment.values[j * kTableGroup]));
  QuantizedSegment result;
  result.ratio = table_ratio(largest);
  for (std::size_t j = 0; j < kSegmentTables; ++j) {
    result.tables[j] = half_table(&segment.values[j * kTableGroup]);
    for (std::int32_t& entry : result.tables[j]) entry = quantize_entry(entry, result.ratio);
  }
  result.scale = table_scale(format, width, result.ratio, segment.max_exponent, segment.poisoned);
  return result;
}

}  // namespace lutetia
