// The mapped netlist of a unit as a unit: what run_bench() compares with the cycle model, while its energy is measured.
// Pins are found by name: PORT_valid_i, PORT_ready_o, PORT_data_i and so on, clk_i, rst_ni, busy_o, and one output per
// activity. Data pins keep their last value while not valid. Flip-flops start at 0, then two cycles of reset pass that
// are not measured.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "cosim/rtl_unit.h"
#include "gates/command_events.h"
#include "gates/switching_energy.h"

namespace lutetia {

/// Some cycles in a row: how often things happened, and the energy.
struct SwitchingWindow {
  std::vector<std::uint64_t> events;  ///< as GateLevelUnit::event_names()
  ComponentEnergy energy;
};

class GateLevelUnit final : public RtlUnit {
 public:
  struct Options {
    LoadOptions loads;
    std::uint64_t window = 64;    ///< cycles
    bool record_vectors = false;  ///< keep input_vectors()
  };
  /// Null, and problems, if the netlist lacks a pin of the unit whose model this is. Netlist and library outlive it.
  static std::unique_ptr<GateLevelUnit> make(const std::string& unit, const RtlParameters& parameters,
                                             const StreamUnit& model, const Netlist& netlist,
                                             const CellLibrary& library, const Options& options, Problems& problems);

  const std::string& variant() const override { return netlist_.top; }
  const RtlParameters& parameters() const override { return parameters_; }
  const std::vector<StreamPort>& inputs() const override { return input_ports_; }
  const std::vector<StreamPort>& outputs() const override { return output_ports_; }
  bool ready(std::uint32_t input) const override { return simulator_.value(inputs_[input].ready); }
  bool valid(std::uint32_t output) const override { return simulator_.value(outputs_[output].valid); }
  const Payload& front(std::uint32_t output) const override;
  const std::vector<std::string>& activities() const override { return activities_; }
  Activity activity() const override;
  bool idle() const override { return !simulator_.value(busy_); }
  void offer(std::uint32_t input, const Payload& payload) override;
  void accept(std::uint32_t output) override { outputs_[output].accepting = true; }
  void clock() override;
  bool open_waveform(const std::string&) override { return false; }
  void close_waveform() override {}

  /// "cycle", the first activity by its pin, the transfers of each port, and what commands tell (command_events.h).
  const std::vector<std::string>& event_names() const { return event_names_; }
  /// All cycles, in windows; the last may be shorter.
  std::vector<SwitchingWindow> windows() const;
  const SwitchingEnergy& energy() const { return *energy_; }
  const GateSimulator& simulator() const { return simulator_; }
  /// What the input ports had, reset included; see netlist_vectors.h.
  const std::string& input_vectors() const { return vectors_; }

 private:
  struct Input {
    NetId valid, ready;
    std::vector<NetId> data;
    bool offering = false;
  };
  struct Output {
    NetId valid, ready;
    std::vector<NetId> data;
    bool accepting = false;
    mutable Payload payload;
  };
  GateLevelUnit(const RtlParameters& parameters, const StreamUnit& model, const Netlist& netlist,
                const CellLibrary& library, const Options& options);
  void connect(const std::string& unit, Problems& problems);
  std::vector<NetId> pins(const std::string& name, std::uint32_t bits, bool output, Problems& problems) const;
  void reset();
  void record_vector();

  RtlParameters parameters_;
  const Netlist& netlist_;
  const CellLibrary& library_;
  Options options_;
  GateSimulator simulator_;
  std::unique_ptr<SwitchingEnergy> energy_;
  std::vector<StreamPort> input_ports_, output_ports_;
  std::vector<std::string> activities_, event_names_;
  std::vector<Input> inputs_;
  std::vector<Output> outputs_;
  std::vector<NetId> activity_pins_;
  NetId busy_ = 0, reset_ = 0;
  std::vector<SwitchingWindow> windows_;
  std::vector<std::uint64_t> events_;
  std::unique_ptr<CommandEvents> command_events_;  ///< may be null
  std::size_t first_command_event_ = 0;            ///< place in events_
  Payload command_;                                ///< offered on the first port
  std::string vectors_;
};

}  // namespace lutetia
