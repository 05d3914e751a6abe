// The pins that all matrix cores have: which port of the model is which stream. sim/units/matrix_core/README.md has the
// payloads. A core's own adapter names its parameters only.
#pragma once
#include <string>

#include "cosim/rtl_config.h"
#include "cosim/verilated_unit.h"
#include "units/matrix_core/matrix_core_beats.h"
#include "units/matrix_core/matrix_core_cycle.h"

namespace lutetia {

template <class Model>
class MatrixCoreDut : public VerilatedUnit<Model> {
 public:
  MatrixCoreDut(std::string variant, RtlParameters parameters, const MatrixCoreShape& shape, std::uint64_t seed)
      : VerilatedUnit<Model>(std::move(variant), std::move(parameters), seed) {
    const auto bits = [&shape](std::uint32_t input) { return MatrixCoreBeats::bits(shape, input); };
    Model& m = this->model();
    this->input("cmd", bits(MatrixCorePort::kCommand), m.cmd_valid_i, m.cmd_ready_o, m.cmd_data_i);
    this->input("act", bits(MatrixCorePort::kActivation), m.act_valid_i, m.act_ready_o, m.act_data_i);
    this->input("weight", bits(MatrixCorePort::kWeight), m.weight_valid_i, m.weight_ready_o, m.weight_data_i);
    this->input("scale", bits(MatrixCorePort::kScale), m.scale_valid_i, m.scale_ready_o, m.scale_data_i);
    this->input("fill", bits(MatrixCorePort::kFill), m.fill_valid_i, m.fill_ready_o, m.fill_data_i);
    this->output("out", MatrixCoreBeats::output_bits(shape), m.out_valid_o, m.out_ready_i, m.out_data_o);
    this->activity_pins(MatrixCoreCycle::names(shape),
                        {&m.fire_o, &m.idle_o, &m.stall_table_o, &m.stall_weights_o, &m.stall_epilogue_o});
    this->reset();
  }
  bool idle() const override { return this->model().busy_o == 0; }
};

}  // namespace lutetia
