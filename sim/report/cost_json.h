// Area and energy in result.json: keys `technology`, `energy_pj` and `area_um2`.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "cost/cost_report.h"

namespace lutetia {

/// Replaces what stands there for runs without a technology.
void add_cost(const CostReport& cost, nlohmann::ordered_json& document);

}  // namespace lutetia
