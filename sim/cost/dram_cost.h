// Main memory: energy per bit by standard, where nothing better is known. What data-sheet currents tell of DDR4 and
// DDR5 comes ready from the memory and is only entered.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "cost/cost_report.h"
#include "cost/technology.h"

namespace lutetia {

/// `bits` that passed the memory's pins.
inline void add_dram_bits(const DramTechnology& t, double bits, CostReport& report) {
  report.energy.push_back({"memory",
                           "data",
                           "bit",
                           CostKind::kMemory,
                           CostLevel::kDram,
                           bits,
                           {bits * t.pj_per_bit, bits * t.low, bits * t.high, 0},
                           false,
                           t.source});
}

/// Picojoules by what they were spent on; standby and refresh go on without any request.
inline void add_dram_currents(const std::vector<std::pair<std::string, double>>& parts, CostReport& report) {
  for (const auto& [part, pj] : parts) {
    const bool always = part.rfind("standby", 0) == 0 || part == "refresh";
    report.energy.push_back({"memory",
                             part,
                             always ? "time" : "command",
                             always ? CostKind::kStatic : CostKind::kMemory,
                             CostLevel::kDram,
                             always ? report.seconds : 0,
                             {pj, pj, pj, 0},
                             false,
                             "currents of the data sheet, without an interval"});
  }
}

}  // namespace lutetia
