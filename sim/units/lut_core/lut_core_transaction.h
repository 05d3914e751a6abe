// Transaction body of the LUT tensor core, part 2: the unit of a machine. The whole tile's future is known when its
// command is taken, as its operands lie in buffers that serve one beat per cycle; see lut_core_recurrence.h for the
// core and lut_core_unit.h for readers and writer.
#pragma once
#include "units/lut_core/lut_core_recurrence.h"
#include "units/lut_core/lut_core_unit.h"

namespace lutetia {

class LutCoreTransaction final : public ComputeUnit {
 public:
  LutCoreTransaction(const std::string& name, const ClockDomain& clock, const LutCoreConfig& config,
                     StatGroup* parent = nullptr);

  void tick(Cycle now) override;
  Cycle next_event(Cycle now) const override;
  void print_state(std::ostream& out) const override;
  std::vector<Wait> waits(Cycle now) const override;
  UnitAbilities abilities() const override { return lut_core_abilities("transaction", config_); }
  std::vector<ActivityShare> activity(Cycle end) const override;

 private:
  /// Operands come from readers that offer a beat in every cycle once they have started.
  struct Readers {
    std::array<Stamp, LutCorePort::kInputs> start{};      ///< first cycle in which a beat may be pushed
    std::array<Stamp, LutCorePort::kInputs> last_push{};  ///< of the newest job
    Stamp last_output = -1;
    const LutCoreTransaction* unit = nullptr;

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
  void run(const TileCommand& tile, Stamp now);

  LutCoreConfig config_;
  std::vector<std::string> input_names_;
  LutCoreRecurrence<Readers> recurrence_;
  Readers readers_;
  std::array<std::array<Stamp, kReaderQueue>, LutCorePort::kInputs>
      loads_;            ///< newest first, when readers took their jobs
  Stamp next_fork_ = 0;  ///< first cycle in which a command can be forked
  TokenQueue reads_, dones_;
  IdleLedger idle_;
  LutCoreCounters counters_{stats_};
};

}  // namespace lutetia
