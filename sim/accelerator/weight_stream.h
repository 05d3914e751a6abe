// What the weights of a product ask of the memory while the matrix core runs at its full rate: the measure by which
// designs are made equal in bandwidth.
#pragma once
#include <cstdint>
#include <string>

#include "accelerator/design.h"

namespace lutetia {

/// Ternary, or the packing that the design's decoder takes.
const NumberFormat& default_weight_format(const Design& design);

/// Bytes of weights per cycle of the core. Weights are fetched once and serve `m` rows of activations, so each lane and
/// K group works for planes x ceil(m / rows) cycles on what it got. Scales (FP32, one per channel or group) come on
/// top. Nothing, and why, if the core does not take the format.
struct WeightStream {
  double bytes_per_cycle = 0;
  std::string obstacle;
};

WeightStream weight_stream(const Design& design, const NumberFormat& format, std::uint64_t m);

}  // namespace lutetia
