#include "cosim/cosim.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <ostream>

#include "cosim/rtl_registry.h"
#include "cosim/unit_bench.h"

namespace lutetia {

namespace {

constexpr std::uint64_t kWaveformCycles = 1'000;  ///< that the waveform of a failure shows before it

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

std::vector<const RtlVariant*> selected(const CosimOptions& options, Problems& problems) {
  std::vector<std::string> known;
  for (const RtlVariant& v : rtl_variants())
    if (known.empty() || known.back() != v.unit) known.push_back(v.unit);
  for (const std::string& unit : options.units)
    if (std::find(known.begin(), known.end(), unit) == known.end())
      problems.add({}, unit, "no such unit with RTL; this build has: " + joined(known));

  std::vector<const RtlVariant*> variants;
  std::vector<std::string> names;
  for (const std::string& unit : options.units.empty() ? known : options.units)
    for (const RtlVariant* v : rtl_variants(unit)) {
      names.push_back(v->name);
      if (options.variant.empty() || options.variant == v->name) variants.push_back(v);
    }
  if (problems.empty() && variants.empty())
    problems.add({}, "--variant", "no variant \"" + options.variant + "\"; there are: " + joined(names));
  for (const RtlVariant* v : variants)
    if (!UnitBenchRegistry::contains(v->unit)) problems.add({}, v->unit, "has RTL, but no bench is registered for it");
  if (!options.waveform.empty() && variants.size() * options.stalls.size() > 1)
    problems.add({}, "--wave", "one file shows one run: choose with --variant and --stalls");
  if (problems.empty() && !options.waveform.empty() && !std::ofstream(options.waveform))
    problems.add({}, "--wave", "cannot write " + options.waveform);
  if (options.transactions == 0) problems.add({}, "--transactions", "must be at least 1");
  if (options.stalls.empty()) problems.add({}, "--stalls", "no stall mode chosen");
  return variants;
}

/// One run on fresh hardware; the oracle judges only what both bodies agreed on.
BenchResult run_once(const RtlVariant& variant, const UnitBench& bench, const BenchOptions& options) {
  const std::unique_ptr<RtlUnit> dut = variant.make(options.seed);
  const std::unique_ptr<StreamUnit> model = bench.make_model();
  BenchResult result = run_bench(*dut, *model, bench.program(), options);
  if (!result.passed) return result;
  const std::string mistake = bench.check(result.outputs);
  if (mistake.empty()) return result;
  result.passed = false;
  result.failed_at = result.cycles;
  result.failure =
      "unit and model agree, but the numbers are wrong: " + mistake + "\n  replay: " + options.replay + "\n";
  return result;
}

CosimRow run_row(const RtlVariant& variant, const UnitBench& bench, StallMode stalls, const CosimOptions& options) {
  CosimRow row;
  row.unit = variant.unit;
  row.variant = variant.name;
  row.stalls = stalls;
  row.activities = bench.make_model()->activities();
  row.replay = fmt::format("lutetia cosim {} --variant {} --seed {} --transactions {} --stalls {}", variant.unit,
                           variant.name, options.seed, options.transactions, to_text(stalls));
  BenchOptions run;
  run.seed = options.seed;
  run.stalls = stalls;
  run.replay = row.replay;
  run.waveform = row.waveform = options.waveform;
  try {
    row.result = run_once(variant, bench, run);
    if (!row.result.passed && run.waveform.empty() && !options.failure_waveforms.empty()) {
      // The same once more, recorded: only the end of it, so that the file stays small enough to look at.
      run.waveform = fmt::format("{}/{}-{}-{}-{}.fst", options.failure_waveforms, variant.unit, variant.name,
                                 options.seed, to_text(stalls));
      run.waveform_from = row.result.failed_at > kWaveformCycles ? row.result.failed_at - kWaveformCycles : 0;
      const BenchResult again = run_once(variant, bench, run);
      if (again.failed_at == row.result.failed_at)
        row.waveform = run.waveform;
      else
        row.result.failure += "  no waveform: the repeated run went differently: " + again.failure;
    }
  } catch (const RtlFailure& failure) {  // while the unit was made
    row.result.failure = failure.what();
  }
  row.result.outputs.clear();
  return row;
}

}  // namespace

bool CosimReport::passed() const {
  return problems.empty() && !rows.empty() &&
         std::all_of(rows.begin(), rows.end(), [](const CosimRow& row) { return row.result.passed; });
}

CosimReport run_cosim(const CosimOptions& options, std::ostream& log) {
  CosimReport report;
  const std::vector<const RtlVariant*> variants = selected(options, report.problems);
  if (!report.problems.empty()) {
    report.problems.print(log);
    return report;
  }
  log << fmt::format("{:<14} {:<12} {:<7} {:>9} {:>9} {:>6}  {}\n", "unit", "variant", "stalls", "transfers", "cycles",
                     "busy %", "result");
  for (const RtlVariant* variant : variants) {
    // One program for all stall modes: the numbers that come out must not depend on when things come in.
    const auto bench =
        UnitBenchRegistry::create(variant->unit, variant->parameters, options.seed, options.transactions);
    for (const StallMode stalls : options.stalls) {
      report.rows.push_back(run_row(*variant, *bench, stalls, options));
      const CosimRow& row = report.rows.back();
      const BenchResult& r = row.result;
      const double busy =
          r.cycles == 0 ? 0 : 100.0 * static_cast<double>(r.activity_cycles.at(0)) / static_cast<double>(r.cycles);
      log << fmt::format("{:<14} {:<12} {:<7} {:>9} {:>9} {:>6.1f}  {}\n", row.unit, row.variant, to_text(stalls),
                         r.transfers(), r.cycles, busy, r.passed ? "equal" : "DIFFERS")
          << std::flush;
      if (r.passed) continue;
      log << r.failure;
      if (!row.waveform.empty()) log << "  waveform: " << row.waveform << "\n";
    }
  }
  return report;
}

}  // namespace lutetia
