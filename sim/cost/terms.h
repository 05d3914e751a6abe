// Evaluates the terms of a technology for the parameters of one unit.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cost/technology.h"

namespace lutetia {

/// Values of parameters and names.
using CostValues = std::map<std::string, std::int64_t>;

/// Adds the names, in order, to the values. Empty if good, else which one does not evaluate, and why.
std::string add_names(const std::vector<std::pair<std::string, std::string>>& names, CostValues& values);

/// Sum of the terms. `error` is set, and 0 returned, if one does not evaluate.
double evaluate(const CostTerms& terms, const CostValues& values, std::string& error);

}  // namespace lutetia
