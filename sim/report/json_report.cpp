#include "report/json_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "report/cost_json.h"
#include "report/dram_report.h"
#include "report/provenance_json.h"
#include "report/summary.h"
#include "stats/stats_json.h"

namespace lutetia {
namespace {

using Json = nlohmann::ordered_json;

Json workload_json(const Trace& trace, const RunResult& result) {
  const TraceHeader& h = trace.header;
  return {{"model", h.model}, {"prefill", h.prefill}, {"decode", h.decode}, {"batch", h.batch},
          {"past", h.past},   {"layers", h.layers},   {"source", h.source}, {"operators", result.operators.size()}};
}

Json bounds_json(const LowerBounds& bounds) {
  Json out = {{bounds.core, bounds.matrix}, {"vector", bounds.vector}};
  if (bounds.attention > 0) out["attention"] = bounds.attention;
  out["memory"] = bounds.memory;
  return out;
}

Json traffic_json(const TrafficBytes& traffic) {
  Json out = Json::object();
  for (const auto& [name, bytes] : traffic_rows(traffic)) out[name] = bytes;
  out["total"] = traffic.total();
  return out;
}

void add_activity(const RunResult& result, Json& document) {
  Json busy = Json::object(), stalls = Json::object();
  for (const BlockActivity& block : result.activity) {
    busy[block.block] = 0;
    stalls[block.block] = Json::object();
    for (const ActivityShare& share : block.shares) {
      if (share.name == "busy")
        busy[block.block] = share.cycles;
      else
        stalls[block.block][share.name] = share.cycles;
    }
  }
  document["busy_cycles"] = std::move(busy);
  document["stall_cycles"] = std::move(stalls);
}

Json phases_json(const Trace& trace, const RunResult& result) {
  Json out = Json::object();
  for (const Phase& phase : phases(trace, result)) {
    const double seconds = static_cast<double>(phase.cycles) / static_cast<double>(result.clock.value);
    Json& entry = out[phase.name];
    entry = {{"tokens", phase.tokens},
             {"cycles", phase.cycles},
             {"time_s", seconds},
             {"bound", phase.bounds.name()},
             {"bound_cycles", bounds_json(phase.bounds)}};
    if (phase.tokens > 0 && seconds > 0) entry["tokens_per_s"] = static_cast<double>(phase.tokens) / seconds;
  }
  return out;
}

Json groups_json(const RunResult& result) {
  Json out = Json::array();
  for (const OperatorGroup& g : operator_groups(result, elapsed_cycles(result)))
    out.push_back({{"name", g.name},
                   {"kind", g.kind},
                   {"unit", g.unit},
                   {"count", g.count},
                   {"elapsed_cycles", g.elapsed},
                   {"macs", g.macs},
                   {"bytes", g.bytes},
                   {"bound", g.bounds.name()},
                   {"bound_cycles", bounds_json(g.bounds)}});
  return out;
}

Json provenance_json(const RunResult& result, const Provenance& p) {
  Json out = lutetia::provenance_json(p);
  out["units"] = Json::object();
  for (const UnitAbilities& unit : result.units)
    out["units"][unit.unit] = {{"body", unit.body}, {"evidence", unit.rtl}};
  return out;
}

Json checks_json(const RunResult& result) {
  Json values = {{"status", "none: no unit ran a body that carries values"}};
  if (result.outputs_checked)
    values = {{"outputs_checked", *result.outputs_checked}, {"mismatches", result.output_mismatches.value_or(0)}};
  return {{"laws",
           {{"checked", {"conservation of bytes", "conservation of time", "lower bounds"}},
            {"broken", result.broken_laws}}},
          {"values", values}};
}

}  // namespace

std::string json_report(const Design& design, const Trace& trace, const RunResult& result,
                        const Provenance& provenance) {
  Json document;
  document["schema"] = kResultSchema;
  document["design"] = design.name;
  document["workload"] = workload_json(trace, result);
  Json fidelity = Json::object();
  for (const UnitAbilities& unit : result.units) fidelity[unit.unit] = unit.body;
  document["fidelity"] = std::move(fidelity);
  document["digest"] = result_digest(provenance);
  document["cycles"] = result.cycles;
  document["clock_hz"] = result.clock.value;
  document["time_s"] = result.seconds();
  document["phases"] = phases_json(trace, result);
  document["macs"] = result.macs;
  document["utilization"] = result.utilization;
  const ArrayUse use = array_use(result);
  document["array_lookups"] = {{"total", use.lookups},
                               {"useful", use.useful},
                               {"missing_rows", use.missing_rows},
                               {"missing_columns", use.missing_columns()}};
  document["bound"] = result.bounds.name();
  document["bound_cycles"] = bounds_json(result.bounds);
  const Roofline roof = roofline(design, result);
  document["roofline"] = {{"macs_per_byte", roof.intensity}, {"ridge_macs_per_byte", roof.ridge}};
  document["traffic_bytes"] = traffic_json(result.traffic);
  add_activity(result, document);
  document["statistics"] = to_json(result.statistics);
  document["operator_groups"] = groups_json(result);
  if (result.fifo_depths) {
    Json fifos = Json::object();
    for (const UnitFifo& fifo : result.fifo_depths->fifos)
      fifos[fifo.key] = {{"depth", fifo.depth}, {"most", fifo.most}, {"least", fifo.least}};
    document["fifo_depths"] = {{"ample_cycles", result.fifo_depths->ample_cycles}, {"fifos", std::move(fifos)}};
  }
  document["notes"] = result.notes;
  document["energy_pj"] = {{"status", "not calibrated"}};
  if (result.dram) {
    document["dram"] = dram_json(*result.dram);
    if (result.dram->energy)
      document["energy_pj"] = {{"status", "memory only"}, {"memory", result.dram->energy->total_pj}};
  }
  document["area_um2"] = {{"status", "not calibrated"}};
  if (result.cost) add_cost(*result.cost, document);
  document["checks"] = checks_json(result);
  document["provenance"] = provenance_json(result, provenance);
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

namespace {

/// A text as a CSV cell (RFC 4180).
std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace

void write_operators_csv(std::ostream& out, const RunResult& result) {
  out << "id,kind,name,layer,step,unit,start,end,cycles,macs,bytes,bound,mapping" << (result.cost ? ",energy_pj" : "")
      << '\n';
  for (const OperatorResult& row : result.operators) {
    const Operator& op = *row.op;
    out << row.id << ',' << name(op.kind) << ',' << cell(op.name) << ',' << op.layer << ',' << op.step << ','
        << row.unit << ',' << row.start << ',' << row.end << ',' << row.end - row.start << ',' << row.macs << ','
        << row.bytes.total() << ',' << row.bounds.name() << ',' << to_text(mapping_of(row.plan, result.shape));
    if (result.cost) out << ',' << fmt::format("{:.6g}", row.energy_pj);
    out << '\n';
  }
}

}  // namespace lutetia
