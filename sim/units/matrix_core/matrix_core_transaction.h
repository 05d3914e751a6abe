// Transaction body of the matrix core, part 2: the unit of a machine. The whole tile's future is known when its
// command is taken, as its operands lie in buffers that serve one beat per cycle; see matrix_core_recurrence.h for the
// core and matrix_core_unit.h for readers and writer.
#pragma once
#include "units/matrix_core/matrix_core_recurrence.h"
#include "units/matrix_core/matrix_core_unit.h"

namespace lutetia {

class MatrixCoreTransaction final : public ComputeUnit {
 public:
  MatrixCoreTransaction(const std::string& name, const ClockDomain& clock, const MatrixCoreShape& shape,
                        StatGroup* parent = nullptr);

  void tick(Cycle now) override;
  Cycle next_event(Cycle now) const override;
  void print_state(std::ostream& out) const override;
  std::vector<Wait> waits(Cycle now) const override;
  UnitAbilities abilities() const override { return matrix_core_abilities("transaction", shape_); }
  std::vector<ActivityShare> activity(Cycle end) const override;

 private:
  /// Operands come from readers that offer a beat in every cycle once they have started.
  struct Readers {
    std::array<Stamp, MatrixCorePort::kInputs> start{};      ///< first cycle in which a beat may be pushed
    std::array<Stamp, MatrixCorePort::kInputs> last_push{};  ///< of the newest job
    Stamp last_output = -1;
    const MatrixCoreTransaction* unit = nullptr;

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

  MatrixCoreShape shape_;
  std::vector<std::string> input_names_;
  MatrixCoreRecurrence<Readers> recurrence_;
  Readers readers_;
  std::array<std::array<Stamp, kReaderQueue>, MatrixCorePort::kInputs>
      loads_;            ///< newest first, when readers took their jobs
  Stamp next_fork_ = 0;  ///< first cycle in which a command can be forked
  TokenQueue reads_, dones_;
  IdleLedger idle_;
  MatrixCoreCounters counters_{stats_, shape_};
};

}  // namespace lutetia
