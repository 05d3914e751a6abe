// A table for three ternary weights at once instead of planes of +-1: 13 sums w0 a0 + w1 a1 + w2 a2, one of each pair
// of opposite weights, and lanes that ask by sign and index as bitnet.cpp TL2 stores them (numeric/ternary_code.h). RTL
// twins: lut_core_ternary_entries.sv and lut_core_row.sv with TernaryTables.
#pragma once
#include "numeric/ternary_code.h"
#include "units/matrix_core/matrix_core_array.h"

namespace lutetia {

class TernaryTableArray final : public MatrixCoreArray {
 public:
  static constexpr std::uint32_t kEntries = 13;

  explicit TernaryTableArray(std::uint32_t lanes) : lanes_(lanes) {}

  std::uint32_t operand_words() const override { return kEntries; }
  /// Entry v - 1 is that of v = 9 w0 + 3 w1 + w2.
  void build(const std::int64_t* activations, std::int64_t* table) const override {
    for (std::int32_t v = 1; v <= static_cast<std::int32_t>(kEntries); ++v) {
      const std::int32_t digits = v + 13;  // to the base 3, each one more than a weight
      table[v - 1] =
          (digits / 9 - 1) * activations[0] + (digits / 3 % 3 - 1) * activations[1] + (digits % 3 - 1) * activations[2];
    }
  }
  std::int64_t row_sum(const std::int64_t* table) const override { return table[kEntries - 1]; }
  void terms(const std::int64_t* table, const Payload& weights, std::int64_t* terms) const override {
    constexpr std::uint32_t kBits = ternary_code_bits(TernaryCode::kTl2);
    for (std::uint32_t n = 0; n < lanes_; ++n) {
      const std::uint64_t code = weights.get(n * kBits, kBits), index = code & 15u;
      const std::int64_t entry = index == 0 || index > kEntries ? 0 : table[index - 1];
      terms[n] = (code & 16u) != 0 ? -entry : entry;
    }
  }

 private:
  std::uint32_t lanes_;
};

}  // namespace lutetia
