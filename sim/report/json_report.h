// result.json: a run for programs. Exact numbers, keys in a fixed order, nothing that depends on when or where it ran.
#pragma once
#include <iosfwd>
#include <string>

#include "accelerator/run.h"
#include "report/provenance.h"

namespace lutetia {

/// The whole document, indented, with a newline at its end.
std::string json_report(const Design& design, const Trace& trace, const RunResult& result,
                        const Provenance& provenance);

/// operators.csv: a header line and a line per operator, in the order of the workload.
void write_operators_csv(std::ostream& out, const RunResult& result);

}  // namespace lutetia
