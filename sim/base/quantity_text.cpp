#include "base/quantity_text.h"

#include <algorithm>
#include <array>
#include <limits>

namespace lutetia {
namespace {

struct UnitName {
  const char* name;
  std::uint64_t size;  ///< in base units; the factors are 2^a 5^b, so every division below ends
};

constexpr std::uint64_t kKilo = 1000, kMega = kKilo * kKilo, kGiga = kMega * kKilo, kTera = kGiga * kKilo;
constexpr std::uint64_t kKibi = 1024, kMebi = kKibi * kKibi, kGibi = kMebi * kKibi, kTebi = kGibi * kKibi;

// In order of preference among equally short texts: decimal before binary, large before small.
constexpr std::array<UnitName, 9> kByteUnits{{{"TB", kTera},
                                              {"GB", kGiga},
                                              {"MB", kMega},
                                              {"kB", kKilo},
                                              {"B", 1},
                                              {"TiB", kTebi},
                                              {"GiB", kGibi},
                                              {"MiB", kMebi},
                                              {"KiB", kKibi}}};
constexpr std::array<UnitName, 9> kRateUnits{{{"TB/s", kTera},
                                              {"GB/s", kGiga},
                                              {"MB/s", kMega},
                                              {"kB/s", kKilo},
                                              {"B/s", 1},
                                              {"TiB/s", kTebi},
                                              {"GiB/s", kGibi},
                                              {"MiB/s", kMebi},
                                              {"KiB/s", kKibi}}};
constexpr std::array<UnitName, 5> kHertzUnits{
    {{"THz", kTera}, {"GHz", kGiga}, {"MHz", kMega}, {"kHz", kKilo}, {"Hz", 1}}};
constexpr std::array<UnitName, 5> kTimeUnits{{{"s", kTera}, {"ms", kGiga}, {"us", kMega}, {"ns", kKilo}, {"ps", 1}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// digits * factor, exactly; false on overflow.
bool whole_part(std::string_view digits, std::uint64_t factor, std::uint64_t& out) {
  std::uint64_t value = 0;
  for (char c : digits) {
    if (__builtin_mul_overflow(value, std::uint64_t{10}, &value)) return false;
    if (__builtin_add_overflow(value, static_cast<std::uint64_t>(c - '0'), &value)) return false;
  }
  return !__builtin_mul_overflow(value, factor, &out);
}

/// 0.digits * factor by long multiplication, any number of digits; false if the product is not whole.
bool fraction_part(std::string_view digits, std::uint64_t factor, std::uint64_t& out) {
  std::uint64_t carry = 0;
  for (std::size_t i = digits.size(); i-- > 0;) {
    carry += static_cast<std::uint64_t>(digits[i] - '0') * factor;
    if (carry % 10 != 0) return false;
    carry /= 10;
  }
  out = carry;
  return true;
}

template <std::size_t kCount, class Q>
QuantityFault parse_with(const std::array<UnitName, kCount>& units, std::string_view text, Q& out) {
  std::size_t at = 0;
  while (at < text.size() && is_digit(text[at])) ++at;
  const std::string_view whole = text.substr(0, at);
  std::string_view fraction;
  if (whole.empty()) return QuantityFault::kNumber;
  if (at < text.size() && text[at] == '.') {
    const std::size_t start = ++at;
    while (at < text.size() && is_digit(text[at])) ++at;
    fraction = text.substr(start, at - start);
    if (fraction.empty()) return QuantityFault::kNumber;
  }
  const std::string_view name = text.substr(at);
  if (name.empty()) return QuantityFault::kNoUnit;
  const auto unit = std::find_if(units.begin(), units.end(), [&](const UnitName& u) { return name == u.name; });
  if (unit == units.end()) return QuantityFault::kUnit;
  std::uint64_t value = 0, rest = 0;
  if (!fraction_part(fraction, unit->size, rest)) return QuantityFault::kInexact;
  if (!whole_part(whole, unit->size, value)) return QuantityFault::kOverflow;
  if (__builtin_add_overflow(value, rest, &value)) return QuantityFault::kOverflow;
  out = Q(value);
  return QuantityFault::kNone;
}

/// value / size as a finite decimal.
std::string decimal(std::uint64_t value, std::uint64_t size) {
  std::string out = std::to_string(value / size);
  std::uint64_t rest = value % size;
  if (rest != 0) out += '.';
  while (rest != 0) {
    rest *= 10;
    out += static_cast<char>('0' + rest / size);
    rest %= size;
  }
  return out;
}

template <std::size_t kCount>
std::string shortest(const std::array<UnitName, kCount>& units, std::uint64_t value) {
  std::string best;
  const auto cost = [](const std::string& text) {  // 800MHz rather than 0.8GHz, 1.41GHz rather than 1410MHz
    return 2 * text.size() + (text[0] == '0' ? 1 : 0);
  };
  for (const UnitName& unit : units) {
    if (value == 0 && unit.size != 1) continue;
    const std::string text = decimal(value, unit.size) + unit.name;
    if (best.empty() || cost(text) < cost(best)) best = text;
  }
  return best;
}

template <std::size_t kCount>
std::string names(const std::array<UnitName, kCount>& units) {
  std::array<UnitName, kCount> sorted = units;
  std::sort(sorted.begin(), sorted.end(), [](const UnitName& a, const UnitName& b) { return a.size < b.size; });
  std::string out;
  for (const UnitName& unit : sorted) out += (out.empty() ? "" : ", ") + std::string(unit.name);
  return out;
}

}  // namespace

QuantityFault parse(std::string_view text, Bytes& out) {
  return parse_with(kByteUnits, text, out);
}
QuantityFault parse(std::string_view text, Hertz& out) {
  return parse_with(kHertzUnits, text, out);
}
QuantityFault parse(std::string_view text, BytesPerSecond& out) {
  return parse_with(kRateUnits, text, out);
}
QuantityFault parse(std::string_view text, Picoseconds& out) {
  return parse_with(kTimeUnits, text, out);
}

std::string to_text(Bytes value) {
  return shortest(kByteUnits, value.value);
}
std::string to_text(Hertz value) {
  return shortest(kHertzUnits, value.value);
}
std::string to_text(BytesPerSecond value) {
  return shortest(kRateUnits, value.value);
}
std::string to_text(Picoseconds value) {
  return shortest(kTimeUnits, value.value);
}

std::string known_units(Bytes) {
  return names(kByteUnits);
}
std::string known_units(Hertz) {
  return names(kHertzUnits);
}
std::string known_units(BytesPerSecond) {
  return names(kRateUnits);
}
std::string known_units(Picoseconds) {
  return names(kTimeUnits);
}

}  // namespace lutetia
