// The attention unit's arithmetic leaves against the exact oracle where random programs hardly get: every distance of
// exp2, ties and ends of the rounded results, every shift of a score.
#include "cosim/attention_oracle.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "numeric/attention_arithmetic.h"
#include "numeric/exp2_segments.h"

namespace lutetia {
namespace {

using attention_exact::Int;

TEST(AttentionOracle, EveryDistanceHasTheSameWeight) {
  for (std::uint32_t distance = 0; distance < 24 * 1024; ++distance)
    ASSERT_EQ(attention_exact::exp2_minus(distance), exp2_minus(distance)) << distance;
}

TEST(AttentionOracle, EveryFp16CodeHasTheSameValue) {
  for (std::uint32_t code = 0; code < 0x10000; ++code)
    ASSERT_EQ(attention_exact::fp16(code).value(), fp16_to_fixed(static_cast<std::uint16_t>(code))) << code;
}

/// Both roundings of an accumulator over a row sum.
void expect_same(const AttentionConfig& config, std::uint64_t sum, Int accumulator) {
  AttentionPartial p;
  p.sum = sum;
  p.accumulator = {accumulator};
  const Reciprocal r = reciprocal(sum);
  const std::uint32_t expected = config.output_format == AttentionOutput::kInt8
                                     ? static_cast<std::uint16_t>(normalise_int8(accumulator, r))
                                     : normalise_fp16(accumulator, r, config.floating() ? 24 : 0);
  ASSERT_EQ(attention_exact::result(config, p, 0), expected)
      << "sum " << sum << ", accumulator " << static_cast<double>(accumulator);
}

std::vector<AttentionConfig> output_formats() {
  std::vector<AttentionConfig> all(3);
  all[1].format = all[2].format = AttentionFormat::kInteger;
  all[2].output_format = AttentionOutput::kInt8;
  return all;
}

TEST(AttentionOracle, ResultsRoundTheSameWay) {
  Random random(1);
  for (const AttentionConfig& config : output_formats())
    for (int round = 0; round < 20'000; ++round) {
      const std::uint64_t sum =
          1 + random.below(std::uint64_t{1} << random.between(1, 40)) % ((std::uint64_t{1} << 40) - 1);
      const auto bits = static_cast<std::uint32_t>(random.between(1, config.accumulator_bits() - 1));
      const Int any = Int{random.between(-(1 << 30), 1 << 30)} * attention_exact::power(53) +
                      random.between(0, std::int64_t{1} << 53);
      expect_same(config, sum, any >> (84 - bits));
    }
}

/// Powers of two have an exact reciprocal, so that ties and their neighbours can be aimed at.
TEST(AttentionOracle, TiesGoToTheEvenResult) {
  Random random(2);
  for (const AttentionConfig& config : output_formats())
    for (int round = 0; round < 20'000; ++round) {
      const auto log2_sum = static_cast<std::uint32_t>(random.between(20, 39));
      const bool int8 = config.output_format == AttentionOutput::kInt8;
      const auto code = static_cast<std::uint32_t>(random.below(int8 ? 130 : 0x7fff));
      const Int low = int8 ? Int{code} : attention_exact::fp16(code).value();
      const Int high = int8 ? Int{code} + 1 : attention_exact::fp16(code + 1).value();
      // The midpoint in units of the accumulator: 2^-20 and, for FP16 results of integers, 2^24 fewer.
      const std::uint32_t drop = 1 + (int8 || config.floating() ? 0 : 24);
      Int middle = (low + high) << log2_sum;
      middle = (middle >> drop) + random.between(-1, 1);
      expect_same(config, std::uint64_t{1} << log2_sum, round % 2 == 0 ? middle : -middle);
    }
}

TEST(AttentionOracle, EndsOfTheRangeSaturate) {
  for (const AttentionConfig& config : output_formats())
    for (const std::uint64_t sum : {std::uint64_t{1}, std::uint64_t{1 << 19}, (std::uint64_t{1} << 40) - 1})
      for (const std::uint32_t bits : {0u, 7u, 8u, 20u, 40u, 49u, 60u, 83u}) {
        if (bits >= config.accumulator_bits()) continue;
        const Int most = (Int{1} << bits) - 1;
        for (const Int accumulator : {most, most + 1, -most, -most - 1})
          if (accumulator <= (Int{1} << (config.accumulator_bits() - 1)) - 1) expect_same(config, sum, accumulator);
      }
}

TEST(AttentionOracle, ScoresRoundTheSameWayUnderEveryShift) {
  Random random(3);
  for (std::uint32_t shift = 1; shift <= 127; ++shift)
    for (int round = 0; round < 300; ++round) {
      const Int any =
          Int{random.between(-(std::int64_t{1} << 62), std::int64_t{1} << 62)} * attention_exact::power(64) +
          random.between(0, std::int64_t{1} << 62);
      const Int total = any >> random.between(1, 126);  // |total| < 2^126
      const Int halves = attention_exact::floor_divide(total, attention_exact::power(shift - 1));
      const Int x = attention_exact::saturated(attention_exact::floor_divide(halves + 1, 2));
      ASSERT_EQ(score_log2(total, shift), x) << shift;
    }
}

}  // namespace
}  // namespace lutetia
