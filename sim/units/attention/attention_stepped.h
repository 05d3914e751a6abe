// The attention unit of a machine whose body is stepped every cycle: the cycle body or the verilated RTL behind the
// same StreamUnit interface, fed by readers with real values (attention_unit.h tells the rules).
#pragma once
#include <array>
#include <deque>
#include <map>

#include "kernel/stream_unit.h"
#include "units/attention/attention_unit.h"

namespace lutetia {

class AttentionStepped final : public ComputeUnit {
 public:
  /// `body` names the fidelity ("cycle" or "rtl"); `data` outlives the unit.
  AttentionStepped(const std::string& name, const ClockDomain& clock, const AttentionConfig& config, std::string body,
                   std::unique_ptr<StreamUnit> core, AttentionData& data, StatGroup* parent = nullptr);

  void tick(Cycle now) override;
  Cycle next_event(Cycle now) const override;
  void print_state(std::ostream& out) const override;
  std::vector<Wait> waits(Cycle now) const override;
  UnitAbilities abilities() const override { return attention_abilities(body_, config_); }
  std::vector<ActivityShare> activity(Cycle end) const override;
  std::vector<FifoOccupancy> fifo_occupancies() const override { return core_->fifo_occupancies(); }

 private:
  /// A tile between its fork and its done token.
  struct Tile {
    AttentionTileCommands commands;
    std::unique_ptr<AttentionOperands> operands;
    std::uint32_t readers_left = 0;     ///< operand streams that are still being read
    std::uint64_t fires_left = 0;       ///< of the scores node
    Cycle idle = 0;                     ///< without a command, before its last fire
    std::uint64_t index = 0, beat = 0;  ///< command and beat of the next result
    bool done = false;
  };
  struct Reader {
    explicit Reader(const std::string& name) : jobs({name, kAttentionReaderQueue, 1}) {}
    Channel<Tile*> jobs;
    Tile* current = nullptr;
    AttentionBeatReader beats;
  };

  std::array<bool, AttentionPort::kInputs> streams_of(const AttentionTileCommands& commands) const;
  bool can_fork(Cycle now) const;
  void fork(Cycle now);
  void read(std::uint32_t input, Cycle now);
  Payload take(std::uint32_t input, const Reader& reader) const;
  void write(Cycle now);
  void write_result(const Tile& tile, const AttentionCommand& command, const Payload& beat);
  void account(Cycle now);
  void report_read(Cycle now);
  void release(Cycle now);
  void retire();
  bool asleep() const;
  void observe(const std::string& port, Cycle at) {
    if (stream_observer_ != nullptr) stream_observer_->transfer(*this, port, at);
  }

  AttentionConfig config_;
  std::string body_;
  std::unique_ptr<StreamUnit> core_;
  AttentionData& data_;
  std::deque<std::unique_ptr<Tile>> tiles_;
  /// Positions in tiles_ of the first whose fires, results, read token, done token are still to come.
  std::size_t firing_ = 0, writing_ = 0, reading_ = 0, released_ = 0;
  std::deque<Reader> readers_;  ///< by input port; a Reader cannot move
  /// The buffer's partial results: per pass, token and head the beats that the unit wrote, head first.
  std::map<std::array<std::uint32_t, 3>, std::vector<Payload>> partial_results_;
  TokenQueue reads_, dones_;

  Cycle accounted_ = 0;  ///< cycles attributed so far
  std::vector<Cycle> activity_;
  Cycle pending_idle_ = 0;  ///< without a command, since the last fire
  IdleLedger idle_;
  AttentionCounters counters_{stats_};
};

}  // namespace lutetia
