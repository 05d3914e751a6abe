// Executes tile commands in order. Operands are in the unit's buffers when a command arrives (the sequencer sees to
// that); two kinds of tokens go back: operands of the oldest command have been read (their buffer may be refilled), and
// its results are in the output buffer.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "kernel/channel.h"
#include "kernel/credit_fifo.h"
#include "stats/stats.h"
#include "units/event_ledger.h"
#include "units/tile_command.h"

namespace lutetia {

class ComputeUnit;

struct TileToken {};

/// What a unit can do, for reports and rooflines.
struct UnitAbilities {
  std::string unit;  ///< the unit's one name
  std::string body;  ///< transaction, cycle or rtl
  std::string rtl;   ///< evidence: RTL it is checked against, or why there is none
  std::uint64_t plane_macs_per_cycle =
      0;                             ///< multiply-accumulates per cycle with one-bit weights; 0 = no coded weights
  std::uint64_t macs_per_cycle = 0;  ///< with unquantized operands
};

/// Where a unit's time went; the entries add up to the cycles asked for.
struct ActivityShare {
  std::string name;  ///< "busy", "table", "wait_load", ...
  Cycle cycles = 0;
};

/// Hears of every transfer on the streams inside a unit (the ports its RTL has). Attached by the agreement
/// tests; while attached, a transaction body works out every single transfer.
class StreamObserver {
 public:
  virtual ~StreamObserver() = default;
  virtual void transfer(const ComputeUnit& unit, const std::string& port, Cycle at) = 0;
};

class ComputeUnit : public Clocked {
 public:
  ComputeUnit(const std::string& name, const ClockDomain& clock, StatGroup* parent = nullptr)
      : Clocked(name, clock),
        stats_(leaf_name(), parent),
        commands_({name + ".commands", 2, 1}),
        operands_read_({name + ".operands_read", 4, 1}),
        done_({name + ".done", 4, 1}) {
    commands_.connect(nullptr, this);
    operands_read_.connect(this, nullptr);
    done_.connect(this, nullptr);
  }

  Channel<TileCommand>& commands() { return commands_; }
  Channel<TileToken>& operands_read() { return operands_read_; }
  Channel<TileToken>& done() { return done_; }

  virtual UnitAbilities abilities() const = 0;
  /// Attribution of the cycles 0 .. end-1; the shares sum to `end`.
  virtual std::vector<ActivityShare> activity(Cycle end) const = 0;
  /// How far the FIFOs inside were filled; empty if the body does not tell.
  virtual std::vector<FifoOccupancy> fifo_occupancies() const { return {}; }
  void set_stream_observer(StreamObserver* observer) { stream_observer_ = observer; }
  /// Where events are entered by operator; none is needed.
  void set_event_ledger(EventLedger* ledger) { ledger_ = ledger; }

 protected:
  void enter(std::uint32_t operator_index, const UnitEvents& events) {
    if (ledger_ != nullptr) ledger_->add(operator_index, events);
  }

  StatGroup stats_;
  Channel<TileCommand> commands_;
  Channel<TileToken> operands_read_;
  Channel<TileToken> done_;
  StreamObserver* stream_observer_ = nullptr;
  EventLedger* ledger_ = nullptr;
};

}  // namespace lutetia
