// A DRAM standard as data: configs/dram/*.yaml. Levels, commands, timing constraints as rows, and presets of devices
// (organisation) and speeds (clock and timings). A new standard is a new file, not a new class.
//
// A timing has a name and is given once, by the standard, the device, or the speed: in cycles of the command clock, or
// as a time, which is rounded up to cycles. Constraint rows combine timings by name ("CL + BL + 2 - CWL").
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "config/schema.h"
#include "memory/dram/dram_command.h"

namespace lutetia {

/// After a command of `from` at a node of `level`, a command of `to` at the same node waits `latency` cycles. With a
/// window w, the wait counts from the w-th last such command; with sibling, `to` is at another node of the same parent.
struct ConstraintRow {
  std::string name;  ///< what statistics call it, e.g. tFAW; rows may share a name
  Level level = Level::kChannel;
  std::vector<std::string> from, to;
  std::string latency;  ///< cycles: timings and numbers joined by + and -, max(a, b)
  std::uint32_t window = 1;
  bool sibling = false;
};

/// Organisation of one channel. The rank of a DIMM holds channel_width / width of these devices in parallel.
struct DramDevice {
  std::string name;
  std::uint32_t width = 8;           ///< data pins of a device
  std::uint32_t channel_width = 64;  ///< data pins of a channel, or of a pseudo channel
  std::uint32_t pseudo_channels = 1;
  std::uint32_t ranks = 1;  ///< within the device: HBM's stack IDs
  std::uint32_t bank_groups = 4;
  std::uint32_t banks = 4;  ///< of a bank group
  std::uint32_t rows = 65536;
  std::uint32_t columns = 1024;  ///< words of channel_width bits in a row
  Bytes capacity{0};             ///< of a channel with one rank of DIMMs; must be what the numbers above give
  std::map<std::string, std::uint32_t> cycles;
  std::map<std::string, Picoseconds> times;
};

/// Currents of one device in mA and voltages in V, named as in JEDEC data sheets. Only what has a source is given.
struct DramCurrents {
  double vdd = 1.2, idd0 = 0, idd2n = 0, idd3n = 0, idd4r = 0, idd4w = 0, idd5b = 0;
  double vpp = 0, ipp0 = 0, ipp2n = 0, ipp3n = 0, ipp4r = 0, ipp4w = 0, ipp5b = 0;  ///< vpp 0: no such supply
  double bank_standby_share = 1;  ///< of idd3n - idd2n that flows whichever banks are open (DRAMPower's rho)
  double io_pj_per_bit = 0;       ///< data pins and their termination, per bit moved
};

struct DramSpeed {
  std::string name;
  Hertz clock{1'200'000'000};  ///< of commands (CK)
  std::uint32_t width = 0;     ///< devices of this width only; 0: any
  std::map<std::string, std::uint32_t> cycles;
  std::map<std::string, Picoseconds> times;
  std::optional<DramCurrents> currents;
};

/// An earliest legal distance that a test derives from the rows: `first` at cycle 0, then `second` at the node said.
struct StandardCheck {
  std::string first, second;
  Level same = Level::kBank;  ///< deepest level that both commands share
  std::string device, speed;
  std::uint32_t cycles = 0;
};

enum class CommandBus { kShared, kSplit };

struct DramStandard {
  std::string name;
  std::uint32_t data_rate = 2;     ///< transfers per cycle of the command clock
  std::uint32_t burst_length = 8;  ///< transfers of a column command
  CommandBus command_bus = CommandBus::kShared;
  std::map<std::string, std::uint32_t> commands;  ///< what the standard has, and the bus cycles of each
  std::map<std::string, std::uint32_t> cycles;    ///< timings common to all presets
  std::map<std::string, Picoseconds> times;
  std::vector<ConstraintRow> constraints;
  std::vector<DramDevice> devices;
  std::vector<DramSpeed> speeds;
  std::vector<StandardCheck> checks;
};

void describe(Schema& schema, ConstraintRow& row);
void describe(Schema& schema, DramDevice& device);
void describe(Schema& schema, DramCurrents& currents);
void describe(Schema& schema, DramSpeed& speed);
void describe(Schema& schema, StandardCheck& check);
void describe(Schema& schema, DramStandard& standard);

}  // namespace lutetia
