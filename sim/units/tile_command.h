// The words in which the machine talks to its compute units: one command per tile, the same struct for every unit, so that
// sequencer, mapper and units agree without knowing each other. Values never travel here; operands lie in buffers.
#pragma once
#include <cstdint>

#include "numeric/weight_planes.h"

namespace lutetia {

/// What a tile computes. kGemm has coded weights and runs on a matrix unit; everything else runs on the vector unit.
enum class TileOp : std::uint8_t {
  kGemm,         ///< O[m,n] = A[m,k] W[n,k]^T, weights as bit planes
  kMultiplyAdd,  ///< products of two unquantized operands: `work` multiply-accumulates
  kCopy,         ///< embedding rows, cache append
  kRmsNorm,
  kLayerNorm,
  kQuantize,
  kRotary,
  kSoftmax,
  kSilu,
  kRelu,
  kReluSquared,
  kGelu,
  kMultiply,
  kAdd,
};

/// Which event let a command go that had to wait; idle time of a unit is attributed to it.
enum class ReleasedBy : std::uint8_t { kIssue, kLoad, kStore, kMatrix, kVector };
inline constexpr std::size_t kReleaseCauses = 5;
constexpr const char* name(ReleasedBy cause) {
  switch (cause) {
    case ReleasedBy::kIssue: return "wait_issue";
    case ReleasedBy::kLoad: return "wait_load";
    case ReleasedBy::kStore: return "wait_store";
    case ReleasedBy::kMatrix: return "wait_matrix";
    case ReleasedBy::kVector: return "wait_vector";
  }
  return "";
}

struct TileCommand {
  TileOp op = TileOp::kGemm;
  ReleasedBy released_by = ReleasedBy::kIssue;
  bool fill = false;                           ///< kGemm: accumulators start from partial sums of the previous K tile
  std::uint32_t operator_index = 0;            ///< position in the workload
  std::uint32_t m0 = 0, n0 = 0, k0 = 0;        ///< corner of the tile in the operator's loops
  std::uint32_t m = 0, n = 0, k = 0;           ///< extents; elementwise operations have k = 1
  std::uint32_t scale_group = 0;               ///< kGemm: K elements that share a weight scale; 0 = the whole tile
  WeightPlanes weights;                        ///< kGemm
  std::uint64_t work = 0;                      ///< kMultiplyAdd: multiply-accumulates (masked pairs left out)
};

}  // namespace lutetia
