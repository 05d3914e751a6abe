// The pins of rtl/units/attention: which port of the model is which stream. sim/units/attention/README.md has the
// payloads.
#pragma once
#include <string>
#include <type_traits>

#include "cosim/rtl_config.h"
#include "cosim/verilated_unit.h"
#include "units/attention/attention_cycle.h"

namespace lutetia {

template <class Model>
class AttentionDut final : public VerilatedUnit<Model> {
 public:
  static RtlParameters rtl_parameters() {
    using R = std::remove_pointer_t<decltype(Model::rootp)>;
    return {{"Keys", R::attention__DOT__Keys},
            {"Dims", R::attention__DOT__Dims},
            {"Contexts", R::attention__DOT__Contexts},
            {"MaxChunks", R::attention__DOT__MaxChunks},
            {"Format", R::attention__DOT__Format},
            {"KvBits", R::attention__DOT__KvBits},
            {"KvScales", R::attention__DOT__KvScales},
            {"OutputFormat", R::attention__DOT__OutputFormat},
            {"ScoreFifo", R::attention__DOT__ScoreFifo},
            {"ProbabilityFifo", R::attention__DOT__ProbabilityFifo},
            {"OutputFifo", R::attention__DOT__OutputFifo},
            {"KeyFifo", R::attention__DOT__KeyFifo},
            {"ValueFifo", R::attention__DOT__ValueFifo}};
  }

  AttentionDut(std::string variant, std::uint64_t seed)
      : VerilatedUnit<Model>(std::move(variant), rtl_parameters(), seed) {
    const auto config = config_from_rtl<AttentionConfig>(this->parameters());
    const auto bits = [&config](std::uint32_t input) { return AttentionPort::inputs(config)[input].bits; };
    Model& m = this->model();
    this->input("cmd", bits(AttentionPort::kCommand), m.cmd_valid_i, m.cmd_ready_o, m.cmd_data_i);
    this->input("row", bits(AttentionPort::kRow), m.row_valid_i, m.row_ready_o, m.row_data_i);
    this->input("query", bits(AttentionPort::kQuery), m.query_valid_i, m.query_ready_o, m.query_data_i);
    this->input("key", bits(AttentionPort::kKey), m.key_valid_i, m.key_ready_o, m.key_data_i);
    this->input("key_scale", bits(AttentionPort::kKeyScale), m.key_scale_valid_i, m.key_scale_ready_o,
                m.key_scale_data_i);
    this->input("mask", bits(AttentionPort::kMask), m.mask_valid_i, m.mask_ready_o, m.mask_data_i);
    this->input("state", bits(AttentionPort::kState), m.state_valid_i, m.state_ready_o, m.state_data_i);
    this->input("partial", bits(AttentionPort::kPartial), m.partial_valid_i, m.partial_ready_o, m.partial_data_i);
    this->input("value", bits(AttentionPort::kValue), m.value_valid_i, m.value_ready_o, m.value_data_i);
    this->input("value_scale", bits(AttentionPort::kValueScale), m.value_scale_valid_i, m.value_scale_ready_o,
                m.value_scale_data_i);
    this->output("out", config.output_bits(), m.out_valid_o, m.out_ready_i, m.out_data_o);
    this->activity_pins(AttentionCycle::names(),
                        {&m.fire_o, &m.idle_o, &m.stall_queries_o, &m.stall_keys_o, &m.stall_downstream_o});
    this->reset();
  }
  bool idle() const override { return this->model().busy_o == 0; }
};

}  // namespace lutetia
