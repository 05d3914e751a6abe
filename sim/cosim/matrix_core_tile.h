// One tile for tests of matrix cores, given by what the weights mean: O = fill + sum over scale groups of s * sum a (w
// - zero). It turns meaning into what the core is fed (codes, z', s'); the oracle reads only the meaning.
#pragma once
#include <cstdint>
#include <vector>

#include "base/quantity.h"
#include "numeric/weight_planes.h"
#include "units/matrix_core/matrix_core_beats.h"
#include "units/matrix_core/matrix_core_command.h"

namespace lutetia {

enum class WeightFormat { kInt1, kInt2, kInt3, kInt4, kInt8, kTernary, kEqualTernary };
inline constexpr WeightFormat kAllWeightFormats[] = {
    WeightFormat::kInt1, WeightFormat::kInt2,    WeightFormat::kInt3,        WeightFormat::kInt4,
    WeightFormat::kInt8, WeightFormat::kTernary, WeightFormat::kEqualTernary};

inline const char* to_text(WeightFormat format) {
  constexpr const char* kNames[] = {"int1", "int2", "int3", "int4", "int8", "ternary", "equal_ternary"};
  return kNames[static_cast<int>(format)];
}
/// Bits of a two's-complement format; 0 for ternary.
inline std::uint32_t integer_bits(WeightFormat format) {
  constexpr std::uint32_t kBits[] = {1, 2, 3, 4, 8, 0, 0};
  return kBits[static_cast<int>(format)];
}
inline WeightPlanes planes_of(WeightFormat format) {
  if (format == WeightFormat::kTernary) return ternary_weight_planes();
  if (format == WeightFormat::kEqualTernary) return equal_ternary_weight_planes();
  return signed_weight_planes(integer_bits(format));
}
inline std::int32_t lowest_weight(WeightFormat format) {
  return integer_bits(format) == 0 ? -1 : -(1 << (integer_bits(format) - 1));
}
inline std::int32_t highest_weight(WeightFormat format) {
  return integer_bits(format) == 0 ? 1 : (1 << (integer_bits(format) - 1)) - 1;
}

/// How the core of this shape takes the format.
inline WeightPlanes planes_of(WeightFormat format, const MatrixCoreShape& shape) {
  if (shape.ternary_groups) return integer_weights(2);
  return shape.weight_bits > 1 ? integer_weights(shape.weight_bits) : planes_of(format);
}
/// The core can run it at all.
inline bool runs(WeightFormat format, const MatrixCoreShape& shape) {
  if (shape.ternary_groups) return format == WeightFormat::kTernary;
  if (shape.weight_bits > 1) return integer_bits(format) <= shape.weight_bits && format != WeightFormat::kEqualTernary;
  return planes_of(format).planes <= shape.max_planes;
}

struct MatrixCoreTile final : MatrixCoreOperands {
  WeightFormat format = WeightFormat::kInt2;
  std::uint32_t rows = 0, outputs = 0, depth = 0;  ///< M, N, K
  MatrixCoreShape shape;                           ///< of the core
  WeightPlanes planes;
  MatrixCoreCommand command;
  std::vector<std::int32_t> activations;  ///< [m][k], integers or codes of a floating-point format
  std::vector<std::int32_t> weights;      ///< [n][k], lowest_weight .. highest_weight
  /// [n][g], beyond the zero point of the format itself: in units of w for cores that multiply, else of w / 2.
  std::vector<std::int32_t> zeros;
  std::vector<std::uint32_t> scales;  ///< [n][g], FP32 bits of s' (of s for cores that multiply)
  std::vector<std::uint32_t> fills;   ///< [m][n], FP32 bits; empty without fill

  /// Sizes everything; values are left at zero. `scale_group` in elements, a multiple of the core's group length. With
  /// `with_fill`, starts from fills.
  MatrixCoreTile(const MatrixCoreShape& core, WeightFormat weight_format, std::uint32_t m, std::uint32_t n,
                 std::uint32_t k, std::uint32_t scale_group, bool with_fill)
      : format(weight_format), rows(m), outputs(n), depth(k), shape(core), planes(planes_of(weight_format, core)) {
    command.rows = m;
    command.k_groups = static_cast<std::uint32_t>(ceil_div(k, shape.group_length));
    command.scale_group_length = scale_group / shape.group_length;
    command.n_blocks = static_cast<std::uint32_t>(ceil_div(n, shape.lanes));
    command.planes = planes.planes;
    command.equal_planes = planes.equal;
    command.fill = with_fill;
    activations.resize(std::size_t{m} * k);
    weights.resize(std::size_t{n} * k);
    zeros.resize(std::size_t{n} * groups());
    scales.resize(std::size_t{n} * groups());
    if (with_fill) fills.resize(std::size_t{m} * n);
  }
  std::uint32_t groups() const { return command.scale_groups(); }
  std::uint32_t scale_group() const { return command.scale_group_length * shape.group_length; }

  // What the core is fed; lanes and elements beyond the matrices are padding.
  std::int32_t activation(std::uint32_t m, std::uint32_t k) const override {
    return m < rows && k < depth ? activations[std::size_t{m} * depth + k] : 0;
  }
  std::uint32_t weight_code(std::uint32_t n, std::uint32_t k) const override {
    if (n >= outputs || k >= depth)  // any weight will do
      return shape.ternary_groups ? (n ^ k) % 3 - 1 : (n ^ k) & 3u;
    const std::int32_t w = weights[std::size_t{n} * depth + k];
    if (planes.integer_bits > 0) return static_cast<std::uint32_t>(w);
    if (format == WeightFormat::kTernary) return ternary_weight_code(w);
    if (format == WeightFormat::kEqualTernary) return equal_ternary_weight_code(w);
    return signed_weight_code(w, command.planes);
  }
  std::uint32_t scale(std::uint32_t n, std::uint32_t g) const override {
    return n < outputs ? scales[std::size_t{n} * groups() + g] : 0;
  }
  std::int32_t zero(std::uint32_t n, std::uint32_t g) const override {
    return planes.zero + (n < outputs ? zeros[std::size_t{n} * groups() + g] : 0);
  }
  std::uint32_t fill(std::uint32_t m, std::uint32_t n) const override {
    return n < outputs && m < rows && command.fill ? fills[std::size_t{m} * outputs + n] : 0;
  }
};

}  // namespace lutetia
