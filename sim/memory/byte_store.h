// The contents of a memory as an outside host sees them: sparse, zero where nothing was written. The timing models of
// this folder carry no values; this stands beside them where somebody wants to read back what was written.
#pragma once
#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <unordered_map>

namespace lutetia {

class ByteStore {
 public:
  explicit ByteStore(std::uint64_t capacity) : capacity_(capacity) {}

  std::uint64_t capacity() const { return capacity_; }
  /// Whether all bytes of a range exist.
  bool holds(std::uint64_t address, std::uint64_t bytes) const {
    return bytes <= capacity_ && address <= capacity_ - bytes;
  }
  void write(std::uint64_t address, const std::uint8_t* from, std::uint64_t bytes) {
    assert(holds(address, bytes));
    for_each_part(address, bytes, [&](std::uint64_t page, std::uint64_t offset, std::uint64_t done, std::uint64_t n) {
      std::memcpy(pages_[page].data() + offset, from + done, n);  // a new page is all zero
    });
  }
  void read(std::uint64_t address, std::uint8_t* to, std::uint64_t bytes) const {
    assert(holds(address, bytes));
    for_each_part(address, bytes, [&](std::uint64_t page, std::uint64_t offset, std::uint64_t done, std::uint64_t n) {
      const auto found = pages_.find(page);
      if (found == pages_.end())
        std::memset(to + done, 0, n);
      else
        std::memcpy(to + done, found->second.data() + offset, n);
    });
  }

 private:
  static constexpr std::uint64_t kPageBytes = 4096;

  /// Calls visit(page, offset in it, bytes before this part, bytes of this part) for each page of a range.
  template <class Visit>
  static void for_each_part(std::uint64_t address, std::uint64_t bytes, const Visit& visit) {
    for (std::uint64_t done = 0; done < bytes;) {
      const std::uint64_t offset = (address + done) % kPageBytes, n = std::min(bytes - done, kPageBytes - offset);
      visit((address + done) / kPageBytes, offset, done, n);
      done += n;
    }
  }

  std::uint64_t capacity_;
  std::unordered_map<std::uint64_t, std::array<std::uint8_t, kPageBytes>> pages_;
};

}  // namespace lutetia
