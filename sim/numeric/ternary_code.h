// Codes that hold several ternary weights each, -1, 0 or +1, as the weight decoder of the machine reads them. Each is a
// code of a published format, bit for bit; the first weight is the one that the format names first:
//   i2_s   8 bits, 4 weights: two bits w + 1 each, the first in bits 7..6       (bitnet.cpp I2_S)
//   tl2    5 bits, 3 weights: v = 9 w0 + 3 w1 + w2; bits 3..0 |v|, bit 4 v < 0  (bitnet.cpp TL2)
//   tq1_0  8 bits, 5 weights: q = sum (w_n + 1) 3^(4-n), byte ceil(256 q / 243) (llama.cpp TQ1_0)
// Which weights of a matrix share a code, and where the codes of a file lie, is the business of the file's format.
#pragma once
#include <array>
#include <cstdint>

namespace lutetia {

enum class TernaryCode : std::uint32_t { kI2S, kTl2, kTq1 };
inline constexpr TernaryCode kAllTernaryCodes[] = {TernaryCode::kI2S, TernaryCode::kTl2, TernaryCode::kTq1};

constexpr const char* to_text(TernaryCode code) {
  return code == TernaryCode::kI2S ? "i2_s" : code == TernaryCode::kTl2 ? "tl2" : "tq1_0";
}
/// Width of a code.
constexpr std::uint32_t ternary_code_bits(TernaryCode code) {
  return code == TernaryCode::kTl2 ? 5 : 8;
}
/// Weights of a code.
constexpr std::uint32_t ternary_code_weights(TernaryCode code) {
  return code == TernaryCode::kI2S ? 4 : code == TernaryCode::kTl2 ? 3 : 5;
}

using TernaryWeights = std::array<std::int32_t, 5>;  ///< -1, 0 or 1; those behind the code's last are 0

struct DecodedTernary {
  TernaryWeights weights{};
  /// No weights encode to this. An illegal code stands for zeros: all its weights in tl2 and tq1_0, in i2_s those whose
  /// own two bits are illegal.
  bool legal = true;
};

std::uint32_t encode_ternary(TernaryCode code, const TernaryWeights& weights);
DecodedTernary decode_ternary(TernaryCode code, std::uint32_t bits);

}  // namespace lutetia
