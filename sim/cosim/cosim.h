// `lutetia cosim`: runs the RTL of units against their cycle bodies under stall patterns, and judges the numbers with
// each unit's oracle. One row per variant and stall mode. Used by the command line and by the tests.
#pragma once
#include <iosfwd>
#include <string>
#include <vector>

#include "base/problem.h"
#include "cosim/bench.h"

namespace lutetia {

struct CosimOptions {
  std::vector<std::string> units;  ///< empty: all that have RTL
  std::string variant;             ///< empty: all of the units
  std::uint64_t seed = 1;
  std::uint64_t transactions = 10'000;  ///< at least so many transfers per run
  std::vector<StallMode> stalls = {std::begin(kAllStallModes), std::end(kAllStallModes)};
  std::string waveform;                 ///< FST file of the whole run; needs one variant and one stall mode
  std::string failure_waveforms = ".";  ///< folder for the waveform of a failed run; empty = none
};

struct CosimRow {
  std::string unit, variant;
  StallMode stalls = StallMode::kNone;
  std::string replay;    ///< command line of this run
  std::string waveform;  ///< file written for it, if any
  std::vector<std::string> activities;
  BenchResult result;  ///< without outputs
};

struct CosimReport {
  Problems problems;  ///< the user's mistakes; nothing was run then
  std::vector<CosimRow> rows;
  /// Something ran, and all of it agreed.
  bool passed() const;
};

/// Prints a table, and the full story of every failure, to `log`. Never throws for a failing unit or a user's mistake.
CosimReport run_cosim(const CosimOptions& options, std::ostream& log);

}  // namespace lutetia
