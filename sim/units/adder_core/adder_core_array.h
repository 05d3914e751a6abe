// What a lane of the bit-serial adder core adds: every activation of the K group, with the sign its weight bit says.
// RTL twin: adder_core_row.sv.
#pragma once
#include <algorithm>

#include "units/matrix_core/matrix_core_array.h"

namespace lutetia {

class AdderCoreArray final : public MatrixCoreArray {
 public:
  AdderCoreArray(std::uint32_t lanes, std::uint32_t group_length) : lanes_(lanes), group_length_(group_length) {}

  std::uint32_t operand_words() const override { return group_length_; }
  void build(const std::int64_t* activations, std::int64_t* operand) const override {
    std::copy_n(activations, group_length_, operand);
  }
  std::int64_t row_sum(const std::int64_t* operand) const override {
    std::int64_t sum = 0;
    for (std::uint32_t k = 0; k < group_length_; ++k) sum += operand[k];
    return sum;
  }
  void terms(const std::int64_t* operand, const Payload& weights, std::int64_t* terms) const override {
    for (std::uint32_t n = 0; n < lanes_; ++n) {
      const std::uint64_t bits = weights.get(n * group_length_, group_length_);
      terms[n] = 0;
      for (std::uint32_t k = 0; k < group_length_; ++k) terms[n] += ((bits >> k) & 1u) != 0 ? operand[k] : -operand[k];
    }
  }

 private:
  std::uint32_t lanes_, group_length_;
};

}  // namespace lutetia
