// 2^-f as 32 chords, the exponential unit of the attention unit. Segment i spans f = i/32 .. (i+1)/32; its chord is
// moved down by half its largest deviation from the curve. Base 17 bits (2^-16), slope 12 bits (2^-12). Largest error
// over the 1024 fractions 3.8e-5. The weights that are made of them have more bits than the chords, as small ones are
// what a long row is made of. RTL twin: rtl/units/attention/attention_exp2.sv.
#pragma once
#include <array>
#include <cstdint>

namespace lutetia {

inline constexpr std::uint32_t kExp2Segments = 32;
inline constexpr std::uint32_t kExp2Fraction = 16;    ///< chords count 2^-16
inline constexpr std::uint32_t kWeightFraction = 20;  ///< weights count 2^-20
extern const std::array<std::uint32_t, kExp2Segments> kExp2Base;
extern const std::array<std::uint32_t, kExp2Segments> kExp2Slope;

/// 2^-(distance / 1024) in units of 2^-20, rounded to nearest (half up), 0 from a distance of 21 * 1024 on.
std::uint32_t exp2_minus(std::uint32_t distance);

}  // namespace lutetia
