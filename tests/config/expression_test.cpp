// Expressions of names and numbers, beyond what timings need (tests/memory/dram/timing_expression_test.cpp has sums,
// parentheses, max and every kind of error): products, quotients, min, the wide range.
#include "config/expression.h"

#include <gtest/gtest.h>

namespace lutetia {
namespace {

const std::map<std::string, std::int64_t> kValues = {{"length", 512}, {"tile", 24}, {"zero", 0}, {"less", -7}};

std::int64_t value(const std::string& text) {
  const ExpressionValue out = evaluate_expression(text, kValues);
  EXPECT_EQ(out.error, "") << text;
  return out.value;
}

std::string error(const std::string& text) {
  return evaluate_expression(text, kValues).error;
}

TEST(Expression, ProductsComeBeforeSums) {
  EXPECT_EQ(value("length * length + 24"), 512 * 512 + 24);
  EXPECT_EQ(value("24 + length * length"), 512 * 512 + 24);
  EXPECT_EQ(value("(24 + length) * 2"), 1072);
  EXPECT_EQ(value("2*3*4 - 5*2"), 14);
}

TEST(Expression, QuotientsAreRoundedDown) {
  EXPECT_EQ(value("length / tile"), 21);
  EXPECT_EQ(value("(length + tile - 1) / tile"), 22);
  EXPECT_EQ(value("length / tile * tile"), 504);
  EXPECT_EQ(value("less / 2"), -4);
  EXPECT_EQ(value("less / (0 - 2)"), 3);
  EXPECT_EQ(error("length / zero"), "division by zero");
  EXPECT_EQ(error("length / (tile - 24)"), "division by zero");
}

TEST(Expression, HasTheSmallestAndTheLargest) {
  EXPECT_EQ(value("min(length, tile, 100)"), 24);
  EXPECT_EQ(value("max(min(length, tile), 2 * tile)"), 48);
  EXPECT_EQ(error("min"), "expected '('");
}

TEST(Expression, HasAQuotientRoundedUpAndOneThatMustComeOutEven) {
  EXPECT_EQ(value("ceil(length, tile)"), 22);
  EXPECT_EQ(value("ceil(tile * 3 - 1, tile) + 1"), 4);
  EXPECT_EQ(value("ceil(0, tile)"), 0);
  EXPECT_EQ(value("ceil(less, 2)"), -3);
  EXPECT_EQ(value("exact(length, 64) * 2"), 16);
  EXPECT_EQ(error("exact(length, tile)"), "512 is no multiple of 24");
  EXPECT_EQ(error("ceil(length, zero)"), "division by zero");
  EXPECT_EQ(error("exact(length, zero)"), "division by zero");
  EXPECT_EQ(error("exact(length)"), "expected ','");
  EXPECT_EQ(error("ceil(1, 2, 3)"), "expected ')'");
  EXPECT_EQ(error("exact(length, tiles)"), "unknown parameter tiles, did you mean \"tile\"?");
}

TEST(Expression, HasPowersOfTwoAndTheBitsOfANumber) {
  EXPECT_EQ(value("pow2(0)"), 1);
  EXPECT_EQ(value("3 * pow2(tile / 4 - 1)"), 96);
  EXPECT_EQ(value("pow2(53)"), std::int64_t{1} << 53);
  EXPECT_EQ(value("bits(0)"), 0);
  EXPECT_EQ(value("bits(1)"), 1);
  EXPECT_EQ(value("bits(5)"), 3);
  EXPECT_EQ(value("bits(8)"), 4);
  EXPECT_EQ(value("bits(length - 1) + bits (length)"), 9 + 10);
  EXPECT_EQ(value("bits(pow2(53))"), 54);
  EXPECT_EQ(error("pow2(54)"), "the value is too large");
  EXPECT_EQ(error("pow2(length)"), "the value is too large");
  EXPECT_EQ(error("pow2(less)"), "pow2 of the negative number -7");
  EXPECT_EQ(error("bits(less)"), "bits of the negative number -7");
  EXPECT_EQ(error("bits(1, 2)"), "expected ')'");
  EXPECT_EQ(error("pow2(tiles)"), "unknown parameter tiles, did you mean \"tile\"?");
  EXPECT_EQ(evaluate_expression("bits + 1", {{"bits", 4}}).value, 5) << "alone it is a name like any other";
}

TEST(Expression, QuotientsByNameAreOnlyWhereQuotientsAre) {
  ExpressionRules timings;
  timings.products = false;
  EXPECT_NE(evaluate_expression("ceil(length, tile)", kValues, timings).error, "");
  EXPECT_NE(evaluate_expression("pow2(tile)", kValues, timings).error, "");
}

TEST(Expression, HasWholeNumbersUpTo2To53) {
  EXPECT_EQ(value("9007199254740992"), std::int64_t{1} << 53);
  EXPECT_EQ(error("9007199254740992 + 1"), "the value is too large");
  EXPECT_EQ(error("9007199254740992 * 9007199254740992"), "the value is too large");
  EXPECT_EQ(error("3037000500 * 3037000500"), "the value is too large");
}

TEST(Expression, AnUnknownNameIsToldWhateverIsDividedByIt) {
  EXPECT_EQ(error("length / lenght"), "unknown parameter lenght, did you mean \"length\"?");
  EXPECT_EQ(error("1 / foo + bar"), "unknown parameter foo, bar");
}

}  // namespace
}  // namespace lutetia
