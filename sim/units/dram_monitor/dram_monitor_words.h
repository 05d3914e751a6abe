// The words in which the monitor is spoken to and answers; README.md of this folder is the specification. The monitor
// knows no DRAM standard, only these numbers.
#pragma once
#include <cstdint>

#include "kernel/payload.h"
#include "units/dram_monitor/dram_monitor_config.h"

namespace lutetia {

/// Numbers of the streams, in port order.
struct DramMonitorPort {
  enum Input : std::uint32_t { kConfig, kCommand, kInputs };
  enum Output : std::uint32_t { kVerdict, kOutputs };
};

/// Codes of commands; what follows them in a DRAM standard's list would be unknown to the monitor.
struct DramMonitorCode {
  enum : std::uint32_t {
    kActivate,
    kPrecharge,
    kPrechargeAll,
    kRead,
    kReadPrecharge,
    kWrite,
    kWritePrecharge,
    kRefresh,
    kRefreshBank,
    kCodes
  };
  static constexpr bool is_column(std::uint32_t code) { return code >= kRead && code <= kWritePrecharge; }
  static constexpr bool is_rank_wide(std::uint32_t code) { return code == kPrechargeAll || code == kRefresh; }
};

/// From the channel down to the bank.
inline constexpr std::uint32_t kDramMonitorLevels = 5;

struct DramMonitorRule {
  std::uint32_t level = 0;
  std::uint32_t from = 0, to = 0;  ///< bit per command code
  std::uint32_t latency = 0;       ///< less than 2^24
  std::uint32_t window = 1;        ///< 1..8
  bool sibling = false;
};

/// bank >> shift is the number of the node that a bank belongs to.
struct DramMonitorChannel {
  std::uint32_t bank_group_shift = 0, rank_shift = 0, pseudo_channel_shift = 0;
  bool split_bus = false;

  std::uint32_t node(std::uint32_t level, std::uint32_t bank) const {
    const std::uint32_t shifts[] = {0, pseudo_channel_shift, rank_shift, bank_group_shift, 0};
    return level == 0 ? 0 : bank >> shifts[level];
  }
};

struct DramMonitorWord {
  enum What : std::uint32_t { kRule, kCommand, kChannel, kRun };
  static constexpr std::uint32_t kBits = 59;

  std::uint32_t what = kRule;
  std::uint32_t index = 0;  ///< of the rule or the command
  std::uint32_t value = 0;  ///< latency; bus cycles; shifts and split; commands of the run
  DramMonitorRule rule;     ///< if it is one; its latency is `value`

  static DramMonitorWord of_rule(std::uint32_t index, const DramMonitorRule& rule) {
    return {kRule, index, rule.latency, rule};
  }
  static DramMonitorWord of_command(std::uint32_t code, std::uint32_t bus_cycles) {
    return {kCommand, code, bus_cycles, {}};
  }
  static DramMonitorWord of_channel(const DramMonitorChannel& c) {
    const std::uint32_t shifts = c.bank_group_shift | c.rank_shift << 4 | c.pseudo_channel_shift << 8;
    return {kChannel, 0, shifts | (c.split_bus ? 1u << 12 : 0), {}};
  }
  /// 0 commands: all that come.
  static DramMonitorWord of_run(std::uint32_t commands) { return {kRun, 0, commands, {}}; }

  DramMonitorChannel channel() const {
    return {value & 15u, value >> 4 & 15u, value >> 8 & 15u, (value >> 12 & 1u) != 0};
  }
  Payload encode() const {
    Payload p(kBits);
    p.set(0, 2, what);
    p.set(2, 8, index);
    p.set(10, 24, value);
    p.set(34, 9, rule.from);
    p.set(43, 9, rule.to);
    p.set(52, 3, rule.level);
    p.set(55, 3, rule.window - 1);
    p.set(58, 1, rule.sibling);
    return p;
  }
  static DramMonitorWord decode(const Payload& p) {
    const auto field = [&p](std::uint32_t at, std::uint32_t width) {
      return static_cast<std::uint32_t>(p.get(at, width));
    };
    DramMonitorWord w;
    w.what = field(0, 2);
    w.index = field(2, 8);
    w.value = field(10, 24);
    w.rule = {field(52, 3), field(34, 9), field(43, 9), w.value, field(55, 3) + 1, field(58, 1) != 0};
    return w;
  }
};

struct DramMonitorCommand {
  std::uint32_t code = 0;
  std::uint32_t bank = 0;
  std::uint32_t row = 0;
  std::uint64_t at = 0;  ///< at + any latency must fit into time_bits

  void encode(const DramMonitorConfig& c, Payload& p) const {
    p.set(0, 4, code);
    p.set(4, c.bank_bits, bank);
    p.set(4 + c.bank_bits, c.row_bits, row);
    p.set(4 + c.bank_bits + c.row_bits, c.time_bits, at);
  }
  static DramMonitorCommand decode(const DramMonitorConfig& c, const Payload& p) {
    return {static_cast<std::uint32_t>(p.get(0, 4)), static_cast<std::uint32_t>(p.get(4, c.bank_bits)),
            static_cast<std::uint32_t>(p.get(4 + c.bank_bits, c.row_bits)),
            p.get(4 + c.bank_bits + c.row_bits, c.time_bits)};
  }
};

struct DramMonitorVerdict {
  enum Kind : std::uint32_t {
    kLegal,
    kUnknownCommand,
    kTimeWentBack,
    kBankOpen,
    kBankClosed,
    kOtherRow,
    kNotPrecharged,
    kBusBusy,
    kTooEarly,
    kKinds
  };
  std::uint32_t kind = kLegal;  ///< the first that applies
  bool too_early = false;       ///< a rule is violated, whatever the kind is
  std::uint32_t rule = 0;       ///< the lowest of those, else 0
  std::uint64_t earliest = 0;   ///< cycle from which rules and bus allow the command; 0: from the beginning

  void encode(const DramMonitorConfig& c, Payload& p) const {
    p.set(0, 4, kind);
    p.set(4, 1, too_early);
    p.set(5, 8, rule);
    p.set(13, c.time_bits, earliest);
  }
  static DramMonitorVerdict decode(const DramMonitorConfig& c, const Payload& p) {
    return {static_cast<std::uint32_t>(p.get(0, 4)), p.get(4, 1) != 0, static_cast<std::uint32_t>(p.get(5, 8)),
            p.get(13, c.time_bits)};
  }
};

}  // namespace lutetia
