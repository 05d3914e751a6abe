#include "report/compare_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/nearest.h"
#include "report/human.h"

namespace lutetia {
namespace {

/// Relative difference of busy cycles from which on a reader is told.
constexpr double kUnpricedDifference = 0.02;

bool same_workload(const ComparedResult& a, const ComparedResult& b) {
  return a.workload_digest == b.workload_digest;
}

/// "energy of a, b: not calibrated": what is missing, said once per reason; and what totals are without.
void note_estimates(const std::vector<ComparedResult>& results, const char* what, Estimate ComparedResult::*member,
                    std::vector<std::string>& notes) {
  std::vector<std::pair<std::string, std::vector<std::string>>> said;
  const auto say = [&](const std::string& text, const std::string& label) {
    for (auto& [earlier, labels] : said)
      if (earlier == text) return labels.push_back(label);
    said.push_back({text, {label}});
  };
  for (const ComparedResult& r : results) {
    const Estimate& e = r.*member;
    if (!e.known())
      say(e.reason + (r.technology == "none" ? " (the design names no technology)" : ""), r.label);
    else if (e.status == Estimate::Status::kPartial)
      say(e.excluded.empty() ? "partial" : completeness(e) + " (no price)", r.label);
  }
  for (const auto& [text, labels] : said) notes.push_back(fmt::format("{} of {}: {}", what, joined(labels), text));
  const Estimate& first = results.front().*member;
  for (const ComparedResult& r : results) {
    const Estimate& e = r.*member;
    if (e.known() && first.known() && e.excluded != first.excluded)
      notes.push_back(fmt::format("{} of {} and {} are sums over different parts: their ratios are not comparable",
                                  what, r.label, results.front().label));
  }
}

/// A part without a price may do more in one design than in the other: then the ratio of energies leaves that out.
void note_unpriced_work(const ComparedResult& r, const ComparedResult& baseline, std::vector<std::string>& notes) {
  if (r.energy.excluded != baseline.energy.excluded || !same_workload(r, baseline)) return;
  for (const auto& [part, cycles] : r.unpriced_cycles) {
    const auto other = baseline.unpriced_cycles.find(part);
    if (other == baseline.unpriced_cycles.end()) continue;
    const auto mine = static_cast<double>(cycles), theirs = static_cast<double>(other->second);
    if (std::abs(mine - theirs) > kUnpricedDifference * std::max(mine, theirs))
      notes.push_back(
          fmt::format("{} has no price and is busy for {} cycles in {}, {} in {}: ratios of energy leave "
                      "that difference out",
                      part, human_count(mine), r.label, human_count(theirs), baseline.label));
  }
}

/// "time 1.25x less (1.18x..1.33x)".
std::string distance(const Metric& metric, const MetricRatio& r) {
  const bool less = r.value < 1;
  const double value = less ? 1 / r.value : r.value, low = less ? 1 / r.high : r.low, high = less ? 1 / r.low : r.high;
  return fmt::format("{} {} {}", metric.title, ratio_text(value, low, high), less ? "less" : "more");
}

void add_part(const std::string& words, const std::vector<std::string>& items, std::string& sentence) {
  if (items.empty()) return;
  sentence += (sentence.empty() ? "" : "; ") + words;
  for (std::size_t i = 0; i < items.size(); ++i) sentence += (i == 0 ? " " : ", ") + items[i];
}

}  // namespace

bool same_technology(const ComparedResult& a, const ComparedResult& b) {
  return a.technology == b.technology && a.technology_sha256 == b.technology_sha256;
}

std::string completeness(const Estimate& estimate) {
  return estimate.excluded.empty() ? "complete" : "without " + joined(estimate.excluded);
}

std::string ratio_number(double ratio) {
  if (ratio >= 99.95 || ratio < 0.00995) return fmt::format("{:.3g}", ratio);
  return fmt::format("{:.{}f}", ratio, ratio >= 9.995 ? 1 : ratio >= 0.0995 ? 2 : 3);
}

std::string exact_ratio_number(double ratio) {
  const double distance = std::abs(ratio - 1);
  return distance > 1e-12 && distance < 0.1 ? fmt::format("{:.4f}", ratio) : ratio_number(ratio);
}

std::string three_digits(double value) {
  if (value >= 999.5) return human_count(value);
  if (value < 0.9995) return fmt::format("{:#.3g}", value);
  const int digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f}", value, digits);
}

