// The area of a design in its technology, as often as a search asks for it.
#pragma once
#include <functional>

#include "app/inputs.h"
#include "report/size_report.h"

namespace lutetia {

using DesignArea = std::function<SizedArea(const Design&)>;

/// Prices variants of a loaded design. Not known: without a technology, and where the matrix core or a buffer has no
/// price while others of its kind do, because totals of such designs cannot be compared.
DesignArea design_area(const LoadedDesign& design);

}  // namespace lutetia
