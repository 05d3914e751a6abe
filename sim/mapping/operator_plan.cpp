#include "mapping/operator_plan.h"

#include <algorithm>
#include <numeric>

#include "base/quantity.h"
#include "mapping/attention_plan.h"

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
    case OperatorKind::kAttention: return TileOp::kAttention;
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
  p.output_bytes = 4;  // FP32 until the store path converts
  TileLimits limits;
  if (matrix_obstacle(op, machine.matrix).empty()) {
    plan.engine = Engine::kMatrix;
    plan.op = TileOp::kGemm;
    plan.weights = weight_planes(*second->format, machine.matrix);
    p.batch = 1;
    p.m = extent(op, "b") * extent(op, "m");
    const bool whole_row = second->group == 0 || second->group >= p.k;  // kScalePerTensor is larger than any K
    p.weight_group = p.scale_group = whole_row ? 0 : second->group;
    if (const std::uint64_t segment = machine.matrix.segment_elements; segment != 0)
      p.scale_group = whole_row ? segment : std::gcd(p.weight_group, segment);
    p.scale_bytes = kScaleBytes;
    if (machine.matrix.fused.present)
      p.activation_bytes = static_cast<double>(machine.matrix.table_bytes(p.m, p.k)) / static_cast<double>(p.m * p.k);
    limits = matrix_limits(machine.matrix, plan.weights.planes);
    if (p.scale_group != 0) {  // partial sums hold one scale group at a time
      if (p.scale_group > limits.k_most) {
        fault = {machine.matrix.unit + ".psum_bits",
                 "a scale group of " + std::to_string(p.scale_group) + " elements can overflow a partial sum"};
        return false;
      }
      limits.k_most = std::uint64_t{machine.matrix.max_extent} * machine.matrix.group_length;
    }
  } else {
    p.weight_bytes =
        static_cast<double>(bytes(op, *second)) / static_cast<double>(elements(op, *second));  // with scales
    limits = vector_limits(machine.vector);
  }
  const std::optional<ProductTiling> tiling = map_product(p, limits, fault);
  if (!tiling) return false;
  plan.tiling = *tiling;
  for (const TensorUse& tensor : op.tensors) {
    const std::uint64_t size = bytes(op, tensor);
    if (&tensor == input)
      plan.streaming_bytes = plan.engine == Engine::kMatrix && machine.matrix.fused.present
                                 ? fused_bytes(op, tensor, p, machine.matrix)
                                 : size;
    else if (&tensor == output)
      plan.output_bytes = size;
    else
      plan.stationary_bytes += size;  // the second operand, and a bias that comes with it
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
    if (tensor.role == Role::kOutput || tensor.role == Role::kCacheWrite)
      plan.output_bytes += size;
    else if (tensor.role == Role::kWeight && op.kind != OperatorKind::kEmbedding)
      plan.constant_bytes += size;
    else
      plan.streaming_bytes += size;
  }
  return fit_rows(machine, plan, fault);
}

}  // namespace

bool fit_rows(const MachineShape& machine, OperatorPlan& plan, MappingFault& fault) {
  const std::uint64_t per_row = ceil_div(plan.streaming_bytes, plan.rows) + ceil_div(plan.output_bytes, plan.rows);
  const std::uint64_t room =
      machine.vector.slot_bytes > plan.constant_bytes ? machine.vector.slot_bytes - plan.constant_bytes : 0;
  plan.rows_per_tile = std::min(plan.rows, room / std::max<std::uint64_t>(per_row, 1));
  if (plan.rows_per_tile > 0) return true;
  fault = {"buffers.vector", "a row of " + std::to_string(per_row) + " bytes (and " +
                                 std::to_string(plan.constant_bytes) +
                                 " of constants) does not fit a slot of the vector buffer (" +
                                 std::to_string(machine.vector.slot_bytes) + " bytes)"};
  return false;
}

std::uint64_t fused_bytes(const Operator& op, const TensorUse& input, const Product& p, const MatrixUnitShape& matrix) {
  return matrix.table_bytes(p.m, p.k) + kScaleBytes * scales(op, input);
}

WeightPlanes weight_planes(const NumberFormat& format, const MatrixUnitShape& matrix) {
  if (format.kind == NumberKind::kFloat || format.bits > 8) return {0, false, 0, 0};
  if (matrix.weight_bits > 1) return integer_weights(format.bits);
  if (matrix.ternary_groups)
    return format.kind == NumberKind::kOffsetCode && format.codes == 3 ? integer_weights(format.bits)
                                                                       : WeightPlanes{0, false, 0, 0};
  const std::int32_t zero = format.kind == NumberKind::kOffsetCode ? format.zero : 1 << (format.bits - 1);
  return {format.bits, false, 2 * zero + 1 - (1 << format.bits), 0};
}

