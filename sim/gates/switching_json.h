// What `lutetia switching` writes.
#pragma once
#include <string>
#include <vector>

#include "cosim/bench.h"
#include "gates/gate_level_unit.h"

namespace lutetia {

inline constexpr int kSwitchingSchema = 1;

/// A finished measurement.
struct SwitchingRecord {
  std::string unit, workload;
  RtlParameters parameters;
  std::vector<std::string> events;
  std::vector<SwitchingWindow> windows;
  LoadOptions loads;
  BenchResult result;
};

std::string switching_json(const SwitchingRecord& record, const Netlist& netlist, const std::string& netlist_file,
                           const CellLibrary& library, const SwitchingEnergy& energy);

/// Every net that a cell or an input port drives, in the order of the netlist.
std::string switching_nets_csv(const SwitchingEnergy& energy, const Netlist& netlist);

}  // namespace lutetia
