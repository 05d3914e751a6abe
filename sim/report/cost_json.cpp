#include "report/cost_json.h"

#include <nlohmann/json.hpp>

namespace lutetia {
namespace {

using Json = nlohmann::ordered_json;

Json interval_json(const CostInterval& interval, const char* unit) {
  return {{unit, interval.value},
          {"low", interval.low},
          {"high", interval.high},
          {"fit_error", interval.relative_fit_error()}};
}

Json excluded_json(const std::vector<ExcludedPart>& parts) {
  Json out = Json::array();
  for (const ExcludedPart& part : parts) out.push_back(part.unit);
  return out;
}

Json reasons_json(const std::vector<ExcludedPart>& parts) {
  Json out = Json::object();
  for (const ExcludedPart& part : parts) out[part.unit] = part.reason;
  return out;
}

Json sums_json(const CostReport::Sums& sums) {
  Json out = Json::object();
  for (const auto& [name, pj] : sums) out[name] = pj;
  return out;
}

Json energy_part_json(const EnergyPart& part) {
  Json out = {{"unit", part.unit},       {"component", part.component}, {"event", part.event},
              {"kind", name(part.kind)}, {"level", name(part.level)},   {"count", part.count}};
  out.update(interval_json(part.pj, "pj"));
  out["source"] = part.source;
  return out;
}

Json energy_json(const CostReport& cost) {
  Json out = {{"status", name(cost.status())},
              {"excluded", excluded_json(cost.excluded)},
              {"excluded_reasons", reasons_json(cost.excluded)},
              {"total", interval_json(cost.total(), "pj")},
              {"dynamic_pj", cost.dynamic_pj()},
              {"static_pj", cost.static_pj()},
              {"idle_clock_pj", cost.idle_clock_pj},
              {"shared_pj", cost.shared_pj}};
  Json parts = Json::array(), estimates = Json::array();
  for (const EnergyPart& part : cost.energy) (part.estimate ? estimates : parts).push_back(energy_part_json(part));
  out["parts"] = std::move(parts);
  out["by_unit"] = sums_json(cost.by_unit());
  out["by_level"] = sums_json(cost.by_level());
  out["by_event"] = sums_json(cost.by_event());
  if (!cost.estimated.empty()) {
    out["estimates"] = std::move(estimates);
    out["total_with_estimates"] = interval_json(cost.total_with_estimates(), "pj");
  }
  return out;
}

Json area_json(const CostReport& cost) {
  Json out = {{"status", name(cost.status())},
              {"excluded", excluded_json(cost.excluded_area())},
              {"total", interval_json(cost.area.total(), "um2")}};
  if (cost.area.has_layout) {
    out["layout_um2"] = cost.area.layout_um2();
    out["utilization"] = cost.area.utilization;
    out["cell_growth"] = cost.area.cell_growth;
  }
  Json tree = Json::object(), estimates = Json::object();
  for (const AreaPart& part : cost.area.parts)
    (part.estimate ? estimates : tree)[part.unit][part.component] = part.um2.value;
  out["tree"] = std::move(tree);
  if (!cost.estimated.empty()) {
    out["estimates"] = std::move(estimates);
    out["total_with_estimates"] = interval_json(cost.area.total_with_estimates(), "um2");
  }
  return out;
}

}  // namespace

void add_cost(const CostReport& cost, Json& document) {
  Json technology = {{"name", cost.technology}, {"node_nm", cost.node_nm}, {"kind", cost.kind},
                     {"source", cost.source},   {"sha256", cost.sha256},   {"notes", cost.notes}};
  document["technology"] = std::move(technology);
  document["energy_pj"] = energy_json(cost);
  document["area_um2"] = area_json(cost);
}

}  // namespace lutetia
