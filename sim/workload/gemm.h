// A workload of one matrix product, for trying shapes and formats without a model: O[M,N] = A[M,K] W[N,K]^T.
#pragma once
#include <cstdint>

#include "workload/trace.h"

namespace lutetia {

struct GemmOptions {
  std::uint64_t m = 1, n = 1, k = 1;
  const NumberFormat* activation = nullptr;  ///< one scale per row if it has scales
  const NumberFormat* weight = nullptr;
  const NumberFormat* output = nullptr;
  std::uint32_t weight_group = kScalePerTensor;  ///< as TensorUse::group
  std::uint64_t repeat = 1;                      ///< products in a row, each with weights and results of its own
};

/// "gemm" as model; the M rows count as the tokens of a prompt, every repetition as a layer. Repetitions share the
/// activations and do not wait for each other.
Trace gemm_trace(const GemmOptions& options);

}  // namespace lutetia
