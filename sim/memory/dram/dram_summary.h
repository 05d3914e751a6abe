// What a DRAM did until some cycle, as plain values that outlive it: for results and reports.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "memory/dram/dram_energy.h"
#include "memory/dram/dram_system.h"

namespace lutetia {

struct DramSummary {
  std::string standard, device, speed;
  Hertz clock;  ///< of commands
  DramGeometry geometry;
  ControllerConfig controller;
  std::uint64_t peak_bandwidth = 0;  ///< bytes per second at the data pins of all channels
  std::uint32_t burst_cycles = 0, read_latency = 0;

  Cycle cycles = 0;  ///< the time it speaks of begins at 0
  DramCounts total;
  std::vector<DramCounts> by_channel;
  /// Time of all data buses: "data" first, then what kept them empty, in cycles; the sum is buses() * cycles.
  std::vector<std::pair<std::string, std::uint64_t>> bus_time;
  std::optional<DramEnergy> energy;  ///< of all devices; nothing if the speed has no currents

  std::uint64_t buses() const { return std::uint64_t{geometry.channels} * geometry.pseudo_channels; }
  double seconds() const { return seconds(static_cast<double>(cycles)); }
  double seconds(double clock_cycles) const { return clock_cycles / static_cast<double>(clock.value); }
  /// Whole bursts that requesters asked for, in bytes.
  std::uint64_t burst_bytes(const DramCounts& counts) const {
    return (counts.read_bursts + counts.write_bursts) * geometry.burst_bytes;
  }
  /// "data" if the buses moved data for 90 % of the time, else what kept them empty longest.
  std::string bound() const;
};

/// Until `end`, or until the last data if they are later: so the time of the buses adds up.
DramSummary summary_of(const DramSystem& system, Cycle end);

/// The lowest bound known for a share of the samples, from buckets of powers of two: that share lies below it. 0 if
/// there are no samples.
std::uint64_t percentile_below(const HistogramData& histogram, double share);

/// Names of policies as they stand in a configuration.
std::string_view name(Scheduler scheduler);
std::string_view name(PagePolicy policy);
std::string_view name(RefreshMode mode);

}  // namespace lutetia
