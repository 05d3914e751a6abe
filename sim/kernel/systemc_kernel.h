// SystemC as the discrete-event engine: every Clocked block becomes an sc_module with one SC_METHOD that evaluates the
// core and sleeps until the next cycle at which something can happen, or until a channel wakes it. SystemC allows one
// elaboration per process, hence one SystemcKernel; everything is added before run().
//
// Modules of your own (an initiator outside of the memory edge, see memory/tlm_memory_module.h) may live in the same
// simulation: create them after this kernel, which sets the time resolution, and before run(), which elaborates and
// starts all of them. `finished` is asked after evaluations of blocks and when no event is left, so the end of a run
// may also be brought about by your own processes; a clock that never stops keeps a deadlock from being found.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "kernel/kernel.h"

namespace lutetia {

class SystemcKernel final : public Kernel {
 public:
  /// `top` names the root module of the hierarchy; a block named "dma.load" becomes top.dma.load.
  explicit SystemcKernel(const std::string& top);
  ~SystemcKernel() override;
  void add(Clocked& block) override;
  RunOutcome run(const std::function<bool()>& finished, const std::function<bool()>& interrupted) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lutetia
