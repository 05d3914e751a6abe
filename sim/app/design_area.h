// The area of a design in its technology, as often as a search asks for it.
#pragma once
#include <functional>

#include "app/inputs.h"
#include "report/size_report.h"

namespace lutetia {

using DesignArea = std::function<SizedArea(const Design&)>;

/// Reads the technology that the design names. A problem if it names none.
bool design_area(const LoadedDesign& design, DesignArea& out, Problems& problems);

}  // namespace lutetia
