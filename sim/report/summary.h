// What a report says beyond the raw results: phases, families of operators, the roofline. Pure functions of a run's
// result.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "accelerator/run.h"

namespace lutetia {

/// Tokens of all sequences, and the cycles from the end of the phase before to the end of this one.
struct Phase {
  std::string name;  ///< "prefill" or "decode"
  std::uint64_t tokens = 0;
  Cycle cycles = 0;
  LowerBounds bounds;  ///< of its operators
};

/// Prefill (step 0) and decode (steps 1..), those that the trace has. Tokens are 0 if its header does not tell.
std::vector<Phase> phases(const Trace& trace, const RunResult& result);

/// How far each operator moved the end of the run: from the completion of the one before to its own. Operators overlap
/// (the weights of the next are loaded while this one computes), so spans from start to end cannot be added up; these
/// can: they sum to the completion of the last operator.
std::vector<Cycle> elapsed_cycles(const RunResult& result);

/// Operators that do the same in every layer and step.
struct OperatorGroup {
  std::string name;  ///< without the layer's number
  std::string kind, unit;
  std::uint64_t count = 0;
  Cycle elapsed = 0;
  std::uint64_t macs = 0, bytes = 0;
  LowerBounds bounds;
};

/// "layers.3.attention.q_proj" -> "attention.q_proj".
std::string family_name(const std::string& operator_name);

/// The longest first; of equals, in order of name.
std::vector<OperatorGroup> operator_groups(const RunResult& result, const std::vector<Cycle>& elapsed);

/// An operator, and how many of its family and step took as long, within one percent: the other layers, as a rule.
struct SlowOperator {
  std::size_t index = 0;  ///< of the longest of them
  std::uint64_t alike = 1;
};

/// The `count` largest elapsed cycles; of equals, in order of the workload.
std::vector<SlowOperator> slowest_operators(const RunResult& result, const std::vector<Cycle>& elapsed,
                                            std::size_t count);

/// Where the run stands below the roof, for the mix of formats and operators that it has.
struct Roofline {
  double intensity = 0;  ///< MACs per byte of memory traffic
  double ridge = 0;      ///< intensity at which the busiest compute unit and the memory would need equally long
};

Roofline roofline(const Design& design, const RunResult& result);

/// What the matrix unit's array did in the cycles in which it worked, as one-bit lookups: all of them, those for
/// results that exist, and those for rows that do not (the last block of rows; with one row of M, all others). The rest
/// were for columns and K beyond the edge.
struct ArrayUse {
  std::uint64_t lookups = 0, useful = 0, missing_rows = 0;
  std::uint64_t missing_columns() const { return lookups - useful - missing_rows; }
};

ArrayUse array_use(const RunResult& result);

/// One name and number per kind of traffic, in a fixed order.
std::vector<std::pair<std::string, std::uint64_t>> traffic_rows(const TrafficBytes& traffic);

}  // namespace lutetia
