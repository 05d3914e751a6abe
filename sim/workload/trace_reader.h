// Reads a trace of JSON lines (see trace_writer.h for the keys; layer, step, group, part, mask and after may be left
// out, and of the header all but lutetia_trace and model). The file is read line by line and everything at fault is
// reported with line and column, up to 100 problems and a count of the others. What comes back without problems is
// consistent: loops and formats resolve, shapes fit the kind, ids are unique, and every operator stands behind those it
// waits for.
#pragma once
#include <iosfwd>
#include <string>

#include "base/problem.h"
#include "workload/trace.h"

namespace lutetia {

/// Longer lines, NUL bytes and text that is not UTF-8 end the reading at once.
inline constexpr std::size_t kLongestTraceLine = std::size_t{1} << 20;

/// True if no problem was found; otherwise `out` is unspecified. Never throws.
bool read_trace_file(const std::string& path, Trace& out, Problems& problems);

/// The same from a stream; `name` stands for the file in messages.
bool read_trace(std::istream& in, const std::string& name, Trace& out, Problems& problems);

}  // namespace lutetia
