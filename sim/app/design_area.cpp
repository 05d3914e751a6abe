#include "app/design_area.h"

#include "accelerator/priced_design.h"

namespace lutetia {
namespace {

SizedArea area_of(const Design& design, const Technology& technology) {
  SizedArea out;
  const PricedDesign priced(design, technology);
  const CostReport& cost = priced.report();
  for (const ExcludedPart& part : cost.excluded)
    if (part.unit == matrix_core_name(design) || part.unit == "weight_decoder" || part.unit.rfind("buffers.", 0) == 0)
      return out.reason = part.unit + " has no area: " + part.reason, out;
  const CostInterval total = cost.area.total();
  out.known = true;
  out.cells = total.value;
  out.low = total.low;
  out.high = total.high;
  if (cost.area.has_layout) out.layout = cost.area.layout_um2();
  for (const AreaPart& part : cost.area.parts)
    if (!part.estimate) out.parts.push_back({part.unit, part.component, part.um2.value});
  for (const ExcludedPart& part : cost.excluded)
    if (part.unit != "memory") out.without += (out.without.empty() ? "" : ", ") + part.unit;
  out.notes = cost.notes;
  return out;
}

}  // namespace

DesignArea design_area(const LoadedDesign& loaded) {
  if (loaded.technology)
    return [technology = *loaded.technology](const Design& design) { return area_of(design, technology); };
  return [](const Design&) {
    SizedArea out;
    out.reason = "the design names no technology";
    return out;
  };
}

}  // namespace lutetia
