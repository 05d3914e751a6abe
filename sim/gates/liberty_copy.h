// A liberty file without some of its cells.
#pragma once
#include <set>
#include <string>

#include "gates/liberty_tree.h"

namespace lutetia {

/// The text of the file without these cells; every other byte is as it was. Lines that a cell alone stood on go with
/// it.
std::string without_cells(const LibertyTree& tree, const std::set<std::string, std::less<>>& cells);

}  // namespace lutetia
