#include "report/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/compare_words.h"

namespace lutetia {
namespace {

constexpr double kJoulesPerPicojoule = 1e-12;
constexpr double kSquareMillimetresPerSquareMicron = 1e-6;

double rate(double amount, double seconds) {
  return seconds > 0 ? amount / seconds : 0;
}

double phase_rate(const ComparedResult& r, const std::string& name) {
  for (const ComparedPhase& phase : r.phases)
    if (phase.name == name) return rate(static_cast<double>(phase.tokens), phase.seconds);
  return 0;
}

/// What the metric is besides its basis, in the units of the table of metrics; 0 = unknown.
double factor(const Metric& metric, const ComparedResult& r) {
  const std::string name = metric.name;
  const double operations = 2 * static_cast<double>(r.macs), tokens = static_cast<double>(r.tokens());
  if (name == "cycles") return static_cast<double>(r.cycles);
  if (name == "time") return r.seconds;
  if (name == "tokens_per_s") return rate(tokens, r.seconds);
  if (name == "prefill_tokens_per_s") return phase_rate(r, "prefill");
  if (name == "decode_tokens_per_s") return phase_rate(r, "decode");
  if (name == "tops") return rate(operations, r.seconds) * 1e-12;
  if (name == "energy") return kJoulesPerPicojoule;
  if (name == "power") return rate(kJoulesPerPicojoule, r.seconds);
  if (name == "tops_per_watt") return operations;  // per picojoule: 1e12 per second and watt
  if (name == "tokens_per_j") return tokens / kJoulesPerPicojoule;
  if (name == "edp") return kJoulesPerPicojoule * r.seconds;
  if (name == "area") return kSquareMillimetresPerSquareMicron;
  if (name == "layout") return r.area.known() ? r.layout / r.area.value * kSquareMillimetresPerSquareMicron : 0;
  if (name == "tops_per_mm2") return rate(operations, r.seconds) * 1e-12 / kSquareMillimetresPerSquareMicron;
  return 0;
}

const char* missing_factor(const Metric& metric) {
  const std::string name = metric.name;
  if (name.rfind("prefill", 0) == 0) return "no prefill, or its tokens are not told";
  if (name.rfind("decode", 0) == 0) return "no decode, or its tokens are not told";
  if (name.rfind("tokens", 0) == 0) return "the trace does not tell its tokens";
  return name == "layout" ? "not in the result" : "nothing ran";
}

/// Null of exact metrics.
const Estimate* estimate_of(const Metric& metric, const ComparedResult& r) {
  return metric.basis == Basis::kEnergy ? &r.energy : metric.basis == Basis::kArea ? &r.area : nullptr;
}

MetricValue value_of(const Metric& metric, const ComparedResult& r) {
  MetricValue out;
  const Estimate* estimate = estimate_of(metric, r);
  if (estimate != nullptr && !estimate->known()) return out.reason = estimate->reason, out;
  const double k = factor(metric, r);
  if (!(k > 0)) return out.reason = missing_factor(metric), out;
  out.value = out.low = out.high = k;
  if (estimate != nullptr) {
    const bool inverse = metric.power < 0;
    out.value = inverse ? k / estimate->value : k * estimate->value;
    out.low = inverse ? k / estimate->high : k * estimate->low;
    out.high = inverse ? k / estimate->low : k * estimate->high;
    out.partial = estimate->status == Estimate::Status::kPartial;
  }
  out.known = std::isfinite(out.high) && out.low > 0;
  if (!out.known) out.reason = "out of range";
  return out;
}

Verdict verdict_of(const Metric& metric, const MetricRatio& r) {
  if (r.low == r.high && std::abs(r.value - 1) < 1e-12) return Verdict::kEqual;
  if (r.low <= 1 && r.high >= 1) return Verdict::kTooClose;
  return (r.value < 1) == metric.less_is_better ? Verdict::kBetter : Verdict::kWorse;
}

MetricRatio ratio_of(const Metric& metric, const ComparedResult& result, const MetricValue& mine,
                     const ComparedResult& baseline, const MetricValue& other) {
  MetricRatio out;
  if (!mine.known || !other.known) return out.reason = mine.known ? other.reason : mine.reason, out;
  const Estimate* a = estimate_of(metric, result);
  const Estimate* b = estimate_of(metric, baseline);
  if (a != nullptr && a->excluded != b->excluded) {
    out.verdict = Verdict::kNotComparable;
    out.reason = fmt::format("one is {}, the baseline {}", completeness(*a), completeness(*b));
    return out;
  }
  out.value = out.low = out.high = mine.value / other.value;
  // A result beside itself has no error of its own.
  if (a != nullptr && (result.digest != baseline.digest || mine.value != other.value)) {
    const MetricRatio basis = estimate_ratio(*a, *b, same_technology(result, baseline), metric.basis == Basis::kEnergy);
    const bool inverse = metric.power < 0;
    out.low *= inverse ? basis.value / basis.high : basis.low / basis.value;
    out.high *= inverse ? basis.value / basis.low : basis.high / basis.value;
  }
  if (!std::isfinite(out.high) || !(out.low > 0)) return out.reason = "out of range", out;
  out.verdict = verdict_of(metric, out);
  return out;
}

bool any_has_two_phases(const std::vector<ComparedResult>& results) {
  return std::any_of(results.begin(), results.end(), [](const ComparedResult& r) { return r.phases.size() == 2; });
}

}  // namespace

const std::vector<Metric>& compared_metrics() {
  using B = Basis;
  static const std::vector<Metric> metrics = {
      {"cycles", "cycles", "cycles", B::kExact, 1, true, true, false, false},
      {"time", "time", "s", B::kExact, 1, true, true, true, false},
      {"tokens_per_s", "tokens/s", "tokens/s", B::kExact, 1, false, false, false, true},
      {"prefill_tokens_per_s", "prefill tokens/s", "tokens/s", B::kExact, 1, false, false, false, true},
      {"decode_tokens_per_s", "decode tokens/s", "tokens/s", B::kExact, 1, false, false, false, true},
      {"tops", "TOPS", "TOPS", B::kExact, 1, false, false, false, false},
      {"energy", "energy", "J", B::kEnergy, 1, true, true, true, false},
      {"power", "power", "W", B::kEnergy, 1, true, false, false, false},
      {"tops_per_watt", "TOPS/W", "TOPS/W", B::kEnergy, -1, false, false, false, false},
      {"tokens_per_j", "tokens/J", "tokens/J", B::kEnergy, -1, false, false, false, true},
      {"edp", "EDP", "J s", B::kEnergy, 1, true, true, true, false},
      {"area", "cell area", "mm2", B::kArea, 1, true, false, true, false},
      {"layout", "layout area", "mm2", B::kArea, 1, true, false, false, false},
      {"tops_per_mm2", "TOPS/mm2", "TOPS/mm2", B::kArea, -1, false, false, true, false},
  };
  return metrics;
}

const char* name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kNone: return "unknown";
    case Verdict::kBaseline: return "baseline";
    case Verdict::kBetter: return "better";
    case Verdict::kWorse: return "worse";
    case Verdict::kEqual: return "equal";
    case Verdict::kTooClose: return "too close to tell";
    case Verdict::kNotComparable: return "not comparable";
  }
  return "";
}

