#include "numeric/attention_scale.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace lutetia {
namespace {

constexpr double kLog2E = 1.4426950408889634074;
constexpr double kLargest = 4294967295.0;

/// Binary places of a score, in front of the 10 of its logarithm.
int places(ScoreUnit unit) {
  return unit == ScoreUnit::kFp16 ? 10 - 48 : 10;
}

double exact_multiplier(ScoreUnit unit, double scale, int shift) {
  return std::ldexp(scale * kLog2E, shift + places(unit));
}

}  // namespace

std::uint32_t attention_multiplier(ScoreUnit unit, double scale, std::uint32_t shift) {
  assert(scale >= 0 && std::isfinite(scale));
  return static_cast<std::uint32_t>(
      std::min(std::nearbyint(exact_multiplier(unit, scale, static_cast<int>(shift))), kLargest));
}

ScoreScale attention_scale(ScoreUnit unit, double scale) {
  assert(scale >= 0 && std::isfinite(scale));
  int exponent = 0;
  std::frexp(exact_multiplier(unit, scale, 0), &exponent);  // below 2^exponent
  int shift = std::clamp(32 - exponent, 1, 127);
  // Just below 2^32 it may round up to it.
  if (shift > 1 && std::nearbyint(exact_multiplier(unit, scale, shift)) > kLargest) --shift;
  const auto chosen = static_cast<std::uint32_t>(shift);
  return {attention_multiplier(unit, scale, chosen), chosen};
}

std::int32_t attention_bias(double bias) {
  return static_cast<std::int32_t>(std::clamp(std::nearbyint(bias * kLog2E * 1024), -1048576.0, 1048575.0));
}

}  // namespace lutetia
