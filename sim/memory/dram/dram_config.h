// Command-level DRAM as a design describes it: which standard, device and speed, how many channels, and what the
// memory controller does. `memory: {dram: {standard: ddr4, device: 8Gb_x8, speed: 2400U}}`.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "memory/dram/dram_standard.h"

namespace lutetia {

enum class Scheduler { kFcfs, kFrFcfs };
enum class PagePolicy { kOpen, kOpenAdaptive, kClosed, kClosedAdaptive };
enum class RefreshMode { kNone, kAllBank, kPerBank };

struct ControllerConfig {
  std::uint32_t read_queue = 32;   ///< bursts per channel
  std::uint32_t write_queue = 32;  ///< bursts per channel
  double write_high = 0.8;         ///< share of the write queue at which writes begin to be drained
  double write_low = 0.2;          ///< share down to which they are drained
  Scheduler scheduler = Scheduler::kFrFcfs;
  std::uint32_t row_hit_cap = 0;  ///< column commands to an open row while another row of the bank waits; 0: no cap
  PagePolicy page_policy = PagePolicy::kOpen;
  RefreshMode refresh = RefreshMode::kAllBank;
  std::uint32_t postponed_refreshes = 0;
  Picoseconds response_latency{0};  ///< added to every response: the way back through controller and PHY
  std::vector<std::string> mapping = {"row", "rank", "bank", "column", "bank_group", "pseudo_channel", "channel"};
  std::vector<std::string> permute;  ///< fields XORed with low bits of the row
};

struct DramConfig {
  DramStandard standard;
  std::string device, speed;  ///< names of presets
  std::uint32_t channels = 1;
  std::uint32_t ranks = 1;                      ///< per channel (DIMMs), times those within the device
  std::map<std::string, std::uint32_t> cycles;  ///< timings to replace
  ControllerConfig controller;
};

void describe(Schema& schema, ControllerConfig& config);
void describe(Schema& schema, DramConfig& config);

}  // namespace lutetia
