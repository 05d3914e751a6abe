// Random shapes of the frame for tests of when things happen: every kind of operand stage, no core and no values.
#pragma once
#include <algorithm>
#include <memory>
#include <random>
#include <string>

#include "units/matrix_core/matrix_core_command.h"

namespace lutetia {

using Generator = std::mt19937_64;

inline std::uint32_t pick(Generator& random, std::uint32_t low, std::uint32_t high) {
  return low + static_cast<std::uint32_t>(random() % (high - low + 1));
}

/// Keeps so many zeros of a K group, and adds zeros.
class NoArray final : public MatrixCoreArray {
 public:
  NoArray(std::uint32_t words, std::uint32_t lanes) : words_(words), lanes_(lanes) {}
  std::uint32_t operand_words() const override { return words_; }
  void build(const std::int64_t*, std::int64_t* operand) const override { std::fill_n(operand, words_, 0); }
  std::int64_t row_sum(const std::int64_t*) const override { return 0; }
  void terms(const std::int64_t*, const Payload&, std::int64_t* terms) const override { std::fill_n(terms, lanes_, 0); }

 private:
  std::uint32_t words_, lanes_;
};

/// How operands come to the array.
enum class OperandKind { kTables, kStored, kReadyTables, kAligned, kQuantized, kReadyFloats };
inline constexpr OperandKind kAllOperandKinds[] = {OperandKind::kTables,      OperandKind::kStored,
                                                   OperandKind::kReadyTables, OperandKind::kAligned,
                                                   OperandKind::kQuantized,   OperandKind::kReadyFloats};

inline const char* to_text(OperandKind kind) {
  constexpr const char* kNames[] = {"Tables", "Stored", "ReadyTables", "Aligned", "Quantized", "ReadyFloats"};
  return kNames[static_cast<int>(kind)];
}

inline void make_floating(Generator& random, MatrixCoreShape& shape) {
  const char* formats[] = {"fp16", "bf16", "fp8_e4m3", "fp8_e5m2"};
  shape.float_format = find_number_format(formats[pick(random, 0, 3)]);
  shape.group_length = 4;
  shape.activation_bits = shape.float_format->mantissa > 6 ? 16 : 8 * pick(random, 1, 2);
  shape.segment_groups = pick(random, 0, 2) == 0 ? pick(random, 1, 2) : pick(random, 1, 16);
  shape.element_bits = shape.float_format->bits;
}

inline MatrixCoreShape random_shape(Generator& random, OperandKind kind) {
  MatrixCoreShape shape;
  shape.unit = to_text(kind);
  const std::uint32_t rows_per_cycle = pick(random, 1, 3), build_interval = pick(random, 1, 4);
  shape.rows = rows_per_cycle * build_interval;
  shape.group_length = pick(random, 2, 6);
  shape.max_planes = pick(random, 1, 4);
  shape.psum_blocks = pick(random, 1, 3);
  const bool floating = kind >= OperandKind::kAligned;
  if (floating) make_floating(random, shape);
  shape.epilogue_lanes = pick(random, 1, 2);
  shape.lanes = shape.epilogue_lanes * pick(random, shape.epilogue_stages() + 1, shape.epilogue_stages() + 4);
  shape.quantized_tables = kind == OperandKind::kQuantized;
  shape.ready_operands = kind == OperandKind::kReadyTables || kind == OperandKind::kReadyFloats;
  const bool built = kind == OperandKind::kTables || kind == OperandKind::kAligned || kind == OperandKind::kQuantized;
  shape.build_interval = built ? build_interval : 0;
  shape.row_elements = shape.ready_operands ? 8 : shape.group_length;  // a header's row scale fits as well
  if (kind == OperandKind::kStored && pick(random, 0, 1) == 0) {
    shape.weight_bits = 8;
    shape.max_planes = 1;
  }
  shape.array = std::make_shared<NoArray>(kind == OperandKind::kStored ? shape.group_length : 8, shape.lanes);
  return shape;
}

inline MatrixCoreCommand random_command(Generator& random, const MatrixCoreShape& shape, std::uint32_t longest = 24) {
  MatrixCoreCommand command;
  command.rows = pick(random, 1, 3 * shape.rows);
  command.k_groups = pick(random, 1, longest);
  command.scale_group_length = pick(random, 1, shape.float_format == nullptr ? longest + 2 : shape.segment_groups);
  command.n_blocks = pick(random, 1, shape.psum_blocks);
  command.planes = pick(random, 1, shape.max_planes);
  command.fill = pick(random, 0, 3) == 0;
  return command;
}

}  // namespace lutetia
