#include "report/cost_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/human.h"
#include "report/text_table.h"

namespace lutetia {
namespace {

constexpr std::size_t kWidth = 128, kUnitsShown = 12;

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

/// "0.9..1.4" of the value, or nothing where no interval is known.
std::string interval_text(const CostInterval& i, std::string (*human)(double)) {
  return i.low == i.high ? "" : fmt::format("{} .. {}", human(i.low), human(i.high));
}

/// Text in lines of at most `width` characters, broken at blanks; further lines are indented.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
  std::string out;
  std::size_t length = 0, at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (length > 0 && length + 1 + end - at > width) {
      out += "\n" + std::string(indent, ' ');
      length = 0;
    } else if (length > 0) {
      out += ' ';
      ++length;
    }
    out += text.substr(at, end - at);
    length += end - at;
    at = end + 1;
  }
  return out;
}

std::string line(const std::string& head, const std::string& text) {
  return fmt::format("  {:<12} {}\n", head, wrapped(text, kWidth - 15, 15));
}

std::string without(const std::vector<ExcludedPart>& excluded) {
  std::string units;
  for (const ExcludedPart& part : excluded) units += (units.empty() ? "without " : ", ") + part.unit;
  return units.empty() ? "of everything" : units;
}

std::string exclusions(const CostReport& cost) {
  std::string out;
  std::vector<std::string> done;
  for (const ExcludedPart& part : cost.excluded) {  // one line for all of one reason
    if (std::find(done.begin(), done.end(), part.reason) != done.end()) continue;
    done.push_back(part.reason);
    std::string units;
    for (const ExcludedPart& other : cost.excluded)
      if (other.reason == part.reason) units += (units.empty() ? "" : ", ") + other.unit;
    out += line("excluded", units + ": " + part.reason);
  }
  return out;
}

std::string energy_table(const CostReport& cost) {
  const auto levels = cost.by_level();
  std::vector<std::string> shown;  // levels with anything in them
  for (const auto& level : levels)
    if (level.second != 0) shown.push_back(level.first);
  TextTable table("l" + std::string(shown.size() + 2, 'r') + "l");
  std::vector<std::string> head = {""};
  head.insert(head.end(), shown.begin(), shown.end());
  head.insert(head.end(), {"sum", "share", "interval"});
  table.add(head);
  const double total = cost.total().value;
  const auto add = [&](const std::string& row_name, const std::string& unit) {
    std::vector<std::string> row = {row_name};
    CostInterval sum;
    for (const std::string& level : shown) {
      double pj = 0;
      for (const EnergyPart& part : cost.energy)
        if (!part.estimate && (unit.empty() || part.unit == unit) && name(part.level) == level) pj += part.pj.value;
      row.push_back(pj == 0 ? "-" : human_energy(pj));
    }
    for (const EnergyPart& part : cost.energy)
      if (!part.estimate && (unit.empty() || part.unit == unit)) sum += part.pj;
    row.insert(row.end(),
               {human_energy(sum.value), human_share(ratio(sum.value, total)), interval_text(sum, human_energy)});
    table.add(row);
  };
  for (const auto& unit : cost.by_unit()) add(unit.first, unit.first);
  add("sum", "");
  return table.text();
}

