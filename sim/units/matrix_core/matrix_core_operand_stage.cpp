#include "units/matrix_core/matrix_core_operand_stage.h"

#include <algorithm>

namespace lutetia {

MatrixCoreOperandStage::MatrixCoreOperandStage(const MatrixCoreShape& shape)
    : shape_(shape),
      words_(shape.array->operand_words()),
      rows_per_step_(shape.build_interval == 0 ? shape.rows : shape.rows / shape.build_interval),
      shadow_(std::size_t{shape.rows} * words_),
      active_(shadow_.size()) {
  for (Step* step : {&stage1_, &stage2_}) {
    step->tables.resize(std::size_t{rows_per_step_} * words_);
    step->ratio.resize(rows_per_step_);
  }
}

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

/// The rows of a step stand in the shadow; quantized on their way if tables are.
void MatrixCoreOperandStage::write_shadow(const Step& step) {
  std::int64_t* to = &shadow_[std::size_t{step.group} * step.tables.size()];
  for (std::size_t i = 0; i < step.tables.size(); ++i)
    to[i] = shape_.quantized_tables ? quantize_entry(static_cast<std::int32_t>(step.tables[i]), step.ratio[i / words_])
                                    : step.tables[i];
  if (step.group + 1 == shape_.build_interval) shadow_full_ = true;
}

// Every register decides from the values of all as they stand before the edge.
bool MatrixCoreOperandStage::clock(std::deque<Payload>& activations, const MatrixCoreSegmentStage* segments,
                                   bool release) {
  const bool swap = shadow_full_ && (!active_valid_ || release);
  const bool shadow_free = !shadow_full_ || swap;
  if (swap) active_ = shadow_;
  active_valid_ = swap || (active_valid_ && !release);
  if (swap) shadow_full_ = false;

  if (shape_.build_interval == 0) {
    if (activations.empty() || !shadow_free || (segments != nullptr && segments->header_due())) return false;
    for (std::uint32_t row = 0; row < shape_.rows; ++row) load(activations.front(), row, &shadow_[row * words_]);
    activations.pop_front();
    shadow_full_ = true;
    return true;
  }

  bool stage1_moves = stage1_.valid && shadow_free;
  if (shape_.quantized_tables) {
    const bool stage2_moves = stage2_.valid && shadow_free;
    stage1_moves = stage1_.valid && (!stage2_.valid || stage2_moves);
    if (stage2_moves) write_shadow(stage2_);
    if (stage2_moves) stage2_.valid = false;
    if (stage1_moves) stage2_ = stage1_;
  } else if (stage1_moves) {
    write_shadow(stage1_);
  }
  const bool available = segments != nullptr ? segments->emit_valid() : !activations.empty();
  const bool stage1_loads = available && (!stage1_.valid || stage1_moves);
  if (stage1_moves) stage1_.valid = false;
  if (!stage1_loads) return false;
  for (std::uint32_t r = 0; r < rows_per_step_; ++r) {
    const std::uint32_t row = next_group_ * rows_per_step_ + r;
    if (segments == nullptr) {
      load(activations.front(), row, &stage1_.tables[r * words_]);
    } else {
      shape_.array->build(segments->emitted(row), &stage1_.tables[r * words_]);
      stage1_.ratio[r] = segments->ratio(row);
    }
  }
  stage1_.valid = true;
  stage1_.group = next_group_;
  if (++next_group_ < shape_.build_interval) return false;
  next_group_ = 0;
  if (segments == nullptr) activations.pop_front();
  return true;
}

}  // namespace lutetia
