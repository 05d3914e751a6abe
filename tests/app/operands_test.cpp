// scripts/operands.py: for every unit a short recording with every event, and one full tile; mistakes are told.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/run_lutetia.h"

namespace lutetia::app_test {
namespace {

using Json = nlohmann::json;

class Operands : public testing::Test {
 protected:
  int run(const std::string& arguments) const {
    const std::string command = std::string("/usr/bin/python3 '") + LUTETIA_SOURCE_DIR + "/scripts/operands.py' " +
                                arguments + " --lutetia '" + LUTETIA_BINARY + "' > '" + (folder_ / "said").string() +
                                "' 2>&1";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  Json record(const std::string& arguments) {
    const std::string file = (folder_ / (std::to_string(count_++) + ".json")).string();
    EXPECT_EQ(run(arguments + " -o '" + file + "'"), 0) << arguments << "\n" << said();
    return Json::parse(read_file(file), nullptr, false);
  }
  std::string said() const { return read_file(folder_ / "said"); }
  Folder folder_;
  int count_ = 0;
};

void expect_used(const Json& json, const std::vector<std::string>& idle = {}) {
  for (const auto& [port, payloads] : json["inputs"].items()) {
    const bool is_idle = std::find(idle.begin(), idle.end(), port) != idle.end();
    EXPECT_EQ(payloads.empty(), is_idle) << json["unit"] << " " << port;
  }
}

TEST_F(Operands, OfMatrixCoresUseEveryPort) {
  for (const char* arguments : {"lut_core Rows=2 Lanes=12 PsumBlocks=2 EpilogueLanes=2",
                                "lut_core Rows=1 Lanes=6 MaxPlanes=1 PsumBlocks=1 PsumBits=24 EpilogueLanes=1",
                                "lut_core Rows=2 Lanes=14 PsumBlocks=2 EpilogueLanes=2 ActFormat=3 SegmentGroups=4",
                                "lut_core Rows=2 Lanes=12 PsumBlocks=2 EpilogueLanes=2 GroupLength=3 MaxPlanes=1 "
                                "TernaryTables=1",
                                "adder_core Rows=2 Lanes=12 PsumBlocks=2 EpilogueLanes=2 GroupLength=5",
                                "mac_core Rows=2 Lanes=12 PsumBlocks=2 EpilogueLanes=2 WeightBits=4"}) {
    const Json json = record(arguments);
    expect_used(json);
    EXPECT_LT(json["inputs"]["weight"].size(), 1000u);
    EXPECT_GT(json["inputs"]["weight"].size(), 200u);
  }
}

TEST_F(Operands, OfTheDecoderAndOfAttentionToo) {
  for (const char* code : {"Code=0", "Code=1", "Code=2"})
    expect_used(record(std::string("weight_decoder Lanes=8 Blocks=2 ") + code));
  expect_used(record("attention Keys=1 Dims=2 Contexts=1 MaxChunks=2"), {"key_scale", "value_scale", "mask"});
  expect_used(record("attention Keys=3 Dims=4 Contexts=2 MaxChunks=4 Format=0 KvBits=4 KvScales=1"), {"mask"});
}

TEST_F(Operands, ATileIsOneCommandOfACore) {
  for (const char* unit : {"lut_core Rows=2 Lanes=12 PsumBlocks=2 EpilogueLanes=2", "weight_decoder Lanes=8 Blocks=2",
                           "attention Keys=2 Dims=4 Contexts=3 MaxChunks=2"}) {
    const Json json = record(std::string(unit) + " --variation tile");
    EXPECT_EQ(json["inputs"]["cmd"].size(), 1u) << unit;
  }
}

TEST_F(Operands, MistakesAreTold) {
  const std::string file = " -o '" + (folder_ / "x.json").string() + "'";
  EXPECT_EQ(run("lut_core Row=2" + file), 2);
  EXPECT_NE(said().find("lut_core has no parameter Row"), std::string::npos) << said();
  EXPECT_EQ(run("lut_core ActFormat=9" + file), 2);
  EXPECT_EQ(run("lut_core Lanes=12 EpilogueLanes=5" + file), 2);
  EXPECT_NE(said().find("epilogue_lanes must divide lanes"), std::string::npos) << said();
  EXPECT_EQ(run("vector" + file), 2);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x.json"));
}

}  // namespace
}  // namespace lutetia::app_test
