// What a comparison says in sentences: notes that a reader must know, and the summary.
#pragma once
#include <string>
#include <vector>

#include "report/compare.h"

namespace lutetia {

/// The same file: a technology that was calibrated anew in between is another one.
bool same_technology(const ComparedResult& a, const ComparedResult& b);

/// "complete" or "without attention, vector".
std::string completeness(const Estimate& estimate);

/// "1.25x (1.18..1.33)"; without the interval if exact.
std::string ratio_text(double value, double low, double high);
/// "1.17": of a ratio.
std::string ratio_number(double ratio);
/// The same for one that is exact: close to 1, "1.0004".
std::string exact_ratio_number(double ratio);
/// "1.23 k", "123", "0.0123": three digits of a value.
std::string three_digits(double value);

std::vector<std::string> comparison_notes(const Comparison& comparison);

/// `headlines`: only of the metrics from which the others follow.
std::vector<std::string> comparison_summary(const Comparison& comparison, bool headlines);

}  // namespace lutetia
