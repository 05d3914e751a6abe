// What a lane of the multiply-accumulate core adds: the dot product of a K group with integer weights.
// RTL twin: mac_core_row.sv.
#pragma once
#include <algorithm>

#include "units/matrix_core/matrix_core_array.h"

namespace lutetia {

class MacCoreArray final : public MatrixCoreArray {
 public:
  MacCoreArray(std::uint32_t lanes, std::uint32_t group_length, std::uint32_t weight_bits)
      : lanes_(lanes), group_length_(group_length), weight_bits_(weight_bits) {}

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
      terms[n] = 0;
      for (std::uint32_t k = 0; k < group_length_; ++k)
        terms[n] += operand[k] * weights.get_signed((n * group_length_ + k) * weight_bits_, weight_bits_);
    }
  }

 private:
  std::uint32_t lanes_, group_length_, weight_bits_;
};

}  // namespace lutetia
