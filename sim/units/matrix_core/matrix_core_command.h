// One tile command of the matrix core and the order of its beats. README.md of this folder is the specification.
#pragma once
#include <cstdint>

#include "base/quantity.h"
#include "kernel/payload.h"
#include "units/matrix_core/matrix_core_shape.h"

namespace lutetia {

/// Numbers of the streams, in port order.
struct MatrixCorePort {
  enum Input : std::uint32_t { kCommand, kActivation, kWeight, kScale, kFill, kInputs };
  enum Output : std::uint32_t { kOut, kOutputs };
};

struct MatrixCoreCommand {
  std::uint32_t rows = 1;                ///< activation rows of the tile, 1..65535
  std::uint32_t k_groups = 1;            ///< ceil(K / group_length), 1..65535
  std::uint32_t scale_group_length = 1;  ///< K groups per scale group, 1..65535 (1..segment_groups with row scales)
  std::uint32_t n_blocks = 1;            ///< blocks of `lanes` outputs, 1..psum_blocks
  std::uint32_t planes = 1;              ///< weight bit planes, 1..max_planes
  bool equal_planes = false;             ///< no shift by plane: ternary as two planes of equal weight
  bool fill = false;                     ///< accumulators start from the fill stream instead of +0

  static constexpr std::uint32_t kBits = 62;
  Payload encode() const;
  static MatrixCoreCommand decode(const Payload& payload);

  std::uint32_t row_blocks(const MatrixCoreShape& c) const { return (rows + c.rows - 1) / c.rows; }
  std::uint32_t rows_in_block(const MatrixCoreShape& c, std::uint32_t i) const {
    return i + 1 < row_blocks(c) ? c.rows : rows - i * c.rows;
  }
  std::uint32_t scale_groups() const { return (k_groups + scale_group_length - 1) / scale_group_length; }
  std::uint32_t k_groups_in(std::uint32_t scale_group) const {
    return scale_group + 1 < scale_groups() ? scale_group_length : k_groups - scale_group * scale_group_length;
  }
  std::uint64_t fires(const MatrixCoreShape& c) const {
    return std::uint64_t{row_blocks(c)} * k_groups * n_blocks * planes;
  }
  /// Of every fire the rows that exist.
  std::uint64_t row_fires() const { return std::uint64_t{rows} * k_groups * n_blocks * planes; }
  /// Fires into another word of partial sums than the fire before: every block of a K group is, if there are several;
  /// else every scale group, as banks alternate.
  std::uint64_t word_switches(const MatrixCoreShape& c) const {
    return row_blocks(c) * (n_blocks > 1 ? std::uint64_t{k_groups} * n_blocks : scale_groups());
  }
  /// Of a row block; with ready-made tables and row scales a header goes before every segment.
  std::uint64_t block_activation_beats(const MatrixCoreShape& c) const {
    return k_groups + (c.headers() ? scale_groups() : 0);
  }
  std::uint64_t activation_beats(const MatrixCoreShape& c) const { return row_blocks(c) * block_activation_beats(c); }
  /// Codes that a decoder in front reads; every row block begins anew.
  std::uint64_t code_beats(const MatrixCoreShape& c) const {
    if (c.code_weights == 0) return 0;
    return std::uint64_t{row_blocks(c)} * n_blocks * ceil_div(std::uint64_t{k_groups} * c.group_length, c.code_weights);
  }
  std::uint64_t scale_beats(const MatrixCoreShape& c) const {
    return std::uint64_t{row_blocks(c)} * scale_groups() * n_blocks * c.chunks();
  }
  /// Steps in which `rows` rows of a block are drained.
  static std::uint32_t drain_steps(const MatrixCoreShape& c, std::uint32_t rows) {
    return (rows + c.epilogue_rows - 1) / c.epilogue_rows;
  }
  std::uint64_t output_beats(const MatrixCoreShape& c) const {
    return std::uint64_t{drain_steps(c, rows)} * n_blocks * c.chunks();
  }
};

inline Payload MatrixCoreCommand::encode() const {
  Payload p(kBits);
  p.set(0, 16, rows);
  p.set(16, 16, k_groups);
  p.set(32, 16, scale_group_length);
  p.set(48, 8, n_blocks);
  p.set(56, 4, planes);
  p.set(60, 1, equal_planes);
  p.set(61, 1, fill);
  return p;
}

inline MatrixCoreCommand MatrixCoreCommand::decode(const Payload& p) {
  MatrixCoreCommand c;
  c.rows = static_cast<std::uint32_t>(p.get(0, 16));
  c.k_groups = static_cast<std::uint32_t>(p.get(16, 16));
  c.scale_group_length = static_cast<std::uint32_t>(p.get(32, 16));
  c.n_blocks = static_cast<std::uint32_t>(p.get(48, 8));
  c.planes = static_cast<std::uint32_t>(p.get(56, 4));
  c.equal_planes = p.get(60, 1) != 0;
  c.fill = p.get(61, 1) != 0;
  return c;
}

}  // namespace lutetia
