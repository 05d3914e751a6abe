// Parameters of the LUT tensor core; README.md of this folder defines them. One struct configures all three bodies.
// RTL twin: rtl/units/lut_core/lut_core.sv.
#pragma once
#include <cstdint>

#include "config/schema.h"
#include "units/matrix_core/activation_format.h"
#include "units/matrix_core/matrix_core_shape.h"

namespace lutetia {

/// Where tables are built: next to the array from activations, or by the vector unit in the epilogue of the operator
/// before, so that tables are fetched as data.
enum class TablePlacement : std::uint8_t { kNearArray, kFused };

/// How floating-point activations keep the array integer (numeric/activation_segment.h, numeric/quantized_table.h).
enum class FloatPath : std::uint8_t { kAligned, kQuantizedTable };

struct LutCoreConfig {
  std::uint32_t rows = 2;
  std::uint32_t lanes = 64;
  std::uint32_t group_length = 4;
  ActivationFormat activation_format = ActivationFormat::kInteger;
  std::uint32_t activation_bits = 8;
  FloatPath float_path = FloatPath::kAligned;
  std::uint32_t segment_groups = 16;
  bool symmetric = true;
  bool ternary_tables = false;
  bool fold = true;
  TablePlacement table_placement = TablePlacement::kNearArray;
  std::uint32_t max_planes = 4;
  std::uint32_t psum_blocks = 4;
  std::uint32_t psum_bits = 32;
  std::uint32_t table_generators = 1;
  std::uint32_t epilogue_lanes = 8;
  std::uint32_t epilogue_rows = 1;

  bool floating() const { return activation_format != ActivationFormat::kInteger; }
  bool quantized_tables() const { return floating() && float_path == FloatPath::kQuantizedTable; }
  /// Format of floating-point activations, else null.
  const NumberFormat* float_format() const { return number_format_of(activation_format); }
  bool fused() const { return table_placement == TablePlacement::kFused; }
  /// Cycles between two tables of a row; 0 if tables arrive ready-made.
  std::uint32_t build_interval() const { return fused() ? 0 : rows / table_generators; }
  std::uint32_t chunks() const { return lanes / epilogue_lanes; }
  /// A half table, or with `symmetric: false` all sign patterns, or one of each pair of three ternary weights.
  std::uint32_t table_entries() const {
    return ternary_tables ? 13 : 1u << (symmetric ? group_length - 1 : group_length);
  }
  /// A sum of group_length activations, each as small as -2^(activation_bits-1) and negated or not.
  std::uint32_t entry_bits() const { return quantized_tables() ? 8 : activation_bits + bit_length(group_length); }

  /// Lane operations with which a vector unit builds one table: the adders of the table generator and, with floating
  /// point, finding the exponent and aligning (one each per activation), magnitudes (one more) and rounding (one per
  /// entry).
  std::uint32_t table_operations() const;

  MatrixCoreShape shape() const;

 private:
  static constexpr std::uint32_t bit_length(std::uint32_t x) {
    std::uint32_t bits = 0;
    for (; x != 0; x >>= 1) ++bits;
    return bits;
  }
};

void describe(Schema& schema, LutCoreConfig& config);

}  // namespace lutetia
