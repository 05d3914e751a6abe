// The pieces of technology.cpp that read the larger sections of a file.
#pragma once
#include "cost/map_reader.h"
#include "cost/technology.h"
#include "cost/terms.h"

namespace lutetia {

/// Reads {"expression": coefficient, ...}; each must evaluate for all of `samples`.
void read_terms(MapReader map, const std::vector<CostValues>& samples, CostTerms& out);

/// The map of units, of components, and of events of a file.
void read_units(MapReader map, std::vector<UnitTechnology>& out);
void read_sram(MapReader map, SramTechnology& out);
void read_dram(MapReader map, std::map<std::string, DramTechnology>& out);

}  // namespace lutetia
