// Results beside each other: metrics, their ratios to a baseline, and how far each ratio can be trusted. Pure functions
// of what compared_result.h reads; compare_text.h and compare_files.h print them.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "report/compared_result.h"

namespace lutetia {

/// What a metric hangs on. Cycles are exact; a metric is an exact factor times an estimate or over it.
enum class Basis { kExact, kEnergy, kArea };

struct Metric {
  const char* name;   ///< as on the command line, in CSV and JSON
  const char* title;  ///< in tables
  const char* unit;   ///< of values in CSV and JSON
  Basis basis;
  int power;  ///< +1: proportional to the estimate, -1: to its inverse
  bool less_is_better;
  bool per_run;    ///< grows with the workload: means little between different ones
  bool headline;   ///< said in the summary if no metrics were asked for
  bool per_token;  ///< said in place of headlines where workloads differ
};

/// All of them, in the order of tables.
const std::vector<Metric>& compared_metrics();

struct MetricValue {
  bool known = false;
  double value = 0, low = 0, high = 0;  ///< low == high if exact
  bool partial = false;                 ///< the estimate is without some parts
  std::string reason;                   ///< why unknown
};

enum class Verdict { kNone, kBaseline, kBetter, kWorse, kEqual, kTooClose, kNotComparable };

/// "better", "too close to tell", ...
const char* name(Verdict verdict);

/// This result over the baseline.
struct MetricRatio {
  Verdict verdict = Verdict::kNone;
  double value = 0, low = 0, high = 0;
  std::string reason;  ///< of kNone and kNotComparable

  bool known() const { return verdict >= Verdict::kBetter && verdict <= Verdict::kTooClose; }
};

struct MetricCell {
  MetricValue value;
  MetricRatio ratio;
};

struct MetricRow {
  const Metric* metric = nullptr;
  std::vector<MetricCell> cells;  ///< one per result
};

struct Comparison {
  std::vector<ComparedResult> results;  ///< labelled; the baseline first
  std::vector<MetricRow> rows;
  std::vector<std::string> notes;    ///< what a reader must know to take the ratios for what they are
  std::vector<std::string> summary;  ///< a sentence per result that is not the baseline
};

/// Relative error of energies because operands differ from those of the calibration (same technology).
inline constexpr double kVectorError = 0.03;

/// `a` over `b`, both known, without a verdict. Of one technology, estimates share the node and a part of what wires
/// and glitches add: what remains is fits, vectors (energy), and half of the difference of these ranges. Of two
/// technologies, or where fits are not told: the quotient of the absolute intervals.
MetricRatio estimate_ratio(const Estimate& a, const Estimate& b, bool same_technology, bool energy);

/// `metrics` empty: all that any result has.
Comparison compare(std::vector<ComparedResult> results, const std::vector<const Metric*>& metrics);

}  // namespace lutetia
