// Energies that a person can add up, and sums that must agree.
#include "gates/switching_energy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "base/random.h"
#include "gates/liberty_reader.h"
#include "gates/tiny_library.h"

namespace lutetia {
namespace {

using gates_test::counter;
using gates_test::NetlistWriter;
using gates_test::tiny_library;
using testing::DoubleNear;
using testing::ElementsAre;

struct Bench {
  Bench(const NetlistModule& module, CellLibrary with, LoadOptions loads = {}) : library(std::move(with)) {
    Problems problems;
    EXPECT_TRUE(build_netlist(module, library, "n.json", netlist, problems))
        << (problems.empty() ? "" : problems.items()[0].text());
    simulator.emplace(netlist);
    for (const Netlist::Port& port : netlist.ports)
      if (port.name == "rst_ni" || port.name == "enable_i") simulator->set(port.nets[0], true);
    simulator->settle();
    energy.emplace(netlist, library, *simulator, loads);
  }
  void set(const std::string& port, bool value) { simulator->set(netlist.port(port)->nets[0], value); }
  /// Settles, counts, makes the edge.
  ComponentEnergy cycle() {
    simulator->settle();
    energy->count(*simulator);
    simulator->edge();
    simulator->settle();
    return energy->take();
  }
  CellLibrary library;
  Netlist netlist;
  std::optional<GateSimulator> simulator;
  std::optional<SwitchingEnergy> energy;
};

// Components: "u_bit" (the flip-flop) and "". Loads in fF: q 7, next 4, enable 9, y 0; half of it is fJ.
TEST(SwitchingEnergy, OfACounterByHand) {
  Bench b(counter().module(), tiny_library());
  ASSERT_THAT(b.netlist.components, ElementsAre("", "u_bit"));
  const ComponentEnergy first = b.cycle();
  EXPECT_THAT(first.combinational, ElementsAre(0, 0));
  EXPECT_THAT(first.registers, ElementsAre(0, 0));
  EXPECT_THAT(first.clock, ElementsAre(0, 6 + 3 + 5));
  EXPECT_THAT(first.wire, ElementsAre(0, 0));

  const ComponentEnergy second = b.cycle();  // q rises, next and y fall because of q
  EXPECT_THAT(second.combinational, ElementsAre(2 + 11, 0));
  EXPECT_THAT(second.registers, ElementsAre(0, 3.5 + 20 + 9));
  EXPECT_THAT(second.clock, ElementsAre(0, 14));

  b.set("enable_i", false);
  const ComponentEnergy third = b.cycle();  // q and enable fall, y rises because of both
  EXPECT_THAT(third.combinational, ElementsAre(4.5 + (10 + 20) / 2.0, 0));
  EXPECT_THAT(third.registers, ElementsAre(0, 3.5 + 30));

  const NetId q = b.netlist.port("q_o")->nets[0], y = b.netlist.port("y_o")->nets[0];
  EXPECT_EQ(b.energy->toggles(q), 2);
  EXPECT_EQ(b.energy->net_energy_fj(q), 2 * 3.5 + 50);
  EXPECT_EQ(b.energy->toggles(y), 2);
  EXPECT_EQ(b.energy->net_energy_fj(y), 26);
  EXPECT_EQ(b.energy->toggle_energy_fj(y), 13);
  EXPECT_EQ(b.energy->toggles(b.netlist.clock), 6);
  EXPECT_EQ(b.energy->net_energy_fj(b.netlist.clock), 42);
}

// Cells of 30 um2 on average: 7 sqrt(30) um per pin.
TEST(SwitchingEnergy, OfWiresIsToldApart) {
  LoadOptions loads;
  loads.wire_ff_per_um = 0.5;
  loads.output_load_ff = 100;
  Bench b(counter().module(), tiny_library(), loads);
  const double pin = 0.5 * 7 * std::sqrt(30.0);
  const ComponentEnergy first = b.cycle();
  EXPECT_THAT(first.wire, ElementsAre(0, DoubleNear(pin, 1e-9)));  // the clock pin, both edges
  const ComponentEnergy second = b.cycle();                        // q: two pins and a port; next: a pin; y: a port
  EXPECT_THAT(second.wire, ElementsAre(DoubleNear(pin, 1e-9), DoubleNear(pin + 1.5 * pin, 1e-9)));
  EXPECT_THAT(second.combinational, ElementsAre(2 + 11 + 50, 0));
  EXPECT_THAT(second.registers, ElementsAre(0, 3.5 + 50 + 20 + 9));
}

TEST(SwitchingEnergy, OfATreeIsClock) {
  NetlistWriter w;
  w.in("clk_i", {2}).in("a_i", {3}).out("q_o", {5});
  w.cell("$flatten\\u_q.$1", "DFF", {{"C", 4}, {"D", 3}, {"Q", 5}}).cell("$1", "BUF", {{"A", 2}, {"Y", 4}});
  Bench b(w.module(), tiny_library());
  ASSERT_THAT(b.netlist.components, ElementsAre("", "u_q"));
  const ComponentEnergy cycle = b.cycle();
  EXPECT_THAT(cycle.clock, ElementsAre(3 + 0.5 + 0.25, 14));  // the buffer's pin and its two toggles
  EXPECT_EQ(cycle.total(), 17.75);
}

TEST(SwitchingEnergy, ClockPinsMayDependOnTheState) {
  CellLibrary library = tiny_library();
  auto& power = library.cells["DFFR"].pins[0].power;
  power = {gates_test::power(-1, 3, 5), gates_test::power(-1, 100, 200)};
  power[1].when = gates_test::function(4, [](std::uint32_t p) { return (p >> 2 & 1) != 0; });  // while Q
  Bench b(counter().module(), library);
  EXPECT_THAT(b.cycle().clock, ElementsAre(0, 6 + 8));
  EXPECT_THAT(b.cycle().clock, ElementsAre(0, 6 + 300));
  EXPECT_THAT(b.cycle().clock, ElementsAre(0, 6 + 8));
}

TEST(CellEnergyTerms, TablesWithWhenComeFirst) {
  CellLibrary library = tiny_library();
  Cell& nand = library.cells["NAND"];
  nand.pins[2].power.push_back(gates_test::power(0, 100, 110));
  nand.pins[2].power.back().when = gates_test::function(3, [](std::uint32_t p) { return (p & 2) != 0; });
  nand.pins[0].power = {gates_test::power(-1, 0.1, 0.2)};
  CellEnergyTerms terms(nand);
  const auto energy = [&terms](std::uint32_t before, std::uint32_t now) {
    double sum = 0;
    for (const CellEnergyTerms::Term& term : terms.change(before, now))
      sum += term.weight * terms.entries()[term.entry].table().values[0];
    return std::round(sum * 1000) / 1000;
  };
  EXPECT_EQ(energy(0b110, 0b011), 110.1);  // A rises while B, Y falls
  EXPECT_EQ(energy(0b100, 0b011), 110.1);  // both rise: the table that holds
  EXPECT_EQ(energy(0b011, 0b101), 20);     // B falls: only B's
  EXPECT_EQ(energy(0b011, 0b100), 15.2);   // both fall: mean of those without when
  EXPECT_EQ(energy(0b100, 0b101), 0.1);    // A rises, nothing else
  EXPECT_EQ(energy(0b011, 0b011), 0);
}

TEST(SwitchingEnergy, IsTheSameSummedByNet) {
  const CellLibrary library = tiny_library();
  LoadOptions loads;
  loads.wire_ff_per_um = 0.1;
  Bench b(counter().module(), library, loads);
  Random random(5);
  double sum = 0;
  for (int cycle = 0; cycle < 1000; ++cycle) {
    b.set("enable_i", random.below(2) != 0);
    sum += b.cycle().total();
  }
  double nets = 0;
  for (NetId net = 0; net < b.netlist.nets(); ++net) nets += b.energy->net_energy_fj(net);
  EXPECT_NEAR(nets, sum, sum * 1e-9);
}

// The figures of the file: rise 6.865 and fall 110.34 fJ at 60 ps, clock pin 27.9235 and 27.4634 fF, 1.8 V.
TEST(SwitchingEnergy, OfOneRealFlipFlopByHand) {
  std::string file = "/usr/share/qflow/tech/osu018/osu018_stdcells.lib";
  if (!std::filesystem::exists(file)) file = LUTETIA_SOURCE_DIR "/build/osu018" + file;
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no OSU018 cells; scripts/install-dependencies --liberty";
  CellLibrary library;
  Problems problems;
  ASSERT_TRUE(read_liberty(file, library, problems));
  NetlistWriter w;
  w.in("clk_i", {2}).in("a_i", {3}).out("q_o", {5});
  w.cell("q", "DFFPOSX1", {{"CLK", 2}, {"D", 3}, {"Q", 5}});
  LoadOptions loads;
  loads.input_slew_ps = 60;
  Bench b(w.module(), library, loads);
  const double clock = 6.865 + 110.34 + (27.9235 + 27.4634) / 2 * 1.8 * 1.8;
  EXPECT_NEAR(b.cycle().clock[0], clock, 0.01);
  b.set("a_i", true);
  const ComponentEnergy rise = b.cycle();
  EXPECT_NEAR(rise.registers[0], 45.424, 0.01);  // D rises at 60 ps
  EXPECT_NEAR(rise.combinational[0], (8.82947 + 8.81001) / 2 * 1.8 * 1.8 / 2, 0.01);
}

TEST(NetLoads, SlewsComeFromTheDrivers) {
  CellLibrary library = tiny_library();
  CellArc arc;
  arc.related = 0;
  arc.slew_rise = CellTable{{0, 100}, {0, 10}, {10, 30, 60, 80}};  // 10 + slew / 2 + 2 load
  arc.slew_fall = CellTable{{0, 100}, {0, 10}, {20, 40, 70, 90}};
  library.cells["BUF"].pins[1].arcs = {arc};
  // s = 15 + s / 2 + 2 * 12 has the solution 78; eight steps from 0 come within a 256th.
  EXPECT_NEAR(driver_slew_ps(library), 78, 78 / 256.0 + 1e-9);
  NetlistWriter w;
  w.in("clk_i", {2}).in("a_i", {3}).out("y_o", {5});
  w.cell("b", "BUF", {{"A", 3}, {"Y", 4}}).cell("i", "INV", {{"A", 4}, {"Y", 5}});
  Netlist netlist;
  Problems problems;
  ASSERT_TRUE(build_netlist(w.module(), library, "n.json", netlist, problems));
  LoadOptions options;
  options.input_slew_ps = 50;
  const NetLoads loads = estimate_loads(netlist, library, options);
  EXPECT_EQ(loads.slew_ps[netlist.port("a_i")->nets[0]], 50);
  EXPECT_NEAR(loads.slew_ps[netlist.drivers.size() - 1], 15 + 25 + 2 * 2, 1e-9);
}

}  // namespace
}  // namespace lutetia
