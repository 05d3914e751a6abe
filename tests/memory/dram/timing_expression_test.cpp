// Latency expressions: values, precedence, every kind of error, and texts that nobody meant.
#include "memory/dram/timing_expression.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace lutetia {
namespace {

const std::map<std::string, std::uint32_t> kTimings = {{"CL", 17}, {"CWL", 12}, {"BL", 4}, {"tCCD_L", 6}, {"x1", 0}};

std::int64_t value(const std::string& text) {
  const TimingValue out = evaluate_timing(text, kTimings);
  EXPECT_EQ(out.error, "") << text;
  EXPECT_TRUE(out.unknown.empty()) << text;
  return out.cycles;
}

std::string error(const std::string& text, const std::map<std::string, std::uint32_t>& timings = kTimings) {
  return evaluate_timing(text, timings).error;
}

TEST(TimingExpression, IsASumOfTimingsAndNumbers) {
  EXPECT_EQ(value("CL"), 17);
  EXPECT_EQ(value("0"), 0);
  EXPECT_EQ(value("x1"), 0);
  EXPECT_EQ(value("CL + BL + 2 - CWL"), 11);
  EXPECT_EQ(value("CL+BL+2-CWL"), 11);
  EXPECT_EQ(value("  CL  "), 17);
  EXPECT_EQ(value("CWL - CL"), -5);
}

TEST(TimingExpression, SubtractsFromTheLeftUnlessParenthesesSayOtherwise) {
  EXPECT_EQ(value("20 - 5 - 3"), 12);
  EXPECT_EQ(value("20 - (5 - 3)"), 18);
  EXPECT_EQ(value("20 - (5 + 3) - 1"), 11);
  EXPECT_EQ(value("((CL))"), 17);
}

TEST(TimingExpression, TakesTheLargestOfSums) {
  EXPECT_EQ(value("max(tCCD_L, BL)"), 6);
  EXPECT_EQ(value("max(BL)"), 4);
  EXPECT_EQ(value("max( 1 , 2 , CL - 16 )"), 2);
  EXPECT_EQ(value("max(CWL - CL, BL - CL) + 1"), -4);
  EXPECT_EQ(value("10 - max(1, max(2, 3) + 1)"), 6);
}

TEST(TimingExpression, AnUnknownTimingIsNamedWithTheNearest) {
  const TimingValue out = evaluate_timing("tCCDL + CL + tFOO - tCCDL", kTimings);
  EXPECT_EQ(out.unknown, (std::vector<std::string>{"tCCDL", "tFOO"}));
  EXPECT_EQ(out.error, "unknown timing tCCDL, tFOO, did you mean \"tCCD_L\"?");
  EXPECT_EQ(error("cl"), error("cl"));
  EXPECT_NE(error("cl"), "") << "names are as they are written";
}

TEST(TimingExpression, EveryMistakeHasItsMessage) {
  EXPECT_EQ(error(""), "expected a timing or a number at the end");
  EXPECT_EQ(error("   "), "expected a timing or a number at the end");
  EXPECT_EQ(error("CL +"), "expected a timing or a number at the end");
  EXPECT_EQ(error("-CL"), "expected a timing or a number before \"-\"");
  EXPECT_EQ(error("CL + + BL"), "expected a timing or a number before \"+\"");
  EXPECT_EQ(error("CL BL"), "unexpected \"B\"");
  EXPECT_EQ(error("CL * 2"), "unexpected \"*\"");
  EXPECT_EQ(error("CL)"), "unexpected \")\"");
  EXPECT_EQ(error("(CL"), "expected ')'");
  EXPECT_EQ(error("max CL"), "expected '('");
  EXPECT_EQ(error("max"), "expected '('");
  EXPECT_EQ(error("max()"), "expected a timing or a number before \")\"");
  EXPECT_EQ(error("max(CL,)"), "expected a timing or a number before \")\"");
  EXPECT_EQ(error("max(CL; BL)"), "expected ')'");
  EXPECT_EQ(error("17ns"), "expected a whole number, got \"17ns\"");
  EXPECT_EQ(error("1.5"), "unexpected \".\"");
  EXPECT_EQ(error("99999999999999999999"), "the value is too large");
  EXPECT_EQ(error("2147483648 + 1"), "the value is too large");
  EXPECT_EQ(error("0 - 2147483648 - 1"), "the value is too large");
  EXPECT_EQ(error("CL", {{"CL", 4'000'000'000u}}), "the value is too large");
  EXPECT_EQ(value("2147483648"), std::int64_t{1} << 31);
}

TEST(TimingExpression, IsNestedToADepthAndNoDeeper) {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '(') + "CL" + std::string(static_cast<std::size_t>(depth), ')');
  };
  EXPECT_EQ(value(nested(32)), 17);
  EXPECT_EQ(error(nested(33)), "nested too deeply");
  EXPECT_EQ(error(nested(100'000)), "nested too deeply");
}

TEST(TimingExpression, RandomAndMutatedTextsHaveAValueOrAnErrorAndNeverACrash) {
  const std::vector<std::string> pieces = {"CL", "CWL", "BL",   "tCCD_L",   "max",    "(", ")",    ",",
                                           "+",  "-",   " ",    "2",        "999999", "x", "max(", "*",
                                           ".",  "_",   "\xff", "\x00\x01", "\n",     "ns"};
  Random random(1);
  int good = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string text;
    if (random.bernoulli(0.5)) {
      for (std::uint64_t n = random.below(12); n > 0; --n) text += pieces[random.below(pieces.size())];
    } else {
      text = "max(tCCD_L, BL) + CL - (CWL - 2)";
      for (std::uint64_t n = random.between(1, 3); n > 0; --n) {
        const std::size_t at = random.below(text.size());
        if (random.bernoulli(0.5))
          text.erase(at, 1 + random.below(4));
        else
          text.insert(at, pieces[random.below(pieces.size())]);
        if (text.empty()) text = "CL";
      }
    }
    const TimingValue out = evaluate_timing(text, kTimings);
    if (out.error.empty()) {
      ++good;
      ASSERT_LE(std::abs(out.cycles), std::int64_t{1} << 31) << text;
      ASSERT_TRUE(out.unknown.empty()) << text;
    }
  }
  EXPECT_GT(good, 1000);
}

}  // namespace
}  // namespace lutetia
