// A library of a handful of cells with round figures, and netlists written by hand, for sums that a person can check.
// 1 V, so a toggle of C fF is C / 2 fJ.
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gates/netlist.h"

namespace lutetia::gates_test {

inline CellTable scalar(double value) {
  return {{}, {}, {value}};
}

inline CellPower power(std::int32_t related, double rise, double fall) {
  CellPower p;
  p.related = related;
  p.rise = scalar(rise);
  p.fall = scalar(fall);
  return p;
}

inline CellFunction function(std::uint32_t pins, const std::function<bool(std::uint32_t)>& value) {
  std::vector<bool> values;
  for (std::uint32_t row = 0; row < 1u << pins; ++row) values.push_back(value(row));
  return {pins, values};
}

inline CellPin input(const std::string& name, double capacitance_ff) {
  CellPin pin;
  pin.name = name;
  pin.capacitance_ff = capacitance_ff;
  return pin;
}

inline CellPin output(const std::string& name) {
  CellPin pin;
  pin.name = name;
  pin.output = true;
  return pin;
}

/// Inputs are pins 0 and up, the output comes last.
inline Cell gate(const std::string& name, double area, std::vector<CellPin> inputs,
                 const std::function<bool(std::uint32_t)>& value) {
  Cell cell;
  cell.name = name;
  cell.area_um2 = area;
  cell.leakage_nw = area / 10;
  cell.pins = std::move(inputs);
  cell.pins.push_back(output("Y"));
  cell.pins.back().function = function(static_cast<std::uint32_t>(cell.pins.size()), value);
  return cell;
}

/// Pins C, D, Q and, if wanted, R (clears while 0).
inline Cell flop(const std::string& name, bool clears) {
  Cell cell;
  cell.name = name;
  cell.area_um2 = 40;
  cell.leakage_nw = 4;
  cell.pins = {input("C", 6), input("D", 4), output("Q")};
  if (clears) cell.pins.push_back(input("R", 2));
  const auto pins = static_cast<std::uint32_t>(cell.pins.size());
  cell.flop.emplace();
  cell.flop->next_state = function(pins, [](std::uint32_t p) { return (p >> 1 & 1) != 0; });
  if (clears) cell.flop->clear = function(pins, [](std::uint32_t p) { return (p >> 3 & 1) == 0; });
  cell.flop->outputs = {{2, false}};
  cell.pins[0].clock = true;
  cell.pins[0].power = {power(-1, 3, 5)};
  cell.pins[1].power = {power(-1, 7, 9)};
  cell.pins[2].power = {power(0, 20, 30)};
  return cell;
}

inline CellLibrary tiny_library() {
  CellLibrary library;
  library.name = "tiny";
  library.voltage = 1;
  const auto add = [&library](Cell cell) { library.cells[cell.name] = std::move(cell); };
  Cell inverter = gate("INV", 10, {input("A", 2)}, [](std::uint32_t p) { return (p & 1) == 0; });
  inverter.pins[1].power = {power(0, 1, 2)};
  add(inverter);
  Cell buffer = gate("BUF", 10, {input("A", 3)}, [](std::uint32_t p) { return (p & 1) != 0; });
  buffer.pins[1].power = {power(0, 0.5, 0.25)};
  add(buffer);
  Cell nand = gate("NAND", 20, {input("A", 2), input("B", 4)}, [](std::uint32_t p) { return (p & 3) != 3; });
  nand.pins[2].power = {power(0, 10, 11), power(1, 20, 22)};
  add(nand);
  add(gate("XOR", 30, {input("A", 5), input("B", 5)}, [](std::uint32_t p) { return ((p ^ p >> 1) & 1) != 0; }));
  add(flop("DFF", false));
  add(flop("DFFR", true));
  Cell latch = gate("LATCH", 30, {input("A", 5)}, [](std::uint32_t) { return false; });
  latch.latch = true;
  add(latch);
  return library;
}

/// Net numbers as in the file: 2 and above, 0 and 1 the constants.
class NetlistWriter {
 public:
  NetlistWriter& in(const std::string& name, std::vector<NetlistBit> bits) {
    module_.ports.push_back({name, "input", std::move(bits)});
    return *this;
  }
  NetlistWriter& out(const std::string& name, std::vector<NetlistBit> bits) {
    module_.ports.push_back({name, "output", std::move(bits)});
    return *this;
  }
  NetlistWriter& cell(const std::string& name, const std::string& type,
                      const std::vector<std::pair<std::string, NetlistBit>>& pins) {
    module_.cells.push_back({name, type, {}});
    for (const auto& [pin, bit] : pins) module_.cells.back().connections.push_back({pin, {bit}});
    return *this;
  }
  NetlistWriter& wire(const std::string& name, std::vector<NetlistBit> bits) {
    module_.wires.push_back({name, false, 0, std::move(bits)});
    return *this;
  }
  const NetlistModule& module() const { return module_; }

