// Every code and every combination of weights: the figures are those of the formats' own programs, not of this one.
#include "numeric/ternary_code.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace lutetia {
namespace {

/// All combinations of the code's weights.
std::vector<TernaryWeights> combinations(TernaryCode code) {
  std::uint32_t count = 1;
  for (std::uint32_t n = 0; n < ternary_code_weights(code); ++n) count *= 3;
  std::vector<TernaryWeights> all;
  for (std::uint32_t c = 0; c < count; ++c) {
    TernaryWeights w{};
    std::uint32_t rest = c;
    for (std::uint32_t n = 0; n < ternary_code_weights(code); ++n, rest /= 3)
      w[n] = static_cast<std::int32_t>(rest % 3) - 1;
    all.push_back(w);
  }
  return all;
}

TEST(TernaryCode, DecodingUndoesEncoding) {
  for (const TernaryCode code : kAllTernaryCodes) {
    std::set<std::uint32_t> seen;
    for (const TernaryWeights& w : combinations(code)) {
      const std::uint32_t bits = encode_ternary(code, w);
      ASSERT_LT(bits, 1u << ternary_code_bits(code));
      EXPECT_TRUE(seen.insert(bits).second) << to_text(code) << " " << bits << " stands for two things";
      const DecodedTernary d = decode_ternary(code, bits);
      EXPECT_TRUE(d.legal) << to_text(code) << " " << bits;
      EXPECT_EQ(d.weights, w) << to_text(code) << " " << bits;
    }
  }
}

TEST(TernaryCode, WhatNothingEncodesToIsIllegal) {
  for (const TernaryCode code : kAllTernaryCodes) {
    std::set<std::uint32_t> legal;
    for (const TernaryWeights& w : combinations(code)) legal.insert(encode_ternary(code, w));
    for (std::uint32_t bits = 0; bits < 1u << ternary_code_bits(code); ++bits)
      EXPECT_EQ(decode_ternary(code, bits).legal, legal.count(bits) == 1) << to_text(code) << " " << bits;
  }
}

TEST(TernaryCode, Tq1HasThirteenIllegalBytes) {
  std::vector<std::uint32_t> illegal;
  for (std::uint32_t byte = 0; byte < 256; ++byte)
    if (!decode_ternary(TernaryCode::kTq1, byte).legal) illegal.push_back(byte);
  EXPECT_EQ(illegal, (std::vector<std::uint32_t>{1, 20, 40, 60, 79, 99, 119, 138, 158, 178, 197, 217, 237}));
}

TEST(TernaryCode, Tq1ReadsLegalBytesAsLlamaCppDoes) {
  const std::uint32_t power[] = {1, 3, 9, 27, 81};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    const DecodedTernary d = decode_ternary(TernaryCode::kTq1, byte);
    for (std::uint32_t n = 0; d.legal && n < 5; ++n)
      EXPECT_EQ(d.weights[n], static_cast<std::int32_t>(((byte * power[n]) % 256 * 3) >> 8) - 1) << byte;
  }
}

TEST(TernaryCode, Tl2IndicesAreThoseOfTheLookupTable) {
  const TernaryWeights table[] = {{0, 0, 0},  {0, 0, 1},  {0, 1, -1}, {0, 1, 0}, {0, 1, 1},  {1, -1, -1}, {1, -1, 0},
                                  {1, -1, 1}, {1, 0, -1}, {1, 0, 0},  {1, 0, 1}, {1, 1, -1}, {1, 1, 0},   {1, 1, 1}};
  for (std::uint32_t index = 0; index < 14; ++index) {
    EXPECT_EQ(decode_ternary(TernaryCode::kTl2, index).weights, table[index]) << index;
    TernaryWeights negated = table[index];
    for (std::int32_t& w : negated) w = -w;
    EXPECT_EQ(decode_ternary(TernaryCode::kTl2, 16 + index).weights, negated) << index;
  }
}

TEST(TernaryCode, I2sHasItsFirstWeightOnTop) {
  EXPECT_EQ(encode_ternary(TernaryCode::kI2S, {-1, 0, 1, 0}), 0b00'01'10'01u);
  EXPECT_EQ(decode_ternary(TernaryCode::kI2S, 0b10'00'01'00).weights, (TernaryWeights{1, -1, 0, -1}));
}

TEST(TernaryCode, IllegalCodesStandForZeros) {
  EXPECT_EQ(decode_ternary(TernaryCode::kI2S, 0b11'10'00'11).weights, (TernaryWeights{0, 1, -1, 0}))
      << "only the illegal fields";
  for (const TernaryCode code : {TernaryCode::kTl2, TernaryCode::kTq1})
    for (std::uint32_t bits = 0; bits < 1u << ternary_code_bits(code); ++bits) {
      const DecodedTernary d = decode_ternary(code, bits);
      EXPECT_TRUE(d.legal || d.weights == TernaryWeights{}) << to_text(code) << " " << bits;
    }
}

}  // namespace
}  // namespace lutetia
