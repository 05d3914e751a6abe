// The table generator of lut_core (RTL) for every group length against the definition of a table: bit k of an entry's
// index is the sign of activation k, and in a half table the last activation is subtracted.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <random>

#include "Vtable_generators.h"
#include "verilated.h"

namespace {

constexpr int kRows = 2, kMaxLength = 6, kVariants = 10, kAll = (1 << kVariants) - 1;
using Group = std::array<std::array<int, kMaxLength>, kRows>;

class Generators {
 public:
  Generators() {
    dut_.rst_ni = 0;
    Tick();
    dut_.rst_ni = 1;
  }
  ~Generators() { dut_.final(); }

  /// Offers one K group until all generators have built it, compares the tables, and releases them.
  void Check(const Group& group) {
    for (int m = 0; m < kRows; ++m)
      for (int k = 0; k < kMaxLength; ++k) {
        const int bit = (m * kMaxLength + k) * 8;
        dut_.act_i[bit / 32] &= ~(0xffu << bit % 32);
        dut_.act_i[bit / 32] |= static_cast<std::uint32_t>(group[m][k] & 0xff) << bit % 32;
      }
    dut_.valid_i = 1;
    dut_.release_i = 0;
    dut_.eval();
    ASSERT_EQ(dut_.ready_o, 0);  // stage 1 takes the first row in this cycle, the last one in the next
    Tick();
    ASSERT_EQ(dut_.ready_o, kAll);
    Tick();
    dut_.valid_i = 0;
    Tick();  // stage 2 writes the last row
    ASSERT_EQ(dut_.valid_o, 0);
    Tick();  // swap
    ASSERT_EQ(dut_.valid_o, kAll);
    for (int v = 0; v < kVariants; ++v)
      for (int m = 0; m < kRows; ++m) Compare(group, v, m);
    dut_.release_i = 1;
    Tick();
    ASSERT_EQ(dut_.valid_o, 0);
    ASSERT_EQ(dut_.busy_o, 0);
  }

 private:
  void Compare(const Group& group, int variant, int m) {
    const int length = variant / 2 + 2;
    const int signs = variant % 2 == 1 ? length - 1 : length;
    for (int i = 0; i < 1 << signs; ++i) {
      int sum = 0;
      for (int k = 0; k < length; ++k) sum += (i >> k & 1) != 0 ? group[m][k] : -group[m][k];
      const int place = (2 * variant + m) * (1 << kMaxLength) + i;
      const auto entry = static_cast<std::int16_t>(dut_.tables_o[place / 2] >> place % 2 * 16);
      ASSERT_EQ(entry, sum) << "length " << length << (variant % 2 == 1 ? ", half" : ", full") << " table, row " << m
                            << ", entry " << i;
    }
  }

  void Tick() {
    dut_.clk_i = 0;
    dut_.eval();
    dut_.clk_i = 1;
    dut_.eval();
  }

  VerilatedContext context_;
  Vtable_generators dut_{&context_};
};

// All activations extreme, in every combination.
TEST(TableGenerators, Extremes) {
  Generators generators;
  for (int signs = 0; signs < 1 << kMaxLength; ++signs) {
    Group group;
    for (int k = 0; k < kMaxLength; ++k) {
      group[0][k] = (signs >> k & 1) != 0 ? 127 : -128;
      group[1][k] = (signs >> k & 1) != 0 ? -128 : 0;
    }
    generators.Check(group);
    if (HasFatalFailure()) return;
  }
}

TEST(TableGenerators, RandomActivations) {
  Generators generators;
  std::mt19937 random(20240604);
  for (int n = 0; n < 2000; ++n) {
    Group group;
    for (auto& row : group)
      for (int& act : row) act = static_cast<int>(random() % 256) - 128;
    generators.Check(group);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
