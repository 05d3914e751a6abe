// What the LUT tensor core keeps of a K group, and what a lane looks up; README.md of this folder, "Arithmetic".
// RTL twins: lut_core_table_generator.sv and lut_core_row.sv.
#pragma once
#include "units/matrix_core/matrix_core_array.h"

namespace lutetia {

class LutCoreArray final : public MatrixCoreArray {
 public:
  /// `fold` says that weights arrive folded; it needs `symmetric`.
  LutCoreArray(std::uint32_t lanes, std::uint32_t group_length, bool symmetric, bool fold)
      : lanes_(lanes), group_length_(group_length), symmetric_(symmetric), fold_(fold) {}

  std::uint32_t operand_words() const override { return 1u << (symmetric_ ? group_length_ - 1 : group_length_); }
  void build(const std::int64_t* activations, std::int64_t* table) const override;
  std::int64_t row_sum(const std::int64_t* table) const override { return -table[0]; }
  void terms(const std::int64_t* table, const Payload& weights, std::int64_t* terms) const override;

 private:
  std::uint32_t lanes_, group_length_;
  bool symmetric_, fold_;
};

}  // namespace lutetia
