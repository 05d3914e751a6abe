// Judges commands by searching the whole history, command by command: slow, and nothing but the definition. Written
// apart from the cycle body and sharing with it only the words. A rank-wide command stands at its channel, its pseudo
// channel, its rank, and at every bank group and bank of the rank.
#pragma once
#include <vector>

#include "units/dram_monitor/dram_monitor_words.h"

namespace lutetia {

class DramMonitorOracle {
 public:
  /// `bus_cycles` per command code; 0: there is no such command.
  DramMonitorOracle(const DramMonitorChannel& channel, std::vector<std::uint32_t> bus_cycles,
                    std::vector<DramMonitorRule> rules, std::uint32_t bank_bits)
      : channel_(channel), bus_cycles_(std::move(bus_cycles)), rules_(std::move(rules)), bank_bits_(bank_bits) {}

  DramMonitorVerdict judge(const DramMonitorCommand& command);
  /// The verdict that the command would get.
  DramMonitorVerdict look(const DramMonitorCommand& command) const;

 private:
  /// The banks that a command acts on: first to last.
  struct Span {
    std::uint32_t first, last;
  };
  Span span(const DramMonitorCommand& c) const;
  Span nodes(const DramMonitorCommand& c, std::uint32_t level) const;
  std::uint32_t shift(std::uint32_t level) const;
  bool on_column_bus(const DramMonitorCommand& c) const { return channel_.split_bus && c.code >= 3 && c.code <= 6; }
  std::uint64_t earliest(const DramMonitorRule& rule, std::uint32_t node) const;
  std::uint32_t state_fault(const DramMonitorCommand& c, std::uint32_t bank) const;

  DramMonitorChannel channel_;
  std::vector<std::uint32_t> bus_cycles_;
  std::vector<DramMonitorRule> rules_;
  std::uint32_t bank_bits_;
  std::vector<DramMonitorCommand> history_;  ///< in order of time
};

}  // namespace lutetia
