// The tile program of a run as text for people, one instruction a line; its head says how to read it. The program
// depends on design and workload alone: every fidelity runs the same one.
#pragma once
#include <iosfwd>
#include <string>

#include "accelerator/design.h"
#include "mapping/operator_plan.h"
#include "workload/trace.h"

namespace lutetia {

/// "lmma.m2n64k4.s8.w2.s32.f32": array M, N, K, then activations, weight bits, partial sums, results (arXiv
/// 2408.06003, section 3.3.1, whose instruction covers one step of the array; here one covers a tile of many).
std::string lmma_name(const MatrixUnitShape& array, const NumberFormat& activations, const WeightPlanes& weights);

/// Nothing but the head if the workload does not fit the design.
void write_listing(std::ostream& out, const Design& design, const Trace& trace);

}  // namespace lutetia
