// The words in which the machine talks to its compute units: one command per tile, the same struct for every unit, so
// that sequencer, mapper and units agree without knowing each other. Values never travel here; operands lie in buffers.
#pragma once
#include <array>
#include <cstdint>

#include "base/quantity.h"
#include "numeric/weight_planes.h"

namespace lutetia {

/// What a tile computes. kGemm has coded weights and runs on a matrix unit, kAttention on an attention unit; everything
/// else runs on the vector unit.
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
  kAttention,  ///< exact attention in one pass over the keys
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
    case TileOp::kAttention: return "attention";
  }
  return "";
}

/// What kept a command from being issued while its unit had nothing else to do: the engine that was at work on what it
/// needed, followed through the chain of waits. kIssue is the rest: latency of issue, fill and drain.
enum class WaitCause : std::uint8_t { kIssue, kLoad, kStore, kMatrix, kVector, kAttention };
inline constexpr std::size_t kWaitCauses = 6;
using WaitCycles = std::array<Cycle, kWaitCauses>;

constexpr const char* name(WaitCause cause) {
  switch (cause) {
    case WaitCause::kIssue: return "wait_issue";
    case WaitCause::kLoad: return "wait_load";
    case WaitCause::kStore: return "wait_store";
    case WaitCause::kMatrix: return "wait_matrix";
    case WaitCause::kVector: return "wait_vector";
    case WaitCause::kAttention: return "wait_attention";
  }
  return "";
}

/// What a kAttention tile adds: m query tokens from m0 on see n keys from n0 on; k elements of a query and key head; b
/// pairs of sequence and key/value head from b0 on, each a pass of its own.
struct AttentionTile {
  std::uint32_t head0 = 0, heads = 1;  ///< query heads that share the keys: contexts of a query token
  std::uint32_t value_dims = 1;        ///< elements of a value head
  bool values_in_keys = false;         ///< values are the first elements of the keys, stored once
  std::uint32_t keys = 1;              ///< of the whole pass; the tile has all of them or is one of a chain
  bool causal = false;                 ///< query token i sees keys 0 .. past + i
  std::uint32_t past = 0;
  std::uint32_t window = 0, sinks = 0;  ///< only the last `window` (0 = all) of these, and the first `sinks`
  bool open = true, close = true;       ///< begins, ends passes; in between accumulators and queries stay in the unit
  /// Passes go on from partial results in the buffer, and leave such: tiles of more contexts than the unit holds.
  bool resume = false, partial = false;

  /// Keys that query token i sees: from(i) .. to(i) - 1, and those below `sinks` and to(i).
  std::uint32_t to(std::uint32_t i) const { return causal && std::uint64_t{past} + i + 1 < keys ? past + i + 1 : keys; }
  std::uint32_t from(std::uint32_t i) const { return window > 0 && to(i) > window ? to(i) - window : 0; }
};

struct TileCommand {
  TileOp op = TileOp::kGemm;
  bool fill = false;                     ///< kGemm: accumulators start from partial sums of the previous K tile
  std::uint32_t operator_index = 0;      ///< position in the workload
  std::uint32_t m0 = 0, n0 = 0, k0 = 0;  ///< corner of the tile in the operator's loops
  std::uint32_t m = 0, n = 0, k = 0;     ///< extents; elementwise operations have k = 1
  std::uint32_t b0 = 0, b = 1;           ///< kMultiplyAdd: first, and number, of independent products of that size
  std::uint32_t scale_group = 0;         ///< kGemm: K elements that share a weight scale; 0 = the whole tile
  WeightPlanes weights;                  ///< kGemm
  AttentionTile attention;               ///< kAttention
  std::uint64_t work = 0;                ///< kMultiplyAdd: multiply-accumulates (masked pairs left out)
  std::uint64_t table_operations = 0;    ///< vector unit: lane operations that build tables of the tile's results
  WaitCycles waited{};                   ///< cycles the command waited while its unit was idle, by cause
};

}  // namespace lutetia
