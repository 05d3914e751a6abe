#include "units/mac_core/mac_core_fp16_array.h"

#include <algorithm>

#include "numeric/fp16_dot.h"

namespace lutetia {

MacCoreFp16Array::MacCoreFp16Array(std::uint32_t lanes, std::uint32_t group_length, std::uint32_t weight_bits)
    : lanes_(lanes), group_length_(group_length), weight_bits_(weight_bits) {
  const std::int32_t codes = 1 << weight_bits, half = codes / 2;
  for (std::int32_t code = 0; code < codes; ++code)
    dequantized_.push_back(fp16_from_int(code < half ? code : code - codes));
}

void MacCoreFp16Array::build(const std::int64_t* activations, std::int64_t* operand) const {
  std::copy_n(activations, group_length_, operand);
}

void MacCoreFp16Array::terms(const std::int64_t* operand, const Payload& weights, std::int64_t* terms) const {
  for (std::uint32_t i = 0; i < lanes_ * group_length_; ++i) {
    const auto code = static_cast<std::uint32_t>(operand[i % group_length_]) & 0xffffu;
    terms[i] = fp16_product(code, dequantized_[weights.get(i * weight_bits_, weight_bits_)]).encode();
  }
}

void MacCoreFp16Array::accumulate(const std::int64_t* terms, std::uint32_t lanes, std::uint32_t, bool replace,
                                  std::int64_t* psum) const {
  for (std::uint32_t n = 0; n < lanes; ++n) {
    const std::uint32_t sum = replace ? 0 : static_cast<std::uint32_t>(psum[n]);
    psum[n] = fp16_dot_accumulate(sum, terms + std::size_t{n} * group_length_, group_length_);
  }
}

}  // namespace lutetia
