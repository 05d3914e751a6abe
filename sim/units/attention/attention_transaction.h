// Transaction body of the attention unit as the unit of a machine: the tile's whole future is known when its command is
// taken, as its operands lie in buffers that serve one beat per cycle; see attention_recurrence.h for the unit itself
// and attention_unit.h for readers and writer.
#pragma once
#include "units/attention/attention_recurrence.h"
#include "units/attention/attention_unit.h"

namespace lutetia {

class AttentionTransaction final : public ComputeUnit {
 public:
  AttentionTransaction(const std::string& name, const ClockDomain& clock, const AttentionConfig& config,
                       StatGroup* parent = nullptr);

  void tick(Cycle now) override;
  Cycle next_event(Cycle now) const override;
  void print_state(std::ostream& out) const override;
  std::vector<Wait> waits(Cycle now) const override;
  UnitAbilities abilities() const override { return attention_abilities("transaction", config_); }
  std::vector<ActivityShare> activity(Cycle end) const override;
  std::vector<FifoOccupancy> fifo_occupancies() const override { return recurrence_.fifo_occupancies(); }

 private:
  /// Operands come from readers that offer a beat in every cycle once they have started.
  struct Readers {
    std::array<Stamp, AttentionPort::kInputs> start{};  ///< first cycle in which a beat may be pushed
    const AttentionTransaction* unit = nullptr;

    bool may_skip() const { return unit->stream_observer_ == nullptr; }
    Stamp offer(std::uint32_t input, Stamp earliest) const { return std::max(earliest, start[input]); }
    static Stamp take(Stamp earliest) { return earliest; }
    void transfer_in(std::uint32_t input, Stamp at) const {
      if (unit->stream_observer_ != nullptr) unit->observe(unit->input_names_[input], at);
    }
    void transfer_out(Stamp at) const {
      if (unit->stream_observer_ != nullptr) unit->observe("out", at);
    }
  };

  void observe(const std::string& port, Stamp at) const {
    stream_observer_->transfer(*this, port, static_cast<Cycle>(at));
  }
  Stamp fork_from() const;
  void run(const TileCommand& tile, Stamp now);

  AttentionConfig config_;
  std::vector<std::string> input_names_;
  AttentionRecurrence<Readers> recurrence_;
  Readers readers_;
  /// Newest first: when readers took their jobs.
  std::array<std::array<Stamp, kAttentionReaderQueue>, AttentionPort::kInputs> loads_;
  Stamp last_fork_ = -1, last_done_ = -1;
  TokenQueue reads_, dones_;
  IdleLedger idle_;
  AttentionCounters counters_{stats_};
};

}  // namespace lutetia
