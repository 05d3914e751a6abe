#include "base/nearest.h"

#include <gtest/gtest.h>

namespace lutetia {
namespace {

TEST(Nearest, EditDistanceCountsInsertionsDeletionsSubstitutionsAndSwaps) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abc", "abc"), 0u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("rows", "rwos"), 1u);
  EXPECT_EQ(edit_distance("ROWS", "rows"), 0u);
}

TEST(Nearest, FindsTheClosestName) {
  const std::vector<std::string> names{"rows", "cols", "clock", "activation_bits"};
  EXPECT_EQ(nearest("colums", names), "cols");
  EXPECT_EQ(nearest("row", names), "rows");
  EXPECT_EQ(nearest("Clock", names), "clock");
  EXPECT_EQ(nearest("actvation_bit", names), "activation_bits");
}

TEST(Nearest, SuggestsNothingForWordsThatAreFarOff) {
  const std::vector<std::string> names{"rows", "cols", "a"};
  EXPECT_EQ(nearest("frequency", names), "");
  EXPECT_EQ(nearest("b", names), "") << "one letter replaced by another is not a misspelling";
  EXPECT_EQ(nearest("", names), "");
  EXPECT_EQ(nearest(std::string(10'000'000, 'x'), names), "");
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(Nearest, OfEquallyCloseNamesTheFirstIsTaken) {
  EXPECT_EQ(nearest("lpddr6", {"lpddr4", "lpddr5"}), "lpddr4");
}

TEST(Nearest, MessagesAreReadyToAppend) {
  EXPECT_EQ(did_you_mean("colums", {"rows", "cols"}), ", did you mean \"cols\"?");
  EXPECT_EQ(did_you_mean("frequency", {"rows", "cols"}), "");
  EXPECT_EQ(joined({"a", "b"}), "a, b");
  EXPECT_EQ(joined({}), "(none)");
}

}  // namespace
}  // namespace lutetia
