#include "units/matrix_core/matrix_core_beats.h"

#include <algorithm>

#include "numeric/quantized_table.h"
#include "numeric/weight_planes.h"

namespace lutetia {

std::uint32_t MatrixCoreBeats::bits(const MatrixCoreShape& shape, std::uint32_t input) {
  switch (input) {
    case MatrixCorePort::kCommand: return MatrixCoreCommand::kBits;
    case MatrixCorePort::kActivation: return shape.rows * shape.row_elements * shape.element_bits;
    case MatrixCorePort::kWeight: return shape.lanes * shape.weight_lane_bits();
    case MatrixCorePort::kScale: return shape.epilogue_lanes * 40;
    case MatrixCorePort::kFill: return output_bits(shape);
    default: return 0;
  }
}

std::uint64_t MatrixCoreBeats::beats(std::uint32_t input) const {
  switch (input) {
    case MatrixCorePort::kCommand: return 1;
    case MatrixCorePort::kActivation: return command_.activation_beats(shape_);
    case MatrixCorePort::kWeight: return command_.fires(shape_);
    case MatrixCorePort::kScale: return command_.scale_beats(shape_);
    case MatrixCorePort::kFill: return command_.fill ? command_.output_beats(shape_) : 0;
    default: return 0;
  }
}

Payload MatrixCoreBeats::beat(std::uint32_t input, std::uint64_t index) const {
  switch (input) {
    case MatrixCorePort::kActivation: return activation_beat(index);
    case MatrixCorePort::kWeight: return weight_beat(index);
    case MatrixCorePort::kScale: return scale_beat(index);
    case MatrixCorePort::kFill: return fill_beat(index);
    default: return command_.encode();
  }
}

Payload MatrixCoreBeats::activation_beat(std::uint64_t index) const {
  const auto block = static_cast<std::uint32_t>(index / command_.block_activation_beats(shape_));
  const auto inside = static_cast<std::uint32_t>(index % command_.block_activation_beats(shape_));
  Payload p(bits(shape_, MatrixCorePort::kActivation));
  std::uint32_t group = inside;
  if (shape_.headers()) {
    const std::uint32_t segment = inside / (command_.scale_group_length + 1);
    const std::uint32_t place = inside % (command_.scale_group_length + 1);
    if (place == 0) {
      for (std::uint32_t m = 0; m < command_.rows_in_block(shape_, block); ++m)
        p.set(m * 32, 32, ready_segment(block * shape_.rows + m, segment).scale);
      return p;
    }
    group = segment * command_.scale_group_length + place - 1;
  }
  for (std::uint32_t m = 0; m < command_.rows_in_block(shape_, block); ++m) {
    const std::vector<std::int64_t> elements = row_elements(block * shape_.rows + m, group);
    for (std::uint32_t e = 0; e < shape_.row_elements; ++e)
      p.set((m * shape_.row_elements + e) * shape_.element_bits, shape_.element_bits,
            static_cast<std::uint64_t>(elements[e]));
  }
  return p;
}

/// What row m of an act beat holds of K group j.
std::vector<std::int64_t> MatrixCoreBeats::row_elements(std::uint32_t m, std::uint32_t j) const {
  if (shape_.headers())
    return ready_segment(m, j / command_.scale_group_length).operands[j % command_.scale_group_length];
  std::vector<std::int64_t> activations(shape_.group_length);
  for (std::uint32_t k = 0; k < shape_.group_length; ++k)
    activations[k] = operands_.activation(m, j * shape_.group_length + k);
  if (!shape_.ready_operands) return activations;
  std::vector<std::int64_t> operand(shape_.row_elements);
  shape_.array->build(activations.data(), operand.data());
  return operand;
}

/// The tables of a segment as the vector unit would make them, and their scale.
MatrixCoreBeats::ReadySegment MatrixCoreBeats::ready_segment(std::uint32_t m, std::uint32_t segment) const {
  const auto width = static_cast<int>(shape_.activation_bits);
  const std::uint32_t first = segment * command_.scale_group_length, groups = command_.k_groups_in(segment);
  std::vector<std::uint32_t> codes;
  for (std::uint32_t k = 0; k < groups * shape_.group_length; ++k)
    codes.push_back(static_cast<std::uint32_t>(operands_.activation(m, first * shape_.group_length + k)));
  const AlignedSegment aligned = align_segment(*shape_.float_format, width, codes.data(), codes.size());
  ReadySegment out{aligned.scale, {}};
  std::uint32_t magnitude = 0;
  for (std::uint32_t j = 0; j < groups; ++j) {
    const std::int32_t* group = &aligned.values[std::size_t{j} * shape_.group_length];
    const std::vector<std::int64_t> activations(group, group + shape_.group_length);
    out.operands.emplace_back(shape_.row_elements);
    shape_.array->build(activations.data(), out.operands.back().data());
    std::uint32_t sum = 0;
    for (const std::int64_t a : activations) sum += static_cast<std::uint32_t>(a < 0 ? -a : a);
    magnitude = std::max(magnitude, sum);
  }
  if (!shape_.quantized_tables) return out;
  const TableRatio ratio = table_ratio(magnitude);
  out.scale = table_scale(*shape_.float_format, width, ratio, aligned.max_exponent, aligned.poisoned);
  for (auto& table : out.operands)
    for (std::int64_t& entry : table) entry = quantize_entry(static_cast<std::int32_t>(entry), ratio);
  return out;
}

Payload MatrixCoreBeats::weight_beat(std::uint64_t index) const {
  const std::uint32_t plane = static_cast<std::uint32_t>(index % command_.planes);
  const std::uint64_t step = index / command_.planes;
  const std::uint32_t n0 = static_cast<std::uint32_t>(step % command_.n_blocks) * shape_.lanes;
  const std::uint32_t k0 =
      static_cast<std::uint32_t>(step / command_.n_blocks % command_.k_groups) * shape_.group_length;
  const std::uint32_t width = shape_.weight_bits;
  Payload p(bits(shape_, MatrixCorePort::kWeight));
  for (std::uint32_t n = 0; n < shape_.lanes; ++n) {
    std::uint64_t lane = 0;
    if (shape_.ternary_groups) {
      TernaryWeights weights{};
      for (std::uint32_t k = 0; k < shape_.group_length; ++k)
        weights[k] = static_cast<std::int32_t>(operands_.weight_code(n0 + n, k0 + k));
      p.set(n * shape_.weight_lane_bits(), shape_.weight_lane_bits(), encode_ternary(TernaryCode::kTl2, weights));
      continue;
    }
    for (std::uint32_t k = 0; k < shape_.group_length; ++k) {
      const std::uint64_t code = operands_.weight_code(n0 + n, k0 + k);
      lane |= ((code >> plane * width) & ((std::uint64_t{1} << width) - 1)) << k * width;
    }
    if (shape_.folded) lane = fold(static_cast<std::uint32_t>(lane), shape_.group_length);
    p.set(n * shape_.weight_lane_bits(), shape_.weight_lane_bits(), lane);
  }
  return p;
}

Payload MatrixCoreBeats::scale_beat(std::uint64_t index) const {
  const std::uint32_t chunk = static_cast<std::uint32_t>(index % shape_.chunks());
  const std::uint64_t step = index / shape_.chunks();
  const std::uint32_t block = static_cast<std::uint32_t>(step % command_.n_blocks);
  const std::uint32_t group = static_cast<std::uint32_t>(step / command_.n_blocks % command_.scale_groups());
  const std::uint32_t n0 = block * shape_.lanes + chunk * shape_.epilogue_lanes;
  Payload p(bits(shape_, MatrixCorePort::kScale));
  for (std::uint32_t e = 0; e < shape_.epilogue_lanes; ++e) {
    p.set(e * 40, 32, operands_.scale(n0 + e, group));
    p.set(e * 40 + 32, 8, static_cast<std::uint64_t>(operands_.zero(n0 + e, group)));
  }
  return p;
}

Payload MatrixCoreBeats::fill_beat(std::uint64_t index) const {
  const OutputPlace place = output_place(shape_, command_, index);
  Payload p(bits(shape_, MatrixCorePort::kFill));
  for (std::uint32_t r = 0; r < shape_.epilogue_rows && place.row + r < command_.rows; ++r)
    for (std::uint32_t e = 0; e < shape_.epilogue_lanes; ++e)
      p.set((r * shape_.epilogue_lanes + e) * 32, 32, operands_.fill(place.row + r, place.lane + e));
  return p;
}

MatrixCoreBeats::OutputPlace MatrixCoreBeats::output_place(const MatrixCoreShape& shape,
                                                           const MatrixCoreCommand& command, std::uint64_t index) {
  const std::uint64_t per_step = std::uint64_t{command.n_blocks} * shape.chunks();
  const std::uint64_t full = per_step * (shape.rows / shape.epilogue_rows);  // of every row block but the last
  const std::uint64_t block = index / full, inside = index % full;
  const std::uint32_t steps =
      MatrixCoreCommand::drain_steps(shape, command.rows_in_block(shape, static_cast<std::uint32_t>(block)));
  return {static_cast<std::uint32_t>(block * shape.rows + inside % steps * shape.epilogue_rows),
          static_cast<std::uint32_t>(inside / steps) * shape.epilogue_lanes};
}

}  // namespace lutetia
