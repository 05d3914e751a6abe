// Random tables and commands for dram_monitor, and their verdicts by the oracle. A program is a row of sessions, each
// with a channel of its own shape, constraint rules in some of the slots, and a run of commands. Commands come from a
// few banks, mostly as the state of the bank asks for, at the earliest cycle that the rules allow, one before it, or
// anywhere. Covered: every level, window and sibling rule, one bus and two, unknown commands, time that goes back,
// large stamps.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "cosim/dram_monitor_oracle.h"
#include "cosim/unit_bench.h"

namespace lutetia {

class DramMonitorBench final : public UnitBench {
 public:
  DramMonitorBench(const DramMonitorConfig& config, std::uint64_t seed, std::uint64_t transfers);
  std::unique_ptr<StreamUnit> make_model() const override;
  const BenchProgram& program() const override { return program_; }
  std::string check(const std::vector<std::vector<Payload>>& outputs) const override;

  const std::vector<DramMonitorVerdict>& verdicts() const { return verdicts_; }

 private:
  bool one_in(std::uint64_t n) { return random_.below(n) == 0; }
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_.below(n)); }
  void session();
  DramMonitorChannel random_channel();
  std::vector<std::uint32_t> random_bus();
  std::vector<DramMonitorRule> random_rules();
  DramMonitorRule random_rule();
  void configure(const DramMonitorWord& word);
  std::uint32_t commands(DramMonitorOracle oracle, const DramMonitorChannel& channel);
  DramMonitorCommand random_command(const std::vector<std::uint32_t>& banks);
  std::uint64_t random_time(std::uint64_t now, std::uint64_t earliest);

  struct Bank {
    bool open = false;
    std::uint32_t row = 0;
  };
  DramMonitorConfig config_;
  Random random_;
  BenchProgram program_;
  std::vector<Bank> state_;  ///< as the commands of the session leave it
  std::vector<DramMonitorCommand> commands_;
  std::vector<DramMonitorVerdict> verdicts_;
};

}  // namespace lutetia
