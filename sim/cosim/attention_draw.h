// Random operands of the attention unit: codes of queries, keys and values whose scores behave in a chosen way, the
// multiplier that spreads these scores, rows and masks. attention_bench.h makes commands of them.
#pragma once
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "cosim/attention_task.h"

namespace lutetia {

/// How the operands of a chain of commands are distributed.
enum class AttentionData : std::uint8_t {
  kNormal,
  kWild,      ///< any bits
  kExtreme,   ///< largest, smallest, zeros; FP16: exponent 31, the least subnormal, -0
  kRising,    ///< every key scores higher than the one before: every block rescales
  kOutlier,   ///< one key far above all others
  kConstant,  ///< all keys the same
  kTiny,      ///< FP16 subnormals, the smallest integers
};
inline constexpr std::uint64_t kAttentionDataKinds = 7;

class AttentionDraw {
 public:
  AttentionDraw(const AttentionConfig& config, Random& random) : config_(config), random_(random) {}

  /// Chooses how the next operands are distributed.
  void begin(AttentionData data);
  AttentionData data() const { return data_; }

  std::vector<std::uint32_t> query(std::uint32_t elements);
  /// Codes of key `index` of `count` and of its value, and scales where the command has them.
  AttentionTaskKey key(const AttentionTask& task, std::uint64_t index, std::uint64_t count);
  /// Sets shift and multiplier, and those of the keys' scales, so that the task's scores get a chosen spread.
  void spread_scores(AttentionTask& task);
  AttentionRow row(std::uint64_t first, std::uint64_t count, std::uint32_t context);
  std::vector<AttentionTaskMask> mask(const AttentionTask& task);
  /// A partial result of no command; its sum is at most `largest_sum`.
  AttentionPartial state(std::uint32_t elements, std::uint64_t largest_sum);

  bool one_in(std::uint64_t n) { return random_.below(n) == 0; }
  std::uint32_t pick(std::int64_t low, std::int64_t high) {
    return static_cast<std::uint32_t>(random_.between(low, high));
  }

 private:
  std::uint32_t code(double value, std::uint32_t bits, const AttentionTaskScale* scale) const;
  std::uint32_t fp16_code(double value) const;
  std::uint32_t random_code(std::uint32_t bits, const AttentionTaskScale* scale);
  std::uint32_t extreme_code(std::uint32_t bits, const AttentionTaskScale* scale);
  double normal();
  double largest_dot(const AttentionTask& task) const;
  std::vector<AttentionTaskScale> scales(std::uint32_t chunks, std::uint32_t group, bool of_keys);

  AttentionConfig config_;
  Random& random_;
  AttentionData data_ = AttentionData::kNormal;
  double size_ = 1;                      ///< of operands; 1: the whole range of integers
  std::vector<std::uint32_t> constant_;  ///< codes of all keys
};

}  // namespace lutetia
