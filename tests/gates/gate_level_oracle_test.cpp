// The simulator against Icarus Verilog, toggle for toggle, on a netlist that Yosys makes of a real unit: cells are
// written as Verilog from the library's truth tables, and every net's changes are counted just before the clock's edge.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cosim/unit_bench.h"
#include "gates/driven_run.h"
#include "gates/gate_level_unit.h"
#include "gates/switching_run.h"
#include "gates/yosys_netlist.h"

namespace lutetia {
namespace {

namespace fs = std::filesystem;
using namespace gates_test;

/// A module per type: pins as in the library; a truth table as one constant that the inputs index.
std::string cell_module(const Cell& cell) {
  std::string ports, index, text;
  std::vector<std::string> inputs;
  for (const CellPin& pin : cell.pins) {
    ports += (ports.empty() ? "" : ", ") + std::string(pin.output ? "output " : "input ") + pin.name;
    index = (pin.output ? "1'b0" : pin.name) + (index.empty() ? "" : ", " + index);
  }
  const auto table = [&](const CellFunction& f) {
    std::string bits;
    for (std::uint32_t row = 1u << cell.pins.size(); row-- > 0;) bits += f.at(row) ? '1' : '0';
    return std::to_string(bits.size()) + "'b" + bits;
  };
  int tables = 0;
  const auto lookup = [&](const CellFunction& f) {
    const std::string name = "t" + std::to_string(tables++);
    text += "  wire [" + std::to_string((1u << cell.pins.size()) - 1) + ":0] " + name + " = " + table(f) + ";\n";
    return name + "[{" + index + "}]";
  };
  if (!cell.flop) {
    for (const CellPin& pin : cell.pins)
      if (pin.output) text += "  assign " + pin.name + " = " + lookup(*pin.function) + ";\n";
  } else {
    const CellFlop& flop = *cell.flop;
    text += "  reg q = 0;\n";
    const std::string next = lookup(flop.next_state);
    const std::string clear = flop.clear ? lookup(*flop.clear) : "1'b0";
    const std::string preset = flop.preset ? lookup(*flop.preset) : "1'b0";
    text += "  wire c = " + clear + ", p = " + preset + ";\n";
    text += "  always @(posedge " + cell.pins[static_cast<std::size_t>(flop.clock)].name +
            " or posedge c or posedge p) if (c) q <= 0; else if (p) q <= 1; else q <= " + next + ";\n";
    for (const auto& [pin, inverted] : flop.outputs)
      text += "  assign " + cell.pins[static_cast<std::size_t>(pin)].name + " = " + (inverted ? "~q;\n" : "q;\n");
  }
  return "module " + cell.name + "(" + ports + ");\n" + text + "endmodule\n";
}

/// Prints "net toggles" for every net; vectors as GateLevelUnit records them. One wire per net: Icarus is slow with
/// vectors that many cells drive.
std::string bench(const Netlist& n, const std::string& vectors) {
  const auto str = [](std::size_t i) { return std::to_string(i); };
  std::string text = "module bench;\n  integer f, got, i, cycle = 0;\n  reg clk = 0;\n  reg [65535:0] line;\n";
  std::string count, keep, print;
  for (NetId net = 0; net < n.nets(); ++net) {
    const std::string i = str(net);
    text += "  wire n" + i + "; reg l" + i + "; integer t" + i + " = 0;\n";
    count += "    if (n" + i + " !== l" + i + ") t" + i + " = t" + i + " + 1;\n";
    keep += "    l" + i + " = n" + i + ";\n";
    print += "    $display(\"" + i + " %0d\", t" + i + ");\n";
  }
  text += "  assign n0 = 0, n1 = 1, n" + str(n.clock) + " = clk;\n";
  std::string formats, targets;
  int ports = 0;
  for (const Netlist::Port& port : n.ports) {
    if (port.output || port.name == "clk_i") continue;
    text += "  reg [" + str(port.nets.size() - 1) + ":0] " + port.name + " = 0;\n";
    for (std::size_t i = 0; i < port.nets.size(); ++i)
      text += "  assign n" + str(port.nets[i]) + " = " + port.name + "[" + str(i) + "];\n";
    formats += " %h";
    targets += ", " + port.name;
    ++ports;
  }
  for (CellId cell = 0; cell < n.cells(); ++cell) {
    const Cell& type = n.type(cell);
    text += "  " + type.name + " c" + str(cell) + "(";
    for (std::size_t pin = 0; pin < type.pins.size(); ++pin)
      text += (pin > 0 ? ", ." : ".") + type.pins[pin].name + "(n" + str(n.net(cell, pin)) + ")";
    text += ");\n";
  }
  text += "  task count; begin\n" + count + "  end endtask\n  task keep; begin\n" + keep + "  end endtask\n";
  const std::string all = std::to_string(ports);
  text += "  initial begin\n    f = $fopen(\"" + vectors + "\", \"r\"); got = $fgets(line, f); got = " + all +
          ";\n    while (got == " + all + ") begin\n      got = $fscanf(f, \"" + formats + "\"" + targets +
          ");\n      if (got == " + all +
          ") begin\n        #5 if (cycle >= 2) count; keep; cycle = cycle + 1;\n        clk = 1; #5 clk = 0;\n"
          "        if (cycle == 2) begin rst_ni = 1; #5 keep; end  // counting starts from reset released\n"
          "      end\n    end\n" +
          print + "    $finish;\n  end\nendmodule\n";
  return text;
}

TEST(GateLevel, TogglesAreThoseOfIcarus) {
  if (!runs("iverilog -V")) GTEST_SKIP() << "no iverilog";
  if (const std::string missing = missing_for_netlists(); !missing.empty()) GTEST_SKIP() << missing;
  const RtlParameters parameters = {{"Lanes", 1}, {"Code", 2}, {"Blocks", 2}};
  std::vector<std::string> files = {"units/weight_decoder/weight_decoder_pkg.sv", "common/fifo.sv"};
  for (const char* part : {"", "_code", "_control", "_lane"})
    files.push_back("units/weight_decoder/weight_decoder" + std::string(part) + ".sv");
  YosysNetlist made;
  ASSERT_TRUE(made.make(files, "weight_decoder", parameters));
  const fs::path& folder = made.folder;
  const CellLibrary& library = made.library;
  const Netlist& netlist = made.netlist;
  Problems& problems = made.problems;

  const auto bench_of_unit = UnitBenchRegistry::create("weight_decoder", parameters, 1, 600);
  const auto model = bench_of_unit->make_model();
  GateLevelUnit::Options options;
  options.record_vectors = true;
  const auto dut = GateLevelUnit::make("weight_decoder", parameters, *model, netlist, library, options, problems);
  ASSERT_NE(dut, nullptr);
  BenchOptions no_stalls;
  no_stalls.stalls = StallMode::kNone;
  const BenchResult result = run_bench(*dut, *model, bench_of_unit->program(), no_stalls);
  ASSERT_TRUE(result.passed) << result.failure;

  std::ofstream(folder / "v.hex") << dut->input_vectors();
  NetlistVectors vectors;
  SwitchingResult replayed;
  ASSERT_TRUE(read_netlist_vectors((folder / "v.hex").string(), netlist, vectors, problems));
  run_driven(vectors, "v.hex", netlist, "n.json", library, GateLevelUnit::Options(), replayed);
  EXPECT_EQ(replayed.nets, switching_nets_csv(dut->energy(), netlist)) << "driven by its pins, it switches the same";
  std::ofstream verilog(folder / "b.v");
  for (const Cell* type : netlist.types) verilog << cell_module(*type);
  verilog << bench(netlist, (folder / "v.hex").string());
  verilog.close();
  ASSERT_TRUE(runs("iverilog -g2012 -o " + (folder / "b").string() + " " + (folder / "b.v").string()));
  ASSERT_EQ(std::system(("vvp -n " + (folder / "b").string() + " > " + (folder / "toggles").string()).c_str()), 0);

  std::ifstream toggles(folder / "toggles");
  NetId net = 0;
  std::uint64_t count = 0, nets = 0, sum = 0;
  while (toggles >> net >> count) {
    ++nets;
    if (net == netlist.clock) continue;
    EXPECT_EQ(count, dut->energy().toggles(net)) << netlist.net_names[net];
    sum += count;
  }
  EXPECT_EQ(nets, netlist.nets());
  EXPECT_GT(sum, 10'000);
}

}  // namespace
}  // namespace lutetia
