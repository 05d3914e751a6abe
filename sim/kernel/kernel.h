// What both drivers of a machine offer: the SystemC kernel (kernel/systemc_kernel.h), used by the program, and the
// plain event loop (kernel/event_kernel.h), used by tests that build many machines in one process. Same cores, same
// result.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "kernel/clocked.h"
#include "kernel/deadlock.h"

namespace lutetia {

enum class RunStatus { kFinished, kDeadlock, kInterrupted };

struct RunOutcome {
  RunStatus status = RunStatus::kFinished;
  std::uint64_t activations = 0;  ///< calls of tick()
  DeadlockReport deadlock;        ///< meaningful if status is kDeadlock
};

class Kernel {
 public:
  virtual ~Kernel() = default;
  /// Blocks must outlive run(). The name of a block places it in the hierarchy ("dma.load" is `load` below `dma`).
  virtual void add(Clocked& block) = 0;
  /// Runs until `finished` holds after some evaluation, nobody will act any more, or `interrupted` holds.
  virtual RunOutcome run(const std::function<bool()>& finished, const std::function<bool()>& interrupted) = 0;
};

}  // namespace lutetia
