#include <nlohmann/json.hpp>

#include "report/dram_report.h"

namespace lutetia {
namespace {

using Json = nlohmann::ordered_json;

Json rows_json(const DramCounts& c) {
  return {{"hits", c.row_hits}, {"misses", c.row_misses}, {"conflicts", c.row_conflicts}, {"forwarded", c.forwarded}};
}

Json commands_json(const DramCounts& c) {
  Json out = Json::object();
  for (std::size_t i = 0; i < kCommands; ++i) out[std::string(name(static_cast<Command>(i)))] = c.commands[i];
  return out;
}

Json histogram_json(const HistogramData& h) {
  Json buckets = Json::array();
  for (std::size_t i = 0; i < h.buckets.size(); ++i)
    if (h.buckets[i] > 0) buckets.push_back({h.low(i), h.high(i), h.buckets[i]});
  return {{"count", h.count},
          {"mean", h.mean()},
          {"min", h.min},
          {"max", h.max},
          {"p50_below", percentile_below(h, 0.5)},
          {"p95_below", percentile_below(h, 0.95)},
          {"p99_below", percentile_below(h, 0.99)},
          {"buckets", std::move(buckets)}};
}

Json device_json(const DramSummary& s) {
  const ControllerConfig& c = s.controller;
  return {{"standard", s.standard},
          {"device", s.device},
          {"speed", s.speed},
          {"channels", s.geometry.channels},
          {"pseudo_channels", s.geometry.pseudo_channels},
          {"ranks", s.geometry.ranks},
          {"capacity_bytes", s.geometry.bytes()},
          {"burst_bytes", s.geometry.burst_bytes},
          {"clock_hz", s.clock.value},
          {"peak_bytes_per_s", s.peak_bandwidth},
          {"mapping", c.mapping},
          {"permute", c.permute},
          {"scheduler", name(c.scheduler)},
          {"row_hit_cap", c.row_hit_cap},
          {"page_policy", name(c.page_policy)},
          {"refresh", name(c.refresh)}};
}

}  // namespace

nlohmann::ordered_json dram_json(const DramSummary& s) {
  Json bus = Json::object(), channels = Json::array();
  for (const auto& [cause, cycles] : s.bus_time) bus[cause] = cycles;
  for (const DramCounts& c : s.by_channel)
    channels.push_back({{"burst_bytes", s.burst_bytes(c)},
                        {"bytes_per_s", s.cycles == 0 ? 0.0 : static_cast<double>(s.burst_bytes(c)) / s.seconds()},
                        {"data_cycles", c.data_cycles},
                        {"rows", rows_json(c)},
                        {"commands", commands_json(c)}});
  Json energy = Json::object();
  if (s.energy)
    for (const auto& [part, pj] : s.energy->parts) energy[part] = pj;
  return {{"memory", device_json(s)},
          {"bus_cycles", s.buses() * s.cycles},
          {"bus_time", std::move(bus)},
          {"bound", s.bound()},
          {"rows", rows_json(s.total)},
          {"commands", commands_json(s.total)},
          {"read_bursts", s.total.read_bursts},
          {"write_bursts", s.total.write_bursts},
          {"bank_open_cycles", s.total.bank_open_cycles},
          {"rank_open_cycles", s.total.rank_open_cycles},
          {"read_latency_cycles", histogram_json(s.total.read_latency)},
          {"energy_pj", std::move(energy)},
          {"channels", std::move(channels)}};
}

}  // namespace lutetia
