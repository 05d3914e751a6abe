// The program from end to end on the smallest model: files, sums, determinism, agreement of fidelities, the report.
// The golden report is renewed by: LUTETIA_UPDATE_GOLDENS=1 tests_app --gtest_filter=Run.ReportIsAsItWas
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "app/run_lutetia.h"

namespace lutetia::app_test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const std::vector<std::string> kRun = {
    "run", "configs/designs/lut-tensor-core.yaml", "bitnet-tiny", "--prefill", "16", "--decode", "2"};

std::vector<std::string> with(std::vector<std::string> arguments, const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

Json run_json(const std::vector<std::string>& more = {}) {
  const Outcome outcome = lutetia(with(with(kRun, {"--format", "json"}), more));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return Json::parse(outcome.out, nullptr, false);
}

TEST(Run, ResultHasTheKeysThatProgramsRelyOn) {
  const Json result = run_json();
  for (const char* key :
       {"schema", "design", "workload", "fidelity", "digest", "cycles", "clock_hz", "time_s", "macs", "utilization",
        "bound", "traffic_bytes", "busy_cycles", "stall_cycles", "energy_pj", "area_um2", "provenance", "checks"})
    EXPECT_TRUE(result.contains(key)) << key;
  EXPECT_EQ(result["energy_pj"]["status"], "not calibrated");
  EXPECT_EQ(result["area_um2"]["status"], "not calibrated");
  EXPECT_EQ(result["provenance"]["design"]["sha256"].get<std::string>().size(), 64u);
  EXPECT_EQ(result["provenance"]["units"]["lut_core"]["body"], "transaction");
  EXPECT_EQ(result["checks"]["laws"]["broken"], Json::array());
  EXPECT_LE(result["utilization"].get<double>(), 1.0);
}

TEST(Run, BusyAndStalledCyclesOfEveryBlockSumToTheRun) {
  const Json result = run_json();
  for (const auto& [block, busy] : result["busy_cycles"].items()) {
    std::uint64_t sum = busy.get<std::uint64_t>();
    for (const auto& [cause, cycles] : result["stall_cycles"][block].items()) sum += cycles.get<std::uint64_t>();
    EXPECT_EQ(sum, result["cycles"].get<std::uint64_t>()) << block;
  }
  std::uint64_t bytes = 0;
  for (const auto& [kind, value] : result["traffic_bytes"].items())
    if (kind != "total") bytes += value.get<std::uint64_t>();
  EXPECT_EQ(bytes, result["traffic_bytes"]["total"].get<std::uint64_t>());
}

TEST(Run, OperatorsSumToTheResult) {
  Folder folder;
  const std::string out = (folder / "r").string();
  ASSERT_EQ(lutetia(with(kRun, {"--out", out})).status, 0);
  const Json result = Json::parse(read_file(folder / "r/result.json"));
  std::istringstream csv(read_file(folder / "r/operators.csv"));
  std::string line;
  std::getline(csv, line);
  EXPECT_EQ(line, "id,kind,name,layer,step,unit,start,end,cycles,macs,bytes,bound,mapping");
  std::uint64_t rows = 0, macs = 0, bytes = 0;
  for (; std::getline(csv, line); ++rows) {
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
    ASSERT_EQ(cells.size(), 13u) << line;
    EXPECT_EQ(std::stoull(cells[7]) - std::stoull(cells[6]), std::stoull(cells[8])) << line;
    EXPECT_LE(std::stoull(cells[7]), result["cycles"].get<std::uint64_t>()) << line;
    macs += std::stoull(cells[9]);
    bytes += std::stoull(cells[10]);
  }
  EXPECT_EQ(rows, result["workload"]["operators"].get<std::uint64_t>());
  EXPECT_EQ(macs, result["macs"].get<std::uint64_t>());
  EXPECT_EQ(bytes, result["traffic_bytes"]["total"].get<std::uint64_t>());
}

TEST(Run, TwoRunsWriteTheSameBytes) {
  Folder folder;
  for (const char* name : {"a", "b"})
    ASSERT_EQ(lutetia(with(kRun, {"--timeline", "--out", (folder / name).string()})).status, 0);
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder / "a")) {
    ++files;
    EXPECT_EQ(read_file(entry.path()), read_file(folder.path() / "b" / entry.path().filename())) << entry.path();
  }
  EXPECT_EQ(files, 4u);  // result.json, operators.csv, config.yaml, trace.json
}

TEST(Run, TimelineShowsEveryEngineWithoutOverlap) {
  Folder folder;
  ASSERT_EQ(lutetia(with(kRun, {"--timeline", "--out", (folder / "r").string()})).status, 0);
  const Json trace = Json::parse(read_file(folder / "r/trace.json"));
  std::map<int, std::uint64_t> end;
  for (const Json& event : trace["traceEvents"]) {
    if (event["ph"] != "X") continue;
    const int track = event["tid"];
    EXPECT_GE(event["args"]["cycle"].get<std::uint64_t>(), end[track]);
    end[track] = event["args"]["cycle"].get<std::uint64_t>() + event["args"]["cycles"].get<std::uint64_t>();
  }
  EXPECT_EQ(end.size(), 4u);
}

