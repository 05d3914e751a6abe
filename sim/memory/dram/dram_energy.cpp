#include "memory/dram/dram_energy.h"

#include <algorithm>

namespace lutetia {
namespace {

/// One supply: its voltage and the currents it delivers, mA.
struct Supply {
  double volts = 0, i0 = 0, i2n = 0, i3n = 0, i4r = 0, i4w = 0, i5b = 0;
};

struct Parts {
  double activate = 0, precharge = 0, read = 0, write = 0, refresh = 0, standby_open = 0, standby_precharged = 0;
};

/// Picojoules of one device per rank (volts x milliamperes x nanoseconds) for all that happened in all ranks.
void add_supply(const Supply& s, const DramSpec& spec, const DramCounts& n, Cycle end, double share, Parts& out) {
  const double ns = 1e9 / static_cast<double>(spec.clock.frequency.value);
  const auto cycles = [&](const char* name) {
    const auto found = spec.timings.find(name);
    return found == spec.timings.end() ? 0.0 : static_cast<double>(found->second);
  };
  const auto count = [&](Command a, Command b) {
    return static_cast<double>(n.commands[static_cast<std::size_t>(a)] + n.commands[static_cast<std::size_t>(b)]);
  };
  const double banks = spec.geometry.banks_per_rank();
  const double any_open = share * (s.i3n - s.i2n) + s.i2n;           // of a rank with some bank open
  const double one_open = (s.i3n + (banks - 1) * any_open) / banks;  // of a rank with one bank open
  const double activates = static_cast<double>(n.commands[static_cast<std::size_t>(Command::kActivate)]);
  const double refreshes = static_cast<double>(n.commands[static_cast<std::size_t>(Command::kRefresh)]);
  const double rank_cycles = static_cast<double>(end) * spec.geometry.channels * spec.geometry.ranks_per_channel();
  const double open = static_cast<double>(n.rank_open_cycles);
  const double burst = static_cast<double>(spec.burst_cycles);
  out.activate += activates * s.volts * std::max(0.0, s.i0 - one_open) * cycles("tRAS") * ns;
  out.precharge += activates * s.volts * std::max(0.0, s.i0 - s.i2n) * cycles("tRP") * ns;  // every row is closed once
  out.read += count(Command::kRead, Command::kReadPrecharge) * s.volts * std::max(0.0, s.i4r - s.i3n) * burst * ns;
  out.write += count(Command::kWrite, Command::kWritePrecharge) * s.volts * std::max(0.0, s.i4w - s.i3n) * burst * ns;
  out.refresh += refreshes * s.volts * std::max(0.0, s.i5b - s.i2n) * cycles("tRFC") * ns;
  out.standby_open +=
      s.volts * (any_open * open + (one_open - any_open) * static_cast<double>(n.bank_open_cycles)) * ns;
  out.standby_precharged += s.volts * s.i2n * std::max(0.0, rank_cycles - open) * ns;
}

}  // namespace

std::optional<DramEnergy> dram_energy(const DramSpec& spec, const DramCounts& counts, Cycle end) {
  if (!spec.currents) return std::nullopt;
  const DramCurrents& c = *spec.currents;
  Parts p;
  add_supply({c.vdd, c.idd0, c.idd2n, c.idd3n, c.idd4r, c.idd4w, c.idd5b}, spec, counts, end, c.bank_standby_share, p);
  add_supply({c.vpp, c.ipp0, c.ipp2n, c.ipp3n, c.ipp4r, c.ipp4w, c.ipp5b}, spec, counts, end, c.bank_standby_share, p);
  const double columns = static_cast<double>(counts.read_bursts - counts.forwarded + counts.write_bursts);
  const double devices = spec.devices_per_rank;
  const double io = columns * spec.geometry.burst_bytes * 8 * c.io_pj_per_bit;
  DramEnergy out;
  out.parts = {{"activate", p.activate * devices},
               {"precharge", p.precharge * devices},
               {"read", p.read * devices},
               {"write", p.write * devices},
               {"refresh", p.refresh * devices},
               {"standby_open", p.standby_open * devices},
               {"standby_precharged", p.standby_precharged * devices},
               {"io", io}};
  for (const auto& part : out.parts) out.total_pj += part.second;
  return out;
}

}  // namespace lutetia
