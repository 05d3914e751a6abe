#include "gates/gate_level_unit.h"

#include <fmt/format.h>

#include <map>

#include "gates/netlist_vectors.h"

namespace lutetia {
namespace {

/// Outputs that show a unit's activities, in the order of its model's; the same as in cosim/UNIT_dut.h.
const std::vector<std::string>* activity_pins(const std::string& unit) {
  static const std::vector<std::string> matrix = {"fire_o", "idle_o", "stall_table_o", "stall_weights_o",
                                                  "stall_epilogue_o"};
  static const std::map<std::string, std::vector<std::string>> pins = {
      {"lut_core", matrix},
      {"adder_core", matrix},
      {"mac_core", matrix},
      {"weight_decoder", {"emit_o", "idle_o", "stall_codes_o", "fill_o", "stall_output_o"}},
      {"attention", {"fire_o", "idle_o", "stall_queries_o", "stall_keys_o", "stall_downstream_o"}},
      {"dram_monitor", {"judge_o", "idle_o", "configure_o", "clear_o", "stall_verdict_o"}}};
  const auto found = pins.find(unit);
  return found == pins.end() ? nullptr : &found->second;
}

}  // namespace

GateLevelUnit::GateLevelUnit(const RtlParameters& parameters, const StreamUnit& model, const Netlist& netlist,
                             const CellLibrary& library, const Options& options)
    : parameters_(parameters),
      netlist_(netlist),
      library_(library),
      options_(options),
      simulator_(netlist),
      input_ports_(model.inputs()),
      output_ports_(model.outputs()),
      activities_(model.activities()) {}

std::unique_ptr<GateLevelUnit> GateLevelUnit::make(const std::string& unit, const RtlParameters& parameters,
                                                   const StreamUnit& model, const Netlist& netlist,
                                                   const CellLibrary& library, const Options& options,
                                                   Problems& problems) {
  std::unique_ptr<GateLevelUnit> made(new GateLevelUnit(parameters, model, netlist, library, options));
  const std::size_t before = problems.size();
  made->connect(unit, problems);
  if (problems.size() != before) return nullptr;
  made->reset();
  return made;
}

void GateLevelUnit::connect(const std::string& unit, Problems& problems) {
  const auto pin = [&](const std::string& name, bool output) { return pins(name, 1, output, problems)[0]; };
  event_names_ = {"cycle"};
  const std::vector<std::string>* activity = activity_pins(unit);
  if (activity == nullptr || activity->size() != activities_.size()) {
    problems.add({netlist_.top, 0, 0}, "", "unit " + unit + " has no known activity pins");
    return;
  }
  event_names_.push_back(activity->front().substr(0, activity->front().size() - 2));  // without _o
  for (const std::string& name : *activity) activity_pins_.push_back(pin(name, true));
  for (const StreamPort& port : input_ports_) {
    inputs_.push_back({pin(port.name + "_valid_i", false), pin(port.name + "_ready_o", true),
                       pins(port.name + "_data_i", port.bits, false, problems)});
    event_names_.push_back(port.name);
  }
  for (const StreamPort& port : output_ports_) {
    outputs_.push_back({pin(port.name + "_valid_o", true), pin(port.name + "_ready_i", false),
                        pins(port.name + "_data_o", port.bits, true, problems), false, Payload(port.bits)});
    event_names_.push_back(port.name);
  }
  command_events_ = CommandEvents::make(unit, parameters_);
  first_command_event_ = event_names_.size();
  if (command_events_)
    for (const std::string& name : command_events_->names()) event_names_.push_back(name);
  busy_ = pin("busy_o", true);
  reset_ = pin("rst_ni", false);
}

std::vector<NetId> GateLevelUnit::pins(const std::string& name, std::uint32_t bits, bool output,
                                       Problems& problems) const {
  const Netlist::Port* port = netlist_.port(name);
  if (port != nullptr && port->output == output && port->nets.size() == bits) return port->nets;
  problems.add({netlist_.top, 0, 0}, "ports." + name,
               fmt::format("expected {} of {} bits, the netlist has {}", output ? "an output" : "an input", bits,
                           port == nullptr
                               ? "none"
                               : fmt::format("{} of {}", port->output ? "an output" : "an input", port->nets.size())));
  return std::vector<NetId>(bits == 0 ? 1 : bits, Netlist::kZero);
}

void GateLevelUnit::reset() {
  if (options_.record_vectors) vectors_ = vectors_heading(netlist_);
  simulator_.set(reset_, false);
  for (std::size_t cycle = 0; cycle < kSetUpCycles; ++cycle) {
    simulator_.settle();
    record_vector();
    simulator_.edge();
  }
  simulator_.set(reset_, true);
  simulator_.settle();
  energy_ = std::make_unique<SwitchingEnergy>(netlist_, library_, simulator_, options_.loads);
  events_.assign(event_names_.size(), 0);
}

const Payload& GateLevelUnit::front(std::uint32_t output) const {
  const Output& o = outputs_[output];
  std::uint32_t* words = o.payload.words().data();
  for (std::size_t i = 0; i < o.data.size(); ++i) {
    const std::uint32_t bit = 1u << i % 32;
    words[i / 32] = simulator_.value(o.data[i]) ? words[i / 32] | bit : words[i / 32] & ~bit;
  }
  return o.payload;
}

Activity GateLevelUnit::activity() const {
  for (Activity a = 0; a < activity_pins_.size(); ++a)
    if (simulator_.value(activity_pins_[a])) return a;
  return static_cast<Activity>(activity_pins_.size());  // none: equal to no activity of a model
}

void GateLevelUnit::offer(std::uint32_t input, const Payload& payload) {
  Input& in = inputs_[input];
  in.offering = true;
  if (input == 0) command_ = payload;
  for (std::size_t i = 0; i < in.data.size(); ++i) simulator_.set(in.data[i], payload.words()[i / 32] >> i % 32 & 1);
}

void GateLevelUnit::clock() {
  ++events_[0];
  const bool active = simulator_.value(activity_pins_[0]);
  if (active) ++events_[1];
  if (command_events_ && active) command_events_->fire(&events_[first_command_event_]);
  std::size_t event = 2;
  for (Input& in : inputs_) {
    simulator_.set(in.valid, in.offering);
    if (in.offering && simulator_.value(in.ready)) {
      ++events_[event];
      if (command_events_ && &in == inputs_.data()) command_events_->command(command_);
    }
    in.offering = false;
    ++event;
  }
  for (Output& out : outputs_) {
    simulator_.set(out.ready, out.accepting);
    if (out.accepting && simulator_.value(out.valid)) ++events_[event];
    out.accepting = false;
    ++event;
  }
  simulator_.settle();
  record_vector();
  energy_->count(simulator_);
  if (events_[0] == options_.window) {
    windows_.push_back({events_, energy_->take()});
    events_.assign(events_.size(), 0);
  }
  simulator_.edge();
  simulator_.settle();
}

std::vector<SwitchingWindow> GateLevelUnit::windows() const {
  std::vector<SwitchingWindow> all = windows_;
  if (events_[0] > 0) all.push_back({events_, energy_->present()});
  return all;
}

void GateLevelUnit::record_vector() {
  if (options_.record_vectors) vectors_ += vectors_line(netlist_, simulator_);
}

}  // namespace lutetia
