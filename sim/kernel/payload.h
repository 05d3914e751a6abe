// What one transfer carries, as the flat bit vector that the pins carry: bit i of the port is bit i % 32 of word i
// / 32. Bits beyond the port's width are zero, so equal payloads compare equal.
#pragma once
#include <cassert>
#include <cstdint>
#include <vector>

namespace lutetia {

class Payload {
 public:
  Payload() = default;
  explicit Payload(std::uint32_t bits) : bits_(bits), words_((bits + 31) / 32) {}

  std::uint32_t bits() const { return bits_; }
  const std::vector<std::uint32_t>& words() const { return words_; }
  std::vector<std::uint32_t>& words() { return words_; }

  /// Writes the low `width` (1..64) bits of `value` at bit `at`.
  void set(std::uint32_t at, std::uint32_t width, std::uint64_t value) {
    assert(width >= 1 && width <= 64 && at + width <= bits_);
    while (width > 0) {
      const std::uint32_t shift = at % 32;
      const std::uint32_t take = width < 32 - shift ? width : 32 - shift;
      const std::uint32_t mask = (take == 32 ? 0xffffffffu : (1u << take) - 1) << shift;
      std::uint32_t& word = words_[at / 32];
      word = (word & ~mask) | ((static_cast<std::uint32_t>(value) << shift) & mask);
      value >>= take;
      at += take;
      width -= take;
    }
  }
  std::uint64_t get(std::uint32_t at, std::uint32_t width) const {
    assert(width >= 1 && width <= 64 && at + width <= bits_);
    std::uint64_t value = 0;
    std::uint32_t done = 0;
    while (done < width) {
      const std::uint32_t shift = (at + done) % 32;
      const std::uint32_t take = width - done < 32 - shift ? width - done : 32 - shift;
      const std::uint64_t mask = (std::uint64_t{1} << take) - 1;
      value |= ((words_[(at + done) / 32] >> shift) & mask) << done;
      done += take;
    }
    return value;
  }
  /// The same, sign-extended.
  std::int64_t get_signed(std::uint32_t at, std::uint32_t width) const {
    const std::uint64_t value = get(at, width);
    if (width == 64) return static_cast<std::int64_t>(value);
    const std::uint64_t sign = std::uint64_t{1} << (width - 1);
    return static_cast<std::int64_t>((value ^ sign) - sign);
  }

  friend bool operator==(const Payload& a, const Payload& b) { return a.bits_ == b.bits_ && a.words_ == b.words_; }
  friend bool operator!=(const Payload& a, const Payload& b) { return !(a == b); }

 private:
  std::uint32_t bits_ = 0;
  std::vector<std::uint32_t> words_;
};

}  // namespace lutetia
