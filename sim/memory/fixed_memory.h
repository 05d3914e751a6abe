// A DRAM port with one bandwidth and one latency: requests occupy the data bus one after the other, a read returns
// `latency` after its last byte left the memory. Leaves out banks, rows, refresh, turnaround; the command-level DRAM
// replaces it behind the same MemoryPort. Bus time is kept as an exact fraction of a cycle, so a stream of any length
// reaches exactly the configured bandwidth.
#pragma once
#include <memory>
#include <vector>

#include "base/quantity.h"
#include "base/ring.h"
#include "config/schema.h"
#include "memory/main_memory.h"
#include "stats/stats.h"

namespace lutetia {

struct FixedMemoryConfig {
  BytesPerSecond bandwidth{51'200'000'000};
  Picoseconds latency{100'000};
  Hertz clock{1'000'000'000};  ///< clock of the controller, in which requests are taken
};

void describe(Schema& schema, FixedMemoryConfig& config);

class FixedMemory final : public MainMemory {
 public:
  FixedMemory(const std::string& name, const FixedMemoryConfig& config, StatGroup* parent = nullptr);

  /// Ports are served round-robin, one request at a time.
  MemoryPort& add_port(const std::string& name, std::uint32_t outstanding, Clocked* requester) override;

  void tick(Cycle now) override;
  Cycle next_event(Cycle now) const override;
  void print_state(std::ostream& out) const override;
  std::vector<Wait> waits(Cycle now) const override;

  std::uint64_t bytes_read() const override { return bytes_read_.value(); }
  std::uint64_t bytes_written() const override { return bytes_written_.value(); }
  std::uint64_t requests() const override { return requests_.value(); }
  /// Cycles of this clock in which the data bus carried bytes.
  Cycle busy_cycles() const;
  std::vector<MemoryTime> time_until(Cycle end) const override;

 private:
  struct Pending {
    MemoryResponse response;
    Cycle due = 0;
  };
  struct Port {
    std::unique_ptr<MemoryPort> port;
    Ring<Pending> pending;
  };

  FixedMemoryConfig config_;
  Cycle latency_;
  std::vector<Port> ports_;
  std::size_t next_port_ = 0;
  Wide bus_time_ = 0;   ///< end of the last transfer, in cycles * bandwidth
  Cycle bus_free_ = 0;  ///< the same in whole cycles, rounded down: from then on the next transfer may be taken

  StatGroup stats_;
  Counter requests_{stats_, "requests", Unit::kTransfers, "requests taken"};
  Counter bytes_read_{stats_, "bytes_read", Unit::kBytes, "bytes sent to requesters"};
  Counter bytes_written_{stats_, "bytes_written", Unit::kBytes, "bytes taken from requesters"};
};

}  // namespace lutetia
