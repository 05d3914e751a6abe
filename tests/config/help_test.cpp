#include "config/help.h"

#include <gtest/gtest.h>

#include "sample.h"

namespace lutetia::sample {
namespace {

TEST(Help, ASubtreeIsATableWithTypeDefaultRangeAndText) {
  EXPECT_EQ(help_text<Design>("lut_core.sram"),
            "key                      type       default   allowed     meaning\n"
            "lut_core.sram            group                            tile buffer\n"
            "lut_core.sram.size       size       64KiB     1KiB..1MiB  capacity\n"
            "lut_core.sram.bandwidth  bandwidth  51.2GB/s              to the core\n"
            "lut_core.sram.latency    time       1.5ns     0ps..1us    of a read\n");
}

TEST(Help, OneKeyIsOneLine) {
  EXPECT_EQ(help_text<Design>("lut_core.rows"),
            "key            type          default  allowed  meaning\n"
            "lut_core.rows  whole number  2        1..64    activation rows held at once (RTL: Rows)\n");
  EXPECT_EQ(help_text<Design>("dims"),
            "key   type                              default  allowed              meaning\n"
            "dims  list of whole number (transfers)  [4, 4]   1..16; 1..3 entries  of the mesh\n");
}

TEST(Help, TheIndexOfAListDoesNotMatter) {
  const std::string text = help_text<Design>("levels.name");
  EXPECT_EQ(text,
            "key            type  default   allowed  meaning\n"
            "levels[].name  text  required           of the level\n");
  EXPECT_EQ(help_text<Design>("levels[].name"), text);
  EXPECT_EQ(help_text<Design>("levels[3].name"), text);
}

TEST(Help, EverythingIsListedWithRulesAndOptionalGroups) {
  const std::string text = help_text<Design>();
  for (const char* part : {"attention.heads", "optional group", "levels[].attention.scale", "list of groups",
                           "weight_stationary | output_stationary | input_stationary", "0..4 entries",
                           "epilogue_lanes must divide lanes"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

TEST(Help, AnUnknownPathIsAProblemWithTheNearestKey) {
  Problems problems;
  EXPECT_EQ(help_text<Design>("attention.headz", &problems), "");
  EXPECT_EQ(help_text<Design>("seed.x", &problems), "");
  EXPECT_EQ(help_text<Design>("a..b", &problems), "");
  ASSERT_EQ(problems.size(), 3u);
  EXPECT_EQ(problems.items()[0].text(),
            "error: attention.headz: unknown key, did you mean \"heads\"? Known keys: heads, scale");
  EXPECT_EQ(problems.items()[1].text(), "error: seed: is a single value, there are no keys below it");
  EXPECT_EQ(problems.items()[2].text(), "error: expected a path such as lut_core.rows, got \"a..b\"");
}

TEST(Help, TheMarkdownReferenceHasATablePerStruct) {
  EXPECT_EQ(markdown_reference<Level>("Levels"),
            "# Levels\n"
            "\n"
            "| key | type | default | allowed | meaning |\n"
            "|---|---|---|---|---|\n"
            "| `name` | text | `required` |  | of the level |\n"
            "| `size` | size | `1KiB` | 1B..1GiB | capacity |\n"
            "| `attention` | optional group | `absent` |  | beside this level |\n"
            "\n"
            "## `attention`\n"
            "\n"
            "beside this level\n"
            "\n"
            "| key | type | default | allowed | meaning |\n"
            "|---|---|---|---|---|\n"
            "| `heads` | whole number | `8` | 1..128 | query heads |\n"
            "| `scale` | number | `0.125` | 0..1 | of the scores |\n");
  const std::string text = markdown_reference<Design>("Design");
  EXPECT_NE(text.find("weight_stationary \\| output_stationary"), std::string::npos);
  EXPECT_NE(text.find("- epilogue_lanes must divide lanes\n"), std::string::npos);
  EXPECT_NE(text.find("## `levels[].attention`"), std::string::npos);
}

struct Tree {
  std::vector<Tree> children;
};
void describe(Schema& s, Tree& c) {
  s.list("children", c.children, "below");
}

TEST(Help, AStructThatContainsAListOfItselfEnds) {
  EXPECT_FALSE(help_text<Tree>().empty());
  EXPECT_FALSE(markdown_reference<Tree>("Tree").empty());
}

}  // namespace
}  // namespace lutetia::sample
