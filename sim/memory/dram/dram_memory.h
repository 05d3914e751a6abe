// Command-level DRAM behind MemoryPorts: what a machine is built with. The kernel sees an event when a request arrives
// and when a response is due, not when a command is sent: at such an event the channels work off all commands up to
// then. When a response is due is not known beforehand (later requests may delay it), so next_event() names a cycle
// before which it cannot be, and the block looks again.
#pragma once
#include <memory>
#include <vector>

#include "memory/dram/dram_system.h"
#include "memory/main_memory.h"
#include "stats/stats.h"

namespace lutetia {

class DramMemory final : public MainMemory {
 public:
  /// `config` must have been accepted by resolve_dram().
  DramMemory(const std::string& name, const DramConfig& config, StatGroup* parent = nullptr);

  MemoryPort& add_port(const std::string& name, std::uint32_t outstanding, Clocked* requester) override;

  void tick(Cycle now) override;
  Cycle next_event(Cycle now) const override;
  void print_state(std::ostream& out) const override;
  std::vector<Wait> waits(Cycle now) const override;

  std::uint64_t bytes_read() const override { return bytes_read_.value(); }
  std::uint64_t bytes_written() const override { return bytes_written_.value(); }
  std::uint64_t requests() const override { return requests_.value(); }
  std::vector<MemoryTime> time_until(Cycle end) const override;
  std::uint64_t buffered_bytes() const override;
  void drain() override;

  const DramSystem& system() const { return system_; }
  void set_sink(CommandSink* sink) { system_.set_sink(sink); }

 private:
  struct Pending {
    DramRequest* request = nullptr;
    MemoryResponse response;
  };
  struct Port {
    std::unique_ptr<MemoryPort> port;
    std::uint32_t window = 1;  ///< requests under way at once
    Ring<Pending> pending;
  };

  DramSystem system_;
  Cycle response_latency_ = 0;
  std::uint32_t write_queue_ = 0;
  std::vector<Port> ports_;

  StatGroup stats_;
  Counter requests_{stats_, "requests", Unit::kTransfers, "requests taken"};
  Counter bytes_read_{stats_, "bytes_read", Unit::kBytes, "bytes sent to requesters"};
  Counter bytes_written_{stats_, "bytes_written", Unit::kBytes, "bytes taken from requesters"};
};

}  // namespace lutetia
