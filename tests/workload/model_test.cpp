#include "workload/model.h"

#include <gtest/gtest.h>

#include <map>

#include "config/leaves.h"
#include "models.h"

namespace lutetia {
namespace {

std::string problems_of(const std::string& name, const std::vector<std::string>& sets) {
  ModelConfig config;
  Problems problems;
  ReadOptions options;
  options.sets = sets;
  read_yaml_file(model_path(name), config, problems, options);
  std::ostringstream text;
  problems.print(text);
  return text.str();
}

std::uint64_t distance(std::uint64_t a, std::uint64_t b) {
  return a > b ? a - b : b - a;
}

TEST(Model, TheSchemaAndItsDefaultsAreSound) {
  EXPECT_EQ(check_schema<ModelConfig>(), std::vector<std::string>());
}

TEST(Model, EveryShippedFileLoadsAndIsCalledLikeItsFile) {
  EXPECT_GE(model_names().size(), 8u);
  for (const std::string& name : model_names()) EXPECT_EQ(model(name).name, name);
}

TEST(Model, OurCountsAgreeWithThePublishedTotals) {
  for (const std::string& name : model_names()) {
    const ModelConfig m = model(name);
    const PublishedTotals& p = m.published;
    if (p.parameters > 0) {
      EXPECT_LE(distance(parameter_count(m), p.parameters), p.parameters_rounded_to / 2)
          << name << " " << parameter_count(m);
    } else {
      EXPECT_EQ(name, "bitnet-tiny")
          << "only the made-up model may lack a published total; keep yours outside workloads/models";
    }
    if (p.macs_per_token > 0) {
      EXPECT_LE(distance(macs_per_token(m, p.macs_context), p.macs_per_token), p.macs_rounded_to / 2) << name;
    }
  }
}

TEST(Model, ParameterCountsAreTheseExactly) {
  const std::map<std::string, std::uint64_t> expected = {
      {"bitnet-0.7b", 728842752},    // 728.84 M
      {"bitnet-1.3b", 1273583584},   // own count
      {"bitnet-3b", 3324387840},     // 3.32 B
      {"bitnet-2b-4t", 2412820480},  // published
      {"llama-2-7b", 6738415616},    // published
      {"llama-3-8b", 8030261248},    // published
      {"opt-125m", 125239296},       // published
      {"bitnet-tiny", 1584224},      // own count
  };
  for (const auto& [name, count] : expected) EXPECT_EQ(parameter_count(model(name)), count) << name;
}

TEST(Model, MacsPerTokenAreTheLinearWeightsPlusTwoAttentionProducts) {
  const ModelConfig m = model("llama-3-8b");
  const std::uint64_t linear = 32ull * (2 * 4096 * 4096 + 2 * 4096 * 1024 + 3 * 4096 * 14336);
  EXPECT_EQ(block_macs_per_token(m, 1000), linear + 32ull * 2 * 4096 * 1000);
  EXPECT_EQ(macs_per_token(m, 1000), linear + 32ull * 2 * 4096 * 1000 + 128256ull * 4096);
}

TEST(Model, FormatsCanBeOverridden) {
  const ModelConfig m = model("llama-2-7b", {"formats.weight=int2", "formats.weight_group=64"});
  EXPECT_EQ(number_format(m.formats.weight).name, "int2");
  EXPECT_EQ(m.formats.weight_group, 64u);
  EXPECT_EQ(parameter_count(m), 6738415616u);
}

TEST(Model, ContradictionsAreProblems) {
  EXPECT_NE(problems_of("bitnet-tiny", {"kv_heads=3"}).find("kv_heads must divide heads"), std::string::npos);
  EXPECT_NE(problems_of("bitnet-tiny", {"head_dim=63"}).find("head_dim must be even"), std::string::npos);
  EXPECT_NE(problems_of("bitnet-tiny", {"positions=64"}).find("positions must be given with position: learned"),
            std::string::npos);
  EXPECT_NE(problems_of("bitnet-tiny", {"formats.lm_head=int8"}).find("formats.lm_head must equal formats.embedding"),
            std::string::npos);
  EXPECT_NE(problems_of("bitnet-tiny", {"formats.weight_group=64"}).find("weight_group must be given with"),
            std::string::npos);
  EXPECT_NE(problems_of("bitnet-tiny", {"formats.hidden=int8"}).find("floating-point"), std::string::npos);
  EXPECT_NE(problems_of("bitnet-tiny", {"formats.weight=ternery"}).find("ternary"), std::string::npos);
}

}  // namespace
}  // namespace lutetia
