// Where each value of an effective configuration came from, keyed by dotted path ("lut_core.rows", "levels[2].size").
// A leaf has "default", "file:line" or "--set"; a group that was read from a file of its own has the place naming it.
#pragma once
#include <map>
#include <string>

namespace lutetia {

using Origins = std::map<std::string, std::string>;

}  // namespace lutetia
