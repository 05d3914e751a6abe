#include "memory/memory_config.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quantity_text.h"
#include "memory/dram/dram_memory.h"
#include "memory/sram.h"

namespace lutetia {
namespace {

DramSpec resolved(const DramConfig& config) {
  DramSpec spec;
  Problems ignored;
  resolve(config, "", spec, ignored);
  return spec;
}

}  // namespace

void describe(Schema& s, MemoryConfig& c) {
  s.optional_group("fixed", c.fixed, "one bandwidth and one latency; the default if there is no other");
  s.optional_group("dram", c.dram, "DRAM to the command");
  s.optional_group("sram", c.sram, "banked SRAM on the chip");
  s.rule([&c] { return c.fixed.has_value() + c.dram.has_value() + c.sram.has_value() <= 1; }, {"fixed", "dram", "sram"},
         "the memory is one of fixed, dram and sram");
}

bool check_memory(const MemoryConfig& config, const std::string& path, Problems& problems) {
  DramSpec spec;
  return !config.dram || resolve_dram(*config.dram, path + ".dram", spec, problems);
}

double peak_bandwidth(const MemoryConfig& config) {
  if (config.dram) return static_cast<double>(resolved(*config.dram).peak_bandwidth());
  if (config.sram)  // a port moves a word a cycle; the machine has two
    return 2.0 * static_cast<double>(config.sram->bank_width.value) * static_cast<double>(config.sram->clock.value);
  return static_cast<double>(config.fixed.value_or(FixedMemoryConfig()).bandwidth.value);
}

double unloaded_read_latency(const MemoryConfig& config) {
  if (config.sram) return static_cast<double>(config.sram->latency + 1) / static_cast<double>(config.sram->clock.value);
  if (!config.dram) return 1e-12 * static_cast<double>(config.fixed.value_or(FixedMemoryConfig()).latency.value);
  const DramSpec spec = resolved(*config.dram);
  std::uint32_t activate = 0;  // from ACT to RD at a bank, whatever the standard calls it
  for (const DramConstraint& row : spec.constraints)
    if (row.level == Level::kBank && row.window == 1 && (row.from & mask(Command::kActivate)) != 0 &&
        (row.to & mask(Command::kRead)) != 0)
      activate = std::max(activate, row.latency);
  const double cycles = activate + spec.read_latency + spec.burst_cycles;
  return cycles / static_cast<double>(spec.clock.frequency.value) +
         1e-12 * static_cast<double>(config.dram->controller.response_latency.value);
}

std::optional<std::uint64_t> memory_capacity(const MemoryConfig& config) {
  if (config.sram) return config.sram->capacity.value;
  if (!config.dram) return std::nullopt;
  return resolved(*config.dram).geometry.bytes();
}

bool has_currents(const MemoryConfig& config) {
  return config.dram && resolved(*config.dram).currents.has_value();
}

std::string memory_text(const MemoryConfig& config) {
  if (config.dram)
    return fmt::format("{} {} {}, {} channel{}", config.dram->standard.name, config.dram->device, config.dram->speed,
                       config.dram->channels, config.dram->channels == 1 ? "" : "s");
  if (config.sram) return fmt::format("sram {}, {} banks", to_text(config.sram->capacity), config.sram->banks);
  return "fixed " + to_text(config.fixed.value_or(FixedMemoryConfig()).bandwidth);
}

std::unique_ptr<MainMemory> make_memory(const std::string& name, const MemoryConfig& config, StatGroup* parent) {
  if (config.dram) return std::make_unique<DramMemory>(name, *config.dram, parent);
  if (config.sram) return std::make_unique<Sram>(name, *config.sram, parent);
  return std::make_unique<FixedMemory>(name, config.fixed.value_or(FixedMemoryConfig()), parent);
}

}  // namespace lutetia
