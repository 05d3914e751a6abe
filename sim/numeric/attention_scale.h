// How a scale of attention scores becomes the multiplier and shift of the attention unit
// (sim/units/attention/README.md, "Arithmetic", step 1): x = (S * multiplier) >> shift in SQ10.10, the base-2 logarithm
// of the weight exp(S * scale).
#pragma once
#include <cstdint>

namespace lutetia {

struct ScoreScale {
  std::uint32_t multiplier = 0;
  std::uint32_t shift = 1;
};

/// What S counts: 1 for integers, 2^-48 for products of FP16.
enum class ScoreUnit : std::uint8_t { kInteger, kFp16 };

/// The shift that gives the multiplier all its 32 bits (or 127, if the scale is too small for that). `scale` is finite
/// and not negative: of integers s_q * s_k / sqrt(d), of FP16 1 / sqrt(d), or what a model says instead of 1 / sqrt(d).
/// A scale for which shift 1 is too much still gives the largest multiplier, with which all scores but 0 saturate as
/// they should.
ScoreScale attention_scale(ScoreUnit unit, double scale);

/// The multiplier for a given shift; what does not fit saturates.
std::uint32_t attention_multiplier(ScoreUnit unit, double scale, std::uint32_t shift);

/// A term that is added to a score before the exponential, in the units of scores: log2(e) * bias in SQ10.10,
/// saturating. -infinity saturates too; who means that a key must not count says so in its mask.
std::int32_t attention_bias(double bias);

}  // namespace lutetia
