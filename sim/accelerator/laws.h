// The laws that every single run can be held to, checked at its end: conservation of bytes, time and work, lower
// bounds.
#pragma once
#include <string>
#include <vector>

namespace lutetia {

struct RunResult;

/// One sentence per broken law; empty if the run is sound.
std::vector<std::string> check_laws(const RunResult& result);

}  // namespace lutetia
