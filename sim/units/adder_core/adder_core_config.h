// Parameters of the bit-serial adder core, a baseline of the LUT tensor core; README.md of this folder defines it.
// RTL twin: rtl/units/adder_core/adder_core.sv.
#pragma once
#include <cstdint>

#include "config/schema.h"
#include "units/matrix_core/matrix_core_shape.h"

namespace lutetia {

struct AdderCoreConfig {
  std::uint32_t rows = 2;
  std::uint32_t lanes = 64;
  std::uint32_t group_length = 4;
  std::uint32_t activation_bits = 8;
  std::uint32_t max_planes = 4;
  std::uint32_t psum_blocks = 4;
  std::uint32_t psum_bits = 32;
  std::uint32_t epilogue_lanes = 8;
  std::uint32_t epilogue_rows = 1;

  MatrixCoreShape shape() const;
};

void describe(Schema& schema, AdderCoreConfig& config);

}  // namespace lutetia
