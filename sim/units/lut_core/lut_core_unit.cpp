#include "units/lut_core/lut_core_unit.h"

namespace lutetia {

LutCoreCommand lut_core_command(const LutCoreConfig& config, const TileCommand& tile) {
  constexpr std::uint32_t kGroup = LutCoreConfig::kGroupLength;
  LutCoreCommand command;
  command.rows = tile.m;
  command.k_groups = static_cast<std::uint32_t>(ceil_div(tile.k, kGroup));
  command.scale_group_length = tile.scale_group == 0 ? command.k_groups : tile.scale_group / kGroup;
  command.n_blocks = static_cast<std::uint32_t>(ceil_div(tile.n, config.lanes));
  command.planes = tile.weights.planes;
  command.equal_planes = tile.weights.equal;
  command.fill = tile.fill;
  return command;
}

void LutCoreCounters::count(const LutCoreConfig& config, const LutCoreCommand& command) {
  const std::uint64_t steps_per_row = std::uint64_t{command.k_groups} * command.n_blocks * command.planes;
  const std::uint64_t row_slots = std::uint64_t{command.row_blocks(config)} * config.rows;
  ++tiles_;
  tables_ += row_slots * command.k_groups;
  lookups_ += steps_per_row * command.rows * config.lanes;
  idle_lookups_ += steps_per_row * (row_slots - command.rows) * config.lanes;
  planes_ += command.fires(config);
  scales_ += command.scale_beats(config);
  if (command.fill) fills_ += command.output_beats(config);
  outputs_ += command.output_beats(config);
  multiply_adds_ += command.output_beats(config) * command.scale_groups() * config.epilogue_lanes;
}

UnitAbilities lut_core_abilities(const std::string& body, const LutCoreConfig& config) {
  return {"lut_core", body, "rtl/units/lut_core", config.plane_macs_per_cycle(), 0};
}

}  // namespace lutetia
