// Energy of DRAM devices from data-sheet currents (IDD and IPP), what was counted, and the time. The formulas are those
// of DRAMPower 6 for its core (Chandrasekar et al.; Jung et al.): each command is priced by what its current adds to
// the standby that flows anyway, standby by how long ranks and banks were open. Two decisions of our own: a refresh is
// priced above precharged standby, because ranks count as precharged meanwhile, so that its total is VDD IDD5B tRFC;
// and a speed without currents has no energy rather than a guessed one.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "memory/dram/dram_counts.h"

namespace lutetia {

struct DramEnergy {
  std::vector<std::pair<std::string, double>> parts;  ///< picojoules, all devices of all channels
  double total_pj = 0;                                ///< sum of the parts
};

/// Of `counts` over all channels up to `end`. Nothing if the speed has no currents.
std::optional<DramEnergy> dram_energy(const DramSpec& spec, const DramCounts& counts, Cycle end);

}  // namespace lutetia
