#include <gtest/gtest.h>

#include "config/named_file.h"
#include "sample.h"
#include "temporary_folder.h"

namespace lutetia::sample {
namespace {

/// Reads configs/designs/x.yaml of the folder; problems with the folder's name cut off.
std::string file_faults(const TemporaryFolder& folder, Design& design, const ReadOptions& options = {},
                        Origins* origins = nullptr) {
  Problems problems;
  read_yaml_file(folder / "configs/designs/x.yaml", design, problems, options, origins);
  std::string lines;
  for (const Problem& p : problems.items()) lines += p.text() + "\n";
  const std::string base = (folder / "configs") + "/";
  for (std::size_t at; (at = lines.find(base)) != std::string::npos;) lines.erase(at, base.size());
  return lines;
}

TEST(NamedFile, ATextWhereAGroupIsExpectedNamesAFileInTheFolderOfItsKey) {
  const TemporaryFolder folder;
  folder.write("configs/designs/x.yaml",
               "name: x\nlut_core: wide\nattention: ../mine/a.yaml\nlevels: [near, {name: far}]\n");
  folder.write("configs/lut_core/wide.yaml", "rows: 8\nsram: big\n");
  folder.write("configs/sram/big.yaml", "size: 512KiB\n");
  folder.write("configs/mine/a.yaml", "heads: 3\n");
  folder.write("configs/levels/near.yaml", "name: n\n");
  Design d;
  Origins origins;
  EXPECT_EQ(file_faults(folder, d, {}, &origins), "");
  EXPECT_EQ(d.lut_core.rows, 8u);
  EXPECT_EQ(d.lut_core.sram.size, Bytes(512 << 10));
  EXPECT_EQ(d.attention->heads, 3u);
  EXPECT_EQ(d.levels.at(0).name, "n");
  EXPECT_EQ(d.levels.at(1).name, "far");
  EXPECT_EQ(origins.at("lut_core"), (folder / "configs/designs/x.yaml") + ":2") << "the place that names the file ...";
  EXPECT_EQ(origins.at("lut_core.sram.size"), (folder / "configs/sram/big.yaml") + ":1") << "... and that in the file";
}

TEST(NamedFile, FaultsInANamedFileAreLocatedThere) {
  const TemporaryFolder folder;
  folder.write("configs/designs/x.yaml", "lut_core: wide\nseed: x\n");
  folder.write("configs/lut_core/wide.yaml", "\nrows: 800\nlains: 4\n");
  Design d;
  EXPECT_EQ(file_faults(folder, d).substr(0, 87),
            "lut_core/wide.yaml:3:1: error: lut_core.lains: unknown key, did you mean \"lanes\"? Known");
  EXPECT_NE(file_faults(folder, d).find("lut_core/wide.yaml:2:7: error: lut_core.rows: 800 is outside 1..64\n"),
            std::string::npos);
  EXPECT_NE(file_faults(folder, d).find("designs/x.yaml:2:7: error: seed"), std::string::npos);
}

TEST(NamedFile, AMissingNameIsAnErrorWithTheNearestAndTheList) {
  const TemporaryFolder folder;
  folder.write("configs/designs/x.yaml", "lut_core: wyde\n");
  folder.write("configs/lut_core/wide.yaml", "{}");
  folder.write("configs/lut_core/narrow.yaml", "{}");
  Design d;
  EXPECT_EQ(file_faults(folder, d),
            "designs/x.yaml:1:11: error: lut_core: no such file: \"lut_core/wyde.yaml\", did you mean \"wide\"? Known: "
            "narrow, wide\n");
  folder.write("configs/designs/x.yaml", "attention: a\n");
  EXPECT_EQ(file_faults(folder, d),
            "designs/x.yaml:1:12: error: attention: no such file: \"attention/a.yaml\". Known: (none)\n");
  folder.write("configs/designs/x.yaml", "attention: ./a.yaml\n");
  EXPECT_EQ(file_faults(folder, d), "designs/x.yaml:1:12: error: attention: no such file: \"designs/a.yaml\"\n");
}

TEST(NamedFile, ATextThatIsNoNameIsAnError) {
  for (const std::string text : {"../wide", "a b", ".hidden", "\"\"", "/etc/passwd", "\"a\\0b\""}) {
    const std::string found = faults("lut_core: " + text);
    EXPECT_NE(found.find("x.yaml:1:11: error: lut_core: expected a map or the name of a file, got "), std::string::npos)
        << text << ": " << found;
  }
}

TEST(NamedFile, OfAnOverrideIsFoundToo) {
  const TemporaryFolder folder;
  folder.write("configs/designs/x.yaml", "lut_core: {rows: 3}\n");
  folder.write("configs/lut_core/wide.yaml", "rows: 8\n");
  Design d;
  EXPECT_EQ(file_faults(folder, d, {{"lut_core=wide", "lut_core.lanes=16"}, ""}), "");
  EXPECT_EQ(d.lut_core.rows, 8u);
  EXPECT_EQ(d.lut_core.lanes, 16u);
  EXPECT_EQ(file_faults(folder, d, {{"lut_core=wid"}, ""}),
            "--set: error: lut_core: no such file: \"lut_core/wid.yaml\", did you mean \"wide\"? Known: wide\n");
}

TEST(NamedFile, TheFolderMayBeGiven) {
  const TemporaryFolder folder;
  folder.write("configs/designs/x.yaml", "attention: a\n");
  folder.write("elsewhere/attention/a.yaml", "heads: 5\n");
  Design d;
  EXPECT_EQ(file_faults(folder, d, {{}, folder / "elsewhere"}), "");
  EXPECT_EQ(d.attention->heads, 5u);
}

TEST(NamedFile, AnUnusableFileIsAnErrorAtItsName) {
  const TemporaryFolder folder;
  folder.write("configs/designs/x.yaml", "attention: a\nlut_core: b\n");
  folder.write("configs/attention/a.yaml/inner", "");
  folder.write("configs/lut_core/b.yaml", "- 1\n");
  Design d;
  EXPECT_EQ(file_faults(folder, d),
            "lut_core/b.yaml:1:1: error: lut_core: expected a map of keys, found a list\n"
            "designs/x.yaml:1:12: error: attention: \"attention/a.yaml\" is a directory, expected a file\n");
  EXPECT_FALSE(d.attention);
}

struct Tree {
  std::uint32_t value = 0;
  std::vector<Tree> children;
};
void describe(Schema& s, Tree& c) {
  s.field("value", c.value, "of the node");
  s.list("children", c.children, "below");
}

TEST(NamedFile, ACycleOfReferencesIsAnError) {
  const TemporaryFolder folder;
  folder.write("t/a.yaml", "value: 1\nchildren: [b.yaml, ./b.yaml]\n");
  folder.write("t/b.yaml", "children: [{value: 2}, ../t/a.yaml]\n");
  Tree tree;
  Problems problems;
  EXPECT_FALSE(read_yaml_file(folder / "t/a.yaml", tree, problems));
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_EQ(problems.items()[0].text(), (folder / "t/b.yaml") + ":1:24: error: children[0].children[1]: \"" +
                                            (folder / "t/a.yaml") + "\" refers back to itself");
  EXPECT_EQ(tree.children.at(1).children.at(0).value, 2u) << "the same file twice side by side is no cycle";
}

TEST(NamedFile, TheDefaultFolderIsAboveThatOfTheFile) {
  EXPECT_EQ(default_base_dir("a/configs/designs/x.yaml"), "a/configs/");
  EXPECT_EQ(default_base_dir("designs/x.yaml"), ".");
  EXPECT_EQ(default_base_dir("x.yaml"), "..");
}

}  // namespace
}  // namespace lutetia::sample
