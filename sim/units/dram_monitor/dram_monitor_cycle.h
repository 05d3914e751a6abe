// Cycle body of the DRAM command monitor: registers, FIFOs and handshakes as in README.md of this folder. It is what
// rtl/units/dram_monitor is compared with, bit by bit and cycle by cycle.
#pragma once
#include <array>
#include <vector>

#include "base/ring.h"
#include "kernel/stream_unit.h"
#include "units/dram_monitor/dram_monitor_words.h"

namespace lutetia {

class DramMonitorCycle final : public StreamUnit {
 public:
  explicit DramMonitorCycle(const DramMonitorConfig& config);

  const std::vector<StreamPort>& inputs() const override { return inputs_; }
  const std::vector<StreamPort>& outputs() const override { return outputs_; }
  bool ready(std::uint32_t input) const override {
    return (input == DramMonitorPort::kConfig ? words_.size() : commands_.size()) < DramMonitorConfig::kStreamDepth;
  }
  void push(std::uint32_t input, const Payload& payload) override;
  bool valid(std::uint32_t) const override { return !verdicts_.empty(); }
  const Payload& front(std::uint32_t) const override { return verdicts_.front(); }
  void pop(std::uint32_t) override { verdict_popped_ = true; }
  const std::vector<std::string>& activities() const override { return names(); }
  Activity activity() const override;
  bool idle() const override { return words_.empty() && commands_.empty() && verdicts_.empty() && clearing_ == 0; }
  void clock() override;

  static const std::vector<std::string>& names();
  static std::vector<StreamPort> input_ports(const DramMonitorConfig& config);
  static std::vector<StreamPort> output_ports(const DramMonitorConfig& config);

 private:
  enum : Activity { kBusy, kNoCommand, kConfigure, kClear, kVerdict };
  /// What a rule remembers at one node; of a sibling rule, at one parent.
  struct Place {
    std::array<std::uint64_t, 8> stamps{};  ///< ring of `window`; of a sibling rule: last, last of all other nodes
    std::uint32_t next = 0;                 ///< slot of the ring to be written; of a sibling rule: stamps known
    bool full = false;
    std::uint32_t owner = 0;  ///< of a sibling rule: the node of the last stamp
  };
  struct Rule {
    DramMonitorRule is;
    std::vector<Place> places;
  };
  struct Bank {
    bool open = false;
    std::uint32_t row = 0;
  };

  void configure(const DramMonitorWord& word);
  void forget();
  void judge();
  bool rejected(const DramMonitorCommand& c) const { return bus_cycles_[c.code] == 0 || c.at < last_; }
  bool walks(const DramMonitorCommand& c) const { return DramMonitorCode::is_rank_wide(c.code) && !rejected(c); }
  /// The clock after which the command at the front has its verdict.
  bool last_step() const;
  void check(const DramMonitorCommand& c, std::uint32_t bank);
  std::uint32_t fault(const DramMonitorCommand& c, std::uint32_t bank) const;
  std::uint64_t earliest(const Rule& rule, std::uint32_t bank) const;
  void update(const DramMonitorCommand& c, std::uint32_t bank);
  void remember(Rule& rule, std::uint32_t bank, std::uint64_t at) const;
  void finish(const DramMonitorCommand& c);
  std::uint64_t& bus_of(std::uint32_t code) {
    return bus_free_[channel_.split_bus && DramMonitorCode::is_column(code) ? 1 : 0];
  }

  DramMonitorConfig config_;
  std::uint64_t time_mask_;
  std::vector<StreamPort> inputs_, outputs_;
  Ring<DramMonitorWord> words_, new_words_;  ///< what is pushed in this cycle can be used from the next on
  Ring<DramMonitorCommand> commands_, new_commands_;
  Ring<Payload> verdicts_;
  bool verdict_popped_ = false;

  // Control.
  std::uint32_t clearing_ = 0;  ///< places left
  bool running_ = false, endless_ = false;
  std::uint32_t left_ = 0;  ///< commands of the run
  std::uint32_t step_ = 0;  ///< bank of a rank that a rank-wide command has come to
  bool updating_ = false;   ///< on its second walk
  DramMonitorVerdict gathered_;

  // Tables and state.
  DramMonitorChannel channel_;
  std::array<std::uint32_t, 16> bus_cycles_{};
  std::vector<Rule> rules_;
  std::array<std::vector<std::uint32_t>, DramMonitorCode::kCodes> rules_from_, rules_to_;  ///< those that it concerns
  std::vector<Bank> banks_;
  std::uint64_t last_ = 0;                   ///< cycle of the last command
  std::array<std::uint64_t, 2> bus_free_{};  ///< rows, columns; the first of both if there is one bus
};

}  // namespace lutetia
