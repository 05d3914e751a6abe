// Parameters of the DRAM command monitor; README.md of this folder defines them. They are sizes only: what is legal is
// loaded at run time. RTL twin: rtl/units/dram_monitor/dram_monitor.sv.
#pragma once
#include <cstdint>

#include "config/schema.h"

namespace lutetia {

struct DramMonitorConfig {
  static constexpr std::uint32_t kStreamDepth = 2;  ///< config, command, verdict FIFOs

  std::uint32_t bank_bits = 8;
  std::uint32_t row_bits = 24;
  std::uint32_t time_bits = 40;
  std::uint32_t rules = 96;
  std::uint32_t window = 8;

  std::uint32_t banks() const { return 1u << bank_bits; }
  std::uint32_t command_bits() const { return 4 + bank_bits + row_bits + time_bits; }
  std::uint32_t verdict_bits() const { return 13 + time_bits; }
};

void describe(Schema& schema, DramMonitorConfig& config);

}  // namespace lutetia
