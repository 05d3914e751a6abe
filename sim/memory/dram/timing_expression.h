// Latency expressions of constraint rows: "CL + BL + 2 - CWL", "max(tCCD_L, BL)". Whole numbers of cycles.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace lutetia {

struct TimingValue {
  std::int64_t cycles = 0;
  std::string error;                 ///< empty if good
  std::vector<std::string> unknown;  ///< names without a value; then `error` says so
};

/// Sums of timings, whole numbers, parentheses, max(a, b, ...) and min(a, b, ...), by the rules of config/expression.h.
/// Never throws; a value beyond +-2^31 is an error.
TimingValue evaluate_timing(const std::string& expression, const std::map<std::string, std::uint32_t>& timings);

}  // namespace lutetia
