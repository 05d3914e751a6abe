#include <gtest/gtest.h>

#include "config/set_path.h"
#include "sample.h"

namespace lutetia::sample {
namespace {

Design read_with(const std::string& text, std::vector<std::string> sets) {
  Design d;
  EXPECT_EQ(faults_of(text, d, {std::move(sets), ""}), "");
  return d;
}

TEST(Set, OverridesTheFileAndALaterOneAnEarlierOne) {
  const Design d = read_with("lut_core: {rows: 4, lanes: 32}\n", {"lut_core.rows=8", "seed=3", "lut_core.rows=16"});
  EXPECT_EQ(d.lut_core.rows, 16u);
  EXPECT_EQ(d.lut_core.lanes, 32u);
  EXPECT_EQ(d.seed, 3u);
}

TEST(Set, ReachesIntoListsAndCreatesOptionalGroups) {
  const Design d = read_with("levels: [{name: a}, {name: b}]",
                             {"levels[1].size=2KiB", "levels[0].attention.heads=3", "attention.scale=0.5"});
  EXPECT_EQ(d.levels[1].size, Bytes(2048));
  EXPECT_EQ(d.levels[0].attention->heads, 3u);
  EXPECT_EQ(d.attention->scale, 0.5);
  EXPECT_EQ(d.attention->heads, 8u);
}

TEST(Set, TakesWholeListsAndGroups) {
  const Design d = read_with("attention: {heads: 4}", {"dims=[7, 8]", "attention.heads=5", "attention={scale: 0.25}",
                                                       "levels=[{name: x}]", "levels[0].name=y", "attention.heads=6"});
  EXPECT_EQ(d.dims, (std::vector<std::uint32_t>{7, 8}));
  EXPECT_EQ(d.attention->scale, 0.25);
  EXPECT_EQ(d.attention->heads, 6u) << "set after the group as a whole";
  EXPECT_EQ(d.levels.at(0).name, "y");
  EXPECT_EQ(read_with("attention: {heads: 4}", {"attention.heads=5", "attention={}"}).attention->heads, 8u)
      << "a group set as a whole forgets what came before";
}

TEST(Set, TakesTextsAsTheyAre) {
  EXPECT_EQ(read_with("{}", {"name=a: b #c = d"}).name, "a: b #c = d");
  EXPECT_EQ(read_with("name: x", {"name="}).name, "");
  EXPECT_EQ(read_with("name: x", {"name=null"}).name, "null");
}

TEST(Set, RepairsABadValueOfTheFile) {
  EXPECT_EQ(read_with("seed: oops", {"seed=4"}).seed, 4u);
}

TEST(Set, HasTheSameErrorsAsAFile) {
  EXPECT_EQ(set_faults({"lut_core.rows=0"}), "--set: error: lut_core.rows: 0 is outside 1..64\n");
  EXPECT_EQ(set_faults({"lut_core.clock=5"}),
            "--set: error: lut_core.clock: \"5\" has no unit; write for example 1GHz\n");
  EXPECT_EQ(set_faults({"seed="}), "--set: error: seed: expected a whole number, got nothing\n");
  EXPECT_EQ(set_faults({"dims=[1, x]"}), "--set: error: dims[1]: expected a whole number, got \"x\"\n");
  EXPECT_EQ(set_faults({"dims=3"}),
            "--set: error: dims: expected a list, each entry a whole number, found a single value\n");
  EXPECT_EQ(set_faults({"attention={heads: 1, heads: 2}"}), "--set: error: attention.heads: duplicate key\n");
  EXPECT_EQ(
      set_faults({"lut_core.epilogue_lanes=7"}),
      "--set: error: lut_core.epilogue_lanes: epilogue_lanes must divide lanes (lanes = 64, epilogue_lanes = 7)\n");
  EXPECT_EQ(set_faults({"levels=[{size: 1B}]"}),
            "--set: error: levels[0]: required key \"name\" is missing (of the level)\n");
}

TEST(Set, AnUnknownPathIsAnErrorWithTheNearestKey) {
  EXPECT_EQ(set_faults({"lut_cor.rows=1"}).substr(0, 69),
            "--set: error: lut_cor: unknown key, did you mean \"lut_core\"? Known ke");
  EXPECT_EQ(set_faults({"attention.head=1"}),
            "--set: error: attention.head: unknown key, did you mean \"heads\"? Known keys: heads, scale\n");
  EXPECT_EQ(set_faults({"seed.x=1"}), "--set: error: seed: is a single value, there are no keys below it\n");
  EXPECT_EQ(set_faults({"dims[1]=3"}), "--set: error: dims: set this list as a whole, e.g. dims=[4, 4]\n");
  EXPECT_EQ(set_faults({"levels[0].name=a"}), "--set: error: levels[0]: the list has 0 entries\n");
  EXPECT_EQ(set_faults({"levels.name=a"}), "--set: error: levels: is a list, write levels[0].name\n");
  EXPECT_EQ(set_faults({"attention[0].heads=1"}), "--set: error: attention[0]: is not a list\n");
}

TEST(Set, AMalformedOverrideIsShown) {
  for (const std::string set : {"", "seed", "=4", ".seed=4", "seed.=4", "a..b=1", "a[=1", "a[x]=1", "a[-1]=1", "[0]=1",
                                "a[99999999999999999999]=1", "a]=1x["}) {
    const std::string found = set_faults({set});
    if (set == "a]=1x[") continue;  // an odd key, but well formed
    EXPECT_EQ(found, "--set: error: expected path=value, e.g. lut_core.rows=4, got \"" + set + "\"\n");
  }
}

TEST(Set, UnreadableYamlIsAnErrorWithoutAPlace) {
  EXPECT_EQ(set_faults({"dims=[1, "}), "--set: error: dims: a quote or bracket is not closed before the end\n");
  EXPECT_EQ(set_faults({"name=\xff"}), "--set: error: name: not UTF-8 (byte 0xff)\n");
  EXPECT_EQ(set_faults({"dims=[*a]"}).substr(0, 40), "--set: error: dims: not readable as YAML");
}

TEST(SetPath, IsTakenApartIntoKeysAndIndices) {
  std::vector<PathStep> steps;
  ASSERT_TRUE(parse_path("a.b[2][10].c", steps));
  ASSERT_EQ(steps.size(), 5u);
  EXPECT_EQ(steps[1].key, "b");
  EXPECT_EQ(steps[2].index, 2u);
  EXPECT_EQ(steps[3].index, 10u);
  EXPECT_EQ(steps[4].key, "c");
}

}  // namespace
}  // namespace lutetia::sample
