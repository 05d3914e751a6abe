#include "memory/memory_config.h"

#include <fmt/format.h>

#include "base/quantity_text.h"
#include "memory/dram/dram_spec.h"

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
  s.rule([&c] { return !(c.fixed && c.dram); }, {"fixed", "dram"}, "the memory is either fixed or dram");
}

bool check_memory(const MemoryConfig& config, const std::string& path, Problems& problems) {
  DramSpec spec;
  return !config.dram || resolve(*config.dram, path + ".dram", spec, problems);
}

double peak_bandwidth(const MemoryConfig& config) {
  if (config.dram) return static_cast<double>(resolved(*config.dram).peak_bandwidth());
  return static_cast<double>(config.fixed.value_or(FixedMemoryConfig()).bandwidth.value);
}

std::optional<std::uint64_t> memory_capacity(const MemoryConfig& config) {
  if (!config.dram) return std::nullopt;
  return resolved(*config.dram).geometry.bytes();
}

std::string memory_text(const MemoryConfig& config) {
  if (config.dram)
    return fmt::format("{} {} {}, {} channel{}", config.dram->standard.name, config.dram->device, config.dram->speed,
                       config.dram->channels, config.dram->channels == 1 ? "" : "s");
  return "fixed " + to_text(config.fixed.value_or(FixedMemoryConfig()).bandwidth);
}

std::unique_ptr<MainMemory> make_memory(const std::string& name, const MemoryConfig& config, StatGroup* parent) {
  return std::make_unique<FixedMemory>(name, config.fixed.value_or(FixedMemoryConfig()), parent);
}

}  // namespace lutetia
