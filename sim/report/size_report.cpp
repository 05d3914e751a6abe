#include "report/size_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"
#include "report/cost_text.h"
#include "report/human.h"
#include "report/text_table.h"

namespace lutetia {
namespace {

/// Peak operations per second with `planes` bit planes (or integers) of weights, multiply and add counted apart.
double peak_tops(const Design& design, std::uint32_t planes) {
  const auto core = matrix_core_shape(design);
  const double macs = static_cast<double>(core->macs_per_fire()) / planes;
  return 2e-12 * macs * static_cast<double>(design.clock.value);
}

std::string peaks(const Design& design) {
  const auto core = matrix_core_shape(design);
  std::string out;
  for (std::uint32_t planes = 1; planes <= core->max_planes; planes *= 2)
    out += fmt::format("{}{:.3g} TOPS with {}-bit weights", out.empty() ? "" : ", ", peak_tops(design, planes),
                       planes * core->weight_bits);
  return out;
}

double bytes_per_second(const Design& design, const WeightStream& stream) {
  return stream.bytes_per_cycle * static_cast<double>(design.clock.value);
}

/// Units, largest first, and below each its components.
std::string area_tree(const SizedArea& area) {
  std::vector<std::pair<std::string, double>> units;
  for (const SizedArea::Part& part : area.parts) {
    const auto found = std::find_if(units.begin(), units.end(), [&](const auto& u) { return u.first == part.unit; });
    if (found == units.end())
      units.emplace_back(part.unit, part.um2);
    else
      found->second += part.um2;
  }
  const auto larger = [](const auto& a, const auto& b) { return a.second > b.second; };
  std::stable_sort(units.begin(), units.end(), larger);
  TextTable table("lrr");
  for (const auto& [unit, um2] : units) {
    table.add({unit, human_area(um2), human_share(um2 / area.cells)});
    std::vector<std::pair<std::string, double>> components;
    for (const SizedArea::Part& part : area.parts)
      if (part.unit == unit && !part.component.empty()) components.emplace_back(part.component, part.um2);
    std::stable_sort(components.begin(), components.end(), larger);
    if (components.size() < 2) continue;
    for (const auto& [component, size] : components)
      table.add({"  " + component, human_area(size), human_share(size / area.cells)});
  }
  return table.text("    ");
}

std::string limit_text(const SizeLimit& limit, double value) {
  return limit.name == "bandwidth" ? human_rate(value) : human_area(value);
}

std::string binding(const SizeQuestion& question, const SizeAnswer& answer) {
  const SizedDesign& sized = answer.sized;
  if (!sized.next) return fmt::format("the largest that {} may be", answer.key);
  std::string text = fmt::format("{} would take", sized.next->value);
  std::size_t i = 0;
  for (const auto& [name, written] :
       {std::pair<const char*, std::string>{"area", question.area}, {"bandwidth", question.bandwidth}}) {
    if (written.empty()) continue;
    text += fmt::format("{} {}", i == 0 ? "" : " and", limit_text({name, 0, {}}, sized.next->measures[i]));
    ++i;
  }
  return text;
}

}  // namespace

std::string size_report(const SizeQuestion& question, const SizeAnswer& answer) {
  const SizedDesign& sized = answer.sized;
  const SizedArea& area = answer.area;
  std::string out = fmt::format("{}: {}={}\n", answer.name, answer.key, sized.chosen.value);
  TextTable table("ll");
  table.add({"next", fmt::format("{} ({} values in {}..{} are legal)", binding(question, answer), sized.values,
                                 sized.least, sized.most)});
  if (area.known) {
    const std::string limit = " (at most " + question.area + ")";
    table.add({"area", fmt::format("{} of cells{}, {}..{}{}", human_area(area.cells),
                                   question.area.empty() || question.layout ? "" : limit, human_area(area.low),
                                   human_area(area.high), area.without.empty() ? "" : "; without " + area.without)});
    if (area.layout > 0)
      table.add({"layout", human_area(area.layout) + (question.area.empty() || !question.layout ? "" : limit)});
  }
  table.add({"peak", peaks(sized.design)});
  table.add(
      {"weights", answer.stream.obstacle.empty()
                      ? fmt::format("{} at full rate ({}, {} for {} of activations{})",
                                    human_rate(bytes_per_second(sized.design, answer.stream)), answer.format,
                                    "fetched once", question.m == 1 ? "a row" : fmt::format("{} rows", question.m),
                                    question.bandwidth.empty() ? "" : "; at most " + question.bandwidth)
                      : "none: " + answer.stream.obstacle});
  std::string command = "lutetia explain " + answer.name;
  for (const std::string& set : answer.sets) command += " --set " + set;
  table.add({"again", fmt::format("{} --set {}={}", command, answer.key, sized.chosen.value)});
  for (const std::string& note : area.notes) table.add({"note", note});
  out += table.text();
  if (area.known && !area.parts.empty()) out += "  tree of cells\n" + area_tree(area);
  return out;
}

std::string size_table(const std::vector<SizeAnswer>& answers) {
  if (answers.size() < 2) return "";
  TextTable table("llrrrrr");
  const std::uint32_t planes = 2;
  table.add({"design", "key", "cells", "layout", "TOPS, 2-bit", "TOPS/mm2", "weights"});
  for (const SizeAnswer& a : answers) {
    const auto core = matrix_core_shape(a.sized.design);
    // Cores of integers take two bits at the rate of any; cores of three ternary weights take them at once.
    const double tops = peak_tops(a.sized.design, core->max_planes >= planes ? planes : 1);
    table.add({a.name, fmt::format("{}={}", a.key, a.sized.chosen.value), a.area.known ? human_area(a.area.cells) : "-",
               a.area.layout > 0 ? human_area(a.area.layout) : "-", fmt::format("{:.3g}", tops),
               a.area.known ? fmt::format("{:.3g}", tops / (a.area.cells * 1e-6)) : "-",
               a.stream.obstacle.empty() ? human_rate(bytes_per_second(a.sized.design, a.stream)) : "-"});
  }
  return "side by side\n" + table.text();
}

}  // namespace lutetia
