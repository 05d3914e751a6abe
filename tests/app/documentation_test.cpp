// What is shipped is valid, what is documented is up to date, and what helps a user is there.
#include <gtest/gtest.h>

#include <algorithm>

#include "app/run_lutetia.h"

namespace lutetia::app_test {
namespace {

namespace fs = std::filesystem;

TEST(Documentation, EveryShippedFilePassesCheck) {
  std::vector<std::string> arguments = {"check"};
  for (const char* folder : {"configs", "workloads"})
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(LUTETIA_SOURCE_DIR) / folder))
      if (entry.path().extension() == ".yaml" || entry.path().extension() == ".jsonl")
        arguments.push_back(entry.path().string());
  ASSERT_GT(arguments.size(), 3u);
  const Outcome outcome = lutetia(arguments);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(static_cast<std::size_t>(std::count(outcome.out.begin(), outcome.out.end(), '\n')), arguments.size() - 1);
}

TEST(Documentation, TheConfigurationReferenceIsUpToDate) {
  const Outcome outcome = lutetia({"help", "config", "--markdown"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(read_file(fs::path(LUTETIA_SOURCE_DIR) / "configs/README.md"), outcome.out)
      << "renew it: lutetia help config --markdown > configs/README.md";
}

TEST(Documentation, EveryCommandAndTopicHasHelp) {
  for (const char* command : {"run", "record", "compare", "size", "explain", "check", "check-commands", "trace",
                              "cosim", "switching", "liberty", "help"}) {
    const Outcome outcome = lutetia({command, "--help"});
    EXPECT_EQ(outcome.status, 0) << command;
    EXPECT_EQ(outcome.out.rfind("usage: lutetia " + std::string(command), 0), 0u) << outcome.out;
    EXPECT_EQ(outcome.err, "") << command;
  }
  EXPECT_EQ(lutetia({"trace", "requests", "--help"}).out.rfind("usage: lutetia trace requests", 0), 0u);
  EXPECT_EQ(lutetia({"trace", "gemm", "--help"}).out.rfind("usage: lutetia trace gemm", 0), 0u);
  for (const char* topic : {"config", "units", "formats", "functions", "models", "objectives", "standards"}) {
    const Outcome outcome = lutetia({"help", topic});
    EXPECT_EQ(outcome.status, 0) << topic;
    EXPECT_GT(outcome.out.size(), 50u) << topic;
  }
  EXPECT_NE(lutetia({"help", "config", "lut_core.rows"}).out.find("1..512"), std::string::npos);
  EXPECT_NE(lutetia({"help", "config", "memory.dram"}).out.find("memory.dram.controller.mapping"), std::string::npos);
  EXPECT_NE(lutetia({"help", "config", "graph.channels"}).out.find("channels[].depth"), std::string::npos);
  EXPECT_NE(lutetia({"help", "functions"}).out.find("online_max"), std::string::npos);
  EXPECT_NE(lutetia({"help", "config", "model.formats"}).out.find("formats.weight"), std::string::npos);
}

TEST(Documentation, EveryStandardIsListedWithDevicesAndSpeeds) {
  const std::string text = lutetia({"help", "standards"}).out;
  for (const auto& entry : fs::directory_iterator(fs::path(LUTETIA_SOURCE_DIR) / "configs" / "dram"))
    EXPECT_NE(text.find("\n" + entry.path().stem().string() + "\n"), std::string::npos) << entry.path();
  for (const char* name : {"8Gb_x8", "2400U ", "3200AA_x16", "(x16 only)"})
    EXPECT_NE(text.find(name), std::string::npos) << name;
}

TEST(Documentation, TheProgramIntroducesItself) {
  EXPECT_EQ(lutetia({"--version"}).out.rfind("lutetia ", 0), 0u);
  const Outcome outcome = lutetia(std::vector<std::string>{});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_NE(outcome.out.find("usage:"), std::string::npos);
}

TEST(Documentation, ExplainNamesEveryBlockAndItsEvidence) {
  const Outcome outcome = lutetia({"explain", "lut-tensor-core"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  for (const char* text : {"|- sequencer", "|- lut_core", "|- vector", "|- buffers", "|- dma.load", "|- memory", "TOPS",
                           "ridge", "variant edge_a8"})
    EXPECT_NE(outcome.out.find(text), std::string::npos) << text;
  EXPECT_NE(
      lutetia({"explain", "lut-tensor-core", "--set", "weight_decoder.code=tq1_0"})
          .out.find("|- weight_decoder code tq1_0\n|    in front of lut_core, which takes nothing but tq1_0 weights "
                    "then: 1.6 bits each, 3 cycles to the first\n"),
      std::string::npos);
  EXPECT_NE(lutetia({"explain", "lut-tensor-core", "--set", "lut_core.psum_bits=31"}).out.find("RTL: none with these"),
            std::string::npos);
}

TEST(Documentation, CosimAgreesOnASmallVariant) {
  const Outcome outcome =
      lutetia({"cosim", "lut_core", "--variant", "small_a8", "--transactions", "500", "--stalls", "both"});
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("equal"), std::string::npos);
}

}  // namespace
}  // namespace lutetia::app_test
