// Plain C++ event loop over Clocked blocks: no SystemC, any number per process. Used by law tests, which may shuffle
// the order of evaluation within a cycle or tick every cycle; neither may change a result.
#pragma once
#include <random>
#include <vector>

#include "kernel/kernel.h"

namespace lutetia {

struct EventKernelOptions {
  bool shuffle = false;           ///< evaluate blocks that are due at the same time in random order
  std::uint64_t seed = 1;         ///< of that order
  bool tick_every_cycle = false;  ///< ignore next_event; slow, shows that sleeping changes nothing
};

class EventKernel final : public Kernel, private WakeListener {
 public:
  explicit EventKernel(EventKernelOptions options = {}) : options_(options), random_(options.seed) {}
  ~EventKernel() override;
  void add(Clocked& block) override;
  RunOutcome run(const std::function<bool()>& finished, const std::function<bool()>& interrupted) override;
  RunOutcome run(const std::function<bool()>& finished) {
    return run(finished, [] { return false; });
  }

 private:
  struct Entry {
    Clocked* block = nullptr;
    Cycle next = 0;
    Cycle last = 0;
    std::uint64_t due = 0;  ///< femtoseconds of `next`
  };
  void woken(Clocked& block, Cycle at) override;
  void gone(Clocked& block) override;
  void schedule(Entry& entry, Cycle at);
  /// Evaluates everything due at the earliest time; false if nothing is scheduled.
  bool step();
  bool run_until_idle(const std::function<bool()>& finished, const std::function<bool()>& interrupted);

  EventKernelOptions options_;
  std::mt19937_64 random_;
  std::vector<Entry> entries_;
  std::vector<std::size_t> due_;
  std::uint64_t activations_ = 0;
};

}  // namespace lutetia
