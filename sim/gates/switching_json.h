// What `lutetia switching` writes.
#pragma once
#include <string>
#include <vector>

#include "gates/switching_run.h"

namespace lutetia {

inline constexpr int kSwitchingSchema = 1;

std::string switching_json(const SwitchingTask& task, const GateLevelUnit& unit, const Netlist& netlist,
                           const std::string& netlist_file, const CellLibrary& library,
                           const GateLevelUnit::Options& options, const BenchResult& result,
                           const std::vector<SwitchingWindow>& windows);

/// Every net that a cell or an input port drives, in the order of the netlist.
std::string switching_nets_csv(const GateLevelUnit& unit, const Netlist& netlist);

}  // namespace lutetia
