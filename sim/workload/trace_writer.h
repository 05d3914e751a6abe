// A trace as JSON lines: the header, then one operator a line. Keys always stand in the same order, so equal traces
// give equal bytes. Written: every key of the header; of an operator id, kind, name, layer, step, loops (an object
// whose order is the loop order), tensors, mask (causal only) and after; of a tensor name, role, format, group (0 = per
// row, a number, or "tensor"), part (only if true) and loops (names, slowest first).
#pragma once
#include <iosfwd>
#include <string>

#include "base/problem.h"
#include "workload/trace.h"

namespace lutetia {

/// One line each, without newline. Names must be UTF-8, tensor loops valid, formats set. `operators` is the number of
/// lines that follow.
std::string header_line(const TraceHeader& header, std::uint64_t operators);
std::string operator_line(const Operator& op);

void write_trace(std::ostream& out, const Trace& trace);

/// Replaces the file. False and a problem if it cannot be written in full.
bool write_trace_file(const std::string& path, const Trace& trace, Problems& problems);

}  // namespace lutetia
