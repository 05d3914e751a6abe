// lutetia record: the file that it writes, and what is wrong with its arguments.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/run_lutetia.h"

namespace lutetia::app_test {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;
namespace fs = std::filesystem;

const std::vector<std::string> kSmallCore = {
    "--set", "lut_core.rows=2",           "--set", "lut_core.lanes=12",          "--set", "lut_core.psum_blocks=2",
    "--set", "lut_core.epilogue_lanes=2", "--set", "lut_core.table_generators=1"};

class Record : public testing::Test {
 protected:
  void SetUp() override {
    const Outcome made = lutetia({"trace", "gemm", "4", "24", "32", "-o", path("small.jsonl")});
    ASSERT_EQ(made.status, 0) << made.err;
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  Outcome record(const std::string& file, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"record", "lut-tensor-core", path("small.jsonl"), "-o", path(file)};
    arguments.insert(arguments.end(), kSmallCore.begin(), kSmallCore.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return lutetia(arguments);
  }
  Folder folder_;
};

TEST_F(Record, WritesParametersInputsAndCountsOfOutputs) {
  const Outcome outcome = record("r.json", {"--unit", "lut_core", "--seed", "5"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("r.json: lut_core, 1 cmd"));
  const Json json = Json::parse(read_file(path("r.json")));
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["unit"], "lut_core");
  EXPECT_EQ(json["seed"], 5);
  EXPECT_EQ(json["parameters"]["Rows"], 2);
  EXPECT_EQ(json["parameters"]["Lanes"], 12);
  EXPECT_EQ(json["parameters"]["FusedTables"], 0);
  EXPECT_THAT(json["design"].get<std::string>(), HasSubstr("lut-tensor-core --set lut_core.rows=2"));
  EXPECT_THAT(json["workload"].get<std::string>(), HasSubstr("gemm-4x24x32"));
  const Json& inputs = json["inputs"];
  EXPECT_EQ(inputs.size(), 5u);
  EXPECT_EQ(inputs["cmd"].size(), 1u);
  EXPECT_EQ(inputs["weight"].size(), 2u * 2 * 2 * 8) << "planes, row blocks, blocks, K groups";
  EXPECT_EQ(inputs["weight"][0].get<std::string>().size(), 12u) << "48 bits";
  EXPECT_EQ(inputs["fill"].size(), 0u);
  EXPECT_EQ(json["outputs"]["out"], 4 * 24 / 2);
  EXPECT_EQ(read_file(path("r.json")).find(folder_.path().string()), std::string::npos) << "no path of this machine";
}

TEST_F(Record, GivesTheSameBytesAgainAndOthersForAnotherSeed) {
  ASSERT_EQ(record("a.json", {"--unit", "lut_core"}).status, 0);
  ASSERT_EQ(record("b.json", {"--unit", "lut_core"}).status, 0);
  ASSERT_EQ(record("c.json", {"--unit", "lut_core", "--seed", "2"}).status, 0);
  EXPECT_EQ(read_file(path("a.json")), read_file(path("b.json")));
  EXPECT_NE(read_file(path("a.json")), read_file(path("c.json")));
}

TEST_F(Record, OverwritesNothing) {
  write_file(path("old.json"), "mine");
  const Outcome outcome = record("old.json", {"--unit", "lut_core"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("old.json: error: exists"));
  EXPECT_EQ(read_file(path("old.json")), "mine");
}

TEST_F(Record, MistakesLeaveNoFileAndAreAllReported) {
  Outcome outcome = record("x.json", {"--unit", "lut_cor"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--unit: error: the design has no"));
  EXPECT_THAT(outcome.err, HasSubstr("lut_core"));
  outcome = record("x.json", {"--unit", "attention"});
  EXPECT_EQ(outcome.status, 2);
  outcome = record("x.json", {"--seed", "-1"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--unit: error: is missing"));
  EXPECT_THAT(outcome.err, HasSubstr("--seed"));
  outcome = record("x.json", {"--unit", "lut_core", "--prefill", "3"});
  EXPECT_EQ(outcome.status, 2) << "a trace has its own tokens";
  EXPECT_FALSE(fs::exists(path("x.json")));
}

TEST_F(Record, AUnitWithoutWorkIsAMistake) {
  const Outcome outcome = lutetia(
      {"record", "lut-tensor-core-attention", path("small.jsonl"), "--unit", "attention", "-o", path("x.json")});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("small.jsonl: error: gives attention nothing to do"));
  EXPECT_FALSE(fs::exists(path("x.json")));
}

TEST_F(Record, TakesModelsToo) {
  const Outcome outcome =
      lutetia({"record", "lut-tensor-core-attention", "bitnet-tiny", "--unit", "attention", "--prefill", "2", "--past",
               "9", "--layers", "1", "--set-model", "heads=2", "--set-model", "kv_heads=1", "-o", path("m.json")});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json json = Json::parse(read_file(path("m.json")));
  EXPECT_EQ(json["parameters"]["Keys"], 8);
  EXPECT_GT(json["inputs"]["query"].size(), 0u);
  EXPECT_THAT(json["workload"].get<std::string>(), HasSubstr("--set-model heads=2"));
}

}  // namespace
}  // namespace lutetia::app_test
