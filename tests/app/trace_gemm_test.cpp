// lutetia trace gemm: a product as a workload, what it says of the array, and what is wrong with its arguments.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/run_lutetia.h"

namespace lutetia::app_test {
namespace {

using Json = nlohmann::json;

class TraceGemm : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  /// The result of `trace gemm` with these arguments on the example design.
  Json result(const std::vector<std::string>& gemm, const std::vector<std::string>& run = {}) {
    const std::string file = path("t" + std::to_string(count_++) + ".jsonl");
    std::vector<std::string> make = {"trace", "gemm", "-o", file};
    make.insert(make.end(), gemm.begin(), gemm.end());
    EXPECT_EQ(lutetia(make).status, 0);
    std::vector<std::string> arguments = {"run", "lut-tensor-core", file, "--format", "json"};
    arguments.insert(arguments.end(), run.begin(), run.end());
    const Outcome outcome = lutetia(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return Json::parse(outcome.out, nullptr, false);
  }
  Folder folder_;
  int count_ = 0;
};

TEST_F(TraceGemm, IsOneProductOfTheseFormats) {
  const std::string text =
      lutetia({"trace", "gemm", "3", "40", "64", "--weight", "int4", "--group", "32", "-o", "-"}).out;
  const Json op = Json::parse(text.substr(text.find('\n') + 1));
  EXPECT_EQ(op["loops"], (Json{{"m", 3}, {"n", 40}, {"k", 64}}));
  EXPECT_EQ(op["tensors"][0]["format"], "int8");
  EXPECT_EQ(op["tensors"][1]["format"], "int4");
  EXPECT_EQ(op["tensors"][1]["group"], 32);
  EXPECT_EQ(op["tensors"][2]["format"], "fp16");
}

TEST_F(TraceGemm, PassesTheCheckInEveryFormat) {
  for (const char* weight : {"int1", "ternary", "int8", "fp16"})
    for (const char* group : {"tensor", "row", "16"}) {
      const std::string file = path(std::string(weight) + group + ".jsonl");
      ASSERT_EQ(lutetia({"trace", "gemm", "2", "8", "32", "--weight", weight, "--group", group, "-o", file}).status, 0);
      const Outcome outcome = lutetia({"check", file});
      EXPECT_EQ(outcome.status, 0) << outcome.err;
    }
}

TEST_F(TraceGemm, WithOneRowMostOfTheArrayIsIdleAndTheReportSaysSo) {
  const std::vector<std::string> decode = {"1", "256", "512"};
  const Json array = result(decode)["array_lookups"];  // four rows
  EXPECT_EQ(array["total"], 4 * array["useful"].get<std::uint64_t>());
  EXPECT_EQ(array["missing_rows"], 3 * array["useful"].get<std::uint64_t>());
  EXPECT_EQ(array["useful"], 256 * 512 / 4 * 2);  // two planes
  EXPECT_EQ(array["missing_columns"], 0);
  const Json half = result(decode, {"--set", "lut_core.rows=2"})["array_lookups"];
  EXPECT_EQ(half["missing_rows"], half["useful"]);
  const Outcome report = lutetia({"run", "lut-tensor-core", path("t0.jsonl")});
  EXPECT_NE(report.out.find("array     25.0 % of lookups for results that exist, 75.0 % for rows (M) that do not"),
            std::string::npos)
      << report.out;
}

TEST_F(TraceGemm, ColumnsAndKBeyondTheEdgeAreTold) {
  const Json array = result({"4", "130", "7"})["array_lookups"];  // 2 of 2 blocks of 128 lanes, 2 K groups
  EXPECT_EQ(array["total"], 4 * 256 * 2 * 2);
  EXPECT_EQ(array["useful"], 4 * 130 * 7 * 2 / 4);
  EXPECT_EQ(array["missing_rows"], 0);
}

TEST_F(TraceGemm, RepetitionsHideFillAndDrainOfEachOther) {
  const std::uint64_t one = result({"64", "512", "512"})["cycles"],
                      four = result({"64", "512", "512", "--repeat", "4"})["cycles"];
  EXPECT_LT(four, 4 * one);
  EXPECT_GT(four, 3 * one);
}

TEST_F(TraceGemm, TellsEveryMistakeAtOnce) {
  const Outcome outcome = lutetia({"trace", "gemm", "0", "x", "64", "--weight", "int9", "--group", "half", "-o", "-"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "");
  for (const char* text :
       {"M: error: expected a whole number in 1..4294967295, got \"0\"",
        "N: error:", "--weight: error: unknown format \"int9\", did you mean \"int1\"?", "see: lutetia trace gemm"})
    EXPECT_NE(outcome.err.find(text), std::string::npos) << text << "\n" << outcome.err;
  EXPECT_EQ(lutetia({"trace", "gemm", "1", "1", "1"}).status, 2) << "nowhere to write";
  EXPECT_EQ(lutetia({"trace", "gemm", "4294967295", "4294967295", "4294967295", "-o", "-"}).status, 2) << "too large";
  EXPECT_NE(lutetia({"trace", "-o", "-", "gemm", "1"}).err.find("gemm stands first"), std::string::npos);
}

TEST_F(TraceGemm, OverwritesNothing) {
  write_file(path("t.jsonl"), "mine");
  EXPECT_EQ(lutetia({"trace", "gemm", "1", "1", "4", "-o", path("t.jsonl")}).status, 2);
  EXPECT_EQ(read_file(path("t.jsonl")), "mine");
}

}  // namespace
}  // namespace lutetia::app_test
