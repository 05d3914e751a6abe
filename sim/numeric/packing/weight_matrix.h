// A weight matrix out of its packing: integers in row-major order and the scales that came with them, so that
//   value(n, k) = scale * sub_scale * w(n, k) - minimum * sub_minimum.
// Packings without one of the parts leave its vector empty; an absent scale counts as 1, an absent minimum as 0.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace lutetia {

struct WeightMatrix {
  std::uint64_t rows = 0;     ///< N, output features
  std::uint64_t columns = 0;  ///< K, the reduction
  /// w, [rows][columns]. The code stored for w is q = w + zero (PackingInfo::zero).
  std::vector<std::int8_t> weights;
  /// Weights of a row that share a scale; 0 = one scale for the whole matrix.
  std::uint64_t scale_group = 0;
  /// [rows][columns / scale_group]. FP16 or FP32 values, exactly as stored.
  std::vector<float> scales;
  std::vector<float> minima;  ///< indexed as scales
  /// Weights of a row that share a sub-scale; 0 = there are none.
  std::uint64_t sub_group = 0;
  std::vector<std::uint8_t> sub_scales, sub_minima;  ///< [rows][columns / sub_group], 4 bits each

  std::uint64_t index(std::uint64_t row, std::uint64_t column) const { return row * columns + column; }

  /// How many scales (or minima) a matrix of this shape has; columns must be a multiple of scale_group.
  std::uint64_t scale_count() const { return scale_group == 0 ? 1 : rows * (columns / scale_group); }

  /// Exact: no product here has more than 24 + 4 + 8 bits, and their difference is rounded once, to double.
  double value(std::uint64_t row, std::uint64_t column) const {
    const std::uint64_t i = index(row, column);
    const std::uint64_t scale = scale_group == 0 ? 0 : i / scale_group;
    const std::uint64_t sub = sub_group == 0 ? 0 : i / sub_group;
    double product = weights[i], minimum = minima.empty() ? 0.0 : minima[scale];
    if (!scales.empty()) product *= scales[scale];
    if (!sub_scales.empty()) product *= sub_scales[sub];
    if (!sub_minima.empty()) minimum *= sub_minima[sub];
    return product - minimum;
  }

  /// Every value, [rows][columns].
  std::vector<double> values() const {
    std::vector<double> out;
    out.reserve(weights.size());
    for (std::uint64_t row = 0; row < rows; ++row)
      for (std::uint64_t column = 0; column < columns; ++column) out.push_back(value(row, column));
    return out;
  }
};

}  // namespace lutetia
