#include "units/matrix_core/matrix_core_segment_stage.h"

#include <algorithm>
#include <cstdlib>

#include "numeric/float_format.h"

namespace lutetia {

MatrixCoreSegmentStage::MatrixCoreSegmentStage(const MatrixCoreShape& shape)
    : shape_(shape), emit_(group_elements()), emit_ratio_(shape.rows) {
  for (auto* halves : {&codes_, &integers_})
    for (Half& half : *halves) {
      half.elements.resize(group_elements() * shape.segment_groups);
      half.max_exponent.resize(shape.rows);
      half.magnitude.resize(shape.rows);
      half.poisoned.resize(shape.rows);
      half.restart();
    }
}

void MatrixCoreSegmentStage::Half::restart() {
  full = false;
  groups = 0;
  std::fill(max_exponent.begin(), max_exponent.end(), 1);
  std::fill(magnitude.begin(), magnitude.end(), 0);
  std::fill(poisoned.begin(), poisoned.end(), false);
}

bool MatrixCoreSegmentStage::idle() const {
  const auto empty = [](const Half& half) { return half.groups == 0; };
  return commands_.empty() && !has_command_ && !emit_valid_ && row_scales_.empty() &&
         std::all_of(codes_.begin(), codes_.end(), empty) && std::all_of(integers_.begin(), integers_.end(), empty);
}

// Parts run in the reverse order of the data flow, so that each sees the others' registers as they stood; only what a
// part frees or fills for one that runs after it needs a look at the state before.
void MatrixCoreSegmentStage::clock(std::deque<Payload>& activations, bool taken, bool drained) {
  if (shape_.ready_operands) {
    if (taken)
      step_command();
    else if (header_due() && has_command_ && !activations.empty() && row_scales_.size() < kRowScaleDepth) {
      std::vector<std::uint32_t>& scales = row_scales_.emplace_back();
      for (std::uint32_t m = 0; m < shape_.rows; ++m)
        scales.push_back(static_cast<std::uint32_t>(activations.front().get(m * 32, 32)));
      activations.pop_front();
      header_taken_ = true;
    }
  } else {
    const bool free_codes = !codes_[collecting_].full, free_integers = !integers_[scaling_].full;
    if (taken) emit_valid_ = false;
    if (!shape_.quantized_tables) {
      emit_aligned();
    } else {
      emit_quantized();
      if (free_integers) scale_integers();
    }
    if (free_codes) collect(activations);
  }
  if (drained) row_scales_.pop_front();
  if (!has_command_ && !commands_.empty()) {
    has_command_ = true;
    command_ = commands_.front();
    commands_.pop_front();
  }
}

void MatrixCoreSegmentStage::collect(std::deque<Payload>& activations) {
  if (!has_command_ || activations.empty()) return;
  Half& half = codes_[collecting_];
  for (std::uint32_t m = 0; m < shape_.rows; ++m) collect_row(activations.front(), m, half);
  activations.pop_front();
  ++half.groups;
  step_command();
  if (segment_group_ != 0) return;
  half.full = true;
  collecting_ ^= 1u;
}

void MatrixCoreSegmentStage::collect_row(const Payload& beat, std::uint32_t row, Half& half) {
  const NumberFormat& format = *shape_.float_format;
  for (std::uint32_t k = 0; k < shape_.group_length; ++k) {
    const std::uint32_t place = row * shape_.group_length + k;
    const auto code = static_cast<std::uint32_t>(beat.get(place * shape_.element_bits, shape_.element_bits));
    half.elements[half.groups * group_elements() + place] = code;
    half.max_exponent[row] = std::max(half.max_exponent[row], effective_exponent(format, code));
    if (is_special(format, code)) half.poisoned[row] = true;
  }
}

/// The next act beat is that of the next K group.
void MatrixCoreSegmentStage::step_command() {
  const bool k_last = ++k_group_ == command_.k_groups;
  if (++segment_group_ < command_.scale_group_length && !k_last) return;
  segment_group_ = 0;
  header_taken_ = false;
  if (!k_last) return;
  k_group_ = 0;
  if (++row_block_ < command_.row_blocks(shape_)) return;
  row_block_ = 0;
  has_command_ = false;
}

void MatrixCoreSegmentStage::align_group(const Half& from, std::uint32_t group, std::int64_t* to) const {
  for (std::uint32_t m = 0; m < shape_.rows; ++m)
    for (std::uint32_t k = 0; k < shape_.group_length; ++k) {
      const std::size_t place = std::size_t{m} * shape_.group_length + k;
      const auto code = static_cast<std::uint32_t>(from.elements[group * group_elements() + place]);
      to[place] =
          align_element(*shape_.float_format, static_cast<int>(shape_.activation_bits), code, from.max_exponent[m]);
    }
}

void MatrixCoreSegmentStage::emit_aligned() {
  Half& half = codes_[reading_];
  if (!half.full || emit_valid_ || (reading_group_ == 0 && row_scales_.size() == kRowScaleDepth)) return;
  if (reading_group_ == 0) {
    std::vector<std::uint32_t>& scales = row_scales_.emplace_back();
    for (std::uint32_t m = 0; m < shape_.rows; ++m)
      scales.push_back(segment_scale(*shape_.float_format, static_cast<int>(shape_.activation_bits),
                                     half.max_exponent[m], half.poisoned[m]));
  }
  align_group(half, reading_group_, emit_.data());
  emit_valid_ = true;
  if (++reading_group_ < half.groups) return;
  reading_group_ = 0;
  half.restart();
  reading_ ^= 1u;
}

void MatrixCoreSegmentStage::scale_integers() {
  Half& from = codes_[reading_];
  Half& to = integers_[scaling_];
  if (!from.full) return;
  std::int64_t* group = &to.elements[to.groups * group_elements()];
  align_group(from, reading_group_, group);
  for (std::uint32_t m = 0; m < shape_.rows; ++m) {
    std::uint32_t magnitude = 0;
    for (std::uint32_t k = 0; k < shape_.group_length; ++k)
      magnitude += static_cast<std::uint32_t>(std::llabs(group[m * shape_.group_length + k]));
    to.magnitude[m] = std::max(to.magnitude[m], magnitude);
  }
  ++to.groups;
  if (++reading_group_ < from.groups) return;
  to.max_exponent = from.max_exponent;
  to.poisoned = from.poisoned;
  to.full = true;
  scaling_ ^= 1u;
  reading_group_ = 0;
  from.restart();
  reading_ ^= 1u;
}

void MatrixCoreSegmentStage::emit_quantized() {
  Half& half = integers_[emitting_];
  if (!half.full || emit_valid_ || (emitting_group_ == 0 && row_scales_.size() == kRowScaleDepth)) return;
  if (emitting_group_ == 0) {
    std::vector<std::uint32_t>& scales = row_scales_.emplace_back();
    for (std::uint32_t m = 0; m < shape_.rows; ++m) {
      emit_ratio_[m] = table_ratio(half.magnitude[m]);
      scales.push_back(table_scale(*shape_.float_format, static_cast<int>(shape_.activation_bits), emit_ratio_[m],
                                   half.max_exponent[m], half.poisoned[m]));
    }
  }
  std::copy_n(&half.elements[emitting_group_ * group_elements()], group_elements(), emit_.begin());
  emit_valid_ = true;
  if (++emitting_group_ < half.groups) return;
  emitting_group_ = 0;
  half.restart();
  emitting_ ^= 1u;
}

}  // namespace lutetia
