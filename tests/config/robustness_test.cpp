// What a user may point the reader at by mistake or malice: each case is one located problem, soon, and no exception.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/text_file.h"
#include "sample.h"
#include "temporary_folder.h"

namespace lutetia::sample {
namespace {

std::string file_faults(const std::string& path) {
  Design design;
  Problems problems;
  read_yaml_file(path, design, problems);
  std::string lines;
  for (const Problem& p : problems.items()) lines += p.text() + "\n";
  return lines;
}

TEST(Robustness, AMissingFileAndADirectoryAreNamed) {
  const TemporaryFolder folder;
  EXPECT_EQ(file_faults(folder / "none.yaml"), (folder / "none.yaml") + ": error: no such file\n");
  EXPECT_EQ(file_faults(folder / "none/none.yaml"), (folder / "none/none.yaml") + ": error: no such file\n");
  EXPECT_EQ(file_faults(folder / "."), (folder / ".") + ": error: is a directory, expected a file\n");
  EXPECT_EQ(file_faults(""), "error: no such file\n");
}

TEST(Robustness, ADeviceIsNotRead) {
  EXPECT_EQ(file_faults("/dev/zero"), "/dev/zero: error: is not a regular file\n");
}

TEST(Robustness, AnEmptyFileIsAnError) {
  EXPECT_EQ(faults(""), "x.yaml:1:1: error: there is nothing in it, expected a map of keys\n");
  EXPECT_EQ(faults("# only a comment\n\n"), "x.yaml:1:1: error: there is nothing in it, expected a map of keys\n");
  EXPECT_EQ(faults("---\n"), "x.yaml:1:1: error: there is nothing in it, expected a map of keys\n");
  EXPECT_EQ(faults("~\n"), "x.yaml:1:1: error: there is nothing in it, expected a map of keys\n");
}

TEST(Robustness, AHugeFileIsRefusedBySize) {
  const TemporaryFolder folder;
  const std::string path = folder.write("huge.yaml", "name: x\n");
  std::filesystem::resize_file(path, std::uintmax_t{1} << 30);  // sparse: a gigabyte of zeros
  EXPECT_EQ(file_faults(path), path + ": error: is larger than 16 MiB\n");
  std::filesystem::resize_file(path, kLargestConfigFile);
  EXPECT_EQ(file_faults(path), path + ":2:1: error: control character 0x00\n");
  Problems problems;
  Design design;
  EXPECT_FALSE(read_yaml_text(std::string(kLargestConfigFile + 1, ' '), "x", design, problems));
}

TEST(Robustness, AFileWhoseSizeIsUnknownIsReadOnlyUpToTheLimit) {
  const TemporaryFolder folder;
  const std::string path = folder.write("ten.txt", "0123456789");
  std::string text, error;
  EXPECT_TRUE(load_text_file(path, 10, text, error));
  EXPECT_EQ(text, "0123456789");
  EXPECT_FALSE(load_text_file(path, 9, text, error));
  EXPECT_EQ(error, "is larger than 0 MiB");
}

TEST(Robustness, BytesThatAreNoTextAreLocated) {
  EXPECT_EQ(faults(std::string("name: a\nseed: \0 1\n", 18)), "x.yaml:2:7: error: control character 0x00\n");
  EXPECT_EQ(faults("name: a\x04\n"), "x.yaml:1:8: error: control character 0x04\n");
  EXPECT_EQ(faults("name: \xff\n"), "x.yaml:1:7: error: not UTF-8 (byte 0xff)\n");
  EXPECT_EQ(faults("a: 1\nname: caf\xe9 x\n"), "x.yaml:2:10: error: not UTF-8 (byte 0xe9)\n");
  for (const std::string bad :
       {"\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\x80", "\xf0\x80\x80\x80"}) {
    EXPECT_EQ(faults("name: " + bad).substr(0, 28), "x.yaml:1:7: error: not UTF-8");
  }
  EXPECT_EQ(faults(std::string("\xff\xfen\0a\0", 6)), "x.yaml:1:1: error: not UTF-8 (byte 0xff)\n") << "UTF-16";
  EXPECT_EQ(faults("name: caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\n"), "");
}

TEST(Robustness, ATabInIndentationIsAnErrorButNotElsewhere) {
  EXPECT_EQ(faults("lut_core:\n\trows: 4\n"), "x.yaml:2:1: error: tab in indentation, use spaces\n");
  EXPECT_EQ(faults("lut_core:\n  \trows: 4\n"), "x.yaml:2:3: error: tab in indentation, use spaces\n");
  EXPECT_EQ(faults("seed: 4\t# a tab before a comment\n"), "");
}

TEST(Robustness, TheTopLevelMustBeAMap) {
  EXPECT_EQ(faults("- 1\n- 2\n"), "x.yaml:1:1: error: expected a map of keys, found a list\n");
  EXPECT_EQ(faults("hello\n"), "x.yaml:1:1: error: expected a map of keys, found a single value\n");
}

TEST(Robustness, UnreadableYamlIsLocated) {
  EXPECT_EQ(faults("name: [a\nseed: 1\n").substr(0, 40), "x.yaml:2:5: error: not readable as YAML:");
  EXPECT_EQ(faults("a: b: c\n").substr(0, 40), "x.yaml:1:5: error: not readable as YAML:");
}

TEST(Robustness, AQuoteOrBracketThatTheEndOfTheFileCutsOffIsAnError) {
  for (const std::string text :
       {"seed: 1\nname: \"a\n", "seed: 1\nname: 'a", "seed: 1\ntags: [a", "seed: 1\ntags: {a: 1\n"}) {
    EXPECT_EQ(faults(text), "x.yaml:2: error: a quote or bracket is not closed before the end\n") << text;
  }
}

TEST(Robustness, DeepNestingIsRefusedNotOverflown) {
  for (const std::string piece : {"[", "{a: ", "- ", "? "}) {
    std::string text = piece == "[" || piece[0] == '{' ? "name: " : "name:\n  ";
    for (int i = 0; i < 200'000; ++i) text += piece;
    const std::string found = faults(text);
    EXPECT_NE(found.find("error: nested deeper than 64 levels"), std::string::npos) << piece << found.substr(0, 200);
  }
  EXPECT_NE(faults(std::string(300'000, '[')).find("nested deeper"), std::string::npos);
  std::string indented;
  for (int i = 0; i < 200; ++i) indented += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  EXPECT_NE(faults(indented).find("nested deeper"), std::string::npos);
}

TEST(Robustness, AnchorsAliasesMergeKeysAndTagsAreErrors) {
  EXPECT_EQ(faults("name: &a edge\n"), "x.yaml:1:7: error: anchors (&name) are not supported\n");
  EXPECT_EQ(faults("name: &a edge\ntags: [*a]\n"),
            "x.yaml:1:7: error: anchors (&name) are not supported\n"
            "x.yaml:2:8: error: aliases (*name) are not supported, write the value out\n");
  EXPECT_EQ(faults("attention:\n  <<: {heads: 2}\n"),
            "x.yaml:2:3: error: merge keys (<<) are not supported, write the values out\n");
  EXPECT_EQ(faults("seed: !!int 4\n"), "x.yaml:1:7: error: tags (!name) are not supported\n");
  EXPECT_EQ(faults("lut_core: &c {rows: 2}\n"), "x.yaml:1:11: error: anchors (&name) are not supported\n");
}

TEST(Robustness, AliasesThatMultiplyDoNotGrow) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "*a" + std::to_string(i - 1), name = "a" + std::to_string(i);
    text += name + ": &" + name + " [" + before + ", " + before + ", " + before + ", " + before + "]\n";
  }
  EXPECT_NE(faults(text).find("aliases (*name) are not supported"), std::string::npos);
}

TEST(Robustness, AKeyMustBeAWord) {
  EXPECT_EQ(faults("[a, b]: 1\n"), "x.yaml:1:1: error: a key must be a word, found a list\n");
  EXPECT_EQ(faults("? {a: b}\n: 1\n"), "x.yaml:1:3: error: a key must be a word, found a map\n");
  EXPECT_EQ(faults("~: 1\n"), "x.yaml:1:1: error: a key must be a word, found nothing\n");
}

TEST(Robustness, ThereIsOnlyOneDocument) {
  EXPECT_EQ(faults("---\nname: a\n...\n"), "");
  EXPECT_EQ(faults("name: a\n---\nname: b\n"),
            "x.yaml:2:1: error: the document ends before this (indentation?); only one is allowed\n");
  EXPECT_EQ(faults("name: a\n...\nname: b\n"),
            "x.yaml:3:1: error: the document ends before this (indentation?); only one is allowed\n");
  EXPECT_EQ(faults("  name: a\nseed: 1\n"),
            "x.yaml:2:1: error: the document ends before this (indentation?); only one is allowed\n");
}

TEST(Robustness, VeryManyFaultsAreCutOff) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "k" + std::to_string(i) + ": 1\n";
  Design design;
  Problems problems;
  EXPECT_FALSE(read_yaml_text(text, "x.yaml", design, problems));
  EXPECT_EQ(problems.size(), 1000u);
  EXPECT_EQ(problems.items().back().message, "too many faults, the rest is not shown");
}

TEST(Robustness, VeryManyValuesAreRefused) {
  std::string text = "tags: [a";
  for (int i = 0; i < 1'100'000; ++i) text += ",a";
  EXPECT_NE(faults(text + "]").find("error: more than 1000000 values"), std::string::npos);
}

TEST(Robustness, LongTextsAreCutInMessages) {
  const std::string found =
      faults("seed: " + std::string(1'000'000, '9') + "\nlut_core: {fused: " + std::string(1'000'000, 'x') + "}\n" +
             std::string(1000, 'k') + ": 1\n");
  EXPECT_LT(found.size(), 1000u);
}

TEST(Robustness, AFileThatMayNotBeReadSaysSo) {
  const TemporaryFolder folder;
  const std::string path = folder.write("secret.yaml", "name: x\n");
  std::filesystem::permissions(path, std::filesystem::perms::none);
  if (std::ifstream(path)) GTEST_SKIP() << "this user may read everything";
  EXPECT_EQ(file_faults(path), path + ": error: cannot be read (Permission denied)\n");
}

}  // namespace
}  // namespace lutetia::sample
