// Judges a stream of DRAM commands against a DramSpec: timing rows, bank states, command bus, data bus, refresh.
// Written apart from the device model and the other way round, so that each is evidence for the other: the model pushes
// "ready from" times forward when it issues a command; this keeps the past and looks back, rule by rule, at every
// command.
//
// A command that breaks a rule is recorded all the same, as what happened; only a command without a place (channel or
// bank out of range), or one that the standard lacks, is judged no further.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "memory/dram/command_history.h"
#include "memory/dram/dram_command.h"
#include "memory/dram/dram_spec.h"

namespace lutetia {

struct Violation {
  DramCommand command;                 ///< for a refresh that never came: the one missed, at the end
  std::string rule;                    ///< a timing row's name, e.g. tFAW, or one of CommandChecker::kRules
  Level level = Level::kChannel;       ///< of the node that both commands share; with a sibling row, of the two nodes
  std::optional<Cycle> earliest;       ///< first cycle that this rule allows; nothing if no wait would help
  std::optional<DramCommand> earlier;  ///< the one it collides with: opened the row, closed it, holds the bus, ...
};

class CommandChecker final : public CommandSink {
 public:
  /// Rules that are not timing rows. JEDEC allows PRE of a closed bank, so there is none for it.
  enum Rule : std::uint8_t {
    kOrder,            ///< time went back within a channel; the command then counts as of the channel's latest cycle
    kRange,            ///< channel, bank, row or column that the geometry lacks
    kNoCommand,        ///< the standard has no such command
    kRowOpen,          ///< ACT or a refresh of a bank that is not precharged
    kRowClosed,        ///< column command to a precharged bank
    kWrongRow,         ///< column command to another row than the open one
    kBus,              ///< the command bus still carries an earlier command
    kDataBus,          ///< its data would meet another's on the pins of a pseudo channel
    kRefreshInterval,  ///< a bank not refreshed for more than kMostIntervals refresh intervals
  };
  static constexpr std::array<const char*, 9> kRules = {"order",    "range",      "no such command",
                                                        "row open", "row closed", "wrong row",
                                                        "bus",      "data bus",   "refresh interval"};
  /// JEDEC lets a controller postpone eight refreshes.
  static constexpr std::uint64_t kMostIntervals = 9;

  /// The first `keep` violations are kept in full.
  explicit CommandChecker(const DramSpec& spec, std::size_t keep = 20);

  void issued(const DramCommand& command) override;
  /// After the last command: refreshes that should have come before `end`.
  void finish(Cycle end);

  std::uint64_t commands() const;
  std::uint64_t commands(Command c) const { return commands_[static_cast<std::size_t>(c)]; }
  std::uint64_t violations() const { return violations_; }
  /// Only rules that were broken. Rows of one name count together.
  std::map<std::string, std::uint64_t> violations_by_rule() const;
  const std::vector<Violation>& first_violations() const { return first_; }

  /// `cycle 55: ACT row 6 of rank 0, bank group 1, bank 2: tRC (bank): not before cycle 56, after ACT row 5 of ... at
  /// 0`
  std::string text(const Violation& violation) const;

 private:
  static constexpr std::size_t kBursts = 16;  ///< of a pseudo channel's past; CL and CWL differ by fewer bursts

  struct Check {
    std::uint32_t history, window, latency, rule;
    Level level;
    bool sibling;
  };
  /// Nodes of a level that a command addresses, counted through all channels: one, or all below the rank.
  struct Range {
    std::size_t first, end;
  };
  struct Bank {
    bool open = false;
    std::uint32_t row = 0;
    DramCommand turned;     ///< the command that opened or closed it last; kNever: none yet
    DramCommand refreshed;  ///< the last refresh, of the bank or of its rank; kNever: none yet
  };
  struct Bus {
    DramCommand last;
    Cycle free = 0;  ///< first cycle after everything sent so far
  };
  /// Data on the pins of a pseudo channel: a ring of the last bursts.
  struct DataBus {
    std::array<DramCommand, kBursts> bursts;
    std::uint32_t next = 0;
    Cycle free = 0;  ///< no data from this cycle on
  };

  bool has_place(const DramCommand& command);
  void check_range(const DramCommand& command);
  void check_timing(const DramCommand& command);
  const DramCommand* looked_back(const Check& check, const DramCommand& command) const;
  void check_bus(const DramCommand& command);
  void check_data_bus(const DramCommand& command);
  void check_state(const DramCommand& command);
  void check_refresh(const DramCommand& command);
  void record(const DramCommand& command);
  void change_state(const DramCommand& command);
  Cycle first_data(const DramCommand& command) const;
  Cycle longest_interval(const DramCommand& last, Command next) const;
  Range nodes(const DramCommand& command, Level level) const;
  void violation(std::uint32_t rule, Level level, const DramCommand& command, std::optional<Cycle> earliest,
                 const DramCommand* earlier);
  std::string describe(const DramCommand& command) const;

  DramSpec spec_;
  std::size_t keep_;
  std::vector<CommandHistory> histories_;
  std::array<std::vector<Check>, kCommands> checks_;               ///< by the command they restrict
  std::array<std::vector<std::uint32_t>, kCommands> recorded_in_;  ///< histories, by command
  std::vector<std::array<std::uint32_t, kLevels>> node_of_;        ///< by bank of a channel
  std::vector<Bank> banks_;                                        ///< of all channels
  std::vector<Bus> buses_;                                         ///< two per channel: rows (or all), columns
  std::vector<DataBus> data_buses_;                                ///< of all pseudo channels
  std::vector<Cycle> now_;                                         ///< latest command, by channel
  std::array<std::uint64_t, kCommands> commands_{};
  std::uint64_t strange_commands_ = 0;  ///< with a number that is none of Command
  std::uint64_t violations_ = 0;
  std::vector<std::uint64_t> by_rule_;  ///< kRules, then rows of the spec
  std::vector<Violation> first_;
};

}  // namespace lutetia
