// The main memory of a design: one bandwidth and one latency (`fixed`), DRAM to the command (`dram`), or banked SRAM on
// the chip (`sram`). A file in configs/memory holds these keys.
#pragma once
#include <memory>
#include <optional>

#include "base/problem.h"
#include "memory/dram/dram_config.h"
#include "memory/fixed_memory.h"
#include "memory/main_memory.h"
#include "memory/sram_config.h"

namespace lutetia {

/// At most one of them is present; none stands for `fixed` with its defaults.
struct MemoryConfig {
  std::optional<FixedMemoryConfig> fixed;
  std::optional<DramConfig> dram;
  std::optional<SramConfig> sram;
};

void describe(Schema& schema, MemoryConfig& config);

/// What only shows when the parts of a configuration meet. Problems have no file; their paths start with `path`.
bool check_memory(const MemoryConfig& config, const std::string& path, Problems& problems);

// The functions below need a configuration that check_memory() accepts.

/// Bytes per second that the memory could move at best.
double peak_bandwidth(const MemoryConfig& config);
/// Seconds from a read to its last data when nothing else is going on; of DRAM with the row closed, without refresh.
double unloaded_read_latency(const MemoryConfig& config);
/// Bytes that it holds; nothing for a memory without a size.
std::optional<std::uint64_t> memory_capacity(const MemoryConfig& config);
/// Whether its energy follows from data-sheet currents: DRAM of a speed that has them.
bool has_currents(const MemoryConfig& config);
/// A few words for people: "fixed 51.2 GB/s", "ddr4 8Gb_x8 2400U, 2 channels".
std::string memory_text(const MemoryConfig& config);
std::unique_ptr<MainMemory> make_memory(const std::string& name, const MemoryConfig& config, StatGroup* parent);

}  // namespace lutetia
