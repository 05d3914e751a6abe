// What a lane of the LUT tensor core looks up, for every weight pattern of every group length in all three conventions:
// half tables with weights folded offline or in hardware, and full tables. Compared with plain signed sums.
#include "units/lut_core/lut_core_array.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "numeric/weight_planes.h"

namespace lutetia {
namespace {

enum class Convention { kFolded, kUnfolded, kFull };

/// All patterns of weight bits at once, one a lane, for one group of activations.
void expect_sums(Convention convention, const std::vector<std::int64_t>& activations) {
  const auto length = static_cast<std::uint32_t>(activations.size());
  const std::uint32_t patterns = 1u << length;
  const LutCoreArray array(patterns, length, convention != Convention::kFull, convention == Convention::kFolded);
  ASSERT_EQ(array.operand_words(), convention == Convention::kFull ? patterns : patterns / 2);
  std::vector<std::int64_t> table(array.operand_words()), terms(patterns);
  array.build(activations.data(), table.data());
  Payload weights(patterns * length);
  for (std::uint32_t bits = 0; bits < patterns; ++bits)
    weights.set(bits * length, length, convention == Convention::kFolded ? fold(bits, length) : bits);
  array.terms(table.data(), weights, terms.data());
  std::int64_t row_sum = 0;
  for (const std::int64_t a : activations) row_sum += a;
  ASSERT_EQ(array.row_sum(table.data()), row_sum);
  for (std::uint32_t bits = 0; bits < patterns; ++bits) {
    std::int64_t sum = 0;
    for (std::uint32_t k = 0; k < length; ++k) sum += (bits >> k & 1) != 0 ? activations[k] : -activations[k];
    ASSERT_EQ(terms[bits], sum) << "bits " << bits << " of " << length;
  }
}

TEST(LutCoreArray, LooksUpThePlainSumForEveryPatternLengthAndConvention) {
  const std::vector<std::int64_t> corners = {-32768, -128, -1, 0, 1, 127, 32767};
  for (const Convention convention : {Convention::kFolded, Convention::kUnfolded, Convention::kFull})
    for (std::uint32_t length = 2; length <= 6; ++length) {
      const std::size_t used = length <= 4 ? corners.size() : 3;  // 7^4 and 3^6 groups at most
      std::vector<std::size_t> choice(length, 0);
      for (std::size_t digit = 0; digit < length;) {
        std::vector<std::int64_t> activations;
        for (const std::size_t c : choice) activations.push_back(corners[c * (corners.size() - 1) / (used - 1)]);
        expect_sums(convention, activations);
        if (HasFatalFailure()) return;
        for (digit = 0; digit < length && ++choice[digit] == used; ++digit) choice[digit] = 0;
      }
    }
}

TEST(LutCoreArray, LooksUpThePlainSumOfRandomActivations) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    std::vector<std::int64_t> activations(static_cast<std::size_t>(random.between(2, 6)));
    for (std::int64_t& a : activations) a = random.between(-32768, 32767);
    expect_sums(static_cast<Convention>(random.below(3)), activations);
    if (HasFatalFailure()) return;
  }
}

TEST(LutCoreArray, TheHalfTableIsHalfOfTheFullOne) {
  for (std::uint32_t length = 2; length <= 6; ++length) {
    const LutCoreArray half(6, length, true, true), full(6, length, false, false);
    std::vector<std::int64_t> activations(length), a(half.operand_words()), b(full.operand_words());
    for (std::uint32_t k = 0; k < length; ++k) activations[k] = (17 << k) - 100;
    half.build(activations.data(), a.data());
    full.build(activations.data(), b.data());
    EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin()));
    for (std::size_t i = 0; i < b.size(); ++i) EXPECT_EQ(b[i], -b[b.size() - 1 - i]) << i;
  }
}

}  // namespace
}  // namespace lutetia
