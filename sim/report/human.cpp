#include "report/human.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace lutetia {
namespace {

/// Three significant digits for a number below 1000 (or 1024).
std::string three_digits(double value) {
  if (value >= 99.95) return fmt::format("{:.0f}", value);
  return fmt::format("{:.{}f}", value, value >= 9.995 ? 1 : 2);
}

template <std::size_t kSize>
std::string scaled(double value, double base, const std::array<const char*, kSize>& units) {
  std::size_t unit = 0;
  while (value >= base * 0.9995 && unit + 1 < kSize) value /= base, ++unit;
  const bool whole = unit == 0 && value == std::floor(value);
  const std::string number = whole ? fmt::format("{:.0f}", value) : three_digits(value);
  return *units[unit] == '\0' ? number : number + " " + units[unit];
}

}  // namespace

std::string human_count(double value) {
  return scaled<6>(value, 1000, {"", "k", "M", "G", "T", "P"});
}

std::string human_bytes(double bytes) {
  return scaled<5>(bytes, 1024, {"B", "KiB", "MiB", "GiB", "TiB"});
}

std::string human_rate(double rate) {
  return scaled<5>(rate, 1000, {"B/s", "kB/s", "MB/s", "GB/s", "TB/s"});
}

std::string human_seconds(double seconds) {
  if (seconds >= 0.9995) return three_digits(seconds) + " s";
  return scaled<4>(seconds * 1e12, 1000, {"ps", "ns", "us", "ms"});
}

std::string human_share(double ratio) {
  if (ratio > 0 && ratio < 0.0005) return "<0.1 %";
  return fmt::format("{:.1f} %", 100 * ratio);
}

std::string grouped(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

}  // namespace lutetia
