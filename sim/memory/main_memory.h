// What every memory behind MemoryPorts offers to the machine, whatever it models.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "kernel/clocked.h"
#include "memory/memory_port.h"

namespace lutetia {

/// Where a memory's time went, in cycles of its own clock.
struct MemoryTime {
  std::string name;  ///< "busy", "idle", "tFAW", ...
  std::uint64_t cycles = 0;
};

class MainMemory : public Clocked {
 public:
  using Clocked::Clocked;

  /// Adds a port; call before the run. The requester is the producer of its requests and may be null.
  virtual MemoryPort& add_port(const std::string& name, std::uint32_t outstanding, Clocked* requester) = 0;

  virtual std::uint64_t bytes_read() const = 0;     ///< sent to requesters
  virtual std::uint64_t bytes_written() const = 0;  ///< taken from requesters
  virtual std::uint64_t requests() const = 0;
  /// Shares of the time before cycle `end` of this clock. They add up to `end`, or, for a memory of several parallel
  /// parts, to `end` times the number of parts.
  virtual std::vector<MemoryTime> time_until(Cycle end) const = 0;
  /// Bytes that may be done for a requester without having passed the memory's pins: writes held back in a queue, reads
  /// answered from it. No bound on time by bandwidth may count them.
  virtual std::uint64_t buffered_bytes() const { return 0; }
  /// After a run: does what was acknowledged but not carried out yet (posted writes), so that nothing is uncounted.
  virtual void drain() {}
};

}  // namespace lutetia
