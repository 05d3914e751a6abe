// The operand stage of a matrix core's cycle body: from the act FIFO to the operands the array works with. Either a
// table generator in two stages, or a double-buffered register for operands that are stored as they come.
// README.md of this folder, "Operand stage". RTL twins: lut_core_table_generator.sv, matrix_core_operands.sv.
#pragma once
#include <cstdint>
#include <deque>
#include <vector>

#include "kernel/payload.h"
#include "units/matrix_core/matrix_core_segment_stage.h"
#include "units/matrix_core/matrix_core_shape.h"

namespace lutetia {

class MatrixCoreOperandStage {
 public:
  explicit MatrixCoreOperandStage(const MatrixCoreShape& shape);

  bool valid() const { return active_valid_; }
  /// What the array has of a row; meaningful while valid().
  const std::int64_t* operand(std::uint32_t row) const { return &active_[std::size_t{row} * words_]; }
  bool idle() const { return !stage1_.valid && !stage2_.valid && !shadow_full_ && next_group_ == 0 && !active_valid_; }
  /// One edge. `release`: the array uses its operands for the last time in this cycle; `segments`: null with integer
  /// activations. True if the last rows of a beat were taken: of the act FIFO's front (popped here) or of the segment
  /// stage's emit register.
  bool clock(std::deque<Payload>& activations, const MatrixCoreSegmentStage* segments, bool release);

 private:
  /// A pipeline register with the tables of a few rows.
  struct Step {
    bool valid = false;
    std::uint32_t group = 0;  ///< which rows
    std::vector<std::int64_t> tables;
    std::vector<TableRatio> ratio;  ///< by row; quantized tables only
  };
  /// Operand of `row` of a beat.
  void load(const Payload& beat, std::uint32_t row, std::int64_t* operand) const;
  void write_shadow(const Step& step);

  MatrixCoreShape shape_;
  std::uint32_t words_;           ///< integers per row
  std::uint32_t rows_per_step_;   ///< rows taken per cycle
  Step stage1_;                   ///< the hardware holds partial sums here
  Step stage2_;                   ///< exact entries, if they are quantized afterwards
  std::uint32_t next_group_ = 0;  ///< row group that stage 1 loads next
  std::vector<std::int64_t> shadow_, active_;
  bool shadow_full_ = false, active_valid_ = false;
};

}  // namespace lutetia
