#include "gates/liberty_function.h"

#include <gtest/gtest.h>

namespace lutetia {
namespace {

const std::vector<FunctionName> kNames = {{"A", 0, false}, {"B", 1, false}, {"C", 2, false}, {"IQN", 2, true}};

/// The table of an expression over A, B, C as a number; the messages of its faults.
std::string read(const std::string& text) {
  TruthTable table;
  std::vector<FunctionFault> faults;
  std::string out;
  if (parse_function(text, kNames, 3, table, faults)) {
    EXPECT_TRUE(faults.empty());
    unsigned bits = 0;
    for (unsigned i = 0; i < 8; ++i) bits |= (table.at(i) ? 1u : 0u) << i;
    return std::to_string(bits);
  }
  for (const FunctionFault& fault : faults)
    out += std::to_string(fault.at.data() - text.data()) + ": " + fault.message + "\n";
  return out;
}

constexpr unsigned kA = 0xAA, kB = 0xCC, kC = 0xF0;
std::string number(unsigned bits) {
  return std::to_string(bits & 0xFF);
}

TEST(LibertyFunction, KnowsEveryOperatorAndItsPrecedence) {
  EXPECT_EQ(read("A"), number(kA));
  EXPECT_EQ(read("!A"), number(~kA));
  EXPECT_EQ(read("A'"), number(~kA));
  EXPECT_EQ(read("!A'"), number(kA));
  EXPECT_EQ(read("(A B)'"), number(~(kA & kB)));
  for (const char* text : {"A B", "A*B", "A & B", "A(B)", "(A)(B)", "A \\\n B"})
    EXPECT_EQ(read(text), number(kA & kB)) << text;
  EXPECT_EQ(read("A+B C"), number(kA | (kB & kC)));
  EXPECT_EQ(read("A|B|C"), number(kA | kB | kC));
  EXPECT_EQ(read("A B^C"), number(kA & (kB ^ kC)));
  EXPECT_EQ(read("!A^B"), number(~kA ^ kB));
  EXPECT_EQ(read("A^B^C"), number(kA ^ kB ^ kC));
  EXPECT_EQ(read("A !B"), number(kA & ~kB));
  EXPECT_EQ(read("1"), number(0xFF));
  EXPECT_EQ(read("0 + A"), number(kA));
  EXPECT_EQ(read("IQN"), number(~kC));
}

TEST(LibertyFunction, PointsAtFaults) {
  EXPECT_EQ(read("A+X*Y"), "2: there is no pin \"X\"\n4: there is no pin \"Y\"\n");
  EXPECT_EQ(read("(A B"), "4: ')' is missing in a function\n");
  EXPECT_EQ(read("A)"), "1: ')' without '('\n");
  EXPECT_EQ(read("A + "), "4: function ends where a pin is expected\n");
  EXPECT_EQ(read(""), "0: function ends where a pin is expected\n");
  EXPECT_EQ(read("A ? B"), "2: unexpected \"?\" in a function\n");
  EXPECT_EQ(read("A + ?"), "4: expected a pin, got \"?\"\n");
  EXPECT_NE(read(std::string(100000, '(')).find("nested too deeply"), std::string::npos);
  EXPECT_NE(read(std::string(100000, '!')).find("nested too deeply"), std::string::npos);
}

TEST(LibertyFunction, TablesOfManyVariablesAgreeWithTheirBits) {
  std::vector<FunctionName> names;
  const std::string letters = "ABCDEFGHIJ";
  for (std::uint32_t i = 0; i < 10; ++i) names.push_back({std::string_view(letters).substr(i, 1), i, false});
  TruthTable table;
  std::vector<FunctionFault> faults;
  ASSERT_TRUE(parse_function("(A ^ G) J + !H (B + I)", names, 10, table, faults));
  const CellFunction function = table.function(10);
  EXPECT_EQ(function.pins(), 10u);
  for (std::uint32_t v = 0; v < 1024; ++v) {
    const auto bit = [&](char name) { return (v >> (name - 'A') & 1) != 0; };
    const bool expected = ((bit('A') != bit('G')) && bit('J')) || (!bit('H') && (bit('B') || bit('I')));
    ASSERT_EQ(function.at(v), expected) << v;
    // J's place taken by !B.
    const bool replaced = ((bit('A') != bit('G')) && !bit('B')) || (!bit('H') && (bit('B') || bit('I')));
    ASSERT_EQ(table.with(9, !TruthTable::variable(10, 1)).at(v), replaced) << v;
  }
  for (const char name : letters)
    EXPECT_EQ(table.depends_on(static_cast<std::uint32_t>(name - 'A')),
              std::string("ABGHIJ").find(name) != std::string::npos)
        << name;
}

}  // namespace
}  // namespace lutetia
