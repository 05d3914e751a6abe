// The words in which the machine talks to its compute units: one command per tile, the same struct for every unit, so
// that sequencer, mapper and units agree without knowing each other. Values never travel here; operands lie in buffers.
#pragma once
#include <array>
#include <cstdint>

#include "base/quantity.h"
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

constexpr const char* name(TileOp op) {
  switch (op) {
    case TileOp::kGemm: return "gemm";
    case TileOp::kMultiplyAdd: return "multiply_add";
    case TileOp::kCopy: return "copy";
    case TileOp::kRmsNorm: return "rms_norm";
    case TileOp::kLayerNorm: return "layer_norm";
    case TileOp::kQuantize: return "quantize";
    case TileOp::kRotary: return "rotary";
    case TileOp::kSoftmax: return "softmax";
    case TileOp::kSilu: return "silu";
    case TileOp::kRelu: return "relu";
    case TileOp::kReluSquared: return "relu_squared";
    case TileOp::kGelu: return "gelu";
    case TileOp::kMultiply: return "multiply";
    case TileOp::kAdd: return "add";
  }
  return "";
}

/// What kept a command from being issued while its unit had nothing else to do: the engine that was at work on what it
/// needed, followed through the chain of waits. kIssue is the rest: latency of issue, fill and drain.
enum class WaitCause : std::uint8_t { kIssue, kLoad, kStore, kMatrix, kVector };
inline constexpr std::size_t kWaitCauses = 5;
using WaitCycles = std::array<Cycle, kWaitCauses>;

constexpr const char* name(WaitCause cause) {
  switch (cause) {
    case WaitCause::kIssue: return "wait_issue";
    case WaitCause::kLoad: return "wait_load";
    case WaitCause::kStore: return "wait_store";
    case WaitCause::kMatrix: return "wait_matrix";
    case WaitCause::kVector: return "wait_vector";
  }
  return "";
}

struct TileCommand {
  TileOp op = TileOp::kGemm;
  bool fill = false;                     ///< kGemm: accumulators start from partial sums of the previous K tile
  std::uint32_t operator_index = 0;      ///< position in the workload
  std::uint32_t m0 = 0, n0 = 0, k0 = 0;  ///< corner of the tile in the operator's loops
  std::uint32_t m = 0, n = 0, k = 0;     ///< extents; elementwise operations have k = 1
  std::uint32_t b0 = 0, b = 1;           ///< kMultiplyAdd: first, and number, of independent products of that size
  std::uint32_t scale_group = 0;         ///< kGemm: K elements that share a weight scale; 0 = the whole tile
  WeightPlanes weights;                  ///< kGemm
  std::uint64_t work = 0;                ///< kMultiplyAdd: multiply-accumulates (masked pairs left out)
  std::uint64_t table_operations = 0;    ///< vector unit: lane operations that build tables of the tile's results
  WaitCycles waited{};                   ///< cycles the command waited while its unit was idle, by cause
};

}  // namespace lutetia