std::string ratio_text(double value, double low, double high) {
  if (low == high) return exact_ratio_number(value) + "x";
  return fmt::format("{}x ({}..{})", ratio_number(value), ratio_number(low), ratio_number(high));
}

std::vector<std::string> comparison_notes(const Comparison& c) {
  const std::vector<ComparedResult>& results = c.results;
  const ComparedResult& baseline = results.front();
  std::vector<std::string> notes;
  for (const ComparedResult& r : results) {
    if (r.broken) notes.push_back(fmt::format("{} broke a law or computed wrong values: do not trust it", r.label));
    if (!same_workload(r, baseline))
      notes.push_back(fmt::format("{} ran another workload than {}: ratios of cycles, time, energy and EDP mean little",
                                  r.label, baseline.label));
    if (r.version != baseline.version)
      notes.push_back(
          fmt::format("{} is of lutetia {}, {} of {}", r.label, r.version, baseline.label, baseline.version));
  }
  note_estimates(results, "energy", &ComparedResult::energy, notes);
  note_estimates(results, "area", &ComparedResult::area, notes);
  for (const ComparedResult& r : results) {
    const bool both = r.technology != "none" && baseline.technology != "none";
    if (both && r.technology == baseline.technology && !same_technology(r, baseline))
      notes.push_back(
          fmt::format("{} and {} were priced by different calibrations of {}: intervals are those of the "
                      "absolute estimates",
                      r.label, baseline.label, r.technology));
    note_unpriced_work(r, baseline, notes);
    if (both && r.technology != baseline.technology)
      notes.push_back(fmt::format("{} is in {}, {} in {}: intervals are those of the absolute estimates", r.label,
                                  r.technology, baseline.label, baseline.technology));
    if ((r.energy.known() && r.energy.fit_error < 0) || (r.area.known() && r.area.fit_error < 0))
      notes.push_back(fmt::format(
          "{} does not tell the errors of its fits: intervals are those of the absolute estimates", r.label));
  }
  return notes;
}

std::vector<std::string> comparison_summary(const Comparison& c, bool headlines) {
  std::vector<std::string> out;
  for (std::size_t i = 1; i < c.results.size(); ++i) {
    const bool same = same_workload(c.results[i], c.results.front());
    std::vector<std::string> better, worse, equal, close, other;
    for (const MetricRow& row : c.rows) {
      const Metric& metric = *row.metric;
      // Different workloads: rates per token in place of times and energies.
      const bool said = same ? metric.headline : !metric.per_run && (metric.headline || metric.per_token);
      if (headlines && !said) continue;
      const MetricRatio& r = row.cells[i].ratio;
      switch (r.verdict) {
        case Verdict::kBetter: better.push_back(distance(metric, r)); break;
        case Verdict::kWorse: worse.push_back(distance(metric, r)); break;
        case Verdict::kEqual: equal.push_back(metric.title); break;
        case Verdict::kTooClose: close.push_back(metric.title); break;
        case Verdict::kNotComparable: other.push_back(metric.title); break;
        default: break;
      }
    }
    std::string sentence;
    add_part("better in", better, sentence);
    add_part("worse in", worse, sentence);
    add_part("equal in", equal, sentence);
    add_part("too close to tell in", close, sentence);
    add_part("not comparable in", other, sentence);
    if (sentence.empty()) sentence = "nothing to compare";
    out.push_back(fmt::format("{} against {}: {}", c.results[i].label, c.results.front().label, sentence));
  }
  return out;
}

}  // namespace lutetia
