// lutetia run with raw requests, as a user meets it: the report, its files, the commands, and what is wrong with them.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/run_lutetia.h"

namespace lutetia::app_test {
namespace {

namespace fs = std::filesystem;

const std::string kDesign = std::string(LUTETIA_SOURCE_DIR) + "/configs/designs/lut-tensor-core.yaml";
const std::string kDdr4 = "memory=ddr4-2400";

class RunRequests : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  Outcome make(const std::string& name, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"trace", "requests", "--requests", "3000", "-o", path(name)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return lutetia(arguments);
  }
  Outcome run(const std::string& name, const std::vector<std::string>& more = {},
              const std::string& memory = kDdr4) const {
    std::vector<std::string> arguments = {"run", kDesign, path(name), "--set", memory};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return lutetia(arguments);
  }
  void expect_nothing_left() const {
    for (const auto& entry : fs::directory_iterator(folder_.path()))
      EXPECT_EQ(entry.path().string().find(".partial"), std::string::npos) << entry.path();
  }
  Folder folder_;
};

TEST_F(RunRequests, AFewRequestsTakeTheCyclesThatTheStandardSays) {
  write_file(folder_ / "t.requests", "# one row, then another of the same bank\n- R 0 64\n100 R 0x40 64\n");
  const Outcome outcome = run("t.requests", {"--format", "json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["requests"], 2);
  EXPECT_EQ(json["bytes"]["total"], 128);
  EXPECT_EQ(json["commands"]["RD"], 2);
  EXPECT_EQ(json["read_latency_cycles"]["count"], 2);
  EXPECT_GE(json["cycles"], 100 + 17 + 4);
  EXPECT_LE(json["cycles"], 100 + 17 + 17 + 4 + 2);
  EXPECT_EQ(json["provenance"]["workload"]["kind"], "requests");
}

TEST_F(RunRequests, TheSharesOfTheBusAddUp) {
  for (const char* memory : {"memory=ddr4-2400", "memory=hbm2-2000", "memory=lpddr5-6400"})
    for (const char* share : {"0", "0.5", "1"})
      for (const char* pattern : {"sequential", "random"}) {
        const std::string name = std::string(memory + 7) + share + pattern;
        ASSERT_EQ(make(name, {"--pattern", pattern, "--write-share", share}).status, 0);
        const auto json = nlohmann::json::parse(run(name, {"--format", "json"}, memory).out);
        std::uint64_t sum = 0;
        for (const auto& [cause, cycles] : json["bus_time"].items()) sum += cycles.get<std::uint64_t>();
        EXPECT_EQ(sum, json["bus_cycles"].get<std::uint64_t>()) << name;
        EXPECT_LE(json["share_of_peak"].get<double>(), 1) << name;
        EXPECT_TRUE(json["bus_time"].contains(json["bound"].get<std::string>())) << name;
      }
}

TEST_F(RunRequests, TheReportSaysWhatDecides) {
  ASSERT_EQ(make("t.requests", {"--pattern", "random", "--write-share", "0.25"}).status, 0);
  const std::string out = run("t.requests", {}, "memory=hbm2-2000").out;
  for (const char* text :
       {"only its memory takes part", "3,000 requests", "1,000,000,000 Hz, tCK 1 ns", "256 GB/s", "mapping",
        "page open", "of the command clock", "of peak", "where the time of 16 data buses went", "  sum", "100.0 %",
        "binding is ", "conflicts", "  ACT ", "p99", "below", "channel  bandwidth"})
    EXPECT_NE(out.find(text), std::string::npos) << text << "\n" << out;
}

TEST_F(RunRequests, FilesAreWrittenOnceAndTheSameEveryTime) {
  ASSERT_EQ(make("t.requests", {"--pattern", "random", "--write-share", "0.25"}).status, 0);
  ASSERT_EQ(make("again.requests", {"--pattern", "random", "--write-share", "0.25"}).status, 0);
  EXPECT_EQ(read_file(folder_ / "t.requests"), read_file(folder_ / "again.requests"));
  const auto files = [&](const std::string& name) {
    return std::vector<std::string>{"--out", path(name), "--commands", path(name + ".csv")};
  };
  const Outcome first = run("t.requests", files("a")), second = run("t.requests", files("b"));
  ASSERT_EQ(first.status, 0) << first.err;
  ASSERT_EQ(second.status, 0) << second.err;
  for (const char* name : {"result.json", "config.yaml"}) {
    EXPECT_EQ(read_file(folder_ / "a" / name), read_file(folder_ / "b" / name));
    EXPECT_GT(read_file(folder_ / "a" / name).size(), 500u) << name;
  }
  EXPECT_EQ(read_file(folder_ / "a.csv"), read_file(folder_ / "b.csv"));
  const std::string before = read_file(folder_ / "a.csv");
  const Outcome again = run("t.requests", {"--commands", path("a.csv")});
  EXPECT_EQ(again.status, 2);
  EXPECT_EQ(again.err, path("a.csv") + ": error: exists and is not overwritten\n");
  EXPECT_EQ(run("t.requests", {"--out", path("a")}).status, 2);
  EXPECT_EQ(read_file(folder_ / "a.csv"), before);
  expect_nothing_left();
}

TEST_F(RunRequests, CommandsObeyTheStandard) {
  ASSERT_EQ(make("t.requests", {"--pattern", "random", "--write-share", "0.25"}).status, 0);
  for (const char* memory : {"memory=ddr4-2400", "memory=hbm2-2000", "memory=lpddr5-6400"}) {
    const std::string csv = path(std::string(memory + 7) + ".csv");
    ASSERT_EQ(run("t.requests", {"--commands", csv}, memory).status, 0);
    const Outcome outcome = lutetia({"check-commands", kDesign, csv, "--set", memory});
    EXPECT_EQ(outcome.status, 0) << memory << outcome.out << outcome.err;
  }
}

TEST_F(RunRequests, AMachineWritesItsCommandsToo) {
  const std::vector<std::string> machine = {"run", kDesign,      "bitnet-tiny", "--prefill",
                                            "8",   "--commands", path("m.csv")};
  const Outcome fixed = lutetia(machine);
  EXPECT_EQ(fixed.status, 2);
  EXPECT_NE(fixed.err.find("error: memory: is fixed; only a dram memory has commands to write"), std::string::npos);
  std::vector<std::string> dram = machine;
  dram.insert(dram.end(), {"--set", kDdr4});
  const Outcome good = lutetia(dram);
  ASSERT_EQ(good.status, 0) << good.err;
  EXPECT_EQ(lutetia({"check-commands", kDesign, path("m.csv"), "--set", kDdr4}).status, 0);
  EXPECT_EQ(lutetia(dram).status, 2);
  expect_nothing_left();
}

TEST_F(RunRequests, MistakesAreToldWhereTheyAre) {
  const auto expect = [&](const Outcome& outcome, const std::string& begin) {
    EXPECT_EQ(outcome.status, 2) << begin;
    EXPECT_EQ(outcome.out, "") << begin;
    EXPECT_EQ(outcome.err.substr(0, begin.size()), begin);
  };
  write_file(folder_ / "t.requests", "- R 0 64\n- R 8589934592 64\n");
  write_file(folder_ / "good", "- R 0 64\n");
  expect(run("t.requests"), path("t.requests") + ":2:5: error: address: \"8589934592\" lies outside of the memory");
  expect(run("none.requests"), path("none.requests") + ": error: no such file");
  expect(lutetia({"run", kDesign, path("good")}),
         std::string(LUTETIA_SOURCE_DIR) +
             "/configs/memory/lpddr5-6400-x64.yaml:4:3: error: memory: is fixed; only a "
             "dram memory takes a trace of requests");
  expect(run("good", {}, "memory=ddr9"), "--set: error: memory: ");
  for (const char* option : {"--prefill", "--decode", "--batch", "--layers", "--seed"})
    expect(run("good", {option, "1"}), std::string(option) + ": error: means nothing to a trace of requests");
  expect(run("good", {"--fidelity", "rtl"}), "--fidelity: error: means nothing");
  expect(run("good", {"--timeline"}), "--timeline: error: means nothing");
  expect(run("good", {"--format", "xml"}), "--format: error: expected one of");
  EXPECT_EQ(run("good").status, 0);
  expect_nothing_left();
}

TEST_F(RunRequests, AnInterruptLeavesNothingBehind) {
  ASSERT_EQ(lutetia({"trace", "requests", "--pattern", "random", "--requests", "6000000", "-o", path("long.requests")})
                .status,
            0);
  const Outcome outcome =
      lutetia({"run", kDesign, path("long.requests"), "--set", kDdr4, "--out", path("o"), "--commands", path("c.csv")},
              LUTETIA_SOURCE_DIR, 1500);
  EXPECT_EQ(outcome.status, 3) << outcome.err;
  EXPECT_FALSE(fs::exists(folder_ / "o"));
  EXPECT_FALSE(fs::exists(folder_ / "c.csv"));
  expect_nothing_left();
}

}  // namespace
}  // namespace lutetia::app_test
