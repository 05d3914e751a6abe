// The report of a run for a person, to be read from top to bottom on one screen: what ran, what came out, what bounds
// it, where every cycle and byte went, which operators took long, what was checked.
#pragma once
#include <string>

#include "accelerator/run.h"
#include "report/provenance.h"

namespace lutetia {

std::string text_report(const Design& design, const Trace& trace, const RunResult& result,
                        const Provenance& provenance);

}  // namespace lutetia
