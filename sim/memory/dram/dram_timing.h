// Timing state of one channel's devices: open rows, and for every command at every node of the hierarchy the earliest
// cycle at which the constraint rows allow it. `issue` pushes times forward; a checker that looks back at the history
// instead (command_checker.h) is the independent proof. The command bus is the controller's.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "memory/dram/dram_spec.h"

namespace lutetia {

class DramTiming {
 public:
  static constexpr std::uint32_t kNoRow = UINT32_MAX;
  static constexpr std::uint8_t kNoCause = UINT8_MAX;

  explicit DramTiming(const DramSpec& spec);

  std::uint32_t open_row(std::uint32_t bank) const { return open_row_[bank]; }
  bool is_open(std::uint32_t bank) const { return open_row_[bank] != kNoRow; }
  std::uint32_t open_banks(std::uint32_t rank) const { return open_banks_[rank]; }

  /// Earliest cycle for the command at this bank (or its rank), as far as constraints go.
  Cycle ready(Command command, std::uint32_t bank) const {
    return std::max(ready_in_rank(command, bank), ready_in_bank(command, bank));
  }
  /// Whether a command to one bank group can change ready_in_bank() of another.
  bool groups_meet() const { return groups_meet_; }
  /// Whether the command changes ready_in_bank() of other banks than its own.
  bool touches_group(Command command) const {
    return groups_meet_ || touches_group_[static_cast<std::size_t>(command)];
  }
  /// The part of it that all banks of the rank share, and the bank's and its group's own.
  Cycle ready_in_rank(Command command, std::uint32_t bank) const {
    const Places& p = places_[bank];
    const std::size_t c = static_cast<std::size_t>(command);
    Cycle at = ready_[p[2] + c];
    for (std::size_t level = shared_from_; level < 2; ++level) at = std::max(at, ready_[p[level] + c]);
    return at;
  }
  Cycle ready_in_bank(Command command, std::uint32_t bank) const {
    const Places& p = places_[bank];
    const std::size_t c = static_cast<std::size_t>(command);
    return std::max(ready_[p[3] + c], ready_[p[4] + c]);
  }
  /// Index (in DramSpec::constraints) of the row that decides ready(); kNoCause if none does.
  std::uint8_t cause(Command command, std::uint32_t bank) const { return binding(command, bank).row; }
  struct Binding {
    Cycle ready = 0;
    std::uint8_t row = kNoCause;
  };
  /// Both at once.
  Binding binding(Command command, std::uint32_t bank) const {
    const std::size_t c = static_cast<std::size_t>(command);
    Binding out;
    for (std::size_t level = shared_from_; level < kLevels; ++level) {
      const std::size_t slot = places_[bank][level] + c;
      if (ready_[slot] > out.ready) out = {ready_[slot], cause_[slot]};
    }
    return out;
  }

  /// What stands between a request and its data: the command to send next.
  struct Probe {
    Command next = Command::kActivate;  ///< PRE, ACT, or the column command itself
    Cycle ready = 0;
    bool row_hit = false, row_open = false;
  };
  Probe probe(Command column_command, std::uint32_t bank, std::uint32_t row) const;

  /// Takes the command at `at`; the caller has asked ready(). `row` matters for ACT only.
  void issue(Command command, std::uint32_t bank, std::uint32_t row, Cycle at);

  /// What is still to come of all waits, seen from `now`: equal in two cycles means that the same commands will be
  /// possible after equal times. shift() moves it all, as if the commands since had been sent that much later.
  void remaining(Cycle now, std::vector<Cycle>& out) const;
  void shift(Cycle now, Cycle by);

 private:
  using Places = std::array<std::uint32_t, kLevels>;
  struct Rule {
    std::uint8_t level = 0, to = 0, row = 0;
    std::uint32_t latency = 0;
  };
  struct WindowRule {
    std::uint32_t to = 0;  ///< mask
    std::uint8_t level = 0, row = 0;
    std::uint32_t latency = 0, window = 1;
    std::uint32_t history = 0;  ///< first of its time stamps: `window` per node
    std::uint32_t heads = 0;    ///< first of its ring positions: one per node
  };

  void raise(std::size_t slot, Cycle at, std::uint8_t row) {
    if (at <= ready_[slot]) return;
    ready_[slot] = at;
    cause_[slot] = row;
  }
  static void add_rule(std::vector<Rule>& rules, const Rule& rule);
  void compile(const DramConstraint& constraint, std::uint8_t row);

  DramGeometry geometry_;
  std::array<std::uint32_t, kLevels> first_{};  ///< first slot of a level in ready_
  std::vector<Places> places_;                  ///< per bank and level: slot of its node
  std::vector<Cycle> ready_;                    ///< per node and command
  std::vector<std::uint8_t> cause_;
  std::array<std::vector<Rule>, kCommands> rules_, sibling_rules_;
  std::array<std::vector<WindowRule>, kCommands> window_rules_;
  std::vector<Cycle> history_;
  std::vector<std::uint8_t> heads_;
  bool groups_meet_ = false;
  std::array<bool, kCommands> touches_group_{};
  std::size_t shared_from_ = 2;  ///< lowest level of the rank or above that any rule is at
  std::vector<std::uint32_t> open_row_, open_banks_;
};

}  // namespace lutetia
