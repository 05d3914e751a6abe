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

UnitAbilities lut_core_abilities(const std::string& body, const LutCoreConfig& config) {
  return {"lut_core", body, "rtl/units/lut_core, cycle by cycle", config.plane_macs_per_cycle(), 0};
}

}  // namespace lutetia
