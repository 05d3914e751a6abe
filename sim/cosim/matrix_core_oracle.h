// What a tile must give, straight from what its weights mean: exact integers per scale group, no planes, no tables,
// then the FP32 arithmetic of exact_fp32.h in K order. Independent of the cores' bodies and of the RTL.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cosim/exact_fp32.h"
#include "cosim/float_group_oracle.h"
#include "cosim/fp16_dot_oracle.h"
#include "cosim/matrix_core_tile.h"

namespace lutetia {

/// FP32 bits of O[m][n].
inline std::uint32_t matrix_core_expected(const MatrixCoreTile& t, std::uint32_t m, std::uint32_t n) {
  std::uint32_t sum = t.command.fill ? t.fills[std::size_t{m} * t.outputs + n] : 0;
  for (std::uint32_t g = 0; g < t.groups(); ++g) {
    const std::size_t at = std::size_t{n} * t.groups() + g;
    const std::uint32_t first = g * t.scale_group(), end = std::min(first + t.scale_group(), t.depth);
    if (t.shape.float_psums) {
      sum = exact::fma(fp16_dot_group(t.shape, t, m, n, first, end), t.scales[at], sum);
      continue;
    }
    if (t.shape.row_scales()) {
      std::uint32_t row_scale = 0;
      const exact::Int group = float_group_sum(t.shape, t.planes, t, m, n, g, first, end, row_scale);
      sum = exact::fma(exact::from_int(group), float_product(t.scales[at], row_scale), sum);
      continue;
    }
    exact::Int sum_of_products = 0;  // planes: a * 2 (w - zero), as s' is half the scale; integers: a * (w - zero)
    const std::int32_t unit = t.planes.integer_bits > 0 ? 1 : 2;
    for (std::uint32_t k = first; k < end; ++k)
      sum_of_products += exact::Int{t.activations[std::size_t{m} * t.depth + k]} *
                         (unit * t.weights[std::size_t{n} * t.depth + k] - t.zeros[at]);
    sum = exact::fma(exact::from_int(sum_of_products), t.scales[at], sum);
  }
  return sum;
}

/// Compares the beats of the out stream from `first` on with the tile and moves `first` behind it. Empty if they are
/// right, otherwise the first wrong number. The order is that of the contract: row block, block, chunk, row.
inline std::string matrix_core_check(const MatrixCoreShape& shape, const MatrixCoreTile& t,
                                     const std::vector<Payload>& beats, std::size_t& first) {
  for (std::uint32_t m0 = 0; m0 < t.rows; m0 += shape.rows)
    for (std::uint32_t n0 = 0; n0 < t.command.n_blocks * shape.lanes; n0 += shape.epilogue_lanes)
      for (std::uint32_t m = m0; m < m0 + shape.rows && m < t.rows; m += shape.epilogue_rows, ++first) {
        if (first >= beats.size()) return "outputs are missing";
        for (std::uint32_t i = 0; i < shape.epilogue_rows * shape.epilogue_lanes; ++i) {
          const std::uint32_t row = m + i / shape.epilogue_lanes, lane = n0 + i % shape.epilogue_lanes;
          if (row >= t.rows || lane >= t.outputs) continue;
          const auto got = static_cast<std::uint32_t>(beats[first].get(i * 32, 32));
          const std::uint32_t expected = matrix_core_expected(t, row, lane);
          if (got != expected)
            return fmt::format("O[{}][{}] is {:08x}, must be {:08x} (out beat {}; {} M={} N={} K={} scale group {}{})",
                               row, lane, got, expected, first, to_text(t.format), t.rows, t.outputs, t.depth,
                               t.scale_group(), t.command.fill ? " with fill" : "");
        }
      }
  return {};
}

}  // namespace lutetia
