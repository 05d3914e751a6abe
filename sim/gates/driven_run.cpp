#include "gates/driven_run.h"

#include <fmt/format.h>

#include <chrono>

#include "gates/switching_json.h"

namespace lutetia {
namespace {

constexpr const char* kReset = "rst_ni";

void drive(const NetlistVectors& vectors, std::size_t cycle, bool reset_only, GateSimulator& simulator) {
  for (const NetlistVectors::Column& column : vectors.columns) {
    if (column.port->output || (reset_only && column.port->name != kReset)) continue;
    const std::vector<std::uint32_t>& words = column.values[cycle]->words();
    for (std::size_t i = 0; i < column.port->nets.size(); ++i)
      simulator.set(column.port->nets[i], words[i / 32] >> i % 32 & 1);
  }
  simulator.settle();
}

/// Empty, or what differs; counts what was compared.
std::string difference(const NetlistVectors& vectors, std::size_t cycle, const GateSimulator& simulator,
                       std::uint64_t& compared) {
  for (const NetlistVectors::Column& column : vectors.columns) {
    if (!column.port->output || !column.values[cycle]) continue;
    ++compared;
    Payload is(column.values[cycle]->bits());
    for (std::uint32_t i = 0; i < is.bits(); ++i) is.set(i, 1, simulator.value(column.port->nets[i]) ? 1 : 0);
    if (is != *column.values[cycle])
      return fmt::format("cycle {}: {} is {}, expected {}\n", cycle, column.port->name, to_text(is),
                         to_text(*column.values[cycle]));
  }
  return {};
}

/// Ports of one bit, which say that something happens.
std::vector<const NetlistVectors::Column*> event_columns(const NetlistVectors& vectors) {
  std::vector<const NetlistVectors::Column*> found;
  for (const NetlistVectors::Column& column : vectors.columns)
    if (!column.port->output && column.port->nets.size() == 1 && column.port->name != kReset) found.push_back(&column);
  return found;
}

std::string without_suffix(const std::string& port) {
  return port.size() > 2 && port.compare(port.size() - 2, 2, "_i") == 0 ? port.substr(0, port.size() - 2) : port;
}

}  // namespace

void run_driven(const NetlistVectors& vectors, const std::string& workload, const Netlist& netlist,
                const std::string& netlist_file, const CellLibrary& library, const GateLevelUnit::Options& options,
                SwitchingResult& out) {
  GateSimulator simulator(netlist);
  const auto happens = event_columns(vectors);
  SwitchingRecord record{netlist.top, workload, netlist.parameters, {"cycle"}, {}, options.loads, {}};
  for (const auto* column : happens) record.events.push_back(without_suffix(column->port->name));
  if (options.record_vectors) out.vectors = vectors_heading(netlist);

  const auto start = std::chrono::steady_clock::now();
  std::optional<SwitchingEnergy> energy;
  std::vector<std::uint64_t> events(record.events.size());
  std::uint64_t compared = 0;
  for (std::size_t cycle = 0; cycle < vectors.cycles; ++cycle) {
    if (cycle == kSetUpCycles) {
      drive(vectors, cycle, true, simulator);  // the end of a reset belongs to the set-up
      energy.emplace(netlist, library, simulator, options.loads);
    }
    drive(vectors, cycle, false, simulator);
    if (options.record_vectors) out.vectors += vectors_line(netlist, simulator);
    if (energy) {
      out.bench.failure = difference(vectors, cycle, simulator, compared);
      out.bench.failed_at = cycle;
      if (!out.bench.failure.empty()) return;
      energy->count(simulator);
      ++events[0];
      for (std::size_t i = 0; i < happens.size(); ++i) events[1 + i] += happens[i]->values[cycle]->words()[0];
      if (events[0] == options.window || cycle + 1 == vectors.cycles) {
        record.windows.push_back({events, energy->take()});
        events.assign(events.size(), 0);
      }
    }
    simulator.edge();
    simulator.settle();
  }
  out.bench.passed = true;
  out.bench.cycles = vectors.cycles - kSetUpCycles;
  out.bench.output_transfers = {compared};
  record.result = out.bench;
  out.finish(record, netlist, netlist_file, library, *energy,
             std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), simulator.evaluations());
}

}  // namespace lutetia
