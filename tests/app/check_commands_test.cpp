// lutetia check-commands as a user meets it: a clean trace, one with violations, and what is wrong with files.
#include <gtest/gtest.h>

#include "app/run_lutetia.h"

namespace lutetia::app_test {
namespace {

namespace fs = std::filesystem;

const std::string kHeader = "cycle,command,channel,pseudo_channel,rank,bank_group,bank,row,column\n";
const std::string kClean =
    kHeader + "0,ACT,0,0,0,1,2,5,\n14,RD,0,0,0,1,2,5,3\n32,PRE,0,0,0,1,2,,\n46,ACT,0,0,0,1,2,6,\n";

/// A standard of a few rows, so that the figures below are in this file.
const std::string kStandard = R"(name: tiny
burst_length: 8
commands: {ACT: 1, PRE: 1, PREA: 1, RD: 1, WR: 1, REFab: 1}
times: {tREFI: 7.8us, tRFC: 350ns}
cycles: {CL: 14, CWL: 10, tRCD: 14, tRAS: 32, tRP: 14}
constraints:
  - {name: tRCD, level: bank, from: [ACT], to: [RD, WR], latency: tRCD}
  - {name: tRAS, level: bank, from: [ACT], to: [PRE], latency: tRAS}
  - {name: tRP, level: bank, from: [PRE], to: [ACT], latency: tRP}
  - {name: tRFC, level: rank, from: [REFab], to: [ACT], latency: tRFC}
devices: [{name: 4Gb, rows: 32768, capacity: 4GiB}]
speeds: [{name: slow, clock: 1GHz}]
)";

class CheckCommands : public testing::Test {
 protected:
  void SetUp() override {
    std::string design = read_file(fs::path(LUTETIA_SOURCE_DIR) / "configs/designs/lut-tensor-core.yaml");
    const std::size_t memory = design.find("\nmemory: ");
    ASSERT_NE(memory, std::string::npos);
    design.replace(memory, design.find('\n', memory + 1) - memory,
                   "\nmemory: {dram: {standard: tiny, device: 4Gb, speed: slow}}");
    write_file(folder_ / "d.yaml", design);
    write_file(folder_ / "configs/dram/tiny.yaml", kStandard);
  }
  Outcome check(const std::string& trace, const std::vector<std::string>& more = {}) {
    write_file(folder_ / "t.csv", trace);
    std::vector<std::string> arguments = {"check-commands", "d.yaml", "t.csv"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return lutetia(arguments, folder_.path());
  }
  Folder folder_;
};

TEST_F(CheckCommands, ACleanTraceIsCountedAndAccepted) {
  const Outcome outcome = check(kClean);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "t.csv on tiny 4Gb slow, 1 channel\n"
            "  commands    4, the last at cycle 46\n"
            "    ACT  2\n"
            "    PRE  1\n"
            "    RD   1\n"
            "  violations  none\n");
}

TEST_F(CheckCommands, ViolationsAreCountedByRuleAndToldInFull) {
  const Outcome outcome = check(kClean + "59,RD,0,0,0,1,2,5,3\n60,RD,0,0,0,0,0,5,3\n");
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  for (const char* text :
       {"  violations  4\n", "    tRCD        1\n", "    wrong row   1\n", "    row closed  1\n", "    data bus    1\n",
        "    cycle 59: RD row 5 column 3 of bank_group 1, bank 2: tRCD (bank), legal from cycle 60; earlier: cycle 46, "
        "ACT row 6 of bank_group 1, bank 2\n"})
    EXPECT_NE(outcome.out.find(text), std::string::npos) << text << outcome.out;
}

TEST_F(CheckCommands, AMissingRefreshIsAViolationUnlessTheDesignHasNone) {
  const std::string trace = kClean + "100000,PRE,0,0,0,0,0,,\n";
  const Outcome outcome = check(trace);
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_NE(outcome.out.find("cycle 100000: REFab of rank 0: refresh interval"), std::string::npos) << outcome.out;
  EXPECT_EQ(check(trace, {"--set", "memory.dram.controller.refresh=none"}).status, 0);
}

TEST_F(CheckCommands, ASetChangesWhatIsLegal) {
  const Outcome outcome = check(kClean, {"--set", "memory.dram.cycles.tRCD=15"});
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_NE(outcome.out.find("tRCD (bank), legal from cycle 15"), std::string::npos) << outcome.out;
}

TEST_F(CheckCommands, MistakesOfTheUserAreToldWhereTheyAre) {
  const auto expect = [&](const Outcome& outcome, const std::string& begin) {
    EXPECT_EQ(outcome.status, 2) << begin;
    EXPECT_EQ(outcome.out, "") << begin;
    EXPECT_EQ(outcome.err.substr(0, begin.size()), begin);
  };
  expect(check(kHeader + "0,ATC,0,0,0,1,2,5,\n"), "t.csv:2:3: error: command: unknown command \"ATC\", did you mean");
  expect(check(kHeader + "0,ACT,0,0,1,1,2,5,\n"), "t.csv:2:11: error: rank: \"1\" is out of range, expected 0 to 0");
  expect(check(kClean, {"--set", "memory.dram.device=8Gb"}), "--set: error: memory.dram.device: \"8Gb\" is no device");
  expect(check(kClean, {"--sets", "x=1"}), "--sets: error: unknown option");
  expect(lutetia({"check-commands", "d.yaml", "none.csv"}, folder_.path()), "none.csv: error: no such file");
  expect(lutetia({"check-commands", "d.yaml", "configs"}, folder_.path()), "configs: error: is a directory");
  expect(lutetia({"check-commands", "d.yaml"}, folder_.path()), "lutetia check-commands: error: missing arguments");
  const std::string fixed = std::string(LUTETIA_SOURCE_DIR) + "/configs/designs/lut-tensor-core.yaml";
  expect(lutetia({"check-commands", fixed, "t.csv"}),
         std::string(LUTETIA_SOURCE_DIR) + "/configs/memory/lpddr5-6400-x64.yaml:4:3: error: memory: is fixed");
}

}  // namespace
}  // namespace lutetia::app_test