MetricRatio estimate_ratio(const Estimate& a, const Estimate& b, bool same_technology, bool energy) {
  MetricRatio out;
  out.value = a.value / b.value;
  if (!same_technology || a.fit_error < 0 || b.fit_error < 0) {
    out.low = a.low / b.high;
    out.high = a.high / b.low;
    return out;
  }
  const double own = std::hypot(a.fit_error, b.fit_error, energy ? kVectorError : 0.0);
  const double above = std::abs(a.high / a.value - b.high / b.value);
  const double below = std::abs(a.low / a.value - b.low / b.value);
  const double widening = (1 + own) * (1 + std::max(above, below) / 2);
  out.low = out.value / widening;
  out.high = out.value * widening;
  return out;
}

Comparison compare(std::vector<ComparedResult> results, const std::vector<const Metric*>& metrics) {
  Comparison out;
  out.results = std::move(results);
  const ComparedResult& baseline = out.results.front();
  for (const Metric& metric : compared_metrics()) {
    const bool asked = std::find(metrics.begin(), metrics.end(), &metric) != metrics.end();
    if (!metrics.empty() && !asked) continue;
    MetricRow row{&metric, {}};
    bool any = asked || metric.basis != Basis::kExact;  // that there is no energy must be seen
    const bool phase = std::string(metric.name).find("_tokens") != std::string::npos;
    if (phase && !asked && !any_has_two_phases(out.results)) continue;  // it would be the row above again
    for (const ComparedResult& result : out.results) {
      MetricCell cell;
      cell.value = value_of(metric, result);
      any = any || cell.value.known;
      if (&result == &baseline)
        cell.ratio.verdict = Verdict::kBaseline;
      else
        cell.ratio = ratio_of(metric, result, cell.value, baseline, row.cells.front().value);
      row.cells.push_back(std::move(cell));
    }
    if (any) out.rows.push_back(std::move(row));
  }
  out.notes = comparison_notes(out);
  out.summary = comparison_summary(out, metrics.empty());
  return out;
}

}  // namespace lutetia
