#include "memory/dram/dram_counts.h"

#include <algorithm>

namespace lutetia {

LossCauses::LossCauses(const DramSpec& spec) : names_{"no_request", "queue_full", "command_bus", "refresh"} {
  for (const DramConstraint& c : spec.constraints) {
    const bool after_refresh = (c.from & ~(mask(Command::kRefresh) | mask(Command::kRefreshBank))) == 0;
    auto found = after_refresh ? names_.begin() + kRefresh : std::find(names_.begin() + kFixed, names_.end(), c.name);
    if (found == names_.end()) found = names_.insert(names_.end(), c.name);
    of_row_.push_back(static_cast<std::uint8_t>(found - names_.begin()));
  }
}

DramCounts& DramCounts::operator+=(const DramCounts& o) {
  for (std::size_t i = 0; i < kCommands; ++i) commands[i] += o.commands[i];
  row_hits += o.row_hits;
  row_misses += o.row_misses;
  row_conflicts += o.row_conflicts;
  forwarded += o.forwarded;
  read_bursts += o.read_bursts;
  write_bursts += o.write_bursts;
  data_cycles += o.data_cycles;
  if (lost_cycles.size() < o.lost_cycles.size()) lost_cycles.resize(o.lost_cycles.size());
  for (std::size_t i = 0; i < o.lost_cycles.size(); ++i) lost_cycles[i] += o.lost_cycles[i];
  bank_open_cycles += o.bank_open_cycles;
  rank_open_cycles += o.rank_open_cycles;
  HistogramData& h = read_latency;
  const HistogramData& add = o.read_latency;
  if (add.count > 0) {
    h.min = h.count == 0 ? add.min : std::min(h.min, add.min);
    h.max = std::max(h.max, add.max);
    h.count += add.count;
    h.sum += add.sum;
    if (h.buckets.size() < add.buckets.size()) h.buckets.resize(add.buckets.size());
    for (std::size_t i = 0; i < add.buckets.size(); ++i) h.buckets[i] += add.buckets[i];
  }
  return *this;
}

}  // namespace lutetia
