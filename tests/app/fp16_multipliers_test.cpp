// A machine whose mac_core multiplies FP16 activations: its three bodies agree and its values are right.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/run_lutetia.h"

namespace lutetia::app_test {
namespace {

using Json = nlohmann::json;

/// With the parameters of the variant fp16_small, so that the RTL can take part.
constexpr const char* kDesign =
    "name: fp16-multipliers\n"
    "mac_core: {rows: 2, lanes: 12, activation_format: fp16, activation_bits: 16, weight_bits: 4, psum_blocks: 2,\n"
    "           epilogue_lanes: 2}\n"
    "buffers: {weights: 16KiB, activations: 16KiB, outputs: 16KiB}\n"
    "memory: lpddr5-6400-x64\n";

TEST(Fp16Multipliers, AllFidelitiesGiveTheSameCyclesAndTheOutputsAreRight) {
  Folder folder;
  write_file(folder / "design.yaml", kDesign);
  const std::string design = (folder / "design.yaml").string();
  const std::vector<std::pair<std::string, std::string>> weights = {
      {"int4", "32"}, {"int3", "row"}, {"ternary", "tensor"}, {"int2", "tensor"}};
  for (const auto& [weight, group] : weights) {
    const std::string trace = (folder / (weight + ".jsonl")).string();
    ASSERT_EQ(lutetia({"trace", "gemm", "5", "50", "1024", "--activation", "fp16", "--weight", weight, "--group", group,
                       "-o", trace})
                  .status,
              0);
    Json first;
    for (const char* level : {"transaction", "cycle", "rtl"}) {
      const Outcome outcome = lutetia({"run", design, trace, "--format", "json", "--fidelity", level});
      ASSERT_EQ(outcome.status, 0) << outcome.err;
      const Json result = Json::parse(outcome.out);
      EXPECT_GT(result["busy_cycles"]["mac_core"].get<std::uint64_t>(), 1024u * 5 * 50 / (4 * 24))
          << "it does the work";
      if (first.is_null()) {
        first = result;
        continue;
      }
      EXPECT_EQ(result["cycles"], first["cycles"]) << weight << " " << level;
      EXPECT_EQ(result["busy_cycles"], first["busy_cycles"]) << weight << " " << level;
      EXPECT_EQ(result["stall_cycles"], first["stall_cycles"]) << weight << " " << level;
      EXPECT_GE(result["checks"]["values"]["outputs_checked"].get<std::uint64_t>(), 5u * 50u) << weight << " " << level;
      EXPECT_EQ(result["checks"]["values"]["mismatches"], 0u) << weight << " " << level;
    }
  }
}

}  // namespace
}  // namespace lutetia::app_test
