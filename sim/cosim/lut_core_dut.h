// The pins of rtl/units/lut_core: which port of the model is which stream. sim/units/lut_core/README.md has the
// payloads.
#pragma once
#include <string>
#include <type_traits>

#include "cosim/rtl_config.h"
#include "cosim/verilated_unit.h"
#include "units/lut_core/lut_core_beats.h"
#include "units/lut_core/lut_core_cycle.h"

namespace lutetia {

template <class Model>
class LutCoreDut final : public VerilatedUnit<Model> {
 public:
  static RtlParameters rtl_parameters() {
    using R = std::remove_pointer_t<decltype(Model::rootp)>;
    return {{"Rows", R::lut_core__DOT__Rows},
            {"Lanes", R::lut_core__DOT__Lanes},
            {"ActBits", R::lut_core__DOT__ActBits},
            {"MaxPlanes", R::lut_core__DOT__MaxPlanes},
            {"PsumBlocks", R::lut_core__DOT__PsumBlocks},
            {"PsumBits", R::lut_core__DOT__PsumBits},
            {"TableGenerators", R::lut_core__DOT__TableGenerators},
            {"EpilogueLanes", R::lut_core__DOT__EpilogueLanes}};
  }

  LutCoreDut(std::string variant, std::uint64_t seed)
      : VerilatedUnit<Model>(std::move(variant), rtl_parameters(), seed) {
    const auto config = config_from_rtl<LutCoreConfig>(this->parameters());
    const auto bits = [&config](std::uint32_t input) { return LutCoreBeats::bits(config, input); };
    Model& m = this->model();
    this->input("cmd", bits(LutCorePort::kCommand), m.cmd_valid_i, m.cmd_ready_o, m.cmd_data_i);
    this->input("act", bits(LutCorePort::kActivation), m.act_valid_i, m.act_ready_o, m.act_data_i);
    this->input("weight", bits(LutCorePort::kWeight), m.weight_valid_i, m.weight_ready_o, m.weight_data_i);
    this->input("scale", bits(LutCorePort::kScale), m.scale_valid_i, m.scale_ready_o, m.scale_data_i);
    this->input("fill", bits(LutCorePort::kFill), m.fill_valid_i, m.fill_ready_o, m.fill_data_i);
    this->output("out", LutCoreBeats::output_bits(config), m.out_valid_o, m.out_ready_i, m.out_data_o);
    this->activity_pins(LutCoreCycle::names(),
                        {&m.fire_o, &m.idle_o, &m.stall_table_o, &m.stall_weights_o, &m.stall_epilogue_o});
    this->reset();
  }
  bool idle() const override { return this->model().busy_o == 0; }
};

}  // namespace lutetia
