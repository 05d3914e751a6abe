// The RTL parameters of a design's matrix core, whichever it is.
#pragma once
#include "accelerator/design.h"
#include "cosim/rtl_config.h"

namespace lutetia {

inline RtlParameters matrix_core_rtl(const Design& design) {
  RtlParameters parameters;
  visit_matrix_core(design, [&parameters](const auto& config) { parameters = rtl_parameters_of(config); });
  return parameters;
}

}  // namespace lutetia
