// Where an outside host, which lives in simulated time and not in cycles, meets a MemoryPort: a register stage in the
// host's bus clock. What the host does up to and including the edge of cycle t is seen in t + 1, so it does not matter
// in which order the host and this block are evaluated at one time. A request holds one of `outstanding` slots until
// the host has taken its response; one response is offered to the host at a time. No SystemC here: the socket of
// memory/tlm_memory_module.h is the host's side, tests may be another.
#pragma once
#include "base/ring.h"
#include "memory/memory_port.h"

namespace lutetia {

class HostPort final : public Clocked {
 public:
  /// Told, in the order of send(), what becomes of each request. May call send() and release() from within.
  class Host {
   public:
    virtual ~Host() = default;
    /// The oldest request that had not entered the memory's channel has entered it.
    virtual void entered(Cycle now) = 0;
    /// The oldest unanswered request is answered; release() must follow, at once or later.
    virtual void answered(Cycle now) = 0;
  };

  HostPort(const std::string& name, const ClockDomain& clock, std::uint32_t outstanding, Host& host)
      : Clocked(name, clock), host_(host), outstanding_(outstanding) {}
  void set_port(MemoryPort& port) { port_ = &port; }

  /// First cycle in which something that happened at this time is seen.
  Cycle cycle_after(std::uint64_t femtoseconds) const;
  /// Sends a request in cycle `earliest` or later, after those sent before.
  void send(const MemoryRequest& request, Cycle earliest);
  /// The host has taken the response; slot and response are free from cycle `from` on, in answered() at the earliest
  /// the present cycle, else a later one.
  void release(Cycle from);

  void tick(Cycle now) override;
  Cycle next_event(Cycle now) const override;
  void print_state(std::ostream& out) const override;
  std::vector<Wait> waits(Cycle now) const override;

 private:
  struct Waiting {
    MemoryRequest request;
    Cycle earliest = 0;
  };
  void take_release(Cycle now);

  Host& host_;
  std::uint32_t outstanding_;
  MemoryPort* port_ = nullptr;
  Ring<Waiting> waiting_;
  Cycle now_ = 0;  ///< of the last tick
  std::uint32_t slots_used_ = 0;
  bool offering_ = false;         ///< a response was given to the host and holds its slot
  Cycle released_from_ = kNever;  ///< of that response
};

}  // namespace lutetia
