// The cycle bodies of a design's units, by name: what a machine steps, and what a recording is replayed on.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "accelerator/design.h"
#include "cosim/rtl_unit.h"
#include "kernel/stream_unit.h"

namespace lutetia {

/// Units of the design that have one, and RTL: the matrix core, the weight decoder, the attention unit.
std::vector<std::string> stepped_units(const Design& design);

/// A fresh body of one of them.
std::unique_ptr<StreamUnit> make_cycle_body(const Design& design, const std::string& unit);
/// Parameters of its RTL.
RtlParameters rtl_of(const Design& design, const std::string& unit);

}  // namespace lutetia
