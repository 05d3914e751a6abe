#include "mapping/mapper.h"

#include <algorithm>
#include <cmath>

namespace lutetia {
namespace {

std::uint64_t divide_up(std::uint64_t a, std::uint64_t b) { return (a + b - 1) / b; }

/// Largest multiple of `step` that is <= `most`; all of `whole` if that is less.
std::uint64_t fit(std::uint64_t whole, double most, std::uint64_t step) {
  if (static_cast<double>(whole) <= most) return whole;
  return static_cast<std::uint64_t>(most) / step * step;
}

}  // namespace

TileLimits matrix_limits(const MatrixUnitShape& shape, std::uint32_t planes) {
  TileLimits limits;
  limits.n_step = shape.lanes;
  limits.n_most = std::uint64_t{shape.lanes} * shape.blocks;
  limits.m_step = shape.rows;
  limits.m_most = shape.max_extent;
  limits.k_step = shape.group_length;
  limits.k_most = std::min<std::uint64_t>(std::uint64_t{shape.max_extent} * shape.group_length,
                                          shape.safe_group_elements.at(planes) / shape.group_length * shape.group_length);
  limits.slots = shape.slots;
  limits.weights_key = "buffers.weights";
  limits.outputs_key = "buffers.outputs";
  return limits;
}

TileLimits vector_limits(const VectorUnitShape& shape) {
  TileLimits limits;
  limits.n_most = limits.m_most = limits.k_most = UINT32_MAX;
  limits.slots = shape.slots;
  return limits;
}

std::optional<ProductTiling> map_product(const Product& p, const TileLimits& limits, MappingFault& fault) {
  // K whole if one column block of weights and one row of activations then fit; else the largest multiple of the step.
  const std::uint64_t n_least = std::min(limits.n_step, p.n);
  const std::uint64_t k_step = p.scale_group != 0 ? std::max(p.scale_group, limits.k_step) : limits.k_step;
  const double k_room = std::min({static_cast<double>(limits.slots.weights) / (p.weight_bytes * static_cast<double>(n_least)),
                                  static_cast<double>(limits.slots.activations) / p.activation_bytes,
                                  static_cast<double>(limits.k_most)});
  ProductTiling tiling;
  tiling.k = fit(p.k, k_room, k_step);
  if (tiling.k == 0) {
    fault = {limits.weights_key, "one block of " + std::to_string(n_least) + " columns by " + std::to_string(k_step) +
                                     " elements of K does not fit the weight slot (" +
                                     std::to_string(limits.slots.weights) + " bytes) or the activation slot (" +
                                     std::to_string(limits.slots.activations) + " bytes)"};
    return std::nullopt;
  }
  const double k = static_cast<double>(tiling.k);
  const double n_room = std::min({static_cast<double>(limits.slots.weights) / (p.weight_bytes * k),
                                  static_cast<double>(limits.n_most),
                                  static_cast<double>(limits.slots.outputs) / p.output_bytes});
  tiling.n = fit(p.n, n_room, limits.n_step);
  if (tiling.n == 0) {
    fault = {limits.outputs_key, "one row of " + std::to_string(n_least) + " outputs does not fit the output slot (" +
                                     std::to_string(limits.slots.outputs) + " bytes)"};
    return std::nullopt;
  }
  const double m_room = std::min({static_cast<double>(limits.slots.activations) / (p.activation_bytes * k),
                                  static_cast<double>(limits.slots.outputs) / (p.output_bytes * static_cast<double>(tiling.n)),
                                  static_cast<double>(limits.m_most)});
  tiling.m = fit(p.m, m_room, m_room < static_cast<double>(limits.m_step) ? 1 : limits.m_step);

  ProductTiling other = tiling;
  other.order = TileOrder::kActivationsStay;
  return operand_traffic(p, other) < operand_traffic(p, tiling) ? other : tiling;
}

double operand_traffic(const Product& p, const ProductTiling& t) {
  const double weights = p.weight_bytes * static_cast<double>(p.n) * static_cast<double>(p.k);
  const double activations = p.activation_bytes * static_cast<double>(p.m) * static_cast<double>(p.k);
  const std::uint64_t m_tiles = divide_up(p.m, t.m), n_tiles = divide_up(p.n, t.n), k_tiles = divide_up(p.k, t.k);
  // An operand is reloaded for every tile of the other loop unless its tile stays the same from one tile to the next.
  const bool weights_stay = k_tiles == 1 && (t.order == TileOrder::kWeightsStay || n_tiles == 1);
  const bool activations_stay = k_tiles == 1 && (t.order == TileOrder::kActivationsStay || m_tiles == 1);
  return static_cast<double>(p.batch) * (weights * static_cast<double>(weights_stay ? 1 : m_tiles) +
                                         activations * static_cast<double>(activations_stay ? 1 : n_tiles));
}

}  // namespace lutetia
