// One line of a trace as a header or an operator: checks keys, types, ranges and names inside the line and reports
// every fault at its place. What an operator means beside others is trace_checker.h.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "workload/json_line.h"
#include "workload/trace.h"
#include "workload/trace_problems.h"

namespace lutetia {

inline constexpr std::size_t kMostLoops = 16;
inline constexpr std::size_t kMostTensors = 64;

struct DecodedHeader {
  TraceHeader header;
  bool counted = false;  ///< the key "operators" was given
  std::uint64_t operators = 0;
  std::size_t operators_offset = 0;
};

/// False if the line is not a header that can be used at all; problems are reported either way.
bool decode_header(const JsonNode& line, DecodedHeader& out, TraceProblems& problems);

/// An operator with the bytes at which its parts stood.
struct DecodedOperator {
  Operator op;
  bool has_id = false;  ///< `op.id` was read; all else may be missing if `good` is false
  bool good = false;    ///< no problem in this line
  std::size_t id_offset = 0;
  std::size_t layer_offset = 0;
  std::size_t step_offset = 0;
  std::size_t loops_offset = 0;
  std::vector<std::size_t> tensor_offsets;
  std::vector<std::size_t> after_offsets;
};

void decode_operator(const JsonNode& line, DecodedOperator& out, TraceProblems& problems);

}  // namespace lutetia
