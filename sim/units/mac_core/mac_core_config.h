// Parameters of the multiply-accumulate core, the baseline that stands for a tensor core, of integers or of FP16
// numbers; README.md of this folder defines it. RTL twin: rtl/units/mac_core/mac_core.sv.
#pragma once
#include <cstdint>

#include "config/schema.h"
#include "units/matrix_core/activation_format.h"
#include "units/matrix_core/matrix_core_shape.h"

namespace lutetia {

struct MacCoreConfig {
  std::uint32_t rows = 2;
  std::uint32_t lanes = 64;
  std::uint32_t group_length = 4;
  ActivationFormat activation_format = ActivationFormat::kInteger;  ///< or kFp16
  std::uint32_t activation_bits = 8;
  std::uint32_t weight_bits = 8;
  std::uint32_t psum_blocks = 4;
  std::uint32_t psum_bits = 32;
  std::uint32_t epilogue_lanes = 8;
  std::uint32_t epilogue_rows = 1;

  bool floating() const { return activation_format != ActivationFormat::kInteger; }
  MatrixCoreShape shape() const;
};

void describe(Schema& schema, MacCoreConfig& config);

}  // namespace lutetia
