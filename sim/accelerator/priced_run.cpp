// The energy of a run: counts of events and words, times prices.
#include <fmt/format.h>

#include "accelerator/priced_design.h"
#include "cost/dram_cost.h"

namespace lutetia {
namespace {

/// Of all operators of an engine.
struct EngineTotals {
  UnitEvents events{};
  OperatorTraffic bytes;
};

EngineTotals totals_of(const RunResult& result, Engine engine) {
  EngineTotals totals;
  for (const OperatorResult& row : result.operators) {
    if (row.plan.engine != engine) continue;
    totals.events += row.events;
    totals.bytes.stationary += row.bytes.stationary;
    totals.bytes.streaming += row.bytes.streaming;
    totals.bytes.written += row.bytes.written;
  }
  return totals;
}

}  // namespace

PricedDesign::Words PricedDesign::words(const Buffer& buffer, const UnitEvents& events, const OperatorTraffic& bytes) {
  const auto moved = [&bytes](const Buffer::PerByte& per) {
    return per.stationary * static_cast<double>(bytes.stationary) +
           per.streaming * static_cast<double>(bytes.streaming) + per.written * static_cast<double>(bytes.written);
  };
  Words out{moved(buffer.read_bytes), moved(buffer.written_bytes)};
  for (const Buffer::PerEvent& event : buffer.events) {
    out.reads += event.reads * static_cast<double>(events[event.place]);
    out.writes += event.writes * static_cast<double>(events[event.place]);
  }
  return out;
}

void PricedDesign::price_memory(const RunResult& result, CostReport& cost) const {
  if (memory_sram_) {
    const double per_byte = 8.0 / memory_sram_->word_bits;
    memory_sram_->add_energy("memory", "sram", per_byte * static_cast<double>(result.memory_read),
                             per_byte * static_cast<double>(result.memory_written), cost.seconds, cost);
    return;
  }
  if (result.dram && result.dram->energy) return add_dram_currents(result.dram->energy->parts, cost);
  const auto row = technology_.dram.find(design_.memory.dram ? design_.memory.dram->standard.name : "fixed");
  if (row == technology_.dram.end()) return;
  const std::uint64_t bytes = result.dram ? result.dram->burst_bytes(result.dram->total) : result.traffic.total();
  add_dram_bits(row->second, 8 * static_cast<double>(bytes), cost);
}

/// What the operator's own events and words cost; the memory's share is added by whoever knows the whole.
double PricedDesign::operator_pj(const OperatorResult& row) const {
  double fj = 0;
  for (const Unit& unit : units_) {
    if (unit.engine != row.plan.engine || unit.priced.estimate) continue;
    // The activity comes first: its cycles are the operator's, with everything that every cycle costs.
    fj += static_cast<double>(row.events[unit.places.front().second]) * unit.priced.fj(kCycleEvent);
    for (const auto& [event, place] : unit.places) fj += static_cast<double>(row.events[place]) * unit.priced.fj(event);
  }
  for (const Buffer& buffer : buffers_) {
    if (buffer.engine != row.plan.engine) continue;
    const Words w = words(buffer, row.events, row.bytes);
    fj += w.reads * buffer.sram.read_fj + w.writes * buffer.sram.write_fj;
  }
  return fj / 1000;
}

void PricedDesign::price(RunResult& result) const {
  CostReport cost = report_;
  cost.seconds = result.seconds();
  for (const Unit& unit : units_) {
    const EngineTotals totals = totals_of(result, unit.engine);
    EventNumbers events = {{kCycleEvent, static_cast<double>(result.cycles)}};
    for (const auto& [event, place] : unit.places) events[event] = static_cast<double>(totals.events[place]);
    unit.priced.add_energy(events, unit.places.front().first, cost.seconds, cost);
  }
  for (const Buffer& buffer : buffers_) {
    const EngineTotals totals = totals_of(result, buffer.engine);
    const Words w = words(buffer, totals.events, totals.bytes);
    buffer.sram.add_energy("buffers", buffer.name, w.reads, w.writes, cost.seconds, cost);
  }
  const std::size_t before_memory = cost.energy.size();
  price_memory(result, cost);
  double memory_pj = 0;  // what requests cost; operators share it by the bytes that they move
  for (std::size_t i = before_memory; i < cost.energy.size(); ++i)
    if (cost.energy[i].kind != CostKind::kStatic) memory_pj += cost.energy[i].pj.value;
  const double per_byte = result.traffic.total() == 0 ? 0 : memory_pj / static_cast<double>(result.traffic.total());
  for (OperatorResult& row : result.operators)
    row.energy_pj = operator_pj(row) + per_byte * static_cast<double>(row.bytes.total());
  result.cost = std::move(cost);
}

void price_run(const Design& design, const std::optional<Technology>& technology, RunResult& result) {
  if (technology && result.status == RunStatus::kFinished) PricedDesign(design, *technology).price(result);
}

}  // namespace lutetia
