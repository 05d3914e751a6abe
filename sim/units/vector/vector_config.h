// Parameters of the vector unit: everything a layer does that is not a matrix product with coded weights.
#pragma once
#include <cstdint>

#include "config/schema.h"
#include "units/tile_command.h"

namespace lutetia {

struct VectorConfig {
  std::uint32_t lanes = 128;           ///< FP32 multiply-add lanes
  std::uint32_t special_lanes = 32;    ///< exponential, reciprocal, square root
  std::uint32_t latency = 4;           ///< pipeline depth of a multiply-add, cycles
  std::uint32_t special_latency = 12;  ///< pipeline depth of a special function, cycles
  std::uint32_t product_lanes = 0;     ///< multiply-adds of matrix products per cycle; 0 = as many as lanes
  std::uint32_t engines = 1;           ///< groups that share the lanes evenly, each on rows of its own

  std::uint32_t products_per_cycle() const { return product_lanes == 0 ? lanes : product_lanes; }
};

void describe(Schema& schema, VectorConfig& config);

/// How often an operation passes over a row. Passes of different rows overlap, so they cost issue slots; their
/// latencies are exposed once per tile.
struct VectorPasses {
  std::uint32_t simple = 1;      ///< passes at the lanes of an engine per cycle
  std::uint32_t special = 0;     ///< passes at the special lanes of an engine per cycle
  std::uint32_t reductions = 0;  ///< sums or maxima over a row
  std::uint32_t scalars = 0;     ///< special functions of one value per row (1/sqrt, 1/sum)
};

VectorPasses vector_passes(TileOp op);

/// Cycles in which the unit issues for a tile, and cycles from the last issue to the last result.
struct VectorTime {
  std::uint64_t issue = 0;
  std::uint64_t latency = 0;
};

VectorTime vector_time(const VectorConfig& config, const TileCommand& tile);

}  // namespace lutetia