TEST(Run, AllFidelitiesGiveTheSameCyclesAndTheOutputsAreRight) {
  const Json transaction = run_json();
  for (const char* level : {"cycle", "rtl"}) {
    const Json other = run_json({"--fidelity", level});
    EXPECT_EQ(other["cycles"], transaction["cycles"]) << level;
    EXPECT_EQ(other["busy_cycles"], transaction["busy_cycles"]) << level;
    EXPECT_EQ(other["stall_cycles"], transaction["stall_cycles"]) << level;
    EXPECT_NE(other["digest"], transaction["digest"]) << level;
    EXPECT_GT(other["checks"]["values"]["outputs_checked"].get<std::uint64_t>(), 0u) << level;
    EXPECT_EQ(other["checks"]["values"]["mismatches"], 0u) << level;
  }
}

TEST(Run, AWrittenTraceGivesTheCyclesOfTheModel) {
  Folder folder;
  const std::string file = (folder / "t.jsonl").string();
  ASSERT_EQ(lutetia({"trace", "model", "bitnet-tiny", "--prefill", "16", "--decode", "2", "-o", file}).status, 0);
  const Outcome outcome = lutetia({"run", "lut-tensor-core", file, "--format", "json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(Json::parse(outcome.out)["cycles"], run_json()["cycles"]);
  EXPECT_EQ(lutetia({"check", file}).status, 0);
}

TEST(Run, EffectiveConfigurationReadsBackAsTheSameDesign) {
  Folder folder;
  const std::vector<std::string> sets = {"--set", "lut_core.table_generators=4"};
  ASSERT_EQ(lutetia(with(with(kRun, sets), {"--out", (folder / "r").string()})).status, 0);
  EXPECT_NE(read_file(folder / "r/config.yaml").find("table_generators: 4"), std::string::npos);
  std::vector<std::string> again = kRun;
  again[1] = (folder / "r/config.yaml").string();
  const Outcome outcome = lutetia(with(again, {"--format", "json"}));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(Json::parse(outcome.out)["digest"], run_json(sets)["digest"]);
}

TEST(Run, EveryMatrixCoreIsNamedWhereItsDesignIsRunOrExplained) {
  const std::string shipped = read_file(fs::path(LUTETIA_SOURCE_DIR) / "configs/designs/lut-tensor-core.yaml");
  const std::size_t from = shipped.find("lut_core:\n"), to = shipped.find("vector:\n");
  ASSERT_LT(from, to);
  for (const std::string core : {"adder_core", "mac_core"}) {
    Folder folder;
    const std::string file = (folder / "d.yaml").string();
    write_file(file,
               shipped.substr(0, from) + core + ": {rows: 4, lanes: 128, epilogue_lanes: 16}\n" + shipped.substr(to));
    std::vector<std::string> run = kRun;
    run[1] = file;
    for (const char* fidelity : {"transaction", "cycle"}) {
      const Outcome outcome = lutetia(with(run, {"--format", "json", "--fidelity", core + "=" + fidelity}));
      ASSERT_EQ(outcome.status, 0) << outcome.err;
      const Json result = Json::parse(outcome.out);
      EXPECT_EQ(result["provenance"]["units"][core]["body"], fidelity);
      EXPECT_GT(result["busy_cycles"][core], 0);
      EXPECT_FALSE(result["busy_cycles"].contains("lut_core"));
      EXPECT_EQ(result["checks"]["laws"]["broken"], Json::array());
    }
    EXPECT_NE(lutetia(run).out.find("  " + core), std::string::npos);
    EXPECT_NE(lutetia({"explain", file}).out.find("|- " + core), std::string::npos);
    EXPECT_EQ(lutetia({"explain", file}).out.find("lut_core"), std::string::npos);
  }
}

TEST(Run, AnInterruptLeavesNothingBehind) {
  Folder folder;
  const Outcome outcome = lutetia({"run", "lut-tensor-core", "bitnet-tiny", "--prefill", "4096", "--fidelity", "cycle",
                                   "--timeline", "--out", (folder / "r").string()},
                                  LUTETIA_SOURCE_DIR, 500);
  EXPECT_EQ(outcome.status, 3) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(Run, IsQuietOnStandardErrorInAPipe) {
  const Outcome outcome = lutetia(kRun);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
}

TEST(Run, ReportIsAsItWas) {
  const Outcome outcome = lutetia(kRun);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  for (const char* section : {"result\n", "where every cycle went", "memory traffic", "operators by family", "slowest",
                              "energy, area  not calibrated", "laws"})
    EXPECT_NE(outcome.out.find(section), std::string::npos) << section;
  EXPECT_LE(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 53);
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 132u) << line;
  const fs::path golden = fs::path(LUTETIA_SOURCE_DIR) / "tests/app/goldens/bitnet-tiny-report.txt";
  if (std::getenv("LUTETIA_UPDATE_GOLDENS") != nullptr) write_file(golden, outcome.out);
  EXPECT_EQ(outcome.out, read_file(golden));
}

}  // namespace
}  // namespace lutetia::app_test
