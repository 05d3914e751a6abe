#include "memory/dram/dram_summary.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lutetia {

DramSummary summary_of(const DramSystem& system, Cycle end) {
  end = std::max(end, system.last_data());
  const DramSpec& spec = system.spec();
  DramSummary out;
  out.standard = spec.standard;
  out.device = spec.device;
  out.speed = spec.speed;
  out.clock = spec.clock.frequency;
  out.geometry = spec.geometry;
  out.controller = system.controller();
  out.peak_bandwidth = spec.peak_bandwidth();
  out.burst_cycles = spec.burst_cycles;
  out.read_latency = spec.read_latency;
  out.cycles = end;
  out.total = system.counts(end);
  out.by_channel = system.counts_by_channel(end);
  out.bus_time = system.bus_time(end);
  out.energy = dram_energy(spec, out.total, end);
  return out;
}

std::string DramSummary::bound() const {
  if (bus_time.empty()) return "";
  const auto& data = bus_time.front();
  if (static_cast<double>(data.second) >= 0.9 * static_cast<double>(buses() * cycles)) return data.first;
  const auto largest = std::max_element(bus_time.begin() + 1, bus_time.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
  return largest == bus_time.end() || largest->second == 0 ? data.first : largest->first;
}

std::uint64_t percentile_below(const HistogramData& h, double share) {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(h.count)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < h.buckets.size(); ++bucket) {
    seen += h.buckets[bucket];
    if (seen >= wanted && seen > 0) return h.high(bucket) + 1;
  }
  return 0;
}

std::string_view name(Scheduler scheduler) {
  return scheduler == Scheduler::kFcfs ? "fcfs" : "fr_fcfs";
}

std::string_view name(PagePolicy policy) {
  static constexpr std::array<std::string_view, 4> kNames = {"open", "open_adaptive", "closed", "closed_adaptive"};
  return kNames[static_cast<std::size_t>(policy)];
}

std::string_view name(RefreshMode mode) {
  static constexpr std::array<std::string_view, 3> kNames = {"none", "all_bank", "per_bank"};
  return kNames[static_cast<std::size_t>(mode)];
}

}  // namespace lutetia
