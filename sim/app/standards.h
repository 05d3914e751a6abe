// DRAM standards as files: configs/dram/*.yaml.
#pragma once
#include <string>

#include "base/problem.h"

namespace lutetia {

/// Reads a standard and works out every device with every speed that fits it. What a good one is; empty if there are
/// problems.
std::string check_standard(const std::string& file, Problems& problems);

/// The standards of configs/dram with their devices and speeds: lutetia help standards.
int help_standards();

}  // namespace lutetia
