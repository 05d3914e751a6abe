// The leaves of the attention unit that work on numbers (attention_leaves.sv), against exact arithmetic that shares
// nothing with them, and against sim/numeric.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>

#include "Vattention_leaves.h"
#include "numeric/attention_arithmetic.h"
#include "numeric/exp2_segments.h"
#include "verilated.h"

namespace lutetia {
namespace {

__extension__ using Wide = unsigned __int128;

class Leaves {
 public:
  Leaves() {
    dut_.rst_ni = 0;
    Tick();
    dut_.rst_ni = 1;
  }
  ~Leaves() { dut_.final(); }

  std::uint32_t Weight(std::uint32_t distance) {
    dut_.table_i = 1;
    dut_.distance_i = distance;
    Tick();
    return dut_.weight_o;
  }

  /// Divides, and checks when the result is there: from 19 cycles after the start until it is taken.
  Reciprocal Divide(std::uint64_t sum, int wait) {
    EXPECT_EQ(dut_.idle_o, 1);
    dut_.start_i = 1;
    dut_.sum_i = sum;
    Tick();
    dut_.start_i = 0;
    dut_.sum_i = ~sum & ((std::uint64_t{1} << 40) - 1);  // looked at in the first cycle only
    for (int cycle = 1; cycle < 19; ++cycle) {
      EXPECT_EQ(dut_.done_o, 0) << cycle << " cycles after the start";
      Tick();
    }
    for (; wait > 0; --wait) Tick();
    EXPECT_EQ(dut_.done_o, 1);
    EXPECT_EQ(dut_.idle_o, 0);
    const Reciprocal result{dut_.reciprocal_o, dut_.zeros_o};
    dut_.take_i = 1;
    Tick();
    dut_.take_i = 0;
    EXPECT_EQ(dut_.done_o, 0);
    return result;
  }

  std::uint16_t Round(int variant, bool negative, Wide magnitude, std::uint32_t zeros) {
    dut_.negative_i = negative;
    for (int word = 0; word < 4; ++word) dut_.magnitude_i[word] = static_cast<std::uint32_t>(magnitude >> (32 * word));
    dut_.zeros_i = static_cast<std::uint8_t>(zeros);
    dut_.eval();
    return static_cast<std::uint16_t>(dut_.result_o >> (16 * variant));
  }

