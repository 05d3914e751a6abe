#include "gates/netlist.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <unordered_map>

#include "base/nearest.h"

namespace lutetia {
namespace {

constexpr std::size_t kMostProblems = 20;  ///< a wrong library would name every cell

class Builder {
 public:
  Builder(const NetlistModule& module, const CellLibrary& library, std::string file, Netlist& out, Problems& problems)
      : module_(module), library_(library), file_(std::move(file)), out_(out), problems_(problems) {}

  void run() {
    out_ = Netlist();
    out_.top = module_.name;
    out_.parameters = module_.parameters;
    add_net("0");
    add_net("1");
    out_.components.emplace_back();
    component_ids_[""] = 0;
    add_ports();
    out_.first_pin.push_back(0);
    for (const NetlistModule::Cell& cell : module_.cells) add_cell(cell);
    connect_ports();
    check_drivers();
    name_nets();
  }

 private:
  void fault(const std::string& path, const std::string& message) {
    if (faults_++ < kMostProblems) problems_.add({file_, 0, 0}, path, message);
    if (faults_ == kMostProblems + 1) problems_.add({file_, 0, 0}, "", "and more of the kind");
  }
  NetId add_net(std::string name) {
    out_.net_names.push_back(std::move(name));
    out_.drivers.push_back(Netlist::kNoCell);
    driven_.push_back(false);
    used_.push_back(Netlist::kNoCell);
    return static_cast<NetId>(out_.nets() - 1);
  }
  NetId net_of(NetlistBit bit) {
    if (bit < 2) return static_cast<NetId>(bit);
    const auto [it, fresh] = ids_.emplace(bit, 0);
    if (fresh) it->second = add_net("");
    return it->second;
  }

  void add_ports() {
    for (const NetlistModule::Port& port : module_.ports) {
      Netlist::Port p{port.name, port.direction == "output", {}};
      if (port.direction != "input" && port.direction != "output")
        fault("ports." + port.name, "direction " + port.direction + "; expected input or output");
      for (const NetlistBit bit : port.bits) {
        const NetId net = net_of(bit);
        p.nets.push_back(net);
        if (p.output) continue;
        if (net <= Netlist::kOne || driven_[net]) fault("ports." + port.name, "an input on a net that is driven");
        driven_[net] = true;
      }
      out_.ports.push_back(std::move(p));
    }
  }

  void add_cell(const NetlistModule::Cell& cell) {
    const std::string path = "cells." + cell.name;
    const Cell* type = type_of(cell, path);
    if (type == nullptr) return;
    const auto id = static_cast<CellId>(out_.cells());
    out_.cell_types.push_back(type_ids_.at(type));
    out_.cell_names.push_back(cell.name);
    out_.cell_components.push_back(component(cell.name));
    const std::size_t first = out_.pin_nets.size();
    out_.pin_nets.resize(first + type->pins.size(), kOpen);
    for (const NetlistModule::Connection& connection : cell.connections) {
      if (connection.bits.empty()) continue;  // open
      const std::int32_t pin = type->pin(connection.pin);
      if (pin < 0)
        fault(path, "cell " + type->name + " has no pin " + connection.pin);
      else if (connection.bits.size() != 1)
        fault(path, fmt::format("{} bits on pin {}", connection.bits.size(), connection.pin));
      else
        out_.pin_nets[first + static_cast<std::size_t>(pin)] = net_of(connection.bits[0]);
    }
    for (std::size_t pin = 0; pin < type->pins.size(); ++pin) {
      NetId& net = out_.pin_nets[first + pin];
      if (!type->pins[pin].output) {
        if (net == kOpen) {
          fault(path, "input pin " + type->pins[pin].name + " is open");
          net = Netlist::kZero;
        }
        used_[net] = id;
        continue;
      }
      if (net == kOpen) net = add_net(cell.name + "." + type->pins[pin].name);
      if (net <= Netlist::kOne)
        fault(path, "output pin " + type->pins[pin].name + " drives a constant");
      else if (driven_[net])
        fault(path, "output pin " + type->pins[pin].name + " drives a net that has another driver: " + driver(net));
      driven_[net] = true;
      out_.drivers[net] = id;
    }
    out_.first_pin.push_back(static_cast<std::uint32_t>(out_.pin_nets.size()));
  }

