// Parameters of the LUT tensor core; README.md of this folder defines them. One struct configures all three bodies.
// RTL twin: rtl/units/lut_core/lut_core.sv.
#pragma once
#include <cstdint>

#include "config/schema.h"

namespace lutetia {

struct LutCoreConfig {
  static constexpr std::uint32_t kGroupLength = 4;     ///< activations per table (K)
  static constexpr std::uint32_t kTableEntries = 8;    ///< half table: 2^(K-1)
  static constexpr std::uint32_t kStreamDepth = 2;     ///< cmd, act, scale, fill, out FIFOs
  static constexpr std::uint32_t kEpilogueStages = 5;  ///< registers between issue and result

  std::uint32_t rows = 2;
  std::uint32_t lanes = 64;
  std::uint32_t activation_bits = 8;
  std::uint32_t max_planes = 4;
  std::uint32_t psum_blocks = 4;
  std::uint32_t psum_bits = 32;
  std::uint32_t table_generators = 1;
  std::uint32_t epilogue_lanes = 8;

  std::uint32_t build_interval() const { return rows / table_generators; }
  std::uint32_t chunks() const { return lanes / epilogue_lanes; }
  std::uint32_t plane_buffer_depth() const { return max_planes < 2 ? 2 : max_planes; }
  /// Multiply-accumulates per cycle at one weight bit plane.
  std::uint64_t plane_macs_per_cycle() const { return std::uint64_t{rows} * lanes * kGroupLength; }
  /// K elements that one scale group may hold so that no partial sum overflows, for `planes` shifted bit planes.
  std::uint64_t safe_group_elements(std::uint32_t planes) const {
    const std::uint64_t largest_term = (std::uint64_t{1} << (activation_bits - 1)) * ((std::uint64_t{1} << planes) - 1);
    return ((std::uint64_t{1} << (psum_bits - 1)) - 1) / largest_term;
  }
};

void describe(Schema& schema, LutCoreConfig& config);

}  // namespace lutetia
