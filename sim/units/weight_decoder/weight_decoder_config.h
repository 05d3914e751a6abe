// Parameters of the weight decoder; README.md of this folder defines them. One struct configures all three bodies.
// RTL twin: rtl/units/weight_decoder/weight_decoder.sv.
#pragma once
#include <cstdint>

#include "config/schema.h"
#include "numeric/ternary_code.h"

namespace lutetia {

struct WeightDecoderConfig {
  static constexpr std::uint32_t kGroupLength = 4;  ///< weights of a lane in one K group
  static constexpr std::uint32_t kPlanes = 2;       ///< of a ternary weight
  static constexpr std::uint32_t kStreamDepth = 2;  ///< cmd, code, weight FIFOs

  std::uint32_t lanes = 64;
  std::uint32_t code = 2;  ///< number of a TernaryCode
  std::uint32_t blocks = 4;

  TernaryCode ternary_code() const { return static_cast<TernaryCode>(code); }
  std::uint32_t code_weights() const { return ternary_code_weights(ternary_code()); }
  std::uint32_t code_bits() const { return ternary_code_bits(ternary_code()); }
  std::uint32_t code_beat_bits() const { return lanes * code_bits(); }
  /// The planes, and above them the flag for illegal codes.
  std::uint32_t weight_beat_bits() const { return lanes * kGroupLength + 1; }
  std::uint32_t illegal_bit() const { return lanes * kGroupLength; }

  /// Codes that a block needs for its first `k_groups` K groups.
  std::uint64_t codes(std::uint64_t k_groups) const {
    return (k_groups * kGroupLength + code_weights() - 1) / code_weights();
  }
  /// K groups after which nothing is left over: the pattern of codes and leftovers repeats.
  std::uint32_t period() const { return code_weights() == kGroupLength ? 1 : code_weights(); }
  /// Cycles from the acceptance of a command and of the first of its codes, one a cycle, to its first beat.
  std::uint32_t latency() const { return 2 + static_cast<std::uint32_t>(codes(1)); }
};

void describe(Schema& schema, WeightDecoderConfig& config);

}  // namespace lutetia
