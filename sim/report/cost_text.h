// Area and energy for people: what is known, within which interval, and by name what is not.
#pragma once
#include <string>

#include "accelerator/run.h"

namespace lutetia {

/// "osu018, 180 nm, native: ...".
std::string technology_line(const CostReport& cost);
/// The tree of units and components with cell areas and a layout estimate; what is excluded.
std::string area_text(const CostReport& cost);
/// Area and energy of a run.
std::string cost_text(const CostReport& cost, const RunResult& result);

/// "12.3 mm2", "456 um2".
std::string human_area(double um2);
/// "1.23 mJ", "4.56 pJ".
std::string human_energy(double pj);

}  // namespace lutetia
