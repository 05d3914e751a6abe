// How deep the FIFOs inside the attention unit must be for a workload: the least depths with which the whole run takes
// as many cycles as with ample ones.
#pragma once
#include "accelerator/run.h"

namespace lutetia {

/// Runs the workload again and again, in transaction bodies and the plain event loop. `result` is of the run as it is.
/// The FIFOs are narrowed one after the other, each with those before it at their least, so that all least depths hold
/// together; more depth never costs cycles (a law), so each is found by bisection. The design has an attention unit.
UnitFifoDepths find_fifo_depths(const Design& design, const Trace& trace, const RunOptions& options);

}  // namespace lutetia
