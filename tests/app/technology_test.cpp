// Area and energy as a user meets them: a design that names a technology, its reports, and mistakes.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/run_lutetia.h"

namespace lutetia::app_test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string toy_file() {
  return (fs::path(LUTETIA_SOURCE_DIR) / "tests/cost/toy.yaml").string();
}

std::vector<std::string> with_toy(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--set", "technology=" + toy_file()});
  return arguments;
}

const std::vector<std::string> kRun = {
    "run",   "lut-tensor-core",          "bitnet-tiny", "--prefill", "8", "--set", "lut_core.lanes=64",
    "--set", "lut_core.epilogue_lanes=8"};

TEST(TechnologyApp, ResultsHaveAreaAndEnergyInPartsThatAddUp) {
  Folder folder;
  std::vector<std::string> arguments = with_toy(kRun);
  arguments.insert(arguments.end(), {"--out", (folder / "r").string()});
  const Outcome outcome = lutetia(arguments);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json result = Json::parse(read_file(folder / "r/result.json"));
  EXPECT_EQ(result["technology"]["name"], "toy");
  EXPECT_EQ(result["technology"]["node_nm"], 100);
  const Json& energy = result["energy_pj"];
  EXPECT_EQ(energy["status"], "partial");
  EXPECT_EQ(energy["excluded"], (Json{"vector", "dma", "sequencer"}));
  double parts = 0;
  for (const Json& part : energy["parts"]) parts += part["pj"].get<double>();
  const double total = energy["total"]["pj"];
  EXPECT_NEAR(parts, total, total * 1e-9);
  for (const char* sums : {"by_unit", "by_level", "by_event"}) {
    double sum = 0;
    for (const auto& entry : energy[sums]) sum += entry.get<double>();
    EXPECT_NEAR(sum, total, total * 1e-9) << sums;
  }
  EXPECT_NEAR(energy["dynamic_pj"].get<double>() + energy["static_pj"].get<double>(), total, total * 1e-9);
  EXPECT_GT(energy["total_with_estimates"]["pj"].get<double>(), total);
  double tree = 0;
  for (const auto& unit : result["area_um2"]["tree"])
    for (const auto& component : unit) tree += component.get<double>();
  EXPECT_NEAR(tree, result["area_um2"]["total"]["um2"].get<double>(), tree * 1e-9);
  EXPECT_EQ(result["area_um2"]["excluded"], (Json{"vector", "dma", "sequencer"}));
  EXPECT_EQ(result["area_um2"]["utilization"], 0.5);

  std::istringstream csv(read_file(folder / "r/operators.csv"));
  std::string line;
  double operators = 0;
  ASSERT_TRUE(std::getline(csv, line));
  EXPECT_EQ(line.substr(line.size() - 10), ",energy_pj");
  while (std::getline(csv, line)) operators += std::stod(line.substr(line.rfind(',') + 1));
  const double of_operators = energy["dynamic_pj"].get<double>() - energy["shared_pj"].get<double>();
  EXPECT_NEAR(operators, of_operators, of_operators * 1e-4);
}

TEST(TechnologyApp, ReportsAreReadableAndFitAScreen) {
  const Outcome outcome = lutetia(with_toy(kRun));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  for (const char* words : {"area of cells and macros, without vector, dma, sequencer", "energy (toy, 100 nm, native: ",
                            "TOPS/W", "idle clocks", "excluded", "layout", "per MAC", "lower bound"})
    EXPECT_NE(outcome.out.find(words), std::string::npos) << words << "\n" << outcome.out;
  std::istringstream lines(outcome.out.substr(outcome.out.find("area of cells")));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 130u) << line;
  const Outcome explained = lutetia(with_toy({"explain", "lut-tensor-core"}));
  EXPECT_NE(explained.out.find("technology  toy, 100 nm"), std::string::npos) << explained.out;
  EXPECT_NE(explained.out.find("tables"), std::string::npos);
  EXPECT_NE(explained.out.find("lut_core extrapolated: Lanes 128 beyond 4..64"), std::string::npos) << explained.out;
}

TEST(TechnologyApp, WithoutOneNothingIsClaimed) {
  Folder folder;
  std::vector<std::string> arguments = kRun;
  arguments.insert(arguments.end(), {"--out", (folder / "r").string()});
  ASSERT_EQ(lutetia(arguments).status, 0);
  const Json result = Json::parse(read_file(folder / "r/result.json"));
  EXPECT_EQ(result["energy_pj"], (Json{{"status", "not calibrated"}}));
  EXPECT_EQ(result["area_um2"], (Json{{"status", "not calibrated"}}));
  EXPECT_FALSE(result.contains("technology"));
  EXPECT_EQ(read_file(folder / "r/operators.csv").find("energy_pj"), std::string::npos);
}

TEST(TechnologyApp, MistakesAreLocated) {
  Folder folder;
  const std::string design = read_file(fs::path(LUTETIA_SOURCE_DIR) / "configs/designs/lut-tensor-core.yaml");
  write_file(folder / "designs/d.yaml", "technology: osu081\n" + design);
  fs::create_directories(folder / "memory");
  fs::copy(fs::path(LUTETIA_SOURCE_DIR) / "configs/memory", folder / "memory", fs::copy_options::recursive);
  fs::create_directories(folder / "dram");
  fs::copy(fs::path(LUTETIA_SOURCE_DIR) / "configs/dram", folder / "dram", fs::copy_options::recursive);
  write_file(folder / "technology/osu018.yaml", read_file(toy_file()));
  Outcome outcome = lutetia({"check", "designs/d.yaml"}, folder.path());
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.err.find("designs/d.yaml:1"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("technology: no such file"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("osu018"), std::string::npos) << outcome.err;
  write_file(folder / "designs/d.yaml", "technology: osu018\n" + design);
  EXPECT_EQ(lutetia({"check", "designs/d.yaml", "technology/osu018.yaml"}, folder.path()).status, 0);
  write_file(folder / "technology/osu018.yaml", read_file(toy_file()) + "colour: red\n");
  for (const char* file : {"designs/d.yaml", "technology/osu018.yaml"}) {
    outcome = lutetia({"check", file}, folder.path());
    EXPECT_EQ(outcome.status, 2);
    EXPECT_NE(outcome.err.find("colour: unknown key"), std::string::npos) << outcome.err;
  }
}

}  // namespace
}  // namespace lutetia::app_test
