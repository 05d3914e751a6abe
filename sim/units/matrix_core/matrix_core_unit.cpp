#include "units/matrix_core/matrix_core_unit.h"

namespace lutetia {

MatrixCoreCommand matrix_core_command(const MatrixCoreShape& shape, const TileCommand& tile) {
  const std::uint32_t group = shape.group_length;
  MatrixCoreCommand command;
  command.rows = tile.m;
  command.k_groups = static_cast<std::uint32_t>(ceil_div(tile.k, group));
  command.scale_group_length = tile.scale_group == 0 ? command.k_groups : tile.scale_group / group;
  command.n_blocks = static_cast<std::uint32_t>(ceil_div(tile.n, shape.lanes));
  command.planes = tile.weights.planes;
  command.equal_planes = tile.weights.equal;
  command.fill = tile.fill;
  return command;
}

UnitEvents matrix_core_events(const MatrixCoreShape& shape, const MatrixCoreCommand& command) {
  UnitEvents events{};
  const std::uint64_t fires = command.fires(shape), outputs = command.output_beats(shape);
  std::uint64_t* ports = &events[MatrixCoreEvent::kFirstPort];
  events[MatrixCoreEvent::kFire] = fires;
  ports[MatrixCorePort::kCommand] = 1;
  ports[MatrixCorePort::kActivation] = command.activation_beats(shape);
  ports[MatrixCorePort::kWeight] = fires;
  ports[MatrixCorePort::kScale] = command.scale_beats(shape);
  ports[MatrixCorePort::kFill] = command.fill ? outputs : 0;
  events[MatrixCoreEvent::kOut] = outputs;
  events[MatrixCoreEvent::kCode] = command.code_beats(shape);
  events[MatrixCoreEvent::kWordSwitch] = command.word_switches(shape);
  events[MatrixCoreEvent::kRowFire] = command.row_fires();
  return events;
}

UnitEvents MatrixCoreCounters::count(const MatrixCoreShape& shape, const MatrixCoreCommand& command) {
  const UnitEvents events = matrix_core_events(shape, command);
  const std::uint64_t* ports = &events[MatrixCoreEvent::kFirstPort];
  const std::uint64_t steps_per_row = std::uint64_t{command.k_groups} * command.n_blocks * command.planes;
  const std::uint64_t row_slots = std::uint64_t{command.row_blocks(shape)} * shape.rows;
  tiles_ += ports[MatrixCorePort::kCommand];
  operands_ += row_slots * command.k_groups;
  steps_ += steps_per_row * command.rows * shape.lanes;
  idle_steps_ += steps_per_row * (row_slots - command.rows) * shape.lanes;
  activations_ += ports[MatrixCorePort::kActivation];
  weights_ += ports[MatrixCorePort::kWeight];
  scales_ += ports[MatrixCorePort::kScale];
  fills_ += ports[MatrixCorePort::kFill];
  outputs_ += events[MatrixCoreEvent::kOut];
  if (codes_) *codes_ += events[MatrixCoreEvent::kCode];
  multiply_adds_ += command.output_beats(shape) * command.scale_groups() * shape.epilogue_lanes * shape.epilogue_rows;
  return events;
}

UnitAbilities matrix_core_abilities(const std::string& body, const MatrixCoreShape& shape) {
  return {shape.unit, body, std::string("rtl/units/") + shape.unit, shape.macs_per_fire(), 0};
}

}  // namespace lutetia
