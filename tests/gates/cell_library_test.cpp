// Interpolation in tables, and cells told by their functions.
#include "gates/cell_library.h"

#include <gtest/gtest.h>

#include "gates/cell_kinds.h"
#include "liberty_sample.h"

namespace lutetia {
namespace {

TEST(CellTable, InterpolatesOnBothAxesAndContinuesTheOutermostLines) {
  const CellTable table{{10, 20, 40}, {1, 2}, {0, 1, 10, 21, 30, 51}};
  EXPECT_DOUBLE_EQ(table.at(10, 1), 0);
  EXPECT_DOUBLE_EQ(table.at(20, 2), 21);
  EXPECT_DOUBLE_EQ(table.at(40, 2), 51);
  EXPECT_DOUBLE_EQ(table.at(15, 1.5), (0 + 1 + 10 + 21) / 4.0);
  EXPECT_DOUBLE_EQ(table.at(50, 1), 40);
  EXPECT_DOUBLE_EQ(table.at(0, 1), -10);
  EXPECT_DOUBLE_EQ(table.at(40, 3), 72);
  EXPECT_DOUBLE_EQ(table.at(10, 0), -1);
}

TEST(CellTable, IgnoresAnAxisThatItDoesNotHave) {
  EXPECT_DOUBLE_EQ((CellTable{{}, {}, {7}}.at(1e9, -1e9)), 7);
  EXPECT_DOUBLE_EQ((CellTable{{10, 20}, {}, {1, 2}}.at(30, 1e9)), 3);
  EXPECT_DOUBLE_EQ((CellTable{{}, {10, 20}, {1, 2}}.at(1e9, 15)), 1.5);
  EXPECT_DOUBLE_EQ((CellTable{{5}, {10}, {4}}.at(1, 1)), 4);
}

TEST(CellKinds, AreToldByTheirFunctions) {
  const CellLibrary library = liberty_sample::read(liberty_sample::kText).library;
  const auto adder = full_adder(library.cells.at("ADDER"));
  ASSERT_TRUE(adder);
  const Cell& cell = library.cells.at("ADDER");
  EXPECT_EQ(adder->a, cell.pin("X"));
  EXPECT_EQ(adder->b, cell.pin("Y"));
  EXPECT_EQ(adder->c, cell.pin("Z"));
  EXPECT_EQ(adder->sum, cell.pin("S"));
  EXPECT_EQ(adder->carry, cell.pin("CN"));
  EXPECT_FALSE(adder->sum_inverted);
  EXPECT_TRUE(adder->carry_inverted);
  EXPECT_TRUE(is_nand2(library.cells.at("NAND")));
  for (const char* other : {"NAND", "FLOP", "LATCH", "TRI", "FILL"}) {
    EXPECT_FALSE(full_adder(library.cells.at(other))) << other;
    EXPECT_EQ(is_nand2(library.cells.at(other)), other == std::string("NAND"));
  }
  EXPECT_TRUE(is_usable(library.cells.at("FLOP")));
  EXPECT_FALSE(is_usable(library.cells.at("LATCH")));
  EXPECT_FALSE(is_usable(library.cells.at("FILL")));
}

}  // namespace
}  // namespace lutetia
