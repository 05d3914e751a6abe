// lutetia check --packing: is a file of packed weights what it is said to be?
#pragma once
#include "app/command_line.h"

namespace lutetia {

/// Adds the options; check_packing() goes with any of them.
void packing_options(CommandLine& line);
bool has_packing_options(const CommandLine& line);
/// The whole command for one file; returns its exit status.
int check_packing(const CommandLine& line);

}  // namespace lutetia
