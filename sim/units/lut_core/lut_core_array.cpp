#include "units/lut_core/lut_core_array.h"

namespace lutetia {

void LutCoreArray::build(const std::int64_t* activations, std::int64_t* table) const {
  for (std::uint32_t i = 0; i < operand_words(); ++i) {
    table[i] = 0;
    for (std::uint32_t k = 0; k < group_length_; ++k)
      table[i] += ((i >> k) & 1u) != 0 ? activations[k] : -activations[k];
  }
}

void LutCoreArray::terms(const std::int64_t* table, const Payload& weights, std::int64_t* terms) const {
  const std::uint64_t sign = std::uint64_t{1} << (group_length_ - 1);
  for (std::uint32_t n = 0; n < lanes_; ++n) {
    const std::uint64_t bits = weights.get(n * group_length_, group_length_);
    if (!symmetric_) {
      terms[n] = table[bits];
      continue;
    }
    const bool negate = (bits & sign) != 0;
    const std::uint64_t index = (negate && !fold_ ? ~bits : bits) & (sign - 1);
    terms[n] = negate ? -table[index] : table[index];
  }
}

}  // namespace lutetia
