// lutetia run GRAPH, as a user meets it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/run_lutetia.h"

namespace lutetia::app_test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

Json json_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--format", "json"});
  const Outcome outcome = lutetia(arguments);
  EXPECT_EQ(outcome.status, 0) << replay(arguments) << outcome.err;
  return outcome.status == 0 ? Json::parse(outcome.out) : Json();
}

TEST(RunGraph, ByNameAndByFileGiveThePublishedCycles) {
  EXPECT_EQ(json_of({"run", "online"})["cycles"], 524'334);
  EXPECT_EQ(json_of({"run", "configs/dataflow/online.yaml", "--set", "length=2048"})["cycles"], 8'388'654);
  EXPECT_EQ(json_of({"run", "naive", "--set", "length=8192"})["cycles"], 134'234'164);
  const Json throughput = json_of({"run", "online"})["throughput"];
  EXPECT_EQ(throughput["node"], "row_sum");
  EXPECT_NEAR(throughput["firings_per_cycle"], 0.5, 1e-3);
}

TEST(RunGraph, BothBodiesReportTheSame) {
  Json transaction = json_of({"run", "naive", "--set", "length=40"});
  Json cycle = json_of({"run", "naive", "--set", "length=40", "--fidelity", "cycle"});
  EXPECT_EQ(transaction["fidelity"], "transaction");
  EXPECT_EQ(cycle["fidelity"], "cycle");
  for (Json* report : {&transaction, &cycle}) report->erase("fidelity"), report->erase("digest");
  EXPECT_EQ(transaction, cycle);
}

TEST(RunGraph, EveryCycleOfEveryNodeIsExplained) {
  const Json report = json_of({"run", "three_pass", "--set", "length=64"});
  for (const auto& [name, node] : report["nodes"].items()) {
    std::uint64_t sum = node["busy_cycles"];
    for (const auto& [cause, cycles] : node["stall_cycles"].items()) sum += cycles.get<std::uint64_t>();
    EXPECT_EQ(sum, report["cycles"]) << name;
  }
}

TEST(RunGraph, BytesOfFifosAreDepthTimesElement) {
  const Json report = json_of({"run", "online", "--set", "head_dim=64"});
  std::uint64_t sum = 0;
  for (const auto& [name, fifo] : report["fifos"].items())
    sum += fifo["depth"].get<std::uint64_t>() * fifo["bytes_per_element"].get<std::uint64_t>();
  EXPECT_EQ(report["on_chip_bytes"], sum);
  EXPECT_EQ(sum, json_of({"run", "online", "--set", "head_dim=64", "--set", "length=4096"})["on_chip_bytes"])
      << "the memory of online does not depend on the length";
  EXPECT_EQ(report["off_chip_bytes"], 0);
}

TEST(RunGraph, ADeadlockIsToldWithItsCureAndStatus1) {
  for (const char* body : {"transaction", "cycle"}) {
    const Outcome outcome =
        lutetia({"run", "naive", "--set", "length=64", "--set", "channels[3].depth=63", "--fidelity", body});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err.find("circle of waits: score -(long_fifo)-> divide -(denominators)-> row_sum -(short_fifo)-> "
                               "score\n"),
              std::string::npos)
        << outcome.err;
    EXPECT_NE(outcome.err.find("FIFO long_fifo of depth 63 is full; smallest depth that lets the run pass: 64\n"),
              std::string::npos)
        << outcome.err;
    EXPECT_NE(
        outcome.err.find("score: 63 of 4096 firings, holds a result; waits for space in long_fifo (63 of 63 full)"),
        std::string::npos);
  }
}

TEST(RunGraph, LeastDepthsAreFound) {
  const Json report = json_of({"run", "naive", "--set", "length=64", "--fifo-depths"});
  EXPECT_EQ(report["fifos"]["long_fifo"]["least_depth_at_full_throughput"], 80);
  EXPECT_TRUE(report["full_throughput"]["least_depths_verified"]);
  EXPECT_EQ(report["full_throughput"]["cycles"], report["cycles"]);
}

TEST(RunGraph, TheTextSaysWhatTheJsonSays) {
  const Outcome outcome = lutetia({"run", "online", "--fifo-depths"});
  EXPECT_EQ(outcome.status, 0);
  for (const char* text : {"cycles      524,334\n", "where every cycle went\n", "least depth at full throughput",
                           "all least depths at once: 524,334 cycles, verified by a run"})
    EXPECT_NE(outcome.out.find(text), std::string::npos) << text << outcome.out;
}

TEST(RunGraph, WritesAFolderOnce) {
  Folder folder;
  const std::string out = (folder / "out").string();
  ASSERT_EQ(lutetia({"run", "online", "--out", out}).status, 0);
  EXPECT_EQ(Json::parse(read_file(fs::path(out) / "result.json"))["cycles"], 524'334);
  const Outcome again = lutetia({"run", (fs::path(out) / "config.yaml").string(), "--format", "json"});
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(Json::parse(again.out)["cycles"], 524'334) << "the effective configuration is a graph itself";
  EXPECT_EQ(lutetia({"run", "online", "--out", out}).status, 2) << "nothing is overwritten";
}

TEST(RunGraph, MistakesAreProblems) {
  const auto expect = [](const std::vector<std::string>& arguments, const std::string& message) {
    const Outcome outcome = lutetia(arguments);
    EXPECT_EQ(outcome.status, 2) << replay(arguments);
    EXPECT_NE(outcome.err.find(message), std::string::npos) << outcome.err;
  };
  expect({"run", "onlin"}, "onlin: error: no such graph, did you mean \"online\"?");
  expect({"run", "online", "--set", "lenght=3"}, "--set: error: lenght: no such parameter, did you mean \"length\"?");
  expect({"run", "online", "--prefill", "3"}, "--prefill: error: means nothing to a dataflow graph");
  expect({"run", "online", "--fidelity", "rtl"}, "--fidelity: error: expected one of transaction, cycle");
  expect({"run", "lut-tensor-core"}, "missing arguments");
  expect({"run", "lut-tensor-core", "bitnet-tiny", "--fifo-depths"},
         "--fifo-depths: error: is for dataflow graphs, and for designs with an attention unit");
  Folder folder;
  write_file(folder / "g.yaml",
             "name: g\nnodes:\n  - {name: a, kind: source, count: 3}\nchannels:\n  - {from: a, to: b}\n");
  const std::string file = (folder / "g.yaml").string();
  expect({"run", file}, file + ":5:3: error: channels[0].to: no such node \"b\"");
  expect({"check", file}, file + ":5:3: error: channels[0].to: no such node \"b\"");
}

}  // namespace
}  // namespace lutetia::app_test
