#include "mapping/mapper.h"

#include <algorithm>
#include <cmath>

namespace lutetia {
namespace {

std::uint64_t divide_up(std::uint64_t a, std::uint64_t b) {
  return (a + b - 1) / b;
}

/// Largest multiple of `step` that is <= `most`; all of `whole` if that is less. `most` is a quotient of bytes per
/// element, which need not be a binary fraction (tables, packed weights): what fits exactly must not be rounded away.
std::uint64_t fit(std::uint64_t whole, double most, std::uint64_t step) {
  most *= 1 + 1e-12;
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
  limits.k_most =
      std::min<std::uint64_t>(std::uint64_t{shape.max_extent} * shape.group_length,
                              shape.safe_group_elements.at(planes) / shape.group_length * shape.group_length);
  limits.slots = shape.slots;
  limits.weights_key = "buffers.weights";
  limits.outputs_key = "buffers.outputs";
  return limits;
}

TileLimits vector_limits(const VectorUnitShape& shape) {
  TileLimits limits;
  limits.n_most = limits.m_most = limits.k_most = UINT32_MAX;
  limits.batches = true;
  limits.slots = shape.slots;
  return limits;
}

namespace {

/// Bytes of weight scales per column of a tile that covers `k` elements of K.
double scale_bytes(const Product& p, std::uint64_t k) {
  return p.scale_bytes * static_cast<double>(p.weight_group == 0 ? 1 : divide_up(k, p.weight_group));
}

/// The largest tile for a given split of K, in the better of the two orders; n = 0 if not even one column block fits.
ProductTiling tile_for(const Product& p, const TileLimits& limits, std::uint64_t tile_k) {
  ProductTiling tiling;
  tiling.k = tile_k;
  const double k = static_cast<double>(tile_k);
  double n_room =
      std::min({static_cast<double>(limits.slots.weights) / (p.weight_bytes * k), static_cast<double>(limits.n_most),
                static_cast<double>(limits.slots.outputs) / p.output_bytes});
  if (p.scale_bytes > 0) n_room = std::min(n_room, static_cast<double>(limits.slots.scales) / scale_bytes(p, tile_k));
  tiling.n = fit(p.n, n_room, limits.n_step);
  if (tiling.n == 0) return tiling;
  const double m_room =
      std::min({static_cast<double>(limits.slots.activations) / (p.activation_bytes * k),
                static_cast<double>(limits.slots.outputs) / (p.output_bytes * static_cast<double>(tiling.n)),
                static_cast<double>(limits.m_most)});
  tiling.m = fit(p.m, m_room, m_room < static_cast<double>(limits.m_step) ? 1 : limits.m_step);
  ProductTiling other = tiling;
  other.order = TileOrder::kActivationsStay;
  return operand_traffic(p, other) < operand_traffic(p, tiling) ? other : tiling;
}

}  // namespace

std::optional<ProductTiling> map_product(const Product& p, const TileLimits& limits, MappingFault& fault) {
  // The largest K with which one column block of weights, its scales and one row of activations fit.
  const std::uint64_t n_least = std::min(limits.n_step, p.n);
  const std::uint64_t k_step = std::max({p.weight_group, p.scale_group, limits.k_step});
  double k_room = std::min({static_cast<double>(limits.slots.weights) / (p.weight_bytes * static_cast<double>(n_least)),
                            static_cast<double>(limits.slots.activations) / p.activation_bytes,
                            static_cast<double>(limits.k_most)});
  if (p.scale_bytes > 0 && p.weight_group != 0) {
    const double groups = static_cast<double>(limits.slots.scales) / (p.scale_bytes * static_cast<double>(n_least));
    k_room = std::min(k_room, std::floor(groups) * static_cast<double>(p.weight_group));
  }
  const std::uint64_t k_largest = fit(p.k, k_room, k_step);
  if (k_largest == 0) {
    fault = {limits.weights_key,
             "one block of " + std::to_string(n_least) + " columns by " + std::to_string(k_step) +
                 " elements of K does not fit the weight slot (" + std::to_string(limits.slots.weights) +
                 " bytes), its scales or the activation slot (" + std::to_string(limits.slots.activations) + " bytes)"};
    return std::nullopt;
  }
  // K in equal parts: as few as fit, or more if that saves traffic (wider tiles reload the other operand less often).
  // A tile has a price in bytes: the traffic that the memory could have carried during its fill and drain.
  constexpr double kTilePrice = 4096;
  std::optional<ProductTiling> best;
  double least = 0;
  const std::uint64_t fewest = divide_up(p.k, k_largest);
  for (const std::uint64_t factor : {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64}) {
    const std::uint64_t parts = fewest * factor;
    const std::uint64_t k = parts == 1 ? p.k : divide_up(divide_up(p.k, parts), k_step) * k_step;
    if (k > k_largest) continue;  // rounding up to the step went too far
    const ProductTiling tiling = tile_for(p, limits, k);
    if (tiling.n == 0) continue;
    const double tiles = static_cast<double>(divide_up(p.m, tiling.m) * divide_up(p.n, tiling.n) * divide_up(p.k, k));
    const double cost = operand_traffic(p, tiling) + kTilePrice * static_cast<double>(p.batch) * tiles;
    if (best && cost >= least) continue;
    best = tiling;
    least = cost;
    if (k == k_step) break;
  }
  if (!best) {
    const ProductTiling coarse = tile_for(p, limits, k_largest);
    if (coarse.n != 0) return coarse;
    fault = {limits.outputs_key, "one row of " + std::to_string(n_least) + " outputs does not fit the output slot (" +
                                     std::to_string(limits.slots.outputs) + " bytes) or its scales theirs"};
    return std::nullopt;
  }
  best->batch = products_per_tile(p, *best, limits);
  return best;
}

std::uint64_t products_per_tile(const Product& p, const ProductTiling& t, const TileLimits& limits) {
  constexpr std::uint64_t kLeastTiles = 8;
  if (!limits.batches || t.m < p.m || t.n < p.n || t.k < p.k) return 1;
  const auto fit_slot = [](std::uint64_t slot, double bytes, std::uint64_t a, std::uint64_t b) {
    return static_cast<double>(slot) / (bytes * static_cast<double>(a) * static_cast<double>(b));
  };
  const double room =
      std::min({fit_slot(limits.slots.weights, p.weight_bytes, p.n, p.k),
                fit_slot(limits.slots.activations, p.activation_bytes, p.m, p.k),
                fit_slot(limits.slots.outputs, p.output_bytes, p.m, p.n), static_cast<double>(p.batch) / kLeastTiles});
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(room));
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
