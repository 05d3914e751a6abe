// What a lane of the multiply-accumulate core adds with FP16 activations: the exact products with weights that became
// FP16 in front of the array; a partial sum is the bits of an FP32 number. RTL twins: mac_core_fp16_row.sv and
// rtl/common/fp16_dot_accumulate.sv.
#pragma once
#include <vector>

#include "units/matrix_core/matrix_core_array.h"

namespace lutetia {

class MacCoreFp16Array final : public MatrixCoreArray {
 public:
  MacCoreFp16Array(std::uint32_t lanes, std::uint32_t group_length, std::uint32_t weight_bits);

  std::uint32_t operand_words() const override { return group_length_; }
  void build(const std::int64_t* activations, std::int64_t* operand) const override;
  std::int64_t row_sum(const std::int64_t*) const override { return 0; }  // there are no zero points
  std::uint32_t term_words() const override { return group_length_; }
  void terms(const std::int64_t* operand, const Payload& weights, std::int64_t* terms) const override;
  void accumulate(const std::int64_t* terms, std::uint32_t lanes, std::uint32_t shift, bool replace,
                  std::int64_t* psum) const override;

 private:
  std::uint32_t lanes_, group_length_, weight_bits_;
  std::vector<std::uint32_t> dequantized_;  ///< FP16 code by the bits of a weight
};

}  // namespace lutetia
