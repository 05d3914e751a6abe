// A simple mapper: largest legal tiles for a few splits of K, in both visiting orders; the one with the least memory
// traffic wins. Legal means: every operand tile and its scales fit their slots, a tile does not exceed the array's psum
// blocks or command fields, K is split only at scale groups, and no scale group can overflow a partial sum. (A search
// over a cost model is a mapper of its own.)
#pragma once
#include <optional>
#include <string>

#include "mapping/machine_shape.h"
#include "mapping/mapping.h"

namespace lutetia {

/// What limits tiles on one unit.
struct TileLimits {
  std::uint64_t n_step = 1;  ///< tiles span whole multiples of it (lanes of an array)
  std::uint64_t n_most = 1;  ///< largest n of a tile
  std::uint64_t m_step = 1;  ///< tiles of fewer than all rows hold whole multiples of it, if that many fit
  std::uint64_t m_most = 65535;
  std::uint64_t k_most = 262140;  ///< command field, and partial sums if the group is the whole tile
  std::uint64_t k_step = 1;       ///< K is split at multiples of it (activations per table)
  bool batches = false;           ///< a tile may hold several independent products
  SlotSizes slots;
  const char* weights_key = "buffers.vector";  ///< design keys of the slots, for messages
  const char* outputs_key = "buffers.vector";
};

TileLimits matrix_limits(const MatrixUnitShape& shape, std::uint32_t planes);
TileLimits vector_limits(const VectorUnitShape& shape);

/// Why something cannot be mapped: what is too small, and the key of the design that says how large it is.
struct MappingFault {
  std::string key;  ///< e.g. "buffers.weights"
  std::string why;
};

/// Nothing if not even the smallest tile fits; `fault` then says what is too small.
std::optional<ProductTiling> map_product(const Product& product, const TileLimits& limits, MappingFault& fault);

/// As many products as one tile may hold, if it holds each as a whole: those that fit the slots, but no more than leave
/// eight tiles, so that loads, work and stores overlap.
std::uint64_t products_per_tile(const Product& product, const ProductTiling& tiling, const TileLimits& limits);

/// Bytes moved between memory and buffers for the two operands.
double operand_traffic(const Product& product, const ProductTiling& tiling);

}  // namespace lutetia
