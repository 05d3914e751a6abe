// Reads liberty files (.lib), plain text.
#pragma once
#include <string>

#include "base/problem.h"
#include "gates/cell_library.h"
#include "gates/liberty_tree.h"

namespace lutetia {

inline constexpr std::size_t kLargestLibertyFile = std::size_t{512} << 20;

/// All faults are located problems; then `out` is not changed. A library needs a usable cell and a usable flip-flop.
bool read_liberty(const std::string& path, CellLibrary& out, Problems& problems);

/// The two halves: the syntax, and what it means.
bool load_liberty_tree(const std::string& path, LibertyTree& out, Problems& problems);
bool read_liberty_tree(const LibertyTree& tree, CellLibrary& out, Problems& problems);

}  // namespace lutetia
