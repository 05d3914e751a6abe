// The event-driven simulator against a plain evaluation of all gates, and its flip-flops.
#include "gates/gate_simulator.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "base/random.h"
#include "gates/tiny_library.h"

namespace lutetia {
namespace {

using gates_test::counter;
using gates_test::NetlistWriter;
using gates_test::tiny_library;

Netlist built(const NetlistModule& module, const CellLibrary& library) {
  Netlist netlist;
  Problems problems;
  EXPECT_TRUE(build_netlist(module, library, "n.json", netlist, problems))
      << (problems.empty() ? "" : problems.items()[0].text());
  return netlist;
}

TEST(GateSimulator, CountsAndClears) {
  const CellLibrary library = tiny_library();
  const Netlist n = built(counter().module(), library);
  GateSimulator s(n);
  const NetId q = n.port("q_o")->nets[0], y = n.port("y_o")->nets[0];
  const NetId enable = n.port("enable_i")->nets[0], reset = n.port("rst_ni")->nets[0];
  EXPECT_FALSE(s.value(q));
  EXPECT_TRUE(s.value(y));
  s.set(enable, true);
  s.settle();
  s.edge();
  s.settle();
  EXPECT_FALSE(s.value(q)) << "cleared";
  s.set(reset, true);
  for (int cycle = 0; cycle < 5; ++cycle) {
    s.settle();
    s.edge();
    s.settle();
    EXPECT_EQ(s.value(q), cycle % 2 == 0);
    EXPECT_EQ(s.value(y), cycle % 2 != 0);
  }
  s.set(reset, false);
  s.settle();
  EXPECT_FALSE(s.value(q)) << "without an edge";
  EXPECT_TRUE(s.value(y));
}

/// A random circuit whose cells are written in an order in which they can be evaluated.
struct RandomCircuit {
  explicit RandomCircuit(Random& random) {
    writer.in("clk_i", {2}).in("rst_ni", {3});
    std::vector<NetlistBit> nets = {0, 1, 3};
    for (NetlistBit i = 0; i < kInputs; ++i) {
      writer.in("i" + std::to_string(i), {10 + i});
      nets.push_back(10 + i);
    }
    for (NetlistBit i = 0; i < kFlops; ++i) nets.push_back(100 + i);
    const char* types[] = {"INV", "BUF", "NAND", "XOR"};
    for (NetlistBit i = 0; i < kGates; ++i) {
      const std::string type = types[random.below(4)];
      std::vector<std::pair<std::string, NetlistBit>> pins = {{"A", nets[random.below(nets.size())]}};
      if (type == "NAND" || type == "XOR") pins.push_back({"B", nets[random.below(nets.size())]});
      pins.push_back({"Y", 1000 + i});
      writer.cell("g" + std::to_string(i), type, pins);
      nets.push_back(1000 + i);
    }
    for (NetlistBit i = 0; i < kFlops; ++i) {
      const NetlistBit d = nets[random.below(nets.size())], r = random.below(4) == 0 ? nets[random.below(10)] : 3;
      if (i % 2 == 0)
        writer.cell("f" + std::to_string(i), "DFFR", {{"C", 2}, {"D", d}, {"Q", 100 + i}, {"R", r}});
      else
        writer.cell("f" + std::to_string(i), "DFF", {{"C", 2}, {"D", d}, {"Q", 100 + i}});
    }
  }
  static constexpr NetlistBit kInputs = 7, kFlops = 40, kGates = 300;
  NetlistWriter writer;
};

/// All gates in the order of the file, then clears, until nothing changes.
class Plain {
 public:
  explicit Plain(const Netlist& n) : n_(n), values(n.nets(), false), states_(n.cells(), false) {
    values[Netlist::kOne] = true;
    settle();
  }
  void settle() {
    for (bool again = true; again;) {
      again = false;
      for (CellId cell = 0; cell < n_.cells(); ++cell) {
        const Cell& type = n_.type(cell);
        if (type.flop) {
          if (type.flop->clear && type.flop->clear->at(pins(cell)) && states_[cell]) {
            states_[cell] = false;
            again = true;
          }
          values[n_.net(cell, 2)] = states_[cell];
          continue;
        }
        for (std::size_t pin = 0; pin < type.pins.size(); ++pin)
          if (type.pins[pin].output) {
            const bool now = type.pins[pin].function->at(pins(cell));
            again |= values[n_.net(cell, pin)] != now;
            values[n_.net(cell, pin)] = now;
          }
      }
    }
  }
  void edge() {
    std::vector<bool> next = states_;
    for (const CellId cell : n_.flops) {
      const CellFlop& flop = *n_.type(cell).flop;
      next[cell] = flop.next_state.at(pins(cell)) && !(flop.clear && flop.clear->at(pins(cell)));
    }
    states_ = next;
  }

