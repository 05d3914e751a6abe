#include "accelerator/weight_stream.h"

#include "mapping/operator_plan.h"

namespace lutetia {

const NumberFormat& default_weight_format(const Design& design) {
  const NumberFormat* packed = machine_shape(design).matrix.packed_weights;
  return packed != nullptr ? *packed : *find_number_format("ternary");
}

WeightStream weight_stream(const Design& design, const NumberFormat& format, std::uint64_t m) {
  const MatrixUnitShape matrix = machine_shape(design).matrix;
  const std::string name(format.name);
  if (!matrix.present) return {0, "the design has no matrix core"};
  const WeightPlanes planes = weight_planes(format, matrix);
  if (planes.planes == 0) return {0, matrix.unit + " does not take " + name};
  if (planes.planes > matrix.max_planes) return {0, name + " has more bit planes than " + matrix.unit + " takes"};
  if (matrix.weight_bits > 1 && planes.integer_bits > matrix.weight_bits)
    return {0, name + " has more bits than " + matrix.unit + " takes"};
  if ((format.packed || matrix.packed_weights != nullptr) && matrix.packed_weights != &format)
    return {0, matrix.unit + " has no decoder for " + name};
  const double weights = static_cast<double>(matrix.lanes) * matrix.group_length;
  const double cycles = static_cast<double>(planes.planes) * static_cast<double>(ceil_div(m, matrix.rows));
  return {weights * format.storage_bits / format.storage_elements / 8 / cycles, ""};
}

}  // namespace lutetia
