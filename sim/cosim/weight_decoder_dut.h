// The pins of rtl/units/weight_decoder: which port of the model is which stream. sim/units/weight_decoder/README.md has
// the payloads.
#pragma once
#include <string>
#include <type_traits>

#include "cosim/rtl_config.h"
#include "cosim/verilated_unit.h"
#include "units/weight_decoder/weight_decoder_beats.h"
#include "units/weight_decoder/weight_decoder_cycle.h"

namespace lutetia {

template <class Model>
class WeightDecoderDut final : public VerilatedUnit<Model> {
 public:
  static RtlParameters rtl_parameters() {
    using R = std::remove_pointer_t<decltype(Model::rootp)>;
    return {{"Lanes", R::weight_decoder__DOT__Lanes},
            {"Code", R::weight_decoder__DOT__Code},
            {"Blocks", R::weight_decoder__DOT__Blocks}};
  }

  WeightDecoderDut(std::string variant, std::uint64_t seed)
      : VerilatedUnit<Model>(std::move(variant), rtl_parameters(), seed) {
    const auto config = config_from_rtl<WeightDecoderConfig>(this->parameters());
    const auto bits = [&config](std::uint32_t input) { return WeightDecoderBeats::bits(config, input); };
    Model& m = this->model();
    this->input("cmd", bits(WeightDecoderPort::kCommand), m.cmd_valid_i, m.cmd_ready_o, m.cmd_data_i);
    this->input("code", bits(WeightDecoderPort::kCode), m.code_valid_i, m.code_ready_o, m.code_data_i);
    this->output("weight", config.weight_beat_bits(), m.weight_valid_o, m.weight_ready_i, m.weight_data_o);
    this->activity_pins(WeightDecoderCycle::names(),
                        {&m.emit_o, &m.idle_o, &m.stall_codes_o, &m.fill_o, &m.stall_output_o});
    this->reset();
  }
  bool idle() const override { return this->model().busy_o == 0; }
};

}  // namespace lutetia
