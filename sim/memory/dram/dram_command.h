// The commands that DRAM standards share, and the levels of hierarchy that timing constraints speak of.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "base/quantity.h"

namespace lutetia {

enum class Command : std::uint8_t {
  kActivate,        ///< ACT: opens a row of a bank
  kPrecharge,       ///< PRE: closes the row of one bank
  kPrechargeAll,    ///< PREA: closes all banks of a rank
  kRead,            ///< RD
  kReadPrecharge,   ///< RDA: RD, then the bank closes itself
  kWrite,           ///< WR
  kWritePrecharge,  ///< WRA
  kRefresh,         ///< REFab: refreshes all banks of a rank
  kRefreshBank,     ///< REFpb: refreshes one bank
};
inline constexpr std::size_t kCommands = 9;
inline constexpr std::array<std::string_view, kCommands> kCommandNames = {"ACT", "PRE", "PREA",  "RD",   "RDA",
                                                                          "WR",  "WRA", "REFab", "REFpb"};

constexpr std::string_view name(Command command) {
  return kCommandNames[static_cast<std::size_t>(command)];
}
constexpr std::uint32_t mask(Command command) {
  return 1u << static_cast<unsigned>(command);
}
constexpr bool is_read(Command c) {
  return c == Command::kRead || c == Command::kReadPrecharge;
}
constexpr bool is_write(Command c) {
  return c == Command::kWrite || c == Command::kWritePrecharge;
}
/// Moves data: sent on the column bus where a standard has two.
constexpr bool is_column(Command c) {
  return is_read(c) || is_write(c);
}
/// Addresses a rank as a whole, not one bank.
constexpr bool is_rank_wide(Command c) {
  return c == Command::kPrechargeAll || c == Command::kRefresh;
}

/// From the whole channel down to one bank. HBM's stack ID is a rank; a standard without a level has one node of it.
enum class Level : std::uint8_t { kChannel, kPseudoChannel, kRank, kBankGroup, kBank };
inline constexpr std::size_t kLevels = 5;
inline constexpr std::array<std::string_view, kLevels> kLevelNames = {"channel", "pseudo_channel", "rank", "bank_group",
                                                                      "bank"};

/// One command on the command bus of a channel. `bank` counts through the whole channel (DramGeometry::bank_index); a
/// rank-wide command gives any bank of its rank.
struct DramCommand {
  Cycle at = 0;
  Command command = Command::kActivate;
  std::uint32_t channel = 0;
  std::uint32_t bank = 0;
  std::uint32_t row = 0;     ///< ACT and column commands
  std::uint32_t column = 0;  ///< column commands: the burst within the row
};

/// Hears of every command, in order of time per channel.
class CommandSink {
 public:
  virtual ~CommandSink() = default;
  virtual void issued(const DramCommand& command) = 0;
};

}  // namespace lutetia
