// lutetia run DESIGN FILE.requests: raw requests on the memory of a design, without the rest of the machine.
#pragma once
#include "app/command_line.h"

namespace lutetia {

/// `line` is that of lutetia run, read without a fault.
int run_requests(const CommandLine& line);

}  // namespace lutetia
