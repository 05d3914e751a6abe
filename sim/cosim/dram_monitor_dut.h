// The pins of rtl/units/dram_monitor: which port of the model is which stream. sim/units/dram_monitor/README.md has the
// payloads.
#pragma once
#include <string>
#include <type_traits>

#include "cosim/rtl_config.h"
#include "cosim/verilated_unit.h"
#include "units/dram_monitor/dram_monitor_cycle.h"

namespace lutetia {

template <class Model>
class DramMonitorDut final : public VerilatedUnit<Model> {
 public:
  static RtlParameters rtl_parameters() {
    using R = std::remove_pointer_t<decltype(Model::rootp)>;
    return {{"BankBits", R::dram_monitor__DOT__BankBits},
            {"RowBits", R::dram_monitor__DOT__RowBits},
            {"TimeBits", R::dram_monitor__DOT__TimeBits},
            {"Rules", R::dram_monitor__DOT__Rules},
            {"Window", R::dram_monitor__DOT__Window}};
  }

  DramMonitorDut(std::string variant, std::uint64_t seed)
      : VerilatedUnit<Model>(std::move(variant), rtl_parameters(), seed) {
    const auto config = config_from_rtl<DramMonitorConfig>(this->parameters());
    Model& m = this->model();
    this->input("config", DramMonitorWord::kBits, m.config_valid_i, m.config_ready_o, m.config_data_i);
    this->input("command", config.command_bits(), m.command_valid_i, m.command_ready_o, m.command_data_i);
    this->output("verdict", config.verdict_bits(), m.verdict_valid_o, m.verdict_ready_i, m.verdict_data_o);
    this->activity_pins(DramMonitorCycle::names(),
                        {&m.judge_o, &m.idle_o, &m.configure_o, &m.clear_o, &m.stall_verdict_o});
    this->reset();
  }
  bool idle() const override { return this->model().busy_o == 0; }
};

}  // namespace lutetia