std::string matrix_obstacle(const Operator& op, const MatrixUnitShape& matrix) {
  const TensorUse* input = find_tensor(op, Role::kInput);
  const TensorUse* weight = find_tensor(op, Role::kWeight);
  if (!matrix.present) return "the design has no matrix unit";
  if (op.kind != OperatorKind::kLinear || input == nullptr || weight == nullptr) return "it has no weights";
  const WeightPlanes planes = weight_planes(*weight->format, matrix);
  if (planes.planes == 0) return "its weights are " + std::string(weight->format->name);
  if (planes.planes > matrix.max_planes)
    return "its weights have " + std::to_string(planes.planes) + " bit planes, the core takes " +
           std::to_string(matrix.max_planes);
  if (weight->format->packed && weight->format != matrix.packed_weights)
    return "its weights are packed as " + std::string(weight->format->name) + ", and the core has no decoder for that";
  if (matrix.packed_weights != nullptr && weight->format != matrix.packed_weights)
    return "its weights are " + std::string(weight->format->name) + ", the core's decoder takes " +
           std::string(matrix.packed_weights->name);
  if (matrix.weight_bits > 1 && planes.integer_bits > matrix.weight_bits)
    return "its weights have " + std::to_string(planes.integer_bits) + " bits, the core takes " +
           std::to_string(matrix.weight_bits);
  if (matrix.float_format != nullptr ? input->format != matrix.float_format
                                     : input->format->kind != NumberKind::kTwosComplement)
    return "its activations are " + std::string(input->format->name) +
           (matrix.float_format == nullptr ? "" : ", the core takes " + std::string(matrix.float_format->name));
  if (matrix.float_format == nullptr && input->format->bits > matrix.activation_bits)
    return "its activations have " + std::to_string(input->format->bits) + " bits, the core takes " +
           std::to_string(matrix.activation_bits);
  if (input->group != 0 && input->group != kScalePerTensor) return "its activations have a scale per group";
  if (weight->group != kScalePerTensor && weight->group % matrix.group_length != 0)
    return "its scale group is no multiple of " + std::to_string(matrix.group_length);
  return "";
}

bool plan_operator(const Operator& op, const MachineShape& machine, OperatorPlan& plan, MappingFault& fault) {
  plan = {};
  std::uint64_t points = 1;  // of all loops but the last: rows of a row operation, an upper limit of m, n and k
  for (const Loop& loop : op.loops) {
    if (loop.extent > UINT32_MAX || points > UINT32_MAX) {
      fault = {"", "tile commands count rows and columns in 32 bits"};
      return false;
    }
    if (&loop != &op.loops.back() && loop.name != "n" && loop.name != "k") points *= loop.extent;
  }
  plan.op = tile_op(op.kind);
  if (op.kind == OperatorKind::kLinear || op.kind == OperatorKind::kMatmul)
    return plan_product(op, machine, plan, fault);
  if (op.kind == OperatorKind::kAttention) return plan_attention(op, machine, plan, fault);
  return plan_rows(op, machine, plan, fault);
}

Mapping mapping_of(const OperatorPlan& plan, const MachineShape& machine) {
  if (plan.engine == Engine::kAttention) {  // b: pairs of sequence and key/value head, g: query heads, n: keys
    const AttentionPlan& a = plan.attention;
    return {
        {{"memory",
          {{'b', a.pass_tile, false}, {'g', a.head_tile, false}, {'m', a.query_tile, false}, {'n', a.key_tile, false}}},
         {"buffer", {{'m', machine.attention.contexts, false}, {'n', machine.attention.keys, false}}},
         {"array", {{'n', 1, true}, {'k', 1, true}}}}};
  }
  if (!plan.product) {
    return {{{"memory", {{'m', plan.rows_per_tile, false}}},
             {"buffer", {{'m', 1, false}, {'n', machine.vector.lanes, false}}},
             {"array", {{'n', 1, true}}}}};
  }
  const ProductTiling& t = plan.tiling;
  const bool matrix = plan.engine == Engine::kMatrix;
  const MatrixUnitShape& array = machine.matrix;
  const LoopTiling m{'m', t.m, false}, n{'n', t.n, false}, k{'k', t.k, false}, b{'b', t.batch, false};
  const bool weights_stay = t.order == TileOrder::kWeightsStay;
  LevelTiling memory{"memory",
                     weights_stay ? std::vector<LoopTiling>{b, n, m, k} : std::vector<LoopTiling>{b, m, n, k}};
  if (!matrix) {
    return {{memory,
             {"buffer", {{'m', 1, false}, {'n', 1, false}, {'k', machine.vector.product_lanes, false}}},
             {"array", {{'k', 1, true}}}}};
  }
  return {{memory,
           {"buffer", {{'m', array.rows, false}, {'k', array.group_length, false}, {'n', array.lanes, false}}},
           {"array", {{'m', 1, true}, {'k', 1, true}, {'n', 1, true}}}}};
}

}  // namespace lutetia
