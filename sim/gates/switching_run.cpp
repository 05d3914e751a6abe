#include "gates/switching_run.h"

#include <fmt/format.h>

#include <chrono>
#include <exception>

#include "cosim/unit_bench.h"

namespace lutetia {
namespace {

/// The netlist must be of the hardware that the program is for.
bool fits(const RtlParameters& parameters, const Netlist& netlist, const std::string& file, Problems& problems) {
  const std::size_t before = problems.size();
  for (const auto& [name, value] : netlist.parameters) {
    const auto found = parameters.find(name);
    if (found == parameters.end())
      problems.add({file, 0, 0}, "parameters." + name, fmt::format("missing; the netlist has {}", value));
    else if (found->second != value)
      problems.add({file, 0, 0}, "parameters." + name, fmt::format("{}, but the netlist has {}", found->second, value));
  }
  for (const auto& [name, value] : parameters)
    if (!netlist.parameters.empty() && netlist.parameters.count(name) == 0)
      problems.add({file, 0, 0}, "parameters." + name, "the netlist has no such parameter");
  return problems.size() == before;
}

std::unique_ptr<UnitBench> make_bench(const std::string& unit, const RtlParameters& parameters, std::uint64_t seed,
                                      std::uint64_t transfers, const std::string& file, Problems& problems) {
  if (!UnitBenchRegistry::contains(unit)) {
    problems.add({file, 0, 0}, "unit", UnitBenchRegistry::unknown(unit));
    return nullptr;
  }
  try {
    return UnitBenchRegistry::create(unit, parameters, seed, transfers);
  } catch (const std::exception& e) {
    problems.add({file, 0, 0}, "parameters", unit + " cannot be made of these: " + e.what());
    return nullptr;
  }
}

}  // namespace

bool recorded_task(const RecordedOperands& operands, const std::string& file, const Netlist& netlist,
                   std::uint64_t repeat, SwitchingTask& out, Problems& problems) {
  if (!fits(operands.parameters, netlist, file, problems)) return false;
  const auto bench = make_bench(operands.unit, operands.parameters, 1, 1, file, problems);
  if (bench == nullptr) return false;
  out.unit = operands.unit;
  out.workload = operands.workload;
  out.parameters = operands.parameters;
  out.model = bench->make_model();
  BenchProgram once;
  if (!to_program(operands, *out.model, file, once, problems)) return false;
  out.program = once;
  for (std::uint64_t i = 1; i < repeat; ++i)
    for (std::size_t port = 0; port < once.inputs.size(); ++port)
      out.program.inputs[port].insert(out.program.inputs[port].end(), once.inputs[port].begin(),
                                      once.inputs[port].end());
  for (std::uint64_t& outputs : out.program.outputs) outputs *= repeat;
  return true;
}

bool random_task(const std::string& unit, RtlParameters parameters, std::uint64_t seed, std::uint64_t transfers,
                 const Netlist& netlist, SwitchingTask& out, Problems& problems) {
  for (const auto& [name, value] : netlist.parameters) parameters.emplace(name, value);
  if (!fits(parameters, netlist, "--random", problems)) return false;
  const auto bench = make_bench(unit, parameters, seed, transfers, "--random", problems);
  if (bench == nullptr) return false;
  out.unit = unit;
  out.workload = fmt::format("random, seed {}, {} transfers", seed, transfers);
  out.parameters = parameters;
  out.model = bench->make_model();
  out.program = bench->program();
  return true;
}

void SwitchingResult::finish(const SwitchingRecord& record, const Netlist& netlist, const std::string& netlist_file,
                             const CellLibrary& library, const SwitchingEnergy& switched, double seconds,
                             std::uint64_t evaluations) {
  cycles_per_second = static_cast<double>(bench.cycles) / seconds;
  evaluations_per_second = static_cast<double>(evaluations) / seconds;
  double energy = 0, clock = 0;
  for (const SwitchingWindow& window : record.windows) {
    energy += window.energy.total();
    for (const double fj : window.energy.clock) clock += fj;
  }
  pj_per_cycle = energy / 1000 / static_cast<double>(bench.cycles);
  clock_share = energy > 0 ? clock / energy : 0;
  json = switching_json(record, netlist, netlist_file, library, switched);
  nets = switching_nets_csv(switched, netlist);
}

bool run_switching(SwitchingTask task, const Netlist& netlist, const std::string& netlist_file,
                   const CellLibrary& library, const GateLevelUnit::Options& options, SwitchingResult& out,
                   Problems& problems) {
  const auto unit = GateLevelUnit::make(task.unit, task.parameters, *task.model, netlist, library, options, problems);
  if (unit == nullptr) return false;
  BenchOptions bench;
  bench.stalls = StallMode::kNone;
  const std::uint64_t evaluations = unit->simulator().evaluations();
  const auto start = std::chrono::steady_clock::now();
  out.bench = run_bench(*unit, *task.model, task.program, bench);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  out.vectors = unit->input_vectors();
  if (!out.bench.passed) return true;
  const SwitchingRecord record{task.unit,       task.workload, task.parameters, unit->event_names(),
                               unit->windows(), options.loads, out.bench};
  out.finish(record, netlist, netlist_file, library, unit->energy(), seconds,
             unit->simulator().evaluations() - evaluations);
  return true;
}

}  // namespace lutetia
