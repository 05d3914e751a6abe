// A comparison as a text for people, a table for a document, and files for programs.
#pragma once
#include <string>

#include "report/compare.h"

namespace lutetia {

/// Designs side by side, as many as fit a line, then notes, a legend and the summary.
std::string compare_table(const Comparison& comparison);
std::string compare_markdown(const Comparison& comparison);
/// A line per metric and result, exact numbers.
std::string compare_csv(const Comparison& comparison);
std::string compare_json(const Comparison& comparison);

}  // namespace lutetia
