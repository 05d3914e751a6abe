// The cycle body of the attention unit against both oracles, without Verilog: every format, corners of the parameters;
// and that the random programs reach what they are meant to reach.
#include "cosim/attention_bench.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "cosim/attention_oracle.h"
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

/// How often the programs of a configuration have what they are to have.
struct Reached {
  std::map<std::string, std::uint64_t> times;
  void note(const char* what, bool happened) { times[what] += happened ? 1 : 0; }

  void add(const AttentionConfig& config, const AttentionTask& t) {
    const AttentionCommand& c = t.command;
    note("a single block of a single context and chunk",
         t.blocks() == 1 && c.contexts == 1 && c.key_chunks == 1 && c.value_chunks == 1);
    note("a hundred blocks", t.blocks() >= 100);
    note("all contexts", c.contexts == config.contexts);
    note("all key chunks", c.key_chunks == config.max_chunks);
    note("all value chunks", c.value_chunks == config.max_chunks);
    note("queries shorter than values", c.key_chunks < c.value_chunks || config.max_chunks == 1);
    note("values shorter than queries", c.key_chunks > c.value_chunks || config.max_chunks == 1);
    note("a command in the middle of a chain", !c.open && !c.close);
    note("a command that only opens", c.open && !c.close);
    note("a command that only closes", !c.open && c.close);
    note("a gap behind the sinks", c.sink_blocks > 0 && c.blocks > 0 && c.from_block > c.sink_blocks);
    note("sinks only", c.sink_blocks > 0 && c.blocks == 0);
    note("states only", t.blocks() == 0);
    note("states only, in a pass that goes on", t.blocks() == 0 && !c.close);
    note("states and blocks", c.states > 0 && t.blocks() > 0);
    note("three states", c.states == 3);
    note("masks", c.masked);
    note("key numbers of 24 bits", !t.keys.empty() && t.keys.back().number > 0xffff00);
    note("a group of keys that is not full", c.key_group > 1 && c.key_chunks % c.key_group != 0);
    note("a group of values that is not full", c.value_group > 1 && c.value_chunks % c.value_group != 0);
    note("no scales", c.key_group == 0 || c.value_group == 0);
    note("a multiplier of 0", c.key_group == 0 && c.multiplier == 0);
    for (const AttentionPartial& s : t.states) {
      note("an empty state", s.sum == 0);
      note("a state that a command gave", s.sum != 0 && s.meaning.sum_error > 0);
      note("a state that no command gave", s.sum != 0 && s.meaning.sum_error == 0);
    }
    for (std::uint32_t context = 0; context < t.results.size(); ++context) {
      const AttentionPartial& r = t.results[context];
      note("a result of nothing", r.sum == 0 && !c.partial);
      note("a partial result of nothing", r.sum == 0 && c.partial);
      note("a partial result", r.sum != 0 && c.partial);
    }
    note_scores(config, t);
  }

 private:
  void note_scores(const AttentionConfig& config, const AttentionTask& t) {
    for (std::uint32_t context = 0; context < t.command.contexts; ++context) {
      std::int32_t maximum = 0;
      std::uint64_t rises = 0;
      bool any = false;
      for (std::size_t key = 0; key < t.keys.size(); ++key) {
        if (!attention_exact::counts(t, context, key)) continue;
        const auto x = static_cast<std::int32_t>(attention_exact::score(config, t, context, key));
        note("a score at the upper end", x == (1 << 20) - 1);
        note("a score at the lower end", x == -(1 << 20));
        note("a score of 0", x == 0);
        rises += any && x > maximum + 1024 ? 1 : 0;
        maximum = any ? std::max(maximum, x) : x;
        any = true;
      }
      note("a maximum that rises twenty times", rises >= 20);
    }
  }
};

TEST(AttentionBench, ProgramsReachWhatTheyAreMadeFor) {
  for (const Case& c : cases()) {
    Reached reached;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      const AttentionBench bench(c.config, seed, 6000);
      for (const AttentionTask& task : bench.tasks()) reached.add(c.config, task);
    }
    for (const auto& [what, times] : reached.times) {
      if (!c.config.kv_scales && what.find("group of") != std::string::npos) continue;
      EXPECT_GT(times, 2u) << c.name << ": " << what;
    }
  }
}

/// A bound that is never close to what it bounds would find nothing.
TEST(AttentionBench, TheBoundOfRealNumbersIsTightForMostResults) {
  for (const Case& c : cases()) {
    std::uint64_t all = 0, tight = 0;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      const AttentionBench bench(c.config, seed, 6000);
      for (const AttentionTask& task : bench.tasks())
        for (const AttentionPartial& r : task.results) {
          if (r.sum == 0 || task.command.partial) continue;
          for (std::size_t e = 0; e < r.accumulator.size(); ++e) {
            long double most = 0;  // what the bound is to be small beside: the largest value of the row
            for (std::size_t other = 0; other < r.accumulator.size(); ++other)
              most = std::max(most, std::fabs(r.meaning.weighted[other] / r.meaning.sum));
            const bool int8 = c.config.output_format == AttentionOutput::kInt8;
            ++all;
            tight += attention_result_bound(c.config, r.meaning, e) - (int8 ? 0.5L : 0) < most / 50 ? 1 : 0;
          }
        }
    }
    EXPECT_GT(tight, all / 2) << c.name << ": " << tight << " of " << all;
  }
}

}  // namespace
}  // namespace lutetia
