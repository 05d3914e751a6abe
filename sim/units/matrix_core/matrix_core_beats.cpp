#include "units/matrix_core/matrix_core_beats.h"

#include <vector>

#include "numeric/weight_planes.h"

namespace lutetia {

std::uint32_t MatrixCoreBeats::bits(const MatrixCoreShape& shape, std::uint32_t input) {
  switch (input) {
    case MatrixCorePort::kCommand: return MatrixCoreCommand::kBits;
    case MatrixCorePort::kActivation: return shape.rows * shape.row_elements * shape.element_bits;
    case MatrixCorePort::kWeight: return shape.lanes * shape.weight_lane_bits();
    case MatrixCorePort::kScale: return shape.epilogue_lanes * 40;
    case MatrixCorePort::kFill: return shape.epilogue_lanes * 32;
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
  const std::uint32_t block = static_cast<std::uint32_t>(index / command_.k_groups);
  const std::uint32_t k0 = static_cast<std::uint32_t>(index % command_.k_groups) * shape_.group_length;
  std::vector<std::int64_t> activations(shape_.group_length), operand(shape_.row_elements);
  Payload p(bits(shape_, MatrixCorePort::kActivation));
  for (std::uint32_t m = 0; m < command_.rows_in_block(shape_, block); ++m) {
    for (std::uint32_t k = 0; k < shape_.group_length; ++k)
      activations[k] = operands_.activation(block * shape_.rows + m, k0 + k);
    if (shape_.ready_operands) shape_.array->build(activations.data(), operand.data());
    const std::vector<std::int64_t>& elements = shape_.ready_operands ? operand : activations;
    for (std::uint32_t e = 0; e < shape_.row_elements; ++e)
      p.set((m * shape_.row_elements + e) * shape_.element_bits, shape_.element_bits,
            static_cast<std::uint64_t>(elements[e]));
  }
  return p;
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
  for (std::uint32_t e = 0; e < shape_.epilogue_lanes; ++e)
    p.set(e * 32, 32, operands_.fill(place.row, place.lane + e));
  return p;
}

MatrixCoreBeats::OutputPlace MatrixCoreBeats::output_place(const MatrixCoreShape& shape, const MatrixCoreCommand& command,
                                                     std::uint64_t index) {
  const std::uint64_t per_row = std::uint64_t{command.n_blocks} * shape.chunks();
  const std::uint64_t block = index / (per_row * shape.rows);  // every block but the last holds shape.rows rows
  const std::uint32_t rows = command.rows_in_block(shape, static_cast<std::uint32_t>(block));
  const std::uint64_t inside = index - block * per_row * shape.rows;
  return {static_cast<std::uint32_t>(block * shape.rows + inside % rows),
          static_cast<std::uint32_t>(inside / rows) * shape.epilogue_lanes};
}

}  // namespace lutetia
