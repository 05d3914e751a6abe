#include "numeric/exp2_segments.h"

namespace lutetia {

// With A = 2^-a, B = 2^-b at the ends of a segment, slope m = 32 (B - A), largest deviation
// e = A + m (x - a) - 2^-x at x = -log2(-m / ln 2): base = round((A - e/2) 2^16), slope = round(-m 2^12).
const std::array<std::uint32_t, kExp2Segments> kExp2Base = {
    65534, 64130, 62756, 61411, 60095, 58807, 57547, 56314, 55107, 53927, 52771, 51640, 50534, 49451, 48391, 47354,
    46340, 45347, 44375, 43424, 42494, 41583, 40692, 39820, 38967, 38132, 37315, 36515, 35733, 34967, 34218, 33485};
const std::array<std::uint32_t, kExp2Segments> kExp2Slope = {
    2809, 2748, 2690, 2632, 2576, 2520, 2466, 2413, 2362, 2311, 2262, 2213, 2166, 2119, 2074, 2029,
    1986, 1943, 1902, 1861, 1821, 1782, 1744, 1707, 1670, 1634, 1599, 1565, 1531, 1499, 1466, 1435};

std::uint32_t exp2_minus(std::uint32_t distance) {
  const std::uint32_t whole = distance >> 10, fraction = distance & 1023;
  if (whole > kWeightFraction) return 0;
  const std::uint32_t segment = fraction >> 5, inside = fraction & 31;
  const std::uint32_t chord = kExp2Base[segment] - ((kExp2Slope[segment] * inside + 32) >> 6);
  return ((chord << (kWeightFraction - kExp2Fraction)) + ((std::uint32_t{1} << whole) >> 1)) >> whole;
}

}  // namespace lutetia
