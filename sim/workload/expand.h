// From a model's description to its operators: a prompt of `prefill` tokens in one pass, then `decode` steps of one
// token, each for `batch` sequences of equal length.
//
// One layer, in order: norm, quantize, q/k/v projections, rotary, cache_append (k, v), scores matmul, softmax, values
// matmul, [sub-norm], quantize, o_proj, add, norm, quantize, gate/up, activation, multiply, [sub-norm], quantize,
// down_proj, add. q/k/v share one quantize, gate/up another; an activation format equal to the hidden one
// has none. An attention format of its own puts a quantize behind rotary (per head) and behind softmax. Around the
// layers: embedding (+ learned positions and add), final norm and lm_head of the last token of each sequence.
//
// Choices. A bias is a further weight tensor of its linear operator (an epilogue), not an add of its own. The batch
// multiplies m everywhere, except in attention, where each sequence has its own cache: loop b. The final norm reads
// only the last row of each sequence (`part`). Sampling the next token is left to the host; the next step's embedding
// waits for the lm_head. Activations keep their names from step to step: a step starts after the lm_head of the step
// before, which waits for everything that reads them. Rotary angles and scales of attention are constants and cost no
// traffic.
#pragma once
#include <cstdint>

#include "base/problem.h"
#include "workload/model.h"
#include "workload/trace.h"

namespace lutetia {

struct ExpandOptions {
  std::uint64_t prefill = 512;  ///< 0 = no prompt, decode only
  std::uint64_t decode = 0;
  std::uint64_t batch = 1;
  std::uint64_t layers = 0;  ///< the first so many layers; 0 = all
  std::uint64_t past = 0;    ///< tokens already in the cache
};

/// More operators than this are refused (some 900 bytes each in memory).
inline constexpr std::uint64_t kMostOperators = 4'000'000;

/// False, with problems whose path is the option's name, if the model has no such layers or positions or the trace
/// would have more than kMostOperators operators.
bool check_expansion(const ModelConfig& model, const ExpandOptions& options, Problems& problems);

/// Operators that expand() makes.
std::uint64_t operator_count(const ModelConfig& model, const ExpandOptions& options);

/// The trace of a model and options without problems. Batch 0 is taken as 1. Prefill and decode both 0 give a header
/// without operators.
Trace expand(const ModelConfig& model, const ExpandOptions& options);

}  // namespace lutetia