  /// Null if the simulator cannot have it.
  const Cell* type_of(const NetlistModule::Cell& cell, const std::string& path) {
    const auto found = library_.cells.find(cell.type);
    if (found == library_.cells.end()) {
      std::vector<std::string> names;
      if (unknown_.emplace(cell.type, 0).second)
        for (const auto& known : library_.cells) names.push_back(known.first);
      ++unknown_[cell.type];
      fault(path, "the library " + library_.name + " has no cell " + cell.type + did_you_mean(cell.type, names));
      return nullptr;
    }
    const Cell* type = &found->second;
    const auto [it, fresh] = type_ids_.emplace(type, static_cast<std::uint32_t>(out_.types.size()));
    if (fresh) {
      out_.types.push_back(type);
      usable_.push_back(usable(*type, path));
    }
    return usable_[it->second] ? type : nullptr;
  }
  bool usable(const Cell& type, const std::string& path) {
    std::string why;
    if (type.latch) why = "a latch";
    if (type.tristate) why = "a tri-state output";
    if (type.pins.size() > 20) why = "more than 20 pins";
    for (const CellPin& pin : type.pins)
      if (pin.output && !pin.function && !type.flop) why = "an output without function: " + pin.name;
    if (!why.empty()) fault(path, "cell " + type.name + " has " + why + ", which the simulator does not run");
    return why.empty();
  }
  std::uint32_t component(const std::string& cell) {
    const std::string name = component_of(cell);
    const auto [it, fresh] = component_ids_.emplace(name, static_cast<std::uint32_t>(out_.components.size()));
    if (fresh) out_.components.push_back(name);
    return it->second;
  }
  std::string driver(NetId net) const {
    return out_.drivers[net] == Netlist::kNoCell ? "an input port" : out_.cell_names[out_.drivers[net]];
  }

  void connect_ports() {
    for (const Netlist::Port& port : out_.ports)
      for (std::size_t i = 0; port.output && i < port.nets.size(); ++i)
        if (port.nets[i] > Netlist::kOne && !driven_[port.nets[i]])
          fault("ports." + port.name, fmt::format("bit {} has no driver", i));
  }
  void check_drivers() {
    for (NetId net = 2; net < out_.nets(); ++net)
      if (!driven_[net] && used_[net] != Netlist::kNoCell)
        fault("cells." + out_.cell_names[used_[net]], "an input pin is on a net without driver");
  }

  /// A net that has several names takes one that a person gave, and of these the shortest.
  void name_nets() {
    std::vector<std::uint32_t> rank(out_.nets(), 0xffffffff);
    for (const NetlistModule::Wire& wire : module_.wires)
      for (std::size_t i = 0; i < wire.bits.size(); ++i) {
        if (wire.bits[i] < 2) continue;
        const auto found = ids_.find(wire.bits[i]);
        if (found == ids_.end()) continue;
        const auto length = static_cast<std::uint32_t>(std::min<std::size_t>(wire.name.size(), 0xffffff));
        const std::uint32_t mine = length + (wire.hidden ? 0x1000000u : 0u);
        if (mine >= rank[found->second]) continue;
        rank[found->second] = mine;
        out_.net_names[found->second] =
            wire.bits.size() == 1 ? wire.name : fmt::format("{}[{}]", wire.name, wire.offset + i);
      }
    for (const auto& [bit, net] : ids_)
      if (out_.net_names[net].empty()) out_.net_names[net] = fmt::format("${}", bit);
  }

  static constexpr NetId kOpen = 0xffffffff;
  const NetlistModule& module_;
  const CellLibrary& library_;
  std::string file_;
  Netlist& out_;
  Problems& problems_;
  std::size_t faults_ = 0;
  std::unordered_map<NetlistBit, NetId> ids_;
  std::unordered_map<const Cell*, std::uint32_t> type_ids_;
  std::unordered_map<std::string, std::uint32_t> component_ids_, unknown_;
  std::vector<bool> usable_, driven_;
  std::vector<CellId> used_;  ///< per net, some cell that reads it
};

}  // namespace

const Netlist::Port* Netlist::port(const std::string& name) const {
  for (const Port& p : ports)
    if (p.name == name) return &p;
  return nullptr;
}

// Yosys joins instance paths with '.' and marks a cell that it named itself: "$flatten\gen_row[0].u_psum.$auto$ff..",
// "$flatten\u_frame.\u_fifo.$abc$..": an instance ends before ".\" or ".$". Names without these marks (after a detour
// through Verilog) are read by the house rule that generate blocks begin with gen_ and instances do not.
std::string component_of(const std::string& cell) {
  std::size_t from = 0;
  if (cell.rfind("$flatten\\", 0) == 0)
    from = 9;
  else if (cell.empty() || cell[0] == '$')
    return "";
  std::size_t element = from;
  for (std::size_t end = from; from > 0 && end + 1 < cell.size(); ++end)
    if (cell[end] == '.' && (cell[end + 1] == '\\' || cell[end + 1] == '$')) return cell.substr(from, end - from);
  for (std::size_t end = from; end + 1 < cell.size(); ++end) {
    if (cell[end] != '.') continue;
    if (cell.compare(element, 4, "gen_") != 0 && cell.compare(element, 6, "genblk") != 0)
      return cell.substr(from, end - from);
    element = end + 1;
  }
  return "";
}

bool build_netlist(const NetlistModule& module, const CellLibrary& library, const std::string& file, Netlist& out,
                   Problems& problems) {
  const std::size_t before = problems.size();
  Builder(module, library, file, out, problems).run();
  if (problems.size() == before) order_netlist(out, file, problems);
  return problems.size() == before;
}

bool read_netlist(const std::string& path, const CellLibrary& library, Netlist& out, Problems& problems) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) {
    problems.add({path, 0, 0}, "", "cannot be read");
    return false;
  }
  NetlistModule module;
  return parse_netlist_json(text.str(), path, module, problems) && build_netlist(module, library, path, out, problems);
}

}  // namespace lutetia
