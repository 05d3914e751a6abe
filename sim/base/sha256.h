// SHA-256 (FIPS 180-4), for digests that name a configuration or a result. Not for secrets.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lutetia {

class Sha256 {
 public:
  /// Appends to the message.
  void update(std::string_view bytes);
  /// The digest of everything so far as 64 hexadecimal digits; the object can go on being updated.
  std::string hex() const;

 private:
  void compress(const unsigned char* block);

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> block_{};
  std::uint64_t size_ = 0;  // bytes so far; size_ % 64 of them wait in block_
};

std::string sha256_hex(std::string_view bytes);

}  // namespace lutetia
