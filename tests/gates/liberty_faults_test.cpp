// Mistakes in a library: each one is told where it is, with the words that cure it; none leaves half a library behind.
#include <gtest/gtest.h>

#include "liberty_sample.h"

namespace lutetia {
namespace {

using liberty_sample::changed;
using liberty_sample::kText;
using liberty_sample::read;

/// The problems of the sample with one change.
std::string problems(const std::string& from, const std::string& to) {
  const auto reading = read(changed(kText, from, to));
  EXPECT_TRUE(reading.library.cells.empty());
  return reading.problems;
}

TEST(LibertyFaults, AreLocated) {
  EXPECT_EQ(problems("\"1ns\"", "\"1 parsec\""),
            "x.lib:3:16: error: time_unit: unknown unit \"1 parsec\", expected something like 1ns\n");
  EXPECT_EQ(problems("(1, pf)", "(1, pg)"),
            "x.lib:6:3: error: capacitive_load_unit: unknown unit \"capacitive_load_unit (1, pg)\", expected something "
            "like (1, pf)\n");
  EXPECT_EQ(problems("nom_voltage : 1.2;", ""),
            "x.lib:2:1: error: nom_voltage: is missing, and so are operating_conditions\n");
  EXPECT_EQ(problems("nom_voltage : 1.2;", "nom_voltage : high;"),
            "x.lib:9:17: error: nom_voltage: expected a number, got \"high\"\n");
  EXPECT_EQ(problems("\"(A B)'\"", "\"(A K)'\""), "x.lib:41:22: error: NAND.Y.function: there is no pin \"K\"\n");
  EXPECT_EQ(problems("\"(A B)'\"", "\"(A B'\""), "x.lib:41:24: error: NAND.Y.function: ')' is missing in a function\n");
  EXPECT_EQ(problems("\"(A B)'\"", "\"A+Y\""), "x.lib:41:19: error: NAND.Y.function: depends on output Y\n");
  EXPECT_EQ(problems("\"1, 2\", \"3, 5\"", "\"1, 2\", \"3\""),
            "x.lib:45:34: error: NAND.Y.internal_power.rise_power.values: has 3 numbers, but the indices make 2 x 2 of "
            "them\n");
  EXPECT_EQ(problems("\"0.4, 0.8\"", "\"0.4, 0.4\""),
            "x.lib:46:29: error: NAND.Y.internal_power.power.index_1: values do not increase\n");
  EXPECT_EQ(problems("\"0.5, 0.7\"", "\"0.5, 0,7.\""),
            "x.lib:37:60: error: NAND.A.internal_power.rise_power.values: has 3 numbers, but the indices make 2 x 1 of "
            "them\n"
            "x.lib:37:60: error: NAND.B.internal_power.rise_power.values: has 3 numbers, but the indices make 2 x 1 of "
            "them\n");
  EXPECT_EQ(problems("rise_power (slew_load)", "rise_power (slow_load)"),
            "x.lib:45:21: error: NAND.Y.internal_power.rise_power: there is no template \"slow_load\"\n");
  EXPECT_EQ(problems("related_pin : \"A B\"", "related_pin : \"A C\""),
            "x.lib:43:26: error: NAND.Y.internal_power.related_pin: there is no pin \"C\"\n");
  EXPECT_EQ(problems("pin (X) { direction : input; }", "pin (X) { }"),
            "x.lib:61:5: error: ADDER.X: pin has no direction\n");
  EXPECT_EQ(problems("area : 20;", "area : 2O;"), "x.lib:60:12: error: ADDER.area: expected a number, got \"2O\"\n");
  EXPECT_EQ(problems("\"CK'\"", "\"CK D\""),
            "x.lib:77:21: error: FLOP.ff.clocked_on: expected a pin or its inverse, got \"CK D\"\n");
  EXPECT_EQ(problems("next_state :", "last_state :"), "x.lib:76:5: error: FLOP.ff: has no next_state\n");
  EXPECT_EQ(problems("cell (ADDER)", "cell (NAND)"), "x.lib:59:3: error: NAND: there are two cells of this name\n");
  EXPECT_EQ(problems("pin (A, B)", "pin (A, A)").substr(0, 62),
            "x.lib:32:5: error: NAND.A: the cell has two pins of this name\n");
}

TEST(LibertyFaults, AreToldAllAtOnce) {
  std::string text = changed(kText, "\"1V\"", "\"1A\"");
  text = changed(text, "direction : \"output\"", "direction : \"out\"");
  text = changed(text, "area : 30;", "area : much;");
  EXPECT_EQ(read(text).problems,
            "x.lib:4:19: error: voltage_unit: unknown unit \"1A\", expected something like 1V\n"
            "x.lib:40:20: error: NAND.Y.direction: expected input, output, inout or internal, got \"out\"\n"
            "x.lib:68:12: error: FLOP.area: expected a number, got \"much\"\n");
}

TEST(LibertyFaults, ALibraryNeedsCellsAndAFlipFlop) {
  EXPECT_EQ(read("").problems, "x.lib:1:1: error: no library (name) { ... } in this file\n");
  EXPECT_EQ(read("cell (A) { }").problems,
            "x.lib:1:1: error: expected one library (name) { ... } and nothing beside it\n"
            "x.lib:1:1: error: no library (name) { ... } in this file\n");
  EXPECT_EQ(read("library (l) { nom_voltage : 1; }").problems,
            "x.lib:1:1: error: l: library has no cell that a netlist can use\n");
  const std::string flop =
      kText.substr(kText.find("  cell (FLOP)"), kText.find("  cell (LATCH)") - kText.find("  cell (FLOP)"));
  EXPECT_EQ(problems(flop, ""), "x.lib:2:1: error: sample: library has no flip-flop that a netlist can use\n");
}

TEST(LibertyFaults, OfTheFileItself) {
  CellLibrary library;
  Problems problems;
  EXPECT_FALSE(read_liberty("no/such.lib", library, problems));
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems.items()[0].text(), "no/such.lib: error: no such file");
}

}  // namespace
}  // namespace lutetia
