// A unit that does what the one inside it does, and keeps what it was given: the operands of a run, to be replayed
// later without the machine around it (`lutetia record`).
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "cosim/bench.h"
#include "cosim/rtl_unit.h"
#include "kernel/stream_unit.h"

namespace lutetia {

/// Every transfer of a unit in one run.
struct UnitRecording {
  std::string unit;          ///< the one to be recorded
  RtlParameters parameters;  ///< of its RTL
  std::vector<StreamPort> inputs, outputs;
  std::vector<std::vector<Payload>> pushed, popped;  ///< per port, in order

  /// Nothing was made of that name.
  bool empty() const { return inputs.empty(); }
  std::uint64_t transfers() const;
  /// What run_bench() feeds to a fresh unit so that it computes the same again.
  BenchProgram program() const;
};

class RecordingUnit final : public StreamUnit {
 public:
  /// `recording` outlives the unit; its ports are set here.
  RecordingUnit(std::unique_ptr<StreamUnit> unit, UnitRecording& recording);

  const std::vector<StreamPort>& inputs() const override { return unit_->inputs(); }
  const std::vector<StreamPort>& outputs() const override { return unit_->outputs(); }
  bool ready(std::uint32_t input) const override { return unit_->ready(input); }
  void push(std::uint32_t input, const Payload& payload) override;
  bool valid(std::uint32_t output) const override { return unit_->valid(output); }
  const Payload& front(std::uint32_t output) const override { return unit_->front(output); }
  void pop(std::uint32_t output) override;
  const std::vector<std::string>& activities() const override { return unit_->activities(); }
  Activity activity() const override { return unit_->activity(); }
  bool idle() const override { return unit_->idle(); }
  std::vector<FifoOccupancy> fifo_occupancies() const override { return unit_->fifo_occupancies(); }
  void clock() override { unit_->clock(); }

 private:
  std::unique_ptr<StreamUnit> unit_;
  UnitRecording& recording_;
};

}  // namespace lutetia
