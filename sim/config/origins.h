// Where each value of an effective configuration came from, keyed by dotted path ("lut_core.rows", "levels[2].size").
// A leaf has "default", "file:line" or "--set"; a group that was read from a file of its own has the place naming it.
#pragma once
#include <map>
#include <string>

#include "base/problem.h"

namespace lutetia {

using Origins = std::map<std::string, std::string>;

/// "file:12" of a key as a location; the file as a whole for a default.
SourceLocation origin_location(const Origins& origins, const std::string& top_file, const std::string& key);

/// Problems found after reading (in the meeting of parts, in tables) name a key but no place; this gives them the line
/// that decides.
Problems located(const Problems& problems, const Origins& origins, const std::string& top_file);

}  // namespace lutetia
