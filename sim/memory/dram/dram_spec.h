// What a device and its controller need to know, worked out of a DramConfig: counts, cycles and constraint rows as
// numbers. Every mistake that only shows when parts meet (a missing timing, a name without preset) is found here.
#pragma once
#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/problem.h"
#include "kernel/clock_domain.h"
#include "memory/dram/dram_config.h"

namespace lutetia {

/// Nodes of one channel, counted through: bank b of the channel lies in bank group b / banks, and so on upwards.
struct DramGeometry {
  std::uint32_t channels = 1;
  std::uint32_t pseudo_channels = 1;
  std::uint32_t ranks = 1;        ///< of a pseudo channel
  std::uint32_t bank_groups = 1;  ///< of a rank
  std::uint32_t banks = 1;        ///< of a bank group
  std::uint32_t rows = 1;
  std::uint32_t bursts = 1;       ///< columns of a row, counted in bursts
  std::uint32_t burst_bytes = 1;  ///< bytes of a column command

  std::uint32_t banks_per_rank() const { return bank_groups * banks; }
  std::uint32_t ranks_per_channel() const { return pseudo_channels * ranks; }
  std::uint32_t banks_per_channel() const { return ranks_per_channel() * banks_per_rank(); }
  /// Nodes of a level in a channel, and the node that a bank belongs to.
  std::uint32_t nodes(Level level) const { return banks_per_channel() / banks_below(level); }
  std::uint32_t node(Level level, std::uint32_t bank) const { return bank / banks_below(level); }
  std::uint32_t banks_below(Level level) const {
    switch (level) {
      case Level::kChannel: return banks_per_channel();
      case Level::kPseudoChannel: return ranks * banks_per_rank();
      case Level::kRank: return banks_per_rank();
      case Level::kBankGroup: return banks;
      case Level::kBank: return 1;
    }
    return 1;
  }
  std::uint32_t bank_index(std::uint32_t pseudo_channel, std::uint32_t rank, std::uint32_t bank_group,
                           std::uint32_t bank) const {
    return ((pseudo_channel * ranks + rank) * bank_groups + bank_group) * banks + bank;
  }
  std::uint64_t channel_bytes() const { return std::uint64_t{banks_per_channel()} * rows * bursts * burst_bytes; }
  std::uint64_t bytes() const { return channels * channel_bytes(); }
};

/// A constraint row in numbers. Commands are bits of mask(Command).
struct DramConstraint {
  std::string name;
  Level level = Level::kChannel;
  std::uint32_t from = 0, to = 0;
  std::uint32_t latency = 0;  ///< cycles; a row whose latency is not positive is left out
  std::uint32_t window = 1;
  bool sibling = false;
  std::size_t row = 0;  ///< in the standard's list
};

struct DramSpec {
  std::string standard, device, speed;
  ClockDomain clock;
  DramGeometry geometry;
  std::map<std::string, std::uint32_t> timings;  ///< cycles, by name; BL is there too
  std::vector<DramConstraint> constraints;
  std::array<std::uint8_t, kCommands> command_cycles{};  ///< bus cycles; 0: the standard has no such command
  bool split_bus = false;
  std::uint32_t read_latency = 0, write_latency = 0;  ///< from the command to the first data, cycles
  std::uint32_t burst_cycles = 0;                     ///< data of one column command
  std::uint32_t refresh_interval = 0;                 ///< tREFI
  std::uint32_t bank_refresh_interval = 0;            ///< tREFI / banks of a rank, or tREFIpb if given
  std::uint32_t devices_per_rank = 1;
  std::optional<DramCurrents> currents;

  bool has(Command c) const { return command_cycles[static_cast<std::size_t>(c)] != 0; }
  /// Bytes per second at the data pins of all channels.
  std::uint64_t peak_bandwidth() const {
    return std::uint64_t{geometry.channels} * geometry.pseudo_channels * geometry.burst_bytes * clock.frequency.value /
           burst_cycles;
  }
};

/// Problems have no file; their paths start with `path` ("memory.dram"), and the reader's origins tell the line.
/// False if there are any; `out` is then not to be used.
bool resolve(const DramConfig& config, const std::string& path, DramSpec& out, Problems& problems);

}  // namespace lutetia
