// Quantities as people write them: "64KiB", "4GB", "1.41GHz", "51.2GB/s", "100ns". A unit is always required and the
// result must be a whole number of the base unit (bytes, hertz, bytes per second, picoseconds), so nothing is rounded.
// kB/MB/GB/TB are decimal, KiB/MiB/GiB/TiB binary; no sign, exponent, or space.
#pragma once
#include <string>
#include <string_view>

#include "base/quantity.h"

namespace lutetia {

enum class QuantityFault {
  kNone,
  kNumber,    ///< does not begin with digits, or something other than digits and one point: "fast", "1.GHz"
  kNoUnit,    ///< "64"
  kUnit,      ///< "64KX"
  kInexact,   ///< "0.5B"
  kOverflow,  ///< does not fit 64 bits
};

/// Reads the whole text. `out` is assigned only if the result is kNone. Never throws.
QuantityFault parse(std::string_view text, Bytes& out);
QuantityFault parse(std::string_view text, Hertz& out);
QuantityFault parse(std::string_view text, BytesPerSecond& out);
QuantityFault parse(std::string_view text, Picoseconds& out);

/// The shortest text that parses back to exactly this quantity; of equally short ones that with the larger unit,
/// unless it begins with "0.".
std::string to_text(Bytes value);
std::string to_text(Hertz value);
std::string to_text(BytesPerSecond value);
std::string to_text(Picoseconds value);

/// "B, kB, KiB, ...": the units that parse() knows, for error messages. The argument only selects the kind.
std::string known_units(Bytes);
std::string known_units(Hertz);
std::string known_units(BytesPerSecond);
std::string known_units(Picoseconds);

}  // namespace lutetia
