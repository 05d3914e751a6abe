// One query row's pass over its keys as the attention unit computes it, to the bit: values without timing, steps 1 to 7
// of sim/units/attention/README.md, "Arithmetic". Leaves out: streams, chunks and which keys a row sees (`counts` says
// it). Codes are integers as they are multiplied: signed without scales, unsigned with them, or the bits of FP16.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "numeric/attention_arithmetic.h"

namespace lutetia {

/// Of one key and one group of its elements; the shift is common to all.
struct KeyScale {
  std::uint32_t multiplier = 0;
  std::uint32_t zero = 0;
};
/// Of one key's value and one group of its elements: fraction / 2^16 of the unit that all results have.
struct ValueScale {
  std::uint32_t fraction = 0;
  std::uint32_t zero = 0;
};

/// From scores to base-2 logarithms, and how many elements share a scale; 0 = no scales, `multiplier` holds for all.
struct AttentionScaling {
  std::uint32_t multiplier = 0;
  std::uint32_t shift = 24;  ///< 1 .. 127
  std::uint32_t key_group = 0;
  std::uint32_t value_group = 0;
};

/// Keys that are scored side by side, and their values: arrays of the caller, key by key.
struct AttentionBlock {
  std::size_t count = 0;
  const std::int32_t* keys = nullptr;        ///< as many elements each as the query has
  const std::int32_t* values = nullptr;      ///< `value_size` elements each
  const KeyScale* key_scales = nullptr;      ///< with key_group: one a group, the last group may be short
  const ValueScale* value_scales = nullptr;  ///< with value_group
  const std::uint8_t* counts = nullptr;      ///< 0 = masked; absent: every key counts
  const std::int32_t* biases = nullptr;      ///< SQ10.10, added to scores; absent: none
};

/// Result of a pass over some of the keys, to be merged with those of the others.
struct PartialAttention {
  std::uint64_t sum = 0;
  std::int32_t maximum = 0;  ///< means nothing if the sum is 0
  std::vector<WideInt> accumulators;
};

class StreamingAttention {
 public:
  enum class Format : std::uint8_t { kInteger, kFp16 };

  /// `query`: signed 8-bit integers, or bits of FP16.
  StreamingAttention(Format format, const std::vector<std::int32_t>& query, std::size_t value_size);

  void add(const AttentionScaling& scaling, const AttentionBlock& block);
  /// A state counts like a block.
  void merge(const PartialAttention& state);

  const PartialAttention& partial() const { return state_; }
  std::vector<std::uint16_t> fp16_result() const;
  /// Integers only; in units of the values' scale.
  std::vector<std::int8_t> int8_result() const;

  /// Step 1 and 2 of one key, without its mask bit: SQ10.10. `scales` may be absent.
  std::int32_t score(const AttentionScaling& scaling, const std::int32_t* key, const KeyScale* scales,
                     std::int32_t bias) const;

 private:
  std::uint32_t accumulator_bits() const {
    return format_ == Format::kFp16 ? kFp16AccumulatorBits : kIntegerAccumulatorBits;
  }
  std::uint32_t value_unit() const { return format_ == Format::kFp16 ? kFp16Fraction : 0; }
  /// Raises the running maximum to at least `maximum`, and rescales what was summed below it.
  void raise(std::int32_t maximum);

  Format format_;
  std::vector<std::int64_t> query_;  // as they are multiplied
  PartialAttention state_;
};

}  // namespace lutetia
