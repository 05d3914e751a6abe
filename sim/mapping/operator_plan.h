// Where and in which tiles an operator runs: decided for each operator before the run, so that everything that cannot
// be mapped is reported at once.
#pragma once
#include <cstdint>
#include <string>

#include "mapping/instruction.h"
#include "mapping/mapper.h"
#include "workload/operator.h"

namespace lutetia {

/// Passes of an attention operator: for each pair of sequence and key/value head, each group of query heads and each
/// tile of query tokens, once over the keys in tiles. Bytes are those of a token (of a head) in memory, scales
/// included.
struct AttentionPlan {
  std::uint64_t heads_kv = 1;  ///< of a sequence
  std::uint64_t passes = 1;    ///< pairs of sequence and key/value head
  std::uint64_t queries = 1;   ///< query tokens
  std::uint64_t heads = 1;     ///< query heads that share a key/value head
  std::uint64_t pass_tile = 1, head_tile = 1, query_tile = 1, key_tile = 1;
  std::uint64_t head_dim = 1;
  std::uint64_t block = 1;                          ///< keys that the unit takes at once
  std::uint64_t query_bytes = 0, output_bytes = 0;  ///< of a token and query head
  std::uint64_t key_bytes = 0, value_bytes = 0;     ///< of a token and key/value head; 0: values lie in their keys
  AttentionTile tile;                               ///< mask and sizes, the same for all tiles

  bool partial_results = false;  ///< key tiles of a query tile meet in the buffer, not in the unit

  bool whole_keys() const { return key_tile >= tile.keys; }
};

/// Tiles of one operator. Bytes are totals over the operator's tensors as they lie in memory (scales included).
struct OperatorPlan {
  Engine engine = Engine::kVector;  ///< kMatrix, kVector or kAttention
  TileOp op = TileOp::kCopy;
  bool product = false;                                       ///< tiled over m, n, k; otherwise over rows
  Product shape;                                              ///< products
  ProductTiling tiling;                                       ///< products
  WeightPlanes weights;                                       ///< kMatrix
  std::uint64_t work = 0;                                     ///< multiply-accumulates
  std::uint64_t rows = 1, row_length = 1, rows_per_tile = 1;  ///< row operations; mean visited length
  std::uint64_t stationary_bytes = 0;                         ///< second operand of a product
  std::uint64_t streaming_bytes = 0;                          ///< first operand; all inputs of a row operation
  std::uint64_t constant_bytes = 0;                           ///< row operations: loaded once, e.g. norm weights
  std::uint64_t output_bytes = 0;
  std::uint64_t table_operations = 0;  ///< vector unit: lane operations that build tables of the results
  AttentionPlan attention;             ///< kAttention
};

/// False if the operator does not fit the machine; `fault` says what is too small.
bool plan_operator(const Operator& op, const MachineShape& machine, OperatorPlan& plan, MappingFault& fault);

/// Rows per tile of a row operation, by its bytes; false if not even one row fits.
bool fit_rows(const MachineShape& machine, OperatorPlan& plan, MappingFault& fault);

/// Bytes of the tables of `input` and of its scales, if it has any.
std::uint64_t fused_bytes(const Operator& op, const TensorUse& input, const Product& p, const MatrixUnitShape& matrix);

/// The plan's tiling as nested levels, for people.
Mapping mapping_of(const OperatorPlan& plan, const MachineShape& machine);

/// Why a linear operator cannot run on the matrix unit; empty if it can.
std::string matrix_obstacle(const Operator& op, const MatrixUnitShape& matrix);

/// Why an attention operator cannot run on the attention unit; empty if it can.
std::string attention_obstacle(const Operator& op, const AttentionUnitShape& unit);

/// How a weight format runs on the matrix unit; planes = 0 if it does not. As bit planes, offset codes run as they are,
/// two's complement as its offset code (packed offline); cores that multiply take integers.
WeightPlanes weight_planes(const NumberFormat& format, const MatrixUnitShape& matrix);

}  // namespace lutetia
