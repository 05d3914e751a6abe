#include "mapping/operator_plan.h"

#include <algorithm>

#include "base/quantity.h"

namespace lutetia {
namespace {

TileOp tile_op(OperatorKind kind) {
  switch (kind) {
    case OperatorKind::kLinear:
    case OperatorKind::kMatmul: return TileOp::kMultiplyAdd;
    case OperatorKind::kEmbedding:
    case OperatorKind::kCacheAppend: return TileOp::kCopy;
    case OperatorKind::kRmsNorm: return TileOp::kRmsNorm;
    case OperatorKind::kLayerNorm: return TileOp::kLayerNorm;
    case OperatorKind::kQuantize: return TileOp::kQuantize;
    case OperatorKind::kRotary: return TileOp::kRotary;
    case OperatorKind::kSoftmax: return TileOp::kSoftmax;
    case OperatorKind::kSilu: return TileOp::kSilu;
    case OperatorKind::kRelu: return TileOp::kRelu;
    case OperatorKind::kRelu2: return TileOp::kReluSquared;
    case OperatorKind::kGelu: return TileOp::kGelu;
    case OperatorKind::kMultiply: return TileOp::kMultiply;
    case OperatorKind::kAdd: return TileOp::kAdd;
  }
  return TileOp::kCopy;
}

double bytes_per_element(const TensorUse& tensor) {
  return static_cast<double>(tensor.format->storage_bits) / (8.0 * tensor.format->storage_elements);
}

/// The operand that is indexed by n and k: weights or cache.
const TensorUse* second_operand(const Operator& op) {
  if (const TensorUse* weight = find_tensor(op, Role::kWeight)) return weight;
  if (const TensorUse* cache = find_tensor(op, Role::kCacheRead)) return cache;
  const TensorUse* second = nullptr;
  for (const TensorUse& tensor : op.tensors)
    if (tensor.role == Role::kInput) second = &tensor;
  return second;
}

bool plan_product(const Operator& op, const MachineShape& machine, OperatorPlan& plan, MappingFault& fault) {
  const TensorUse* input = find_tensor(op, Role::kInput);
  const TensorUse* second = second_operand(op);
  const TensorUse* output = find_tensor(op, Role::kOutput);
  if (input == nullptr || second == nullptr || output == nullptr) {
    fault = {"", "a product needs an input, a second operand and an output"};
    return false;
  }
  plan.product = true;
  plan.work = macs(op);
  Product& p = plan.shape;
  p.batch = extent(op, "b") * extent(op, "h");
  p.m = extent(op, "g") * extent(op, "m");
  p.n = extent(op, "n");
  p.k = extent(op, "k");
  p.activation_bytes = bytes_per_element(*input);
  p.weight_bytes = bytes_per_element(*second);
  TileLimits limits;
  if (runs_on_matrix_unit(op, machine.matrix)) {
    plan.engine = Engine::kMatrix;
    plan.op = TileOp::kGemm;
    plan.weights = weight_planes(*second->format);
    p.batch = 1;
    p.m = extent(op, "b") * extent(op, "m");
    p.output_bytes = 4;  // FP32 leaves the epilogue
    const bool whole_row = second->group == 0 || second->group == kScalePerTensor;
    p.scale_group = whole_row ? 0 : second->group;
    limits = matrix_limits(machine.matrix, plan.weights.planes);
    if (!whole_row) {  // partial sums hold one scale group at a time
      if (p.scale_group > limits.k_most) {
        fault = {"lut_core.psum_bits",
                 "a scale group of " + std::to_string(p.scale_group) + " elements can overflow a partial sum"};
        return false;
      }
      limits.k_most = std::uint64_t{machine.matrix.max_extent} * machine.matrix.group_length;
    }
  } else {
    p.output_bytes = bytes_per_element(*output);
    limits = vector_limits(machine.vector);
  }
  const std::optional<ProductTiling> tiling = map_product(p, limits, fault);
  if (!tiling) return false;
  plan.tiling = *tiling;
  for (const TensorUse& tensor : op.tensors) {
    const std::uint64_t size = bytes(op, tensor);
    if (&tensor == input) plan.streaming_bytes = size;
    else if (&tensor == second) plan.stationary_bytes = size;
    else if (&tensor == output) plan.output_bytes = size;
    else plan.constant_bytes += size;
  }
  return true;
}

bool plan_rows(const Operator& op, const MachineShape& machine, OperatorPlan& plan, MappingFault& fault) {
  std::uint64_t points = 1;
  for (const Loop& loop : op.loops) points *= loop.extent;
  plan.rows = points / op.loops.back().extent;  // the last loop runs along a row, whatever its name
  plan.row_length = ceil_div(visited_points(op), plan.rows);
  for (const TensorUse& tensor : op.tensors) {
    const std::uint64_t size = bytes(op, tensor);
    if (tensor.role == Role::kOutput || tensor.role == Role::kCacheWrite) plan.output_bytes += size;
    else if (tensor.role == Role::kWeight && op.kind != OperatorKind::kEmbedding) plan.constant_bytes += size;
    else plan.streaming_bytes += size;
  }
  const std::uint64_t per_row = ceil_div(plan.streaming_bytes, plan.rows) + ceil_div(plan.output_bytes, plan.rows);
  const std::uint64_t room = machine.vector.slot_bytes > plan.constant_bytes ? machine.vector.slot_bytes - plan.constant_bytes : 0;
  plan.rows_per_tile = std::min(plan.rows, room / std::max<std::uint64_t>(per_row, 1));
  if (plan.rows_per_tile > 0) return true;
  fault = {"buffers.vector", "a row of " + std::to_string(per_row) + " bytes (and " + std::to_string(plan.constant_bytes) +
                                 " of constants) does not fit a slot of the vector buffer (" +
                                 std::to_string(machine.vector.slot_bytes) + " bytes)"};
  return false;
}

}  // namespace

WeightPlanes weight_planes(const NumberFormat& format) {
  if (format.kind != NumberKind::kOffsetCode) return {0, false, 0};
  return {format.bits, false, 2 * format.zero + 1 - (1 << format.bits)};
}

bool runs_on_matrix_unit(const Operator& op, const MatrixUnitShape& matrix) {
  const TensorUse* input = find_tensor(op, Role::kInput);
  const TensorUse* weight = find_tensor(op, Role::kWeight);
  if (!matrix.present || op.kind != OperatorKind::kLinear || input == nullptr || weight == nullptr) return false;
  const WeightPlanes planes = weight_planes(*weight->format);
  return planes.planes >= 1 && planes.planes <= matrix.max_planes && input->format->kind == NumberKind::kTwosComplement &&
         input->format->bits <= matrix.activation_bits &&
         (weight->group == kScalePerTensor || weight->group % matrix.group_length == 0);
}

bool plan_operator(const Operator& op, const MachineShape& machine, OperatorPlan& plan, MappingFault& fault) {
  plan = {};
  plan.op = tile_op(op.kind);
  if (op.kind == OperatorKind::kLinear || op.kind == OperatorKind::kMatmul) return plan_product(op, machine, plan, fault);
  return plan_rows(op, machine, plan, fault);
}

Mapping mapping_of(const OperatorPlan& plan, const MachineShape& machine) {
  if (!plan.product) {
    return {{{"memory", {{'m', plan.rows_per_tile, false}}},
             {"buffer", {{'m', 1, false}, {'n', machine.vector.lanes, false}}},
             {"array", {{'n', 1, true}}}}};
  }
  const ProductTiling& t = plan.tiling;
  const bool matrix = plan.engine == Engine::kMatrix;
  const MatrixUnitShape& array = machine.matrix;
  const LoopTiling m{'m', t.m, false}, n{'n', t.n, false}, k{'k', t.k, false}, b{'b', 1, false};
  const bool weights_stay = t.order == TileOrder::kWeightsStay;
  LevelTiling memory{"memory", weights_stay ? std::vector<LoopTiling>{b, n, m, k} : std::vector<LoopTiling>{b, m, n, k}};
  if (!matrix) {
    return {{memory, {"buffer", {{'m', 1, false}, {'n', 1, false}, {'k', machine.vector.lanes, false}}}, {"array", {{'k', 1, true}}}}};
  }
  return {{memory,
           {"buffer", {{'m', array.rows, false}, {'k', array.group_length, false}, {'n', array.lanes, false}}},
           {"array", {{'m', 1, true}, {'k', 1, true}, {'n', 1, true}}}}};
}

}  // namespace lutetia
