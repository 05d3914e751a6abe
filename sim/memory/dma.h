// A DMA engine: moves one range after the other between memory and an on-chip buffer, cut into requests of at most
// `request_bytes`. Requests of the next command go out while responses of the previous are still coming; commands
// complete in order. Buffer space is reserved by whoever issues the command (the mapper's slots), so a DMA never waits
// for a buffer.
#pragma once
#include "base/ring.h"
#include "config/schema.h"
#include "memory/memory_port.h"
#include "stats/stats.h"

namespace lutetia {

struct DmaConfig {
  Bytes request_bytes{65536};
  std::uint32_t outstanding = 8;
  std::uint32_t commands = 4;  ///< 0 = to be derived before a Dma is made
};

void describe(Schema& schema, DmaConfig& config);

struct DmaCommand {
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;  ///< 0 completes at once
  bool write = false;
};

struct DmaToken {};

class Dma final : public Clocked {
 public:
  Dma(const std::string& name, const ClockDomain& clock, const DmaConfig& config, StatGroup* parent = nullptr);

  Channel<DmaCommand>& commands() { return commands_; }
  Channel<DmaToken>& done() { return done_; }
  void set_port(MemoryPort& port) { port_ = &port; }

  void tick(Cycle now) override;
  Cycle next_event(Cycle now) const override;
  void print_state(std::ostream& out) const override;
  std::vector<Wait> waits(Cycle now) const override;

  std::uint64_t bytes() const { return bytes_.value(); }
  std::uint64_t transfers() const { return transfers_.value(); }
  /// Cycles before `end` in which at least one command was being served.
  Cycle busy_cycles(Cycle end) const { return busy_ + (active_.empty() ? 0 : end - busy_since_); }

 private:
  struct Active {
    DmaCommand left;              ///< what has not been requested yet
    std::uint32_t responses = 0;  ///< requested, not answered
  };

  /// Position in active_ of the command whose requests go out next, and of the one whose response comes next.
  std::size_t to_request() const;
  std::size_t to_answer() const;

  DmaConfig config_;
  Channel<DmaCommand> commands_;
  Channel<DmaToken> done_;
  MemoryPort* port_ = nullptr;
  Ring<Active> active_;
  std::uint32_t in_flight_ = 0;  ///< requests not answered yet
  Cycle busy_ = 0, busy_since_ = 0;

  StatGroup stats_;
  Counter transfers_{stats_, "transfers", Unit::kTransfers, "commands completed"};
  Counter requests_{stats_, "requests", Unit::kTransfers, "requests sent to the memory"};
  Counter bytes_{stats_, "bytes", Unit::kBytes, "bytes moved"};
};

}  // namespace lutetia
