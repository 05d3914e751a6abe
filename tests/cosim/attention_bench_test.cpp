// The cycle body of the attention unit against both oracles, without Verilog: every format, corners of the parameters;
// and that the random programs reach what they are meant to reach.
#include "cosim/attention_bench.h"

#include <gtest/gtest.h>

#include "units/attention/attention_cycle.h"

namespace lutetia {
namespace {

struct Case {
  const char* name;
  AttentionConfig config;
};

std::vector<Case> cases() {
  const auto make = [](AttentionFormat format, std::uint32_t keys, std::uint32_t dims, std::uint32_t contexts,
                       std::uint32_t chunks) {
    AttentionConfig c;
    c.format = format;
    c.keys = keys;
    c.dims = dims;
    c.contexts = contexts;
    c.max_chunks = chunks;
    return c;
  };
  const AttentionFormat integer = AttentionFormat::kInteger, fp16 = AttentionFormat::kFp16;
  std::vector<Case> all = {{"fp16", make(fp16, 4, 4, 4, 4)},           {"int8", make(integer, 4, 4, 4, 4)},
                           {"int8 scaled", make(integer, 3, 2, 3, 5)}, {"int4 scaled", make(integer, 2, 4, 2, 3)},
                           {"one key", make(fp16, 1, 2, 1, 1)},        {"shallow", make(integer, 2, 2, 2, 2)}};
  all[2].config.kv_scales = all[3].config.kv_scales = true;
  all[3].config.kv_bits = 4;
  all[1].config.output_format = all[3].config.output_format = AttentionOutput::kInt8;
  for (std::uint32_t* depth : {&all[5].config.score_fifo, &all[5].config.probability_fifo, &all[5].config.output_fifo,
                               &all[5].config.key_fifo, &all[5].config.value_fifo})
    *depth = 1;
  return all;
}

TEST(AttentionBench, TheCycleBodyEqualsBothOraclesInEveryStallMode) {
  for (const Case& c : cases())
    for (const StallMode stalls : kAllStallModes)
      for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const AttentionBench bench(c.config, seed, 3000);
        const std::unique_ptr<StreamUnit> model = bench.make_model();
        BenchOptions options;
        options.seed = seed;
        options.stalls = stalls;
        const BenchResult result = run_alone(*model, bench.program(), options);
        ASSERT_TRUE(result.passed) << c.name << " seed " << seed << "\n" << result.failure;
        ASSERT_EQ(bench.check(result.outputs), "") << c.name << " seed " << seed;
      }
}

}  // namespace
}  // namespace lutetia
