// The streams of the attention unit: their numbers, names and widths, and how elements lie in their beats. README.md,
// "Streams".
#pragma once
#include <cstdint>
#include <vector>

#include "kernel/stream_unit.h"
#include "numeric/attention_arithmetic.h"
#include "units/attention/attention_command.h"
#include "units/attention/attention_config.h"

namespace lutetia {

/// Numbers of the streams, in port order.
struct AttentionPort {
  enum Input : std::uint32_t {
    kCommand,
    kRow,
    kQuery,
    kKey,
    kKeyScale,
    kMask,
    kState,
    kPartial,
    kValue,
    kValueScale,
    kInputs
  };
  enum Output : std::uint32_t { kOut, kOutputs };

  static constexpr std::uint32_t kKeyScaleBits = 40, kMaskBits = 22, kValueScaleBits = 24;  ///< of one key

  static std::vector<StreamPort> inputs(const AttentionConfig& c) {
    const std::uint32_t kv = c.keys * c.dims * c.kv_element_bits();
    return {{"cmd", AttentionCommand::kBits},
            {"row", AttentionRow::kBits},
            {"query", c.dims * c.query_bits()},
            {"key", kv},
            {"key_scale", c.keys * kKeyScaleBits},
            {"mask", c.keys * kMaskBits},
            {"state", AttentionState::kBits},
            {"partial", c.output_bits()},
            {"value", kv},
            {"value_scale", c.keys * kValueScaleBits}};
  }
  static std::vector<StreamPort> outputs(const AttentionConfig& c) { return {{"out", c.output_bits()}}; }

  /// Slots of the FIFO behind an input.
  static std::uint32_t depth(const AttentionConfig& c, std::uint32_t input) {
    if (input == kKey) return c.key_fifo;
    return input == kValue ? c.value_fifo : AttentionConfig::kStreamDepth;
  }
};

/// Multiplier and zero point of a key in a beat of key_scale; fraction and zero point in one of value_scale.
struct AttentionScale {
  std::uint32_t factor = 0, zero = 0;

  static AttentionScale of_key(const Payload& p, std::uint32_t key) {
    const std::uint32_t at = key * AttentionPort::kKeyScaleBits;
    return {static_cast<std::uint32_t>(p.get(at, 32)), static_cast<std::uint32_t>(p.get(at + 32, 8))};
  }
  static AttentionScale of_value(const Payload& p, std::uint32_t key) {
    const std::uint32_t at = key * AttentionPort::kValueScaleBits;
    return {static_cast<std::uint32_t>(p.get(at, 16)), static_cast<std::uint32_t>(p.get(at + 16, 8))};
  }
};

/// An element of a beat of queries as it is multiplied.
inline std::int64_t attention_query(const AttentionConfig& c, const Payload& p, std::uint32_t element) {
  if (c.floating()) return fp16_to_fixed(static_cast<std::uint16_t>(p.get(element * 16, 16)));
  return p.get_signed(element * 8, 8);
}

/// An element of a beat of keys or values as it is multiplied; `scale`: null if codes are signed.
inline std::int64_t attention_kv(const AttentionConfig& c, const Payload& p, std::uint32_t element,
                                 const AttentionScale* scale) {
  const std::uint32_t bits = c.kv_element_bits();
  if (c.floating()) return fp16_to_fixed(static_cast<std::uint16_t>(p.get(element * bits, bits)));
  if (scale == nullptr) return p.get_signed(element * bits, bits);
  return static_cast<std::int64_t>(p.get(element * bits, bits)) - static_cast<std::int64_t>(scale->zero);
}

/// An accumulator in a beat of partial results.
inline WideInt attention_accumulator(const AttentionConfig& c, const Payload& p, std::uint32_t element) {
  const std::uint32_t bits = c.accumulator_bits(), at = element * bits;
  if (bits <= 64) return p.get_signed(at, bits);
  return WideInt{p.get_signed(at + 64, bits - 64)} * (WideInt{1} << 64) + WideInt{p.get(at, 64)};
}
inline void set_attention_accumulator(const AttentionConfig& c, Payload& p, std::uint32_t element, WideInt sum) {
  const std::uint32_t bits = c.accumulator_bits(), at = element * bits;
  p.set(at, bits < 64 ? bits : 64, static_cast<std::uint64_t>(sum));
  if (bits > 64) p.set(at + 64, bits - 64, static_cast<std::uint64_t>(sum >> 64));
}

}  // namespace lutetia
