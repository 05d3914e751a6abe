// Rows that a random law does not give: no keys, equal keys, a maximum that rises with every key, a single key that
// matters, the largest numbers, the longest row. Against double precision on the same quantized inputs.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <vector>

#include "numeric/attention_operands.h"

namespace lutetia {
namespace {

const AttentionOperandFormat kFormats[] = {{"fp16", true, 16, 0}, {"int8", false, 8, 0}, {"int4_g32", false, 4, 32}};
constexpr double kTarget = 5e-4;

/// Rows of one query element over keys whose scores are a * key, with random values.
AttentionOperands with_scores(const AttentionOperandFormat& format, double a, const std::vector<double>& keys,
                              std::size_t size, double least_value = -1) {
  Random random(71);
  std::vector<double> values(keys.size() * size);
  for (double& value : values) value = least_value + (1 - least_value) * random.uniform();
  return quantize_operands(format, 1, size, {a}, keys, values, 1);
}

void expect_accurate(const char* what, const AttentionOperandFormat& format, const AttentionOperands& o) {
  double largest = 0;
  for (const std::size_t block : {1u, 8u, 16u}) {
    RelativeRmse error;
    const std::vector<double> result = o.result(o.pass(0, 0, o.keys, block)), exact = o.exact(0);
    for (std::size_t e = 0; e < exact.size(); ++e) error.add(result[e], exact[e]);
    largest = std::max(largest, error.value());
    EXPECT_LE(error.value(), kTarget) << format.name << " " << what << " in blocks of " << block;
  }
  std::printf("%-9s %-36s %.2e\n", format.name, what, largest);
}

TEST(AttentionSpecialRows, EqualScoresGiveTheMean) {
  for (const AttentionOperandFormat& format : kFormats) {
    for (const double a : {0.0, 3.0, -3.0}) {
      const AttentionOperands o = with_scores(format, a, std::vector<double>(4097, 1), 16);
      expect_accurate("equal scores", format, o);
    }
  }
}

// Up to 1000 binary orders: the accumulators are rescaled at every key, or by a whole number of places now and then.
TEST(AttentionSpecialRows, RisingAndFallingScores) {
  for (const AttentionOperandFormat& format : kFormats)
    for (const double range : {5.0, 80.0, 650.0}) {
      std::vector<double> keys;
      for (int i = -120; i <= 120; ++i) keys.push_back(i / 120.0);
      expect_accurate("rising scores", format, with_scores(format, range, keys, 64));
      std::reverse(keys.begin(), keys.end());
      expect_accurate("falling scores", format, with_scores(format, range, keys, 64));
    }
}

TEST(AttentionSpecialRows, ASingleKeyThatMatters) {
  for (const AttentionOperandFormat& format : kFormats)
    for (const std::size_t place : {std::size_t{0}, std::size_t{500}, std::size_t{1023}}) {
      std::vector<double> keys(1024, 0);
      keys[place] = 1;
      expect_accurate("a single key that matters", format, with_scores(format, 40, keys, 64));
      expect_accurate("a key of half the weight", format, with_scores(format, std::log(1023.0), keys, 64));
    }
}

TEST(AttentionSpecialRows, WithoutKeysTheResultIsZero) {
  for (const AttentionOperandFormat& format : kFormats) {
    const AttentionOperands o = with_scores(format, 1, {1, 2, 3}, 5);
    EXPECT_EQ(o.result(o.pass(0, 0, 0, 8)), std::vector<double>(5, 0));
  }
}

struct Extreme {
  StreamingAttention::Format format;
  std::vector<std::int32_t> query, key, value;
  std::uint16_t expected;
};

// The longest row of the largest operands, all scores saturated: nothing may overflow, the mean is the value itself.
TEST(AttentionSpecialRows, TheLongestRowOfTheLargestNumbers) {
  const auto integer = StreamingAttention::Format::kInteger, fp16 = StreamingAttention::Format::kFp16;
  const std::size_t head = 64, longest = (1u << 20) - 1, block = 255;
  const Extreme extremes[] = {
      {integer, std::vector<std::int32_t>(head, -128), std::vector<std::int32_t>(head, -128), {127, -128, 0}, 0x57f0},
      {integer, std::vector<std::int32_t>(head, -128), std::vector<std::int32_t>(head, 127), {127, -128, 0}, 0x57f0},
      {fp16,
       std::vector<std::int32_t>(head, 0x7bff),
       std::vector<std::int32_t>(head, 0x7bff),
       {0x7bff, 0xfbff, 1},
       0x7bff},
      {fp16,
       std::vector<std::int32_t>(head, 0x7bff),
       std::vector<std::int32_t>(head, 0xfbff),
       {0x7bff, 0xfbff, 1},
       0x7bff}};
  for (const Extreme& extreme : extremes) {
    std::vector<std::int32_t> keys, values;
    for (std::size_t i = 0; i < block; ++i) {
      keys.insert(keys.end(), extreme.key.begin(), extreme.key.end());
      values.insert(values.end(), extreme.value.begin(), extreme.value.end());
    }
    StreamingAttention attention(extreme.format, extreme.query, extreme.value.size());
    AttentionBlock b;
    b.keys = keys.data();
    b.values = values.data();
    for (std::size_t first = 0; first < longest; first += block) {
      b.count = std::min(block, longest - first);
      attention.add({0xffffffff, 1, 0, 0}, b);
    }
    EXPECT_LT(attention.partial().sum, std::uint64_t{1} << kRowSumBits);
    EXPECT_GT(attention.partial().sum, std::uint64_t{1} << (kRowSumBits - 2));
    const bool floating = extreme.format == fp16;
    for (const WideInt accumulator : attention.partial().accumulators) {
      const WideInt limit = WideInt{1} << (floating ? 83 : 49);
      EXPECT_TRUE(accumulator < limit && accumulator >= -limit);
    }
    const std::vector<std::uint16_t> result = attention.fp16_result();
    EXPECT_EQ(result[0], extreme.expected);
    EXPECT_EQ(result[1], floating ? 0xfbff : 0xd800);  // -65504, -128
    EXPECT_EQ(result[2], floating ? 1 : 0);
    if (!floating) {
      EXPECT_EQ(attention.int8_result(), (std::vector<std::int8_t>{127, -128, 0}));
    }
  }
}

}  // namespace
}  // namespace lutetia
