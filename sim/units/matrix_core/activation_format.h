// What activations of a matrix core arrive as: the choices of its key `activation_format`. A core offers those it
// takes.
#pragma once
#include <cstdint>

#include "numeric/number_format.h"

namespace lutetia {

/// `integer` is two's complement of activation_bits.
enum class ActivationFormat : std::uint8_t { kInteger, kFp16, kBf16, kFp8E4m3, kFp8E5m2 };

/// The row of a floating-point format; null for integers.
inline const NumberFormat* number_format_of(ActivationFormat format) {
  switch (format) {
    case ActivationFormat::kInteger: return nullptr;
    case ActivationFormat::kFp16: return find_number_format("fp16");
    case ActivationFormat::kBf16: return find_number_format("bf16");
    case ActivationFormat::kFp8E4m3: return find_number_format("fp8_e4m3");
    case ActivationFormat::kFp8E5m2: return find_number_format("fp8_e5m2");
  }
  return nullptr;
}

}  // namespace lutetia
