// The matrix core as a unit whose core is stepped every cycle: the cycle body or the verilated RTL behind the same
// StreamUnit interface, fed by readers with real values (matrix_core_unit.h tells the rules).
#pragma once
#include <array>
#include <deque>

#include "kernel/stream_unit.h"
#include "units/matrix_core/matrix_core_unit.h"
#include "units/matrix_core/matrix_core_weight_source.h"

namespace lutetia {

class MatrixCoreStepped final : public ComputeUnit {
 public:
  /// `body` names the fidelity ("cycle" or "rtl"); `data` outlives the unit.
  MatrixCoreStepped(const std::string& name, const ClockDomain& clock, const MatrixCoreShape& shape, std::string body,
                    std::unique_ptr<StreamUnit> core, MatrixCoreData& data, StatGroup* parent = nullptr,
                    std::unique_ptr<MatrixCoreWeightSource> weights = nullptr);

  void tick(Cycle now) override;
  Cycle next_event(Cycle now) const override;
  void print_state(std::ostream& out) const override;
  std::vector<Wait> waits(Cycle now) const override;
  UnitAbilities abilities() const override { return matrix_core_abilities(body_, shape_); }
  std::vector<ActivityShare> activity(Cycle end) const override;

 private:
  /// A tile between its fork and its last output.
  struct Tile {
    TileCommand command;
    MatrixCoreCommand shape;
    std::unique_ptr<MatrixCoreOperands> operands;
    std::unique_ptr<MatrixCoreBeats> beats;
    std::uint64_t outputs = 0;  ///< beats written so far
    std::uint64_t fires = 0;    ///< fire cycles so far
    bool activations_read = false, weights_read = false;
  };
  struct Reader {
    explicit Reader(const std::string& name) : jobs({name, kReaderQueue, 1}) {}
    Channel<Tile*> jobs;
    Tile* current = nullptr;
    std::uint64_t next_beat = 0;
  };

  bool can_fork(Cycle now) const;
  void fork(Cycle now);
  void read(std::uint32_t input, Cycle now);
  /// The beat that the input's reader offers in this cycle, if any.
  bool offers(std::uint32_t input) const;
  Payload take(std::uint32_t input);
  void write(Cycle now);
  void account(Cycle now);
  bool asleep() const;
  void observe(const std::string& port, Cycle at) {
    if (stream_observer_ != nullptr) stream_observer_->transfer(*this, port, at);
  }

  MatrixCoreShape shape_;
  std::string body_;
  std::unique_ptr<StreamUnit> core_;
  MatrixCoreData& data_;
  std::unique_ptr<MatrixCoreWeightSource> weights_;  ///< null: the weight reader reads beats as they are
  std::deque<std::unique_ptr<Tile>> tiles_;
  std::size_t firing_ = 0;      ///< position in tiles_ of the tile whose fires are counted
  std::deque<Reader> readers_;  ///< by input port; a Reader cannot move
  TokenQueue reads_, dones_;

  Cycle accounted_ = 0;  ///< cycles attributed so far
  std::vector<Cycle> activity_;
  Cycle pending_idle_ = 0;  ///< without a command, since the last fire
  IdleLedger idle_;
  MatrixCoreCounters counters_{stats_, shape_};
};

}  // namespace lutetia
