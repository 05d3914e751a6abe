// An operator of a workload: a loop nest and, per tensor, which loops index it. Attention, GEMM and normalisation are
// data of this one shape, not classes. Extents are in elements; formats are rows of numeric/number_format.h.
//
// Loop names have a meaning that consumers may rely on:
//   linear, matmul   m rows of the output, n columns, k the reduction; b (sequences), h (key/value heads) and g (query
//                    heads that share one key/value head) are independent repetitions
//   attention        b, h, g, m as above; n keys, k elements of a query and key head, v elements of a value head.
//                    Tensors: queries, keys, values (both cache reads), output. If values name the keys' tensor, they
//                    are the first v elements of each key (multi-head latent attention): cached and read once
//   the others       m rows (tokens), n the elements of a row; the reduction of a norm, softmax or quantize runs over n
// A tensor lists its loops from the slowest to the fastest index, so the last one is contiguous in memory.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "numeric/number_format.h"

namespace lutetia {

enum class OperatorKind : std::uint8_t {
  kLinear,     ///< activation x weight, output[m,n] = sum over k of input[m,k] weight[n,k]; further weights are biases
  kMatmul,     ///< activation x activation or cache
  kEmbedding,  ///< output rows gathered from a table by token or position
  kRmsNorm,    ///< x / rms(x) * weight
  kLayerNorm,  ///< (x - mean) / deviation * weight + bias
  kQuantize,   ///< to a narrower format; integers per row: scale = absmax / largest integer, round(x / scale)
  kRotary,     ///< rotary position embedding
  kSoftmax,    ///< over the last loop, visited pairs only; the 1/sqrt(head_dim) scale is part of it
  kSilu,
  kRelu,
  kRelu2,  ///< squared relu
  kGelu,
  kMultiply,     ///< element by element, two inputs
  kAdd,          ///< element by element, two inputs
  kCacheAppend,  ///< write new keys or values behind the cached ones
  kAttention,    ///< scores, softmax and weighted values in one (fuse_attention.h)
};

enum class Role : std::uint8_t { kInput, kWeight, kOutput, kCacheRead, kCacheWrite };

/// Names as they stand in traces and reports.
std::string_view name(OperatorKind kind);
std::string_view name(Role role);
/// All names, in the order of the enumeration.
const std::vector<std::string_view>& operator_kind_names();
const std::vector<std::string_view>& role_names();

struct Loop {
  std::string name;
  std::uint64_t extent = 1;
};

/// Value of TensorUse::group: one scale for the whole tensor. (0 is one scale per row.)
inline constexpr std::uint32_t kScalePerTensor = 0xffffffffu;

struct TensorUse {
  std::string name;  ///< a later operator that uses the same name reads what the latest earlier writer left there
  Role role = Role::kInput;
  /// True if only some rows of the named tensor are touched: embedding tables, the last token before the lm_head.
  bool part = false;
  const NumberFormat* format = nullptr;  ///< never null in a checked trace
  /// Elements along the last loop that share one scale; 0 = the whole row, kScalePerTensor = the whole tensor. Means
  /// something for integer formats of at most 16 bits only; others carry no scale.
  std::uint32_t group = 0;
  std::vector<std::uint8_t> loops;  ///< indices into Operator::loops, slowest first
};

/// Which (query, key) pairs an attention operator visits. Causal: query i (0-based) sees past + i + 1 keys, at most
/// all; with a window only the last `window` of them, and the first `sinks`.
struct Mask {
  enum class Kind : std::uint8_t { kNone, kCausal };
  Kind kind = Kind::kNone;
  std::uint64_t past = 0;    ///< keys cached before the first query
  std::uint8_t query = 0;    ///< loop index of the queries (causal only)
  std::uint8_t key = 0;      ///< loop index of the keys (causal only)
  std::uint64_t window = 0;  ///< 0 = none (causal only)
  std::uint64_t sinks = 0;   ///< with a window only
};

struct Operator {
  std::uint64_t id = 0;
  OperatorKind kind = OperatorKind::kLinear;
  std::string name;        ///< "layers.3.attention.q_proj"
  int layer = -1;          ///< -1 = belongs to no layer
  std::uint32_t step = 0;  ///< 0 = prefill, 1.. = decode step
  std::vector<Loop> loops;
  std::vector<TensorUse> tensors;
  Mask mask;
  std::vector<std::uint64_t> after;  ///< ids of operators that must be finished first, ascending
};

bool operator==(const Loop& a, const Loop& b);
bool operator==(const TensorUse& a, const TensorUse& b);
bool operator==(const Mask& a, const Mask& b);
bool operator==(const Operator& a, const Operator& b);

/// Extent of the loop of that name, 1 if the operator has no such loop.
std::uint64_t extent(const Operator& op, std::string_view loop);

/// First tensor of that role, or nullptr.
const TensorUse* find_tensor(const Operator& op, Role role);

/// The values of an attention operator that are part of its keys, or nullptr.
const TensorUse* values_in_keys(const Operator& op);

/// Multiply-accumulates performed: visited loop points of linear and matmul, both products of attention, 0 for all
/// other kinds.
std::uint64_t macs(const Operator& op);

/// Loop points visited by the operator: the product of the extents, with the causal triangle in place of query x key.
std::uint64_t visited_points(const Operator& op);

/// (query, key) pairs that the operator's mask leaves, for one head; all pairs of m and n if it has none.
std::uint64_t visited_pairs(const Operator& op);

/// (query, key) pairs visited by `queries` queries over `keys` keys of which `past` were there before.
std::uint64_t causal_pairs(std::uint64_t queries, std::uint64_t keys, std::uint64_t past);

/// Elements the operator touches: the product of the tensor's loops, with the causal triangle where it has both.
std::uint64_t elements(const Operator& op, const TensorUse& tensor);

/// Elements of the tensor as an array, without a mask: what an allocator must provide.
std::uint64_t array_elements(const Operator& op, const TensorUse& tensor);

/// FP32 scales that come with those elements (0 for formats without scale).
std::uint64_t scales(const Operator& op, const TensorUse& tensor);

inline constexpr std::uint64_t kScaleBytes = 4;

/// Bytes of the touched elements, packed, plus their scales of 4 bytes.
std::uint64_t bytes(const Operator& op, const TensorUse& tensor);

/// Least traffic of an operator: every tensor moved exactly once, values in keys with the keys.
struct Traffic {
  std::uint64_t activation_read = 0;
  std::uint64_t weight_read = 0;
  std::uint64_t cache_read = 0;
  std::uint64_t activation_write = 0;
  std::uint64_t cache_write = 0;

  std::uint64_t read() const { return activation_read + weight_read + cache_read; }
  std::uint64_t written() const { return activation_write + cache_write; }
  std::uint64_t total() const { return read() + written(); }
};
Traffic traffic(const Operator& op);

}  // namespace lutetia
