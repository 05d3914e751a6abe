#include "units/vector/vector_config.h"

#include "base/quantity.h"

namespace lutetia {

void describe(Schema& s, VectorConfig& c) {
  s.field("lanes", c.lanes, "multiply-add lanes").range(1, 16384);
  s.field("special_lanes", c.special_lanes, "lanes with exponential, reciprocal and square root").range(1, 16384);
  s.field("latency", c.latency, "pipeline depth of a multiply-add").range(1, 256).unit(Unit::kCycles);
  s.field("special_latency", c.special_latency, "pipeline depth of a special function")
      .range(1, 1024)
      .unit(Unit::kCycles);
  s.field("product_lanes", c.product_lanes,
          "multiply-adds per cycle of matrix products, which may have hardware of their own; 0: as many as lanes")
      .range(0, 1 << 20);
  s.field("engines", c.engines, "groups that share the lanes evenly and work on rows of their own").range(1, 1024);
  s.rule([&c] { return c.special_lanes <= c.lanes; }, {"special_lanes", "lanes"}, "special_lanes cannot exceed lanes");
  s.rule([&c] { return c.lanes % c.engines == 0 && c.special_lanes % c.engines == 0; },
         {"engines", "lanes", "special_lanes"}, "engines must divide lanes and special_lanes");
}

VectorPasses vector_passes(TileOp op) {
  switch (op) {
    case TileOp::kCopy:
    case TileOp::kRelu:
    case TileOp::kReluSquared:
    case TileOp::kMultiply:
    case TileOp::kAdd: return {1, 0, 0, 0};
    case TileOp::kRotary: return {2, 0, 0, 0};     // x cos + rotated(x) sin
    case TileOp::kRmsNorm: return {2, 0, 1, 1};    // sum of squares; scale by weight / root
    case TileOp::kLayerNorm: return {3, 0, 2, 1};  // sum; sum of squared differences; scale and shift
    case TileOp::kQuantize: return {2, 0, 1, 1};   // largest magnitude; scale and round
    case TileOp::kSoftmax: return {2, 1, 2, 1};    // maximum; exponential (and sum); scale
    case TileOp::kSilu: return {1, 2, 0, 0};       // x / (1 + exp(-x))
    case TileOp::kGelu: return {3, 2, 0, 0};       // tanh form: cubic, exponential, reciprocal
    case TileOp::kMultiplyAdd:
    case TileOp::kGemm:
    case TileOp::kAttention: return {1, 0, 1, 0};  // no rows of this unit
  }
  return {};
}

VectorTime vector_time(const VectorConfig& c, const TileCommand& tile) {
  const VectorPasses passes = vector_passes(tile.op);
  const bool product = tile.op == TileOp::kMultiplyAdd;
  const std::uint64_t lanes = c.lanes / c.engines, special_lanes = c.special_lanes / c.engines;
  const std::uint64_t summed = product ? c.products_per_cycle() : lanes;  // by one adder tree
  std::uint64_t tree_levels = 0;
  while ((std::uint64_t{1} << tree_levels) < summed) ++tree_levels;
  VectorTime time;
  if (product) {
    time.issue = ceil_div(tile.work, c.products_per_cycle());
  } else {
    const std::uint64_t per_row =
        passes.simple * ceil_div(tile.n, lanes) + passes.special * ceil_div(tile.n, special_lanes) + passes.scalars;
    time.issue = ceil_div(tile.m, c.engines) * per_row;
  }
  time.issue += ceil_div(tile.table_operations, c.lanes);
  if (time.issue == 0) time.issue = 1;
  time.latency = passes.simple * c.latency + (passes.special + passes.scalars) * c.special_latency +
                 passes.reductions * tree_levels * c.latency;
  return time;
}

}  // namespace lutetia
