// One command of the weight decoder: the shape of the lut_core tile whose weights it decodes. README.md of this folder
// is the specification.
#pragma once
#include <cstdint>

#include "kernel/payload.h"
#include "units/weight_decoder/weight_decoder_config.h"

namespace lutetia {

/// Numbers of the streams, in port order.
struct WeightDecoderPort {
  enum Input : std::uint32_t { kCommand, kCode, kInputs };
  enum Output : std::uint32_t { kWeight, kOutputs };
};

struct WeightDecoderCommand {
  std::uint32_t row_blocks = 1;  ///< how often the same K and blocks come, 1..65535
  std::uint32_t k_groups = 1;    ///< ceil(K / 4), 1..65535
  std::uint32_t n_blocks = 1;    ///< 1..blocks

  static constexpr std::uint32_t kBits = 40;
  Payload encode() const {
    Payload p(kBits);
    p.set(0, 16, row_blocks);
    p.set(16, 16, k_groups);
    p.set(32, 8, n_blocks);
    return p;
  }
  static WeightDecoderCommand decode(const Payload& p) {
    WeightDecoderCommand c;
    c.row_blocks = static_cast<std::uint32_t>(p.get(0, 16));
    c.k_groups = static_cast<std::uint32_t>(p.get(16, 16));
    c.n_blocks = static_cast<std::uint32_t>(p.get(32, 8));
    return c;
  }

  std::uint64_t code_beats(const WeightDecoderConfig& c) const {
    return std::uint64_t{row_blocks} * n_blocks * c.codes(k_groups);
  }
  std::uint64_t weight_beats() const {
    return std::uint64_t{row_blocks} * k_groups * n_blocks * WeightDecoderConfig::kPlanes;
  }
};

}  // namespace lutetia
