// What a channel counts: commands, rows, and where the time of its data buses went. Plain numbers: energy and reports
// are worked out of them.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "memory/dram/dram_spec.h"
#include "stats/snapshot.h"

namespace lutetia {

/// Why the data bus of a pseudo channel carried nothing: the name of a constraint, or one of these.
class LossCauses {
 public:
  enum Fixed : std::uint8_t { kNoRequest, kQueueFull, kCommandBus, kRefresh, kFixed };
  explicit LossCauses(const DramSpec& spec);
  /// The cause that a constraint row stands for.
  std::uint8_t of_row(std::uint8_t row) const { return of_row_[row]; }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::vector<std::uint8_t> of_row_;
};

struct DramCounts {
  std::array<std::uint64_t, kCommands> commands{};
  std::uint64_t row_hits = 0, row_misses = 0, row_conflicts = 0;  ///< bursts: row open, bank closed, other row open
  std::uint64_t forwarded = 0;                                    ///< reads answered by the write queue
  std::uint64_t read_bursts = 0, write_bursts = 0;                ///< taken from requesters
  std::uint64_t data_cycles = 0;                                  ///< summed over pseudo channels
  std::vector<std::uint64_t> lost_cycles;                         ///< by cause, summed over pseudo channels
  std::uint64_t bank_open_cycles = 0;                             ///< summed over banks
  std::uint64_t rank_open_cycles = 0;                             ///< any bank open, summed over ranks
  HistogramData read_latency;                                     ///< from the queue to the last data, cycles

  DramCounts& operator+=(const DramCounts& other);
};

}  // namespace lutetia
