#include "units/matrix_core/matrix_core_operand_stage.h"

#include <algorithm>

namespace lutetia {

MatrixCoreOperandStage::MatrixCoreOperandStage(const MatrixCoreShape& shape)
    : shape_(shape),
      words_(shape.array->operand_words()),
      rows_per_step_(shape.build_interval == 0 ? shape.rows : shape.rows / shape.build_interval),
      stage1_(std::size_t{rows_per_step_} * words_),
      shadow_(std::size_t{shape.rows} * words_),
      active_(shadow_.size()) {}

void MatrixCoreOperandStage::load(const Payload& beat, std::uint32_t row, std::int64_t* operand) const {
  const std::uint32_t first = row * shape_.row_elements * shape_.element_bits;
  std::int64_t elements[64];  // entries of the longest table, or a K group
  for (std::uint32_t e = 0; e < shape_.row_elements; ++e)
    elements[e] = beat.get_signed(first + e * shape_.element_bits, shape_.element_bits);
  if (shape_.ready_operands)
    std::copy_n(elements, words_, operand);
  else
    shape_.array->build(elements, operand);
}

// Every register decides from the values of all as they stand before the edge.
void MatrixCoreOperandStage::clock(std::deque<Payload>& activations, bool release) {
  const bool swap = shadow_full_ && (!active_valid_ || release);
  const bool shadow_free = !shadow_full_ || swap;
  if (swap) active_ = shadow_;
  active_valid_ = swap || (active_valid_ && !release);
  if (swap) shadow_full_ = false;

  if (shape_.build_interval == 0) {
    if (activations.empty() || !shadow_free) return;
    for (std::uint32_t row = 0; row < shape_.rows; ++row) load(activations.front(), row, &shadow_[row * words_]);
    activations.pop_front();
    shadow_full_ = true;
    return;
  }

  const bool stage2_moves = stage1_valid_ && shadow_free;
  const bool stage1_loads = !activations.empty() && (!stage1_valid_ || stage2_moves);
  if (stage2_moves) {
    std::copy(stage1_.begin(), stage1_.end(), shadow_.begin() + std::ptrdiff_t(stage1_group_) * std::ptrdiff_t(stage1_.size()));
    if (stage1_group_ + 1 == shape_.build_interval) shadow_full_ = true;
    stage1_valid_ = false;
  }
  if (!stage1_loads) return;
  for (std::uint32_t r = 0; r < rows_per_step_; ++r)
    load(activations.front(), next_group_ * rows_per_step_ + r, &stage1_[r * words_]);
  stage1_valid_ = true;
  stage1_group_ = next_group_;
  if (++next_group_ == shape_.build_interval) {
    next_group_ = 0;
    activations.pop_front();
  }
}

}  // namespace lutetia
