// Parameters of the streaming attention unit; README.md of this folder defines them. One struct configures all three
// bodies. RTL twin: rtl/units/attention/attention.sv.
#pragma once
#include <cstdint>

#include "config/schema.h"
#include "numeric/attention_arithmetic.h"

namespace lutetia {

/// Of queries, keys and values. The number is the RTL's.
enum class AttentionFormat : std::uint8_t { kInteger = 0, kFp16 = 1 };
/// Of results.
enum class AttentionOutput : std::uint8_t { kFp16 = 0, kInt8 = 1 };

struct AttentionConfig {
  std::uint32_t keys = 8;
  std::uint32_t dims = 16;
  std::uint32_t contexts = 4;
  std::uint32_t max_chunks = 8;
  AttentionFormat format = AttentionFormat::kFp16;
  std::uint32_t kv_bits = 8;
  bool kv_scales = false;
  AttentionOutput output_format = AttentionOutput::kFp16;
  std::uint32_t score_fifo = 8;
  std::uint32_t probability_fifo = 6;
  std::uint32_t output_fifo = 4;
  std::uint32_t key_fifo = 2;
  std::uint32_t value_fifo = 2;

  static constexpr std::uint32_t kStreamDepth = 2;          ///< every FIFO that has no key
  static constexpr std::uint32_t kMostFp16Elements = 2048;  ///< of a head: what the width of exact sums is made for
  static constexpr std::uint32_t kBanks = 2;                ///< of queries, of accumulators
  /// Cycles from a fire to the first in which its result can be popped.
  static constexpr std::uint32_t kScoreLatency = 7, kSoftmaxLatency = 5, kOutputLatency = 3;
  /// From a last fire to the first cycle in which its bank can be read; from the start of a division to its result.
  static constexpr std::uint32_t kAccumulateLatency = 5, kDivideLatency = 19;

  bool floating() const { return format == AttentionFormat::kFp16; }
  std::uint32_t query_bits() const { return floating() ? 16 : 8; }
  std::uint32_t kv_element_bits() const { return floating() ? 16 : kv_bits; }
  /// Keys and values as they are multiplied: a code less its zero point has one bit more.
  std::uint32_t kv_operand_bits() const { return kv_bits + (kv_scales ? 1 : 0); }
  std::uint32_t accumulator_bits() const { return floating() ? kFp16AccumulatorBits : kIntegerAccumulatorBits; }
  std::uint32_t output_bits() const { return dims * accumulator_bits(); }
  /// Multiply-accumulates per cycle of scores, and as many of values.
  std::uint32_t macs_per_fire() const { return keys * dims; }
};

void describe(Schema& schema, AttentionConfig& config);

}  // namespace lutetia
