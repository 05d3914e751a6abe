// Which channel, bank, row and column an address lies in: a list of fields from the most significant bit down, each
// with all or some of its bits, below them the bytes of a burst. Fields may be permuted by low bits of the row (Zhang,
// Zhu and Zhang, MICRO 2000), so that streams a power of two apart do not meet in one bank.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/problem.h"
#include "memory/dram/dram_spec.h"

namespace lutetia {

struct DramAddress {
  std::uint32_t channel = 0;
  std::uint32_t bank = 0;  ///< counted through the channel
  std::uint32_t row = 0;
  std::uint32_t column = 0;  ///< burst within the row
};

class AddressMap {
 public:
  /// Problems have no file; their paths are `path`.mapping and `path`.permute. Sizes must be powers of two, except for
  /// that of the most significant field.
  AddressMap(const DramGeometry& geometry, const ControllerConfig& config, const std::string& path, Problems& problems);

  /// `burst` counts bursts of the whole memory; it wraps at the memory's size.
  DramAddress decode(std::uint64_t burst) const;
  std::uint32_t channel_of(std::uint64_t burst) const;
  /// The first burst from `burst` on that lies in `channel`.
  std::uint64_t next_in_channel(std::uint64_t burst, std::uint32_t channel) const;
  /// A stream of bursts visits the banks of a channel in a pattern that comes again every `period` bursts, as long as
  /// it stays within a block of `block` bursts (aligned), in which no row changes. `stride` bursts lie between two of
  /// the same channel. period 0: there is no such pattern.
  struct Pattern {
    std::uint64_t period = 0, block = 0, stride = 1;
  };
  const Pattern& pattern() const { return pattern_; }

 private:
  enum Field : std::uint8_t { kRow, kRank, kBank, kBankGroup, kColumn, kPseudoChannel, kChannel, kFields };
  struct Segment {
    Field field = kRow;
    std::uint8_t shift = 0;  ///< of its lowest bit in the burst number
    std::uint8_t to = 0;     ///< of its lowest bit in the field
    std::uint64_t mask = 0;
  };
  void find_pattern();
  std::array<std::uint32_t, kFields> fields_of(std::uint64_t burst) const;

  DramGeometry geometry_;
  std::uint64_t bursts_ = 1;
  std::vector<Segment> segments_;
  std::vector<std::pair<Field, std::uint8_t>> permuted_;  ///< field, lowest row bit
  std::array<std::uint32_t, kFields> sizes_{};
  bool simple_channel_ = true;  ///< channel bits lie together and are not permuted
  std::uint8_t channel_shift_ = 0;
  Pattern pattern_;
};

}  // namespace lutetia
