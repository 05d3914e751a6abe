// What is wrong with packed bytes, located: byte offset, row and column of the matrix, and the code. A reader goes on
// after a fault; the first kKept faults are kept, the others are counted.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lutetia {

struct PackingFault {
  static constexpr std::uint64_t kNowhere = UINT64_MAX;
  std::uint64_t offset = kNowhere;  ///< of the byte, from the begin of the packed matrix
  std::uint64_t row = kNowhere;     ///< of the first weight concerned
  std::uint64_t column = kNowhere;
  std::uint32_t code = 0;  ///< what stands there: a code, a byte, the bits of a scale
  std::string what;

  /// `byte 70: row 1, column 24: ternary code 3 ...`, leaving out the unknown.
  std::string text() const {
    std::string out;
    if (offset != kNowhere) out += "byte " + std::to_string(offset) + ": ";
    return out + place() + what;
  }
  /// `row 1, column 24: `
  std::string place() const {
    if (row == kNowhere) return "";
    return "row " + std::to_string(row) + ", column " + std::to_string(column) + ": ";
  }
};

class PackingFaults {
 public:
  static constexpr std::size_t kKept = 50;

  /// `text` is asked only for faults that are kept: a file of random bytes has millions.
  template <class Text>
  void add(std::uint64_t offset, std::uint64_t row, std::uint64_t column, std::uint32_t code, Text text) {
    if (++count_ <= kKept) kept_.push_back({offset, row, column, code, text()});
  }
  /// A fault of the whole matrix.
  void add(std::string what) {
    if (++count_ <= kKept)
      kept_.push_back({PackingFault::kNowhere, PackingFault::kNowhere, PackingFault::kNowhere, 0, std::move(what)});
  }

  bool empty() const { return count_ == 0; }
  std::uint64_t count() const { return count_; }
  const std::vector<PackingFault>& first() const { return kept_; }
  /// How many were found but not kept.
  std::uint64_t more() const { return count_ - kept_.size(); }

 private:
  std::uint64_t count_ = 0;
  std::vector<PackingFault> kept_;
};

}  // namespace lutetia
