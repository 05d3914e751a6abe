// Ctrl-C and SIGTERM: the run in progress ends in order, leaving nothing half written; a second one ends the process.
#pragma once

namespace lutetia {

/// From now on the signals only set a flag.
void catch_interrupts();
bool interrupted();

}  // namespace lutetia
