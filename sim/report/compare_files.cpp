#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/compare_report.h"

namespace lutetia {
namespace {

using Json = nlohmann::ordered_json;

/// A text as a CSV cell (RFC 4180).
std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

/// Why there is no value, or no ratio; empty if there are.
std::string reason_of(const MetricCell& cell) {
  return cell.value.known ? cell.ratio.reason : cell.value.reason;
}

Json cell_json(const MetricCell& cell) {
  Json out = Json::object();
  if (cell.value.known) {
    out["value"] = cell.value.value;
    if (cell.value.low != cell.value.high) out["low"] = cell.value.low, out["high"] = cell.value.high;
    if (cell.value.partial) out["partial"] = true;
  } else {
    out["value"] = nullptr;
  }
  const MetricRatio& r = cell.ratio;
  if (r.known()) out["ratio"] = {{"value", r.value}, {"low", r.low}, {"high", r.high}};
  out["verdict"] = name(r.verdict);
  if (const std::string reason = reason_of(cell); !reason.empty()) out["reason"] = reason;
  return out;
}

}  // namespace

std::string compare_csv(const Comparison& c) {
  std::string out =
      "design,folder,workload,technology,metric,unit,value,low,high,ratio,ratio_low,ratio_high,verdict,without,"
      "reason\n";
  for (const MetricRow& row : c.rows)
    for (std::size_t i = 0; i < c.results.size(); ++i) {
      const ComparedResult& r = c.results[i];
      const MetricCell& m = row.cells[i];
      const std::string numbers =
          m.value.known ? fmt::format("{},{},{}", m.value.value, m.value.low, m.value.high) : ",,";
      const std::string ratios =
          m.ratio.known() ? fmt::format("{},{},{}", m.ratio.value, m.ratio.low, m.ratio.high) : ",,";
      std::string without;
      if (m.value.partial)
        for (const std::string& part : (row.metric->basis == Basis::kEnergy ? r.energy : r.area).excluded)
          without += (without.empty() ? "" : " ") + part;
      out += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", cell(r.label), cell(r.folder), cell(r.workload),
                         cell(r.technology), row.metric->name, row.metric->unit, numbers, ratios, name(m.ratio.verdict),
                         cell(without), cell(reason_of(m)));
    }
  return out;
}

std::string compare_json(const Comparison& c) {
  Json document;
  document["schema"] = "lutetia.comparison/1";
  document["baseline"] = c.results.front().label;
  document["metrics"] = Json::object();
  for (const MetricRow& row : c.rows)
    document["metrics"][row.metric->name] = {{"unit", row.metric->unit},
                                             {"less_is_better", row.metric->less_is_better}};
  document["results"] = Json::array();
  for (std::size_t i = 0; i < c.results.size(); ++i) {
    const ComparedResult& r = c.results[i];
    Json metrics = Json::object();
    for (const MetricRow& row : c.rows) metrics[row.metric->name] = cell_json(row.cells[i]);
    document["results"].push_back({{"name", r.label},
                                   {"design", r.design},
                                   {"folder", r.folder},
                                   {"digest", r.digest},
                                   {"workload", r.workload},
                                   {"technology", r.technology},
                                   {"energy_without", r.energy.excluded},
                                   {"area_without", r.area.excluded},
                                   {"metrics", std::move(metrics)}});
  }
  document["notes"] = c.notes;
  document["summary"] = c.summary;
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lutetia