  /// As Yosys writes it.
  std::string json() const {
    const auto bits = [](const std::vector<NetlistBit>& list) {
      std::string text = "[";
      for (const NetlistBit bit : list)
        text += (text.size() > 1 ? ", " : " ") + (bit < 2 ? "\"" + std::to_string(bit) + "\"" : std::to_string(bit));
      return text + " ]";
    };
    std::string text =
        "{\n  \"creator\": \"a person\",\n  \"modules\": {\n    \"top\": {\n"
        "      \"attributes\": { \"top\": \"00000001\", \"src\": \"a.sv:1\" },\n"
        "      \"parameter_default_values\": { \"Lanes\": \"00000101\" },\n      \"ports\": {";
    for (const auto& port : module_.ports)
      text += std::string(&port == &module_.ports[0] ? "" : ",") + "\n        \"" + port.name +
              "\": { \"direction\": \"" + port.direction + "\", \"bits\": " + bits(port.bits) + " }";
    text += "\n      },\n      \"cells\": {";
    for (const auto& cell : module_.cells) {
      text += std::string(&cell == &module_.cells[0] ? "" : ",") + "\n        \"" + escaped(cell.name) +
              "\": { \"hide_name\": 1, \"type\": \"" + cell.type + "\", \"parameters\": { }, \"connections\": {";
      for (const auto& c : cell.connections)
        text += std::string(&c == &cell.connections[0] ? "" : ",") + " \"" + c.pin + "\": " + bits(c.bits);
      text += " } }";
    }
    text += "\n      },\n      \"netnames\": {";
    for (const auto& wire : module_.wires)
      text += std::string(&wire == &module_.wires[0] ? "" : ",") + "\n        \"" + wire.name +
              "\": { \"hide_name\": 0, \"bits\": " + bits(wire.bits) + ", \"offset\": 4 }";
    return text + "\n      }\n    }\n  }\n}\n";
  }

 private:
  static std::string escaped(const std::string& name) {
    std::string text;
    for (const char c : name) text += c == '\\' ? std::string("\\\\") : std::string(1, c);
    return text;
  }
  NetlistModule module_ = [] {
    NetlistModule m;
    m.name = "top";
    return m;
  }();
};

/// A bit that counts: q' = q xor enable, cleared by rst_ni; y = not (q and enable). The instance u_bit has the flop.
inline NetlistWriter counter() {
  NetlistWriter w;
  w.in("clk_i", {2}).in("rst_ni", {3}).in("enable_i", {4}).out("q_o", {5}).out("y_o", {6});
  w.cell("$flatten\\u_bit.$auto$ff$1", "DFFR", {{"C", 2}, {"D", 7}, {"Q", 5}, {"R", 3}});
  w.cell("$abc$1", "XOR", {{"A", 5}, {"B", 4}, {"Y", 7}});
  w.cell("$abc$2", "NAND", {{"A", 5}, {"B", 4}, {"Y", 6}});
  w.wire("q_o", {5}).wire("u_bit.next", {7});
  return w;
}

}  // namespace lutetia::gates_test