std::string energy_lines(const CostReport& cost, const RunResult& result) {
  const CostInterval total = cost.total();
  const double pj = total.value, macs = static_cast<double>(result.macs), seconds = result.seconds();
  std::string out =
      line("energy", fmt::format("{} ({}), {}; fit alone +-{}", human_energy(pj), interval_text(total, human_energy),
                                 without(cost.excluded), human_share(total.relative_fit_error())));
  if (macs > 0 && pj > 0)
    out += line("per MAC", fmt::format("{:.3g} pJ ({:.3g} .. {:.3g}); {:.3g} TOPS/W ({:.3g} .. {:.3g})", pj / macs,
                                       total.low / macs, total.high / macs, 2 * macs / pj, 2 * macs / total.high,
                                       ratio(2 * macs, total.low)));
  if (seconds > 0)
    out += line("power", fmt::format("{:.3g} W on average; static {} of it", pj * 1e-12 / seconds,
                                     human_share(ratio(cost.static_pj(), pj))));
  out +=
      line("idle clocks", fmt::format("{}, {} of it: clocks of units in cycles in which they did nothing, what gating "
                                      "would save",
                                      human_energy(cost.idle_clock_pj), human_share(ratio(cost.idle_clock_pj, pj))));
  if (!cost.estimated.empty())
    out += line("estimate", fmt::format("{} with lower bounds for what is excluded ({})",
                                        human_energy(cost.total_with_estimates().value),
                                        cost.estimated.front().unit + ": " + cost.estimated.front().reason));
  return out;
}

}  // namespace

std::string human_area(double um2) {
  if (um2 >= 1e5) return fmt::format("{:.3g} mm2", um2 * 1e-6);
  return um2 >= 100 ? grouped(static_cast<std::uint64_t>(um2 + 0.5)) + " um2" : fmt::format("{:.3g} um2", um2);
}

std::string human_energy(double pj) {
  if (pj < 0) return "-" + human_energy(-pj);
  constexpr const char* kUnits[] = {"pJ", "nJ", "uJ", "mJ", "J"};
  std::size_t unit = 0;
  while (pj >= 999.5 && unit < 4) pj /= 1000, ++unit;
  return fmt::format("{} {}", pj >= 99.95 ? fmt::format("{:.0f}", pj) : fmt::format("{:.3g}", pj), kUnits[unit]);
}

std::string technology_line(const CostReport& cost) {
  return fmt::format("{}, {:g} nm, {}: {}", cost.technology, cost.node_nm, cost.kind, cost.source);
}

std::string area_text(const CostReport& cost) {
  const CostInterval total = cost.area.total();
  TextTable table("lrrl");
  const auto add = [&](const std::string& row, const CostInterval& area) {
    table.add(
        {row, human_area(area.value), human_share(ratio(area.value, total.value)), interval_text(area, human_area)});
  };
  std::size_t left_out = 0;
  for (const auto& [unit, sum] : cost.area.by_unit()) {
    add(unit, sum);
    std::vector<AreaPart> parts;
    for (const AreaPart& part : cost.area.parts)
      if (part.unit == unit && !part.estimate) parts.push_back(part);
    std::stable_sort(parts.begin(), parts.end(),
                     [](const AreaPart& a, const AreaPart& b) { return a.um2.value > b.um2.value; });
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i < kUnitsShown)
        add("  " + parts[i].component, parts[i].um2);
      else
        ++left_out;
    }
  }
  if (!table.empty()) add("sum", total);
  std::string out = fmt::format("area of cells and macros, {}\n", without(cost.excluded_area())) + table.text();
  if (left_out > 0) out += fmt::format("  {} smaller components are not shown\n", left_out);
  if (cost.area.has_layout)
    out +=
        line("layout", fmt::format("about {}: cells x {:g} for place and route, at a utilization of {:g}; macros as "
                                   "they are",
                                   human_area(cost.area.layout_um2()), cost.area.cell_growth, cost.area.utilization));
  const double estimates = cost.area.total_with_estimates().value - total.value;
  if (!cost.estimated.empty())
    out += line("estimate", fmt::format("{} more for {}", human_area(estimates),
                                        cost.estimated.front().unit + ": " + cost.estimated.front().reason));
  return out;
}

std::string cost_text(const CostReport& cost, const RunResult& result) {
  std::string out = area_text(cost) + "energy (" + technology_line(cost) + ")\n" + energy_table(cost) +
                    energy_lines(cost, result) + exclusions(cost);
  for (const std::string& note : cost.notes) out += line("note", note);
  return out;
}

}  // namespace lutetia
