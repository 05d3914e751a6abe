// Payloads as text: hexadecimal digits, highest first.
#pragma once
#include <optional>
#include <string>

#include "kernel/payload.h"

namespace lutetia {

/// Nothing if it is no number of at most so many bits.
inline std::optional<Payload> payload_from_hexadecimal(const std::string& text, std::uint32_t bits) {
  Payload payload(bits);
  if (text.empty() || text.size() > (bits + 3) / 4) return std::nullopt;
  std::uint32_t at = 0;
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, at += 4) {
    const char c = *digit;
    std::uint32_t value = 0;
    if (c >= '0' && c <= '9')
      value = static_cast<std::uint32_t>(c - '0');
    else if (c >= 'a' && c <= 'f')
      value = static_cast<std::uint32_t>(c - 'a') + 10;
    else
      return std::nullopt;
    if (bits - at < 4 && value >> (bits - at) != 0) return std::nullopt;
    payload.words()[at / 32] |= value << at % 32;
  }
  return payload;
}

}  // namespace lutetia