 private:
  std::uint32_t pins(CellId cell) const {
    std::uint32_t word = 0;
    for (std::size_t pin = 0; pin < n_.type(cell).pins.size(); ++pin)
      if (values[n_.net(cell, pin)]) word |= 1u << pin;
    return word;
  }
  const Netlist& n_;

 public:
  std::vector<bool> values;

 private:
  std::vector<bool> states_;
};

TEST(GateSimulator, IsEqualToPlainEvaluation) {
  const CellLibrary library = tiny_library();
  Random random(3);
  for (int circuit = 0; circuit < 20; ++circuit) {
    const RandomCircuit written(random);
    const Netlist n = built(written.writer.module(), library);
    GateSimulator s(n);
    Plain plain(n);
    std::vector<bool> before = plain.values;
    for (int cycle = 0; cycle < 100; ++cycle) {
      for (const Netlist::Port& port : n.ports) {
        if (port.output || port.name == "clk_i") continue;
        const bool value = port.name == "rst_ni" ? random.below(20) != 0 : random.below(2) != 0;
        s.set(port.nets[0], value);
        plain.values[port.nets[0]] = value;
      }
      s.settle();
      plain.settle();
      for (NetId net = 0; net < n.nets(); ++net)
        ASSERT_EQ(s.value(net), plain.values[net]) << circuit << " " << cycle << " " << n.net_names[net];
      // Each changed cell is told once, with the pins that it had a cycle ago.
      std::vector<bool> told(n.cells());
      s.take_changes([&](CellId cell, std::uint32_t was, std::uint32_t is) {
        EXPECT_FALSE(told[cell]);
        told[cell] = true;
        for (std::size_t pin = 0; pin < n.type(cell).pins.size(); ++pin) {
          ASSERT_EQ(was >> pin & 1, before[n.net(cell, pin)] ? 1u : 0u);
          ASSERT_EQ(is >> pin & 1, plain.values[n.net(cell, pin)] ? 1u : 0u);
        }
      });
      for (CellId cell = 0; cell < n.cells(); ++cell)
        for (std::size_t pin = 0; pin < n.type(cell).pins.size(); ++pin)
          EXPECT_TRUE(told[cell] || before[n.net(cell, pin)] == plain.values[n.net(cell, pin)]);
      before = plain.values;
      s.edge();
      plain.edge();
      s.settle();
      plain.settle();
    }
  }
}

TEST(GateSimulator, ClearsThatNeverSettleAreToldNotAwaited) {
  const CellLibrary library = tiny_library();
  NetlistWriter w;
  w.in("clk_i", {2}).in("rst_ni", {3}).out("q_o", {5});
  w.cell("q", "DFFR", {{"C", 2}, {"D", 1}, {"Q", 5}, {"R", 6}}).cell("n", "INV", {{"A", 5}, {"Y", 6}});
  const Netlist n = built(w.module(), library);
  GateSimulator s(n);
  s.edge();
  s.settle();  // sets, and thereby clears itself, which is the end of it
  EXPECT_FALSE(s.value(n.port("q_o")->nets[0]));

  CellLibrary both = tiny_library();
  Cell& flop = both.cells["DFFR"];
  flop.flop->preset = gates_test::function(4, [](std::uint32_t p) { return (p >> 3 & 1) != 0; });  // R high presets
  const Netlist unstable = built(w.module(), both);
  EXPECT_THROW(GateSimulator{unstable}, std::runtime_error);
}

}  // namespace
}  // namespace lutetia
