#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/compare_report.h"
#include "report/compare_words.h"
#include "report/provenance.h"
#include "report/text_table.h"

namespace lutetia {
namespace {

/// Others that stand beside the baseline in one block of the table.
constexpr std::size_t kBesides = 2;
constexpr const char* kTooCloseMark = "~";
constexpr const char* kPartialMark = "*";

struct Scale {
  double factor = 1;
  std::string unit;
};

/// 1.23e-3 J is written in mJ.
Scale scale_of(double value, const std::string& unit) {
  if (unit == "mm2") return value >= 0.00995 ? Scale{1, "mm2"} : Scale{1e6, "um2"};
  if (unit != "J" && unit != "W" && unit != "s" && unit != "J s") return {};
  static const std::array<const char*, 8> prefixes = {"p", "n", "u", "m", "", "k", "M", "G"};
  const double thousands = std::floor(std::log10(value * 1.0005) / 3);
  const int index = std::clamp(static_cast<int>(thousands) + 4, 0, 7);
  return {std::pow(1000, 4 - index), prefixes[static_cast<std::size_t>(index)] + unit};
}

std::string value_text(const Metric& metric, const MetricValue& v) {
  if (!v.known) return "-";
  const Scale scale = scale_of(v.value, metric.unit);
  const std::string mark = v.partial ? kPartialMark : "";
  if (scale.unit.empty()) return three_digits(v.value) + mark;
  return fmt::format("{}{} {}", three_digits(v.value * scale.factor), mark, scale.unit);
}

/// Of an estimate itself: what the absolute number is worth.
std::string interval_text(const Metric& metric, const MetricValue& v) {
  if (!v.known || v.low == v.high) return "";
  const Scale scale = scale_of(v.value, metric.unit);
  const std::string range = three_digits(v.low * scale.factor) + ".." + three_digits(v.high * scale.factor);
  return range + (scale.unit.empty() ? "" : " ") + scale.unit;
}

std::string verdict_text(const MetricRatio& r) {
  if (r.verdict == Verdict::kTooClose) return kTooCloseMark;
  return r.verdict == Verdict::kNone ? "" : name(r.verdict);
}

std::string ratio_of(const MetricRatio& r) {
  if (!r.known()) return "-";
  return (r.low == r.high ? exact_ratio_number(r.value) : ratio_number(r.value)) + "x";
}

std::string range_of(const MetricRatio& r) {
  return !r.known() || r.low == r.high ? "" : ratio_number(r.low) + ".." + ratio_number(r.high);
}

std::string technology_text(const ComparedResult& r) {
  return r.technology + (r.technology_kind.empty() ? "" : " (" + r.technology_kind + ")");
}

std::string header(const Comparison& c) {
  TextTable table("llll");
  for (const ComparedResult& r : c.results)
    table.add({r.label, r.folder, "technology " + technology_text(r),
               r.workload + (&r == &c.results.front() ? "; the baseline" : "")});
  return table.text();
}

/// Whether a line of absolute intervals stands below the metric: of energy and area, from which the others follow.
bool shows_interval(const MetricRow& row) {
  const std::string name = row.metric->name;
  return name == "energy" || name == "area";
}

std::string block(const Comparison& c, std::size_t first, std::size_t end) {
  std::string alignment = "lr";
  std::vector<std::string> titles = {"", c.results.front().label};
  for (std::size_t i = first; i < end; ++i) {
    alignment += "rrll";
    titles.insert(titles.end(), {c.results[i].label, "ratio", "range", ""});
  }
  TextTable table(alignment);
  table.add(titles);
  for (const MetricRow& row : c.rows) {
    std::vector<std::string> line = {row.metric->title, value_text(*row.metric, row.cells.front().value)};
    std::vector<std::string> below = {"", interval_text(*row.metric, row.cells.front().value)};
    for (std::size_t i = first; i < end; ++i) {
      const MetricCell& cell = row.cells[i];
      line.insert(line.end(), {value_text(*row.metric, cell.value), ratio_of(cell.ratio), range_of(cell.ratio),
                               verdict_text(cell.ratio)});
      below.insert(below.end(), {interval_text(*row.metric, cell.value), "", "", ""});
    }
    table.add(line);
    const bool any = std::any_of(below.begin(), below.end(), [](const std::string& cell) { return !cell.empty(); });
    if (shows_interval(row) && any) table.add(below);
  }
  return table.text();
}

template <class Found>
bool any_cell(const Comparison& c, Found found) {
  return std::any_of(c.rows.begin(), c.rows.end(),
                     [&](const MetricRow& row) { return std::any_of(row.cells.begin(), row.cells.end(), found); });
}

std::vector<std::string> legend(const Comparison& c) {
  std::vector<std::string> out;
  if (any_cell(c, [](const MetricCell& cell) { return cell.ratio.verdict == Verdict::kTooClose; }))
    out.push_back(fmt::format("{}  too close to tell: the range of the ratio contains 1", kTooCloseMark));
  if (any_cell(c, [](const MetricCell& cell) { return cell.value.partial; }))
    out.push_back(fmt::format("{}  without parts that have no price (notes)", kPartialMark));
  return out;
}

std::string section(const std::string& title, const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += "  " + line + "\n";
  return out.empty() ? "" : title + "\n" + out;
}

/// A text as a cell of a Markdown table.
std::string markdown(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '*' || c == '~' || c == '_' || c == '<' || c == '`') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string compare_table(const Comparison& c) {
  std::string out = fmt::format("lutetia {}: comparison with {}\n", kSimulatorVersion, c.results.front().label);
  out += header(c) + "metrics (ratio: over the baseline)\n";
  if (c.results.size() == 1) out += block(c, 1, 1);
  for (std::size_t i = 1; i < c.results.size(); i += kBesides)
    out += (i > 1 ? "\n" : "") + block(c, i, std::min(i + kBesides, c.results.size()));
  return out + section("marks", legend(c)) + section("notes", c.notes) + section("summary", c.summary);
}

std::string compare_markdown(const Comparison& c) {
  const auto row_text = [](const std::vector<std::string>& cells) {
    std::string line = "|";
    for (const std::string& cell : cells) line += " " + markdown(cell) + " |";
    return line + "\n";
  };
  std::vector<std::string> titles = {"", c.results.front().label};
  std::string rule = "|---|---:|";
  for (std::size_t i = 1; i < c.results.size(); ++i) {
    titles.insert(titles.end(), {c.results[i].label, "ratio"});
    rule += "---:|:---|";
  }
  std::string out = row_text(titles) + rule + "\n";
  for (const auto& [title, text] : {std::pair<const char*, std::string (*)(const ComparedResult&)>{
                                        "technology", [](const ComparedResult& r) { return technology_text(r); }},
                                    {"workload", [](const ComparedResult& r) { return r.workload; }}}) {
    std::vector<std::string> line = {title, text(c.results.front())};
    for (std::size_t i = 1; i < c.results.size(); ++i) line.insert(line.end(), {text(c.results[i]), ""});
    out += row_text(line);
  }
  for (const MetricRow& row : c.rows) {
    std::vector<std::string> line = {row.metric->title, value_text(*row.metric, row.cells.front().value)};
    for (std::size_t i = 1; i < c.results.size(); ++i) {
      const MetricRatio& r = row.cells[i].ratio;
      std::string ratio = r.known() ? ratio_text(r.value, r.low, r.high) : "-";
      if (const std::string verdict = verdict_text(r); !verdict.empty()) ratio += " " + verdict;
      line.insert(line.end(), {value_text(*row.metric, row.cells[i].value), ratio});
    }
    out += row_text(line);
  }
  std::vector<std::string> lines = legend(c);
  lines.insert(lines.end(), c.notes.begin(), c.notes.end());
  lines.insert(lines.end(), c.summary.begin(), c.summary.end());
  for (std::size_t i = 0; i < lines.size(); ++i) out += (i == 0 ? "\n- " : "- ") + markdown(lines[i]) + "\n";
  return out;
}

}  // namespace lutetia
