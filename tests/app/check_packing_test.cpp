// lutetia check --packing: what a user learns about a file of packed weights.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/run_lutetia.h"

namespace lutetia::app_test {
namespace {

using testing::HasSubstr;

std::vector<std::string> check(const std::string& file, const std::string& packing, const std::string& rows,
                               const std::string& columns) {
  return {"check", file, "--packing", packing, "--rows", rows, "--columns", columns};
}

/// The digest in the output.
std::string digest(const Outcome& outcome) {
  const std::size_t at = outcome.out.find("digest   ");
  return at == std::string::npos ? "none" : outcome.out.substr(at + 9, 16);
}

/// One row of 128 weights in I2_S, +1 at columns 0, 16 and 32, zeros elsewhere, scale 1.
std::string i2_s(int lanes) {
  std::string bytes(32, '\x55');
  for (const int column : {0, 16, 32}) {
    const int block = column / (4 * lanes), j = column % (4 * lanes), shift = 6 - 2 * (j / lanes);
    char& byte = bytes[static_cast<std::size_t>(block * lanes + j % lanes)];
    byte = static_cast<char>(static_cast<unsigned char>(byte) + (1 << shift));
  }
  return bytes + std::string("\0\0\x80\x3f", 4) + std::string(28, '\0');
}

TEST(CheckPacking, TheDigestTellsTheTwoLayoutsOfI2SApart) {
  Folder folder;
  write_file(folder / "x86", i2_s(32));
  write_file(folder / "arm", i2_s(16));
  const Outcome x86 = lutetia(check("x86", "i2_s_128", "1", "128"), folder.path());
  EXPECT_EQ(x86.status, 0) << x86.err;
  EXPECT_THAT(x86.out, HasSubstr("x86: ok (i2_s_128: 1 x 128 weights, 64 bytes)\n"));
  EXPECT_THAT(x86.out, HasSubstr("0: 97.7 %, 1: 2.3 %\n"));
  EXPECT_THAT(x86.out, HasSubstr("scales   1, 1..1\n"));
  EXPECT_THAT(x86.out, HasSubstr("compare digests"));
  EXPECT_EQ(digest(x86), digest(lutetia(check("arm", "i2_s_64", "1", "128"), folder.path())));
  EXPECT_NE(digest(x86), digest(lutetia(check("arm", "i2_s_128", "1", "128"), folder.path())));
}

TEST(CheckPacking, ManyFaultsAreCountedAndAnotherPackingThatFitsIsNamed) {
  Folder folder;
  write_file(folder / "w", std::string(2560, '\x44'));  // TL1: pairs of zeros
  const Outcome good = lutetia(check("w", "tl1", "160", "64"), folder.path());
  EXPECT_EQ(good.status, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("tile     bm 160, bk 64, bmm 32"));
  EXPECT_THAT(good.out, HasSubstr("scales   not in this format"));
  write_file(folder / "w", std::string(2560, '\xff'));
  const Outcome bad = lutetia(check("w", "tl1", "160", "64"), folder.path());
  EXPECT_EQ(bad.status, 2);
  EXPECT_EQ(bad.out, "");
  EXPECT_THAT(bad.err, HasSubstr("w:0: error: row 0, column 0: code 15 stands for no two ternary weights"));
  EXPECT_THAT(bad.err, HasSubstr("w: error: 5,070 more faults\n"));
}

TEST(CheckPacking, TheTileOfAKnownShapeIsTakenByItselfAndCanBeSet) {
  Folder folder;
  write_file(folder / "w", std::string(3200 * 3200 / 4, '\x44'));
  std::vector<std::string> arguments = check("w", "tl1", "3200", "3200");
  EXPECT_THAT(lutetia(arguments, folder.path()).out, HasSubstr("tile     bm 320, bk 128, bmm 64"));
  arguments.insert(arguments.end(), {"--tile", "bmm=32", "--tile", "bk=64"});
  EXPECT_THAT(lutetia(arguments, folder.path()).out, HasSubstr("tile     bm 320, bk 64, bmm 32"));
}

TEST(CheckPacking, HelpListsEveryPacking) {
  const std::string text = lutetia({"help", "formats"}).out;
  for (const char* name : {"i2_s_128", "i2_s_64", "tl1", "tl2", "tq1_0", "tq2_0", "q4_0", "q8_0", "q2_k", "tmac_4"})
    EXPECT_THAT(text, HasSubstr("\n" + std::string(name) + " ")) << name;
  EXPECT_THAT(text, HasSubstr("bk=96 (columns of a tile)"));
}

}  // namespace
}  // namespace lutetia::app_test
