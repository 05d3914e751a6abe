// `lutetia switching --drive`: energy of a block that has no streams, its ports driven and compared from a file.
#pragma once
#include <string>

#include "gates/netlist_vectors.h"
#include "gates/switching_run.h"

namespace lutetia {

/// Of the bench's result the cycles, the outputs compared (as transfers), and what went wrong. Events are cycles, and
/// cycles in which a one-bit input was 1.
void run_driven(const NetlistVectors& vectors, const std::string& workload, const Netlist& netlist,
                const std::string& netlist_file, const CellLibrary& library, const GateLevelUnit::Options& options,
                SwitchingResult& out);

}  // namespace lutetia
