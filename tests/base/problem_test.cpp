#include "base/problem.h"

#include <gtest/gtest.h>

#include <sstream>

namespace lutetia {
namespace {

TEST(Problem, PrintsFileLineColumnPathAndMessage) {
  EXPECT_EQ((Problem{{"a.yaml", 14, 11}, "systolic.rows", "0 is outside 1..1024"}.text()),
            "a.yaml:14:11: error: systolic.rows: 0 is outside 1..1024");
}

TEST(Problem, LeavesOutWhatIsEmpty) {
  EXPECT_EQ((Problem{{"a.yaml", 0, 0}, "", "no such file"}.text()), "a.yaml: error: no such file");
  EXPECT_EQ((Problem{{"a.yaml", 3, 0}, "", "x"}.text()), "a.yaml:3: error: x");
  EXPECT_EQ((Problem{{}, "rows", "x"}.text()), "error: rows: x");
}

TEST(Problems, AreSortedByPlaceAndKeepTheirOrderAtOnePlace) {
  Problems problems;
  problems.add({"b.yaml", 1, 1}, "", "fourth");
  problems.add({"a.yaml", 2, 1}, "", "second");
  problems.add({"a.yaml", 2, 1}, "", "third");
  problems.add({"a.yaml", 1, 9}, "", "first");
  std::ostringstream out;
  problems.print(out);
  EXPECT_EQ(
      out.str(),
      "a.yaml:1:9: error: first\na.yaml:2:1: error: second\na.yaml:2:1: error: third\nb.yaml:1:1: error: fourth\n");
}

}  // namespace
}  // namespace lutetia
