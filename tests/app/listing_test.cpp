// lutetia run --listing: the program that runs, whole or not at all, and the same for every fidelity.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "app/run_lutetia.h"

namespace lutetia::app_test {
namespace {

namespace fs = std::filesystem;

class Listing : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  Outcome run(const std::string& listing, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"run", "lut-tensor-core", "bitnet-tiny", "--prefill", "16", "--decode",
                                          "2",   "--listing",       path(listing)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return lutetia(arguments);
  }
  Folder folder_;
};

TEST_F(Listing, NumbersEveryInstructionOfEveryEngineAndWaitsForEarlierOnesOnly) {
  ASSERT_EQ(run("t.lst").status, 0);
  std::istringstream text(read_file(path("t.lst")));
  std::map<std::string, std::uint64_t> last;
  std::string line, engine, word;
  while (std::getline(text, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::getline(words, engine, '.');
    std::uint64_t number = 0;
    words >> number;
    ASSERT_EQ(number, ++last[engine]) << line;
    bool after = false;
    while (words >> word) {
      if (after) {
        const std::size_t dot = word.find('.');
        ASSERT_LE(std::stoull(word.substr(dot + 1)), last[word.substr(0, dot)]) << line;
      }
      after = after || word == "after";
    }
  }
  EXPECT_EQ(last.size(), 4u);
  EXPECT_GT(last["matrix"], 20u);
}

TEST_F(Listing, SaysWhatATileIs) {
  ASSERT_EQ(run("t.lst").status, 0);
  const std::string text = read_file(path("t.lst"));
  for (const char* part : {"# tile program of bitnet-tiny on lut-tensor-core: prefill 16, decode 2, batch 1\n",
                           "# operator 3, layers.0.attention.q_proj (linear), step 0; memory: b=1 n=256 m=16 k=256",
                           "lmma.m4n128k4.s8.w2.s32.f32 m=0+16 n=0+256 k=0+256 group=tile zero=-1  after load.5",
                           "v.rms_norm m=0+16 n=0+256  after load.2", "v.multiply_add b=0+", "ld 8,192 @0x44000"})
    EXPECT_NE(text.find(part), std::string::npos) << part;
}

TEST_F(Listing, NamesTilesOfMultipliersByTheirWeightsAndSums) {
  const Outcome outcome = lutetia({"run", "a100-int8", "bitnet-tiny", "--prefill", "16", "--listing", path("m.lst")});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(read_file(path("m.lst")).find(" mma.m128n432k4.s8.s2.s32.f32 m=0+16"), std::string::npos);
}

TEST_F(Listing, MarksTilesThatPassPartialSumsOn) {
  ASSERT_EQ(
      lutetia({"trace", "gemm", "4", "128", "4096", "--weight", "int4", "--group", "64", "-o", path("g.jsonl")}).status,
      0);
  const Outcome outcome = lutetia(
      {"run", "lut-tensor-core", path("g.jsonl"), "--set", "buffers.weights=256KiB", "--listing", path("g.lst")});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const std::string text = read_file(path("g.lst"));
  EXPECT_NE(text.find("s8.w4.s32.f32 m=0+4 n=0+128 k=0+2048 group=64 zero=1 spill  after"), std::string::npos) << text;
  EXPECT_NE(text.find("k=2048+2048 group=64 zero=1 fill  after"), std::string::npos) << text;
}

TEST_F(Listing, NamesWholeWeightsAndFp32PartialSumsOfMultipliers) {
  write_file(path("m.yaml"), "name: m\nmac_core: {activation_format: fp16, activation_bits: 16}\n");
  ASSERT_EQ(
      lutetia({"trace", "gemm", "4", "64", "64", "--weight", "int4", "--activation", "fp16", "-o", path("g.jsonl")})
          .status,
      0);
  ASSERT_EQ(lutetia({"run", path("m.yaml"), path("g.jsonl"), "--listing", path("g.lst")}).status, 0);
  const std::string text = read_file(path("g.lst"));
  EXPECT_NE(text.find(" mma.m2n64k4.f16.s4.f32.f32 m=0+4"), std::string::npos) << text;
}

TEST_F(Listing, IsTheSameForEveryFidelity) {
  ASSERT_EQ(run("t.lst").status, 0);
  for (const char* level : {"cycle", "rtl"}) {
    ASSERT_EQ(run(level, {"--fidelity", level}).status, 0);
    EXPECT_EQ(read_file(path(level)), read_file(path("t.lst")));
  }
}

TEST_F(Listing, OverwritesNothing) {
  write_file(path("t.lst"), "mine");
  const Outcome outcome = run("t.lst");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.err.find("exists and is not overwritten"), std::string::npos) << outcome.err;
  EXPECT_EQ(read_file(path("t.lst")), "mine");
}

TEST_F(Listing, OfARunThatDoesNotFitLeavesNothing) {
  EXPECT_EQ(run("t.lst", {"--set", "buffers.vector=1KiB"}).status, 2);
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(Listing, OfAnInterruptedRunLeavesNothing) {
  const Outcome outcome = lutetia(
      {"run", "lut-tensor-core", "bitnet-tiny", "--prefill", "4096", "--fidelity", "cycle", "--listing", path("t.lst")},
      LUTETIA_SOURCE_DIR, 500);
  EXPECT_EQ(outcome.status, 3) << outcome.err;
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

}  // namespace
}  // namespace lutetia::app_test
