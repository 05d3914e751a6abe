// What a hand-written library means, with every number known.
#include <gtest/gtest.h>

#include "gates/liberty_copy.h"
#include "liberty_sample.h"

namespace lutetia {
namespace {

using liberty_sample::changed;
using liberty_sample::kText;
using liberty_sample::read;

class LibertyReader : public testing::Test {
 protected:
  void SetUp() override {
    const auto reading = read(kText);
    ASSERT_EQ(reading.problems, "");
    library_ = reading.library;
  }
  const Cell& cell(const char* name) { return library_.cells.at(name); }
  const CellPin& pin(const char* of, const char* name) {
    return cell(of).pins.at(static_cast<std::size_t>(cell(of).pin(name)));
  }
  CellLibrary library_;
};

TEST_F(LibertyReader, LibraryAndCells) {
  EXPECT_EQ(library_.name, "sample");
  EXPECT_DOUBLE_EQ(library_.voltage, 1.2);
  EXPECT_EQ(library_.cells.size(), 6u);
  EXPECT_DOUBLE_EQ(cell("NAND").area_um2, 4.5);
  EXPECT_DOUBLE_EQ(cell("NAND").leakage_nw, 0.020);  // mean of the rows with conditions
  EXPECT_DOUBLE_EQ(cell("ADDER").leakage_nw, 2.5);
  EXPECT_TRUE(cell("FILL").dont_use);
  EXPECT_EQ(cell("FILL").obstacle, "no output");
  EXPECT_TRUE(cell("LATCH").latch);
  EXPECT_EQ(cell("LATCH").obstacle, "latch");
  EXPECT_TRUE(cell("TRI").tristate);
  EXPECT_EQ(cell("TRI").obstacle, "tri-state output");
  EXPECT_FALSE(cell("NAND").dont_use || cell("NAND").latch || cell("NAND").tristate || cell("NAND").flop);
}

TEST_F(LibertyReader, PinsAndFunctions) {
  EXPECT_EQ(cell("NAND").pins.size(), 3u);
  EXPECT_FALSE(pin("NAND", "B").output);
  EXPECT_TRUE(pin("NAND", "Y").output);
  EXPECT_DOUBLE_EQ(pin("NAND", "B").capacitance_ff, 3);
  EXPECT_DOUBLE_EQ(pin("NAND", "Y").capacitance_ff, 0);
  EXPECT_DOUBLE_EQ(pin("ADDER", "X").capacitance_ff, 6);
  EXPECT_DOUBLE_EQ(pin("ADDER", "Y").capacitance_ff, 1);
  for (std::uint32_t v = 0; v < 8; ++v) EXPECT_EQ(pin("NAND", "Y").function->at(v), (v & 3) != 3) << v;
}

TEST_F(LibertyReader, Energies) {
  const auto& inputs = pin("NAND", "A").power;
  ASSERT_EQ(inputs.size(), 1u);
  EXPECT_EQ(inputs[0].related, -1);
  EXPECT_DOUBLE_EQ(inputs[0].rise->at(200, 5), 600);  // 1 pF V^2 = 1 pJ
  EXPECT_DOUBLE_EQ(inputs[0].fall->at(0, 0), -250);
  ASSERT_TRUE(inputs[0].when);
  EXPECT_TRUE(inputs[0].when->at(1));
  EXPECT_FALSE(inputs[0].when->at(2));
  const auto& outputs = pin("NAND", "Y").power;
  ASSERT_EQ(outputs.size(), 2u);  // one for A, one for B; none of the ground rail
  EXPECT_EQ(outputs[0].related, cell("NAND").pin("A"));
  EXPECT_EQ(outputs[1].related, cell("NAND").pin("B"));
  EXPECT_EQ(outputs[1].rise->slews_ps, (std::vector<double>{400, 800}));
  EXPECT_EQ(outputs[1].rise->loads_ff, (std::vector<double>{10, 20}));
  EXPECT_FALSE(outputs[0].when);
}

TEST_F(LibertyReader, DelaysWithEitherOrderOfAxes) {
  const auto& arcs = pin("NAND", "Y").arcs;
  ASSERT_EQ(arcs.size(), 1u);
  EXPECT_EQ(arcs[0].related, cell("NAND").pin("A"));
  EXPECT_EQ(arcs[0].delay_rise->slews_ps, (std::vector<double>{100, 200, 400}));
  EXPECT_EQ(arcs[0].delay_rise->loads_ff, (std::vector<double>{10, 20}));
  EXPECT_EQ(arcs[0].delay_rise->values, (std::vector<double>{1000, 11000, 2000, 12000, 4000, 14000}));
  EXPECT_DOUBLE_EQ(arcs[0].delay_rise->at(300, 10), 3000);
  EXPECT_DOUBLE_EQ(arcs[0].slew_rise->at(1, 1), 50);
  EXPECT_FALSE(arcs[0].delay_fall || arcs[0].slew_fall);
  EXPECT_TRUE(pin("FLOP", "D").arcs.empty());  // constraints are no delays
}

TEST_F(LibertyReader, FlipFlops) {
  ASSERT_TRUE(cell("FLOP").flop);
  const CellFlop& flop = *cell("FLOP").flop;
  const Cell& c = cell("FLOP");
  EXPECT_EQ(flop.clock, c.pin("CK"));
  EXPECT_TRUE(pin("FLOP", "CK").clock);
  EXPECT_FALSE(flop.rising);
  ASSERT_EQ(flop.outputs.size(), 2u);
  EXPECT_EQ(flop.outputs[0], std::make_pair(c.pin("Q"), false));
  EXPECT_EQ(flop.outputs[1], std::make_pair(c.pin("QN"), true));
  EXPECT_FALSE(pin("FLOP", "Q").function || pin("FLOP", "QN").function);
  EXPECT_EQ(flop.both, std::optional<bool>(false));
  for (std::uint32_t v = 0; v < 128; ++v) {
    const auto bit = [&](const char* name) { return (v >> c.pin(name) & 1) != 0; };
    ASSERT_EQ(flop.next_state.at(v), bit("E") ? bit("D") : bit("Q")) << v;
    ASSERT_EQ(flop.clear->at(v), !bit("RN"));
    ASSERT_EQ(flop.preset->at(v), !bit("SN"));
  }
  // Without the output Q the present state is what QN does not show.
  const auto other = read(changed(changed(kText, "function : \"IQ\";", "function : \"0\";"), "CK'", "CK"));
  EXPECT_EQ(other.problems, "");
  const Cell& inverted = other.library.cells.at("FLOP");
  EXPECT_TRUE(inverted.flop->rising);
  EXPECT_TRUE(inverted.flop->next_state.at(0));
  EXPECT_FALSE(inverted.flop->next_state.at(1u << inverted.pin("QN")));
}

TEST_F(LibertyReader, UnitsOfAllKinds) {
  std::string text = changed(kText, "\"1ns\"", "\"10ps\"");
  text = changed(text, "(1, pf)", "(2, ff)");
  text = changed(text, "\"1pW\"", "\"1uW\"");
  text = changed(text, "\"1V\"", "\"100mV\"");
  const auto reading = read(changed(text, "nom_voltage : 1.2", "nom_voltage : 12"));
  ASSERT_EQ(reading.problems, "");
  const Cell& nand = reading.library.cells.at("NAND");
  EXPECT_DOUBLE_EQ(reading.library.voltage, 1.2);
  EXPECT_DOUBLE_EQ(nand.leakage_nw, 20000);
  EXPECT_DOUBLE_EQ(nand.pins[0].capacitance_ff, 0.006);
  EXPECT_DOUBLE_EQ(nand.pins[0].power[0].fall->at(0, 0), -0.25 * 2 * 0.01);
  EXPECT_EQ(nand.pins[2].arcs[0].delay_rise->slews_ps, (std::vector<double>{1, 2, 4}));
}

TEST_F(LibertyReader, ACopyWithoutSomeCellsKeepsEveryOtherByte) {
  LibertyTree tree;
  Problems problems;
  ASSERT_TRUE(tree.parse(kText, "x.lib", problems));
  EXPECT_EQ(without_cells(tree, {}), kText);
  EXPECT_EQ(without_cells(tree, {"FILL"}), changed(kText, "  cell (FILL) { area : 1; dont_use : true; }\n", ""));
}

}  // namespace
}  // namespace lutetia
