// The segment stage of a matrix core's cycle body: floating-point activations become integers and a row scale per
// segment. README.md of this folder, "Floating-point activations". RTL twin: lut_core_segment_stage.sv.
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "kernel/payload.h"
#include "numeric/quantized_table.h"
#include "units/matrix_core/matrix_core_command.h"
#include "units/matrix_core/matrix_core_shape.h"

namespace lutetia {

class MatrixCoreSegmentStage {
 public:
  static constexpr std::size_t kRowScaleDepth = 4;

  explicit MatrixCoreSegmentStage(const MatrixCoreShape& shape);

  /// A command that the cmd FIFO took in this cycle.
  void accept(const MatrixCoreCommand& command) { commands_.push_back(command); }
  bool idle() const;

  /// The act FIFO's front, if any, is a header with row scales and no table (ready-made tables only).
  bool header_due() const { return shape_.ready_operands && !header_taken_; }
  /// The emit register: integers of one K group of every row.
  bool emit_valid() const { return emit_valid_; }
  const std::int64_t* emitted(std::uint32_t row) const { return &emit_[std::size_t{row} * shape_.group_length]; }
  const TableRatio& ratio(std::uint32_t row) const { return emit_ratio_[row]; }
  /// FP32 bits of the row scale that the drain uses now.
  std::uint32_t row_scale(std::uint32_t row) const { return row_scales_.front()[row]; }

  /// One edge. `taken`: the operand stage took the emit register, or with ready-made tables an act beat; `drained`: the
  /// drain used a row scale for the last time.
  void clock(std::deque<Payload>& activations, bool taken, bool drained);

 private:
  /// A segment being collected, with codes, or being scaled, with integers.
  struct Half {
    bool full = false;
    std::uint32_t groups = 0;                 ///< K groups it holds
    std::vector<std::int64_t> elements;       ///< [K group][row][k]
    std::vector<std::uint32_t> max_exponent;  ///< [row]
    std::vector<std::uint32_t> magnitude;     ///< [row] largest sum of magnitudes of a K group
    std::vector<bool> poisoned;               ///< [row]
    void restart();
  };
  void collect(std::deque<Payload>& activations);
  void collect_row(const Payload& beat, std::uint32_t row, Half& half);
  void emit_aligned();
  void scale_integers();
  void emit_quantized();
  void align_group(const Half& from, std::uint32_t group, std::int64_t* to) const;
  void step_command();
  std::size_t group_elements() const { return std::size_t{shape_.rows} * shape_.group_length; }

  MatrixCoreShape shape_;
  std::deque<MatrixCoreCommand> commands_;
  bool has_command_ = false;
  MatrixCoreCommand command_;
  std::uint32_t row_block_ = 0, k_group_ = 0, segment_group_ = 0;  ///< of the next act beat
  bool header_taken_ = false;

  std::array<Half, 2> codes_, integers_;
  std::uint32_t collecting_ = 0, reading_ = 0, reading_group_ = 0;
  std::uint32_t scaling_ = 0, emitting_ = 0, emitting_group_ = 0;
  bool emit_valid_ = false;
  std::vector<std::int64_t> emit_;
  std::vector<TableRatio> emit_ratio_;
  std::deque<std::vector<std::uint32_t>> row_scales_;
};

}  // namespace lutetia
