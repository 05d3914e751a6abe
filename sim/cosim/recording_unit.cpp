#include "cosim/recording_unit.h"

namespace lutetia {

std::uint64_t UnitRecording::transfers() const {
  std::uint64_t sum = 0;
  for (const auto* ports : {&pushed, &popped})
    for (const std::vector<Payload>& port : *ports) sum += port.size();
  return sum;
}

BenchProgram UnitRecording::program() const {
  BenchProgram program;
  program.inputs = pushed;
  for (const std::vector<Payload>& port : popped) program.outputs.push_back(port.size());
  return program;
}

RecordingUnit::RecordingUnit(std::unique_ptr<StreamUnit> unit, UnitRecording& recording)
    : unit_(std::move(unit)), recording_(recording) {
  recording_.inputs = unit_->inputs();
  recording_.outputs = unit_->outputs();
  recording_.pushed.assign(recording_.inputs.size(), {});
  recording_.popped.assign(recording_.outputs.size(), {});
}

void RecordingUnit::push(std::uint32_t input, const Payload& payload) {
  recording_.pushed[input].push_back(payload);
  unit_->push(input, payload);
}

void RecordingUnit::pop(std::uint32_t output) {
  recording_.popped[output].push_back(unit_->front(output));
  unit_->pop(output);
}

}  // namespace lutetia
