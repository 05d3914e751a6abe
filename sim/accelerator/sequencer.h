// Runs a tile program: fetches instructions in program order into one queue per engine, and lets the head of each queue
// go when the events it waits for have been counted. Engines work in order, so counts are all the bookkeeping there is.
// Also keeps, per operator, when it began and ended, and for every tile what kept it waiting while its unit was idle.
#pragma once
#include <array>
#include <functional>
#include <vector>

#include "base/ring.h"
#include "config/schema.h"
#include "kernel/channel.h"
#include "mapping/instruction.h"
#include "memory/dma.h"
#include "units/compute_unit.h"

namespace lutetia {

struct SequencerConfig {
  std::uint32_t queue_depth = 16;
  std::uint32_t fetch_width = 4;
};

void describe(Schema& schema, SequencerConfig& config);

/// First and last cycle of an operator: its first instruction leaves the sequencer, its last completes.
struct OperatorTime {
  Cycle start = kNever;
  Cycle end = 0;
};

/// Hears of every completed instruction, e.g. to write a timeline.
class InstructionObserver {
 public:
  virtual ~InstructionObserver() = default;
  virtual void completed(Engine engine, std::uint32_t operator_index, Cycle issued, Cycle completed) = 0;
};

class Sequencer final : public Clocked {
 public:
  Sequencer(const std::string& name, const ClockDomain& clock, const SequencerConfig& config,
            InstructionSource& program, std::size_t operators);

  void connect_dma(Engine engine, Dma& dma);
  void connect_unit(Engine engine, ComputeUnit& unit);
  void set_observer(InstructionObserver* observer) { observer_ = observer; }

  void tick(Cycle now) override;
  Cycle next_event(Cycle now) const override;
  void print_state(std::ostream& out) const override;
  std::vector<Wait> waits(Cycle now) const override;

  /// All instructions fetched and completed.
  bool finished() const { return exhausted_ && in_flight_ == 0; }
  Cycle finished_at() const { return finished_at_; }
  const std::vector<OperatorTime>& operator_times() const { return times_; }
  /// Completed instructions, and the furthest operator that has begun: for progress.
  std::uint64_t instructions_done() const { return done_; }
  std::uint32_t newest_operator() const { return newest_operator_; }

 private:
  struct Issued {
    std::uint32_t operator_index = 0;
    Cycle at = 0;
  };
  struct Queue {
    Ring<Instruction> waiting;
    Ring<Issued> issued;
    WaitCause blocked_on = WaitCause::kIssue;
    bool idle = true;  ///< nothing issued that is not complete: waiting now costs the engine's time
    WaitCycles waited{};
    Channel<DmaCommand>* dma_commands = nullptr;
    Channel<DmaToken>* dma_done = nullptr;
    Channel<TileCommand>* tile_commands = nullptr;
    Channel<TileToken>* tile_read = nullptr;
    Channel<TileToken>* tile_done = nullptr;
    Event read = Event::kLoadDone, done = Event::kLoadDone;
  };

  void collect(Queue& queue, Cycle now);
  void complete(Queue& queue, Cycle now);
  bool fetch();
  bool may_go(const Instruction& instruction, Event* missing) const;
  void issue(Queue& queue, Cycle now);
  void note_wait(Queue& queue);
  WaitCause root_cause(Event missing) const;

  SequencerConfig config_;
  InstructionSource& program_;
  std::array<Queue, kEngines> queues_;
  std::array<std::uint64_t, kEvents> counts_{};
  Instruction fetched_;
  bool has_fetched_ = false, exhausted_ = false;
  Cycle waits_counted_ = 0;  ///< cycles up to here are in the queues' `waited`
  std::uint64_t in_flight_ = 0, done_ = 0;
  std::uint32_t newest_operator_ = 0;
  Cycle finished_at_ = 0;
  std::vector<OperatorTime> times_;
  InstructionObserver* observer_ = nullptr;
};

}  // namespace lutetia