 private:
  void Tick() {
    dut_.clk_i = 0;
    dut_.eval();
    dut_.clk_i = 1;
    dut_.eval();
  }
  VerilatedContext context_;
  Vattention_leaves dut_{&context_};
};

TEST(AttentionLeaves, EveryDistanceHasTheWeightOfTheModelAndIsNearThePowerOfTwo) {
  Leaves leaves;
  for (std::uint32_t distance = 0; distance < 1u << 22; ++distance) {
    const std::uint32_t weight = leaves.Weight(distance);
    ASSERT_EQ(weight, exp2_minus(distance)) << distance;
    // 3.8e-5 of the chord, and half a unit of the shifter.
    ASSERT_NEAR(weight / 1048576.0, std::exp2(distance / -1024.0), 3.9e-5 + 1.0 / 2097152) << distance;
  }
}

TEST(AttentionLeaves, EveryReciprocalIsTheQuotient) {
  Leaves leaves;
  std::mt19937_64 random(20240701);
  const auto check = [&](std::uint64_t sum, int wait) {
    const Reciprocal result = leaves.Divide(sum, wait);
    std::uint32_t zeros = 0;
    while ((sum << zeros >> 39) == 0) ++zeros;
    ASSERT_EQ(result.zeros, zeros) << sum;
    ASSERT_EQ(result.value, static_cast<std::uint32_t>((Wide{1} << 56) / (Wide{sum} << zeros))) << sum;
    const Reciprocal model = reciprocal(sum);
    ASSERT_EQ(result.value, model.value) << sum;
    ASSERT_EQ(result.zeros, model.zeros) << sum;
  };
  for (int bit = 0; bit < 40; ++bit) {  // powers of two, their neighbours, all ones below
    const std::uint64_t power = std::uint64_t{1} << bit;
    for (const std::uint64_t sum : {power - 1, power, power + 1, 2 * power - 1, power + power / 2})
      if (sum != 0 && sum >> 40 == 0) check(sum, bit % 3);
    if (HasFatalFailure()) return;
  }
  for (int i = 0; i < 30'000 && !HasFatalFailure(); ++i)
    check(std::max<std::uint64_t>(random() >> (24 + random() % 40), 1), i % 64 == 0 ? 5 : 0);
}

/// magnitude / 2^point as FP16 without its sign: the code between whose neighbours it lies, by bisection.
std::uint32_t nearest_fp16(Wide magnitude, int point) {
  const auto value = [](std::uint32_t code) {  // in units of 2^-24
    const std::uint64_t fraction = code % 1024, exponent = code / 1024;
    return exponent == 0 ? Wide{fraction} : Wide{1024 + fraction} << (exponent - 1);
  };
  // Both sides in units of 2^-max(point, 24), times two.
  const int up = std::max(point - 24, 0);
  const Wide twice = magnitude << (1 + std::max(24 - point, 0));
  std::uint32_t below = 0, above = 0x7c00;  // 65536, the grid's next
  if (twice >= value(above) << (up + 1)) return 0x7bff;
  while (above - below > 1) {
    const std::uint32_t middle = (below + above) / 2;
    (value(middle) << (up + 1) <= twice ? below : above) = middle;
  }
  const Wide tie = (value(below) + value(above)) << up;
  return std::min(twice > tie || (twice == tie && below % 2 != 0) ? above : below, 0x7bffu);
}

/// |accumulator| * r, as the unit has it, and of which population: any, near a tie, near a power of two, near an end of
/// the range.
struct Rounding {
  std::int64_t draw_bits;
  WideInt accumulator;
  Reciprocal r;
};
Rounding draw(std::mt19937_64& random, int accumulator_bits) {
  const std::uint64_t sum = std::max<std::uint64_t>(random() >> (24 + random() % 40), 1);
  Rounding x{static_cast<std::int64_t>(random() % static_cast<unsigned>(accumulator_bits)), 0, reciprocal(sum)};
  if (random() % 3 == 0) x.r = {1u << (16 + random() % 2), static_cast<std::uint32_t>(random() % 40)};  // ties happen
  Wide magnitude = (Wide{random()} << 64 | random()) >> (128 - x.draw_bits);
  if (x.draw_bits == 0) magnitude = 0;
  if (random() % 3 == 0 && x.draw_bits > 14) {  // few bits that are not 0
    const int low = static_cast<int>(x.draw_bits) - 13;
    magnitude = magnitude >> low << low;
    if (random() % 3 == 0) magnitude ^= 1;
  }
  x.accumulator = static_cast<WideInt>(magnitude);
  if (random() % 2 == 0) x.accumulator = -x.accumulator - (random() % 4 == 0 ? 1 : 0);
  return x;
}

TEST(AttentionLeaves, Fp16ResultsAreTheNearest) {
  Leaves leaves;
  std::mt19937_64 random(20240702);
  for (int i = 0; i < 1'000'000; ++i) {
    const int variant = i % 2;
    const std::uint32_t unit = variant == 0 ? 24 : 0;
    const Rounding x = draw(random, variant == 0 ? 84 : 50);
    const bool negative = x.accumulator < 0;
    const Wide magnitude = static_cast<Wide>(negative ? -x.accumulator : x.accumulator) * x.r.value;
    std::uint32_t expected = nearest_fp16(magnitude, static_cast<int>(56 + unit - x.r.zeros));
    if (negative) expected |= 0x8000;  // also of -0: the accumulator is not 0
    ASSERT_EQ(leaves.Round(variant, negative, magnitude, x.r.zeros), expected) << i;
    ASSERT_EQ(normalise_fp16(x.accumulator, x.r, unit), expected) << "the model, " << i;
  }
}

TEST(AttentionLeaves, Int8ResultsAreTheNearest) {
  Leaves leaves;
  std::mt19937_64 random(20240703);
  for (int i = 0; i < 500'000; ++i) {
    const Rounding x = draw(random, 50);
    const bool negative = x.accumulator < 0;
    const Wide magnitude = static_cast<Wide>(negative ? -x.accumulator : x.accumulator) * x.r.value;
    const Wide unit = Wide{1} << (56 - x.r.zeros);
    const Wide whole = magnitude / unit, rest = magnitude % unit;
    const auto rounded = static_cast<std::int64_t>(
        std::min<Wide>(whole + (2 * rest > unit || (2 * rest == unit && whole % 2 != 0) ? 1 : 0), 1000));
    const std::int64_t expected = std::clamp<std::int64_t>(negative ? -rounded : rounded, -128, 127);
    ASSERT_EQ(static_cast<std::int16_t>(leaves.Round(2, negative, magnitude, x.r.zeros)), expected) << i;
    ASSERT_EQ(normalise_int8(x.accumulator, x.r), expected) << "the model, " << i;
  }
}

TEST(AttentionLeaves, NothingIsZeroWhateverTheReciprocal) {
  Leaves leaves;
  for (std::uint32_t zeros = 0; zeros < 64; ++zeros)
    for (int variant = 0; variant < 3; ++variant)
      for (const bool negative : {false, true}) ASSERT_EQ(leaves.Round(variant, negative, 0, zeros), 0) << zeros;
}

}  // namespace
}  // namespace lutetia
