#include "report/dram_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/human.h"
#include "report/text_table.h"

namespace lutetia {
namespace {

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string plural(std::uint64_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string words(const std::vector<std::string>& list) {
  return list.empty() ? "none" : fmt::format("{}", fmt::join(list, " "));
}

/// What a cause means that is not the name of a timing.
std::string meaning(const std::string& cause) {
  if (cause == "data") return "bursts on the wires";
  if (cause == "no_request") return "no request was there";
  if (cause == "queue_full") return "requests held up before a full queue";
  if (cause == "command_bus") return "the command bus was taken";
  if (cause == "refresh") return "banks being refreshed";
  return "";
}

std::string bound_text(const DramSummary& s) {
  const std::string bound = s.bound();
  std::uint64_t cycles = 0;
  for (const auto& [cause, time] : s.bus_time)
    if (cause == bound) cycles = time;
  const std::string share = human_share(ratio(cycles, s.buses() * s.cycles));
  if (bound == "data") return fmt::format("the data bus itself, which moves data for {} of the time", share);
  if (bound == "no_request") return fmt::format("the requester, which asks for nothing for {} of the time", share);
  return fmt::format("{}, which keeps the data bus empty for {} of the time", bound, share);
}

/// The data first, then causes from the largest down; together all of the time.
std::string bus_table(const DramSummary& s) {
  auto rows = s.bus_time;
  std::stable_sort(rows.begin() + (rows.empty() ? 0 : 1), rows.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  const std::uint64_t all = s.buses() * s.cycles;
  TextTable table("lrrl");
  std::uint64_t sum = 0;
  for (const auto& [cause, cycles] : rows) {
    sum += cycles;
    if (cycles > 0) table.add({cause, human_share(ratio(cycles, all)), grouped(cycles), meaning(cause)});
  }
  table.add({"sum", human_share(ratio(sum, all)), grouped(sum)});
  return fmt::format("where the time of {} went (share, cycles)\n",
                     s.buses() == 1 ? "the data bus" : fmt::format("{} data buses", s.buses())) +
         table.text() + "  binding is " + bound_text(s) + "\n";
}

std::string row_table(const DramSummary& s) {
  const DramCounts& c = s.total;
  const std::uint64_t all = c.row_hits + c.row_misses + c.row_conflicts;
  TextTable table("lrrl");
  table.add({"hits", human_share(ratio(c.row_hits, all)), grouped(c.row_hits), "its row was open"});
  table.add({"misses", human_share(ratio(c.row_misses, all)), grouped(c.row_misses), "its bank was closed"});
  table.add({"conflicts", human_share(ratio(c.row_conflicts, all)), grouped(c.row_conflicts), "another row was open"});
  std::string out = "rows (of bursts)\n" + table.text();
  if (c.forwarded > 0)
    out += fmt::format("  {} answered by the write queue, without a row\n", plural(c.forwarded, "read burst"));
  return out;
}

std::string command_table(const DramSummary& s) {
  TextTable table("lr");
  for (std::size_t i = 0; i < kCommands; ++i)
    if (s.total.commands[i] > 0) table.add({std::string(name(static_cast<Command>(i))), grouped(s.total.commands[i])});
  return table.empty() ? "" : "commands\n" + table.text();
}

std::string latency_table(const DramSummary& s) {
  const HistogramData& h = s.total.read_latency;
  if (h.count == 0) return "";
  TextTable table("lrr");
  const auto time = [&](double cycles) { return fmt::format("{:.1f} ns", s.seconds(cycles) * 1e9); };
  table.add({"mean", fmt::format("{:.1f}", h.mean()), time(h.mean())});
  for (const auto& [name, share] : {std::pair("p50", 0.5), std::pair("p95", 0.95), std::pair("p99", 0.99)}) {
    const std::uint64_t below = percentile_below(h, share);
    table.add({name, "below " + grouped(below), "below " + time(static_cast<double>(below))});
  }
  table.add({"max", grouped(h.max), time(static_cast<double>(h.max))});
  return "read latency of a burst, from the queue to its last data (cycles, time)\n" + table.text();
}

std::string energy_table(const DramSummary& s) {
  if (!s.energy) return "energy of the DRAM: none, because no currents with a source are known for this speed\n";
  TextTable table("lrr");
  const double total = s.energy->total_pj;
  for (const auto& [part, pj] : s.energy->parts)
    if (pj > 0) {
      std::string words = part;
      std::replace(words.begin(), words.end(), '_', ' ');
      table.add({words, fmt::format("{:.4g} uJ", pj * 1e-6), human_share(total > 0 ? pj / total : 0)});
    }
  table.add({"sum", fmt::format("{:.4g} uJ", total * 1e-6), human_share(1)});
  const double bits = 8 * static_cast<double>(s.burst_bytes(s.total));
  const double watts = s.cycles == 0 ? 0 : total * 1e-12 / s.seconds();
  return fmt::format("energy of the DRAM ({:.4g} mW, {:.3g} pJ per bit moved; data-sheet currents, see its standard)\n",
                     watts * 1e3, bits > 0 ? total / bits : 0) +
         table.text();
}

std::string channel_table(const DramSummary& s) {
  if (s.by_channel.size() < 2) return "";
  TextTable table("rrrr");
  table.add({"channel", "bandwidth", "of peak", "row hits"});
  const double peak = static_cast<double>(s.peak_bandwidth) / static_cast<double>(s.by_channel.size());
  for (std::size_t i = 0; i < s.by_channel.size(); ++i) {
    const DramCounts& c = s.by_channel[i];
    const double rate = s.cycles == 0 ? 0 : static_cast<double>(s.burst_bytes(c)) / s.seconds();
    table.add({std::to_string(i), human_rate(rate), human_share(peak > 0 ? rate / peak : 0),
               human_share(ratio(c.row_hits, c.row_hits + c.row_misses + c.row_conflicts))});
  }
  return "channels (whole bursts)\n" + table.text();
}

}  // namespace

std::string dram_device_text(const DramSummary& s) {
  const DramGeometry& g = s.geometry;
  const ControllerConfig& c = s.controller;
  TextTable table("ll");
  table.add(
      {"device", fmt::format("{} {} {}; {} of {}; {}", s.standard, s.device, s.speed, plural(g.channels, "channel"),
                             plural(g.ranks_per_channel(), "rank"), human_bytes(static_cast<double>(g.bytes())))});
  table.add({"clock", fmt::format("{} Hz, tCK {:.4g} ns", grouped(s.clock.value), s.seconds(1.0) * 1e9)});
  table.add({"peak", human_rate(static_cast<double>(s.peak_bandwidth))});
  table.add({"mapping", fmt::format("{}; permuted: {}", words(c.mapping), words(c.permute))});
  const std::string cap = c.row_hit_cap == 0 ? "no row hit cap" : fmt::format("row hit cap {}", c.row_hit_cap);
  table.add({"policies",
             fmt::format("{}, {}, page {}, refresh {}", name(c.scheduler), cap, name(c.page_policy), name(c.refresh))});
  table.add({"queues", fmt::format("{} reads, {} writes drained from {:.0f} % down to {:.0f} %", c.read_queue,
                                   c.write_queue, 100 * c.write_high, 100 * c.write_low)});
  return "memory\n" + table.text();
}

std::string dram_section(const DramSummary& s) {
  return bus_table(s) + row_table(s) + command_table(s) + latency_table(s) + channel_table(s) + energy_table(s);
}

}  // namespace lutetia
