// Laws of the cycle body under any program: values depend on neither stalls nor depths; more slots are never slower; as
// many slots as were in use are enough.
#include <gtest/gtest.h>

#include <map>

#include "units/attention/attention_pass.h"

namespace lutetia {
namespace {

std::uint32_t pick(Random& random, std::int64_t low, std::int64_t high) {
  return static_cast<std::uint32_t>(random.between(low, high));
}

AttentionConfig random_config(Random& random) {
  AttentionConfig c;
  c.format = random.below(2) == 0 ? AttentionFormat::kInteger : AttentionFormat::kFp16;
  c.keys = pick(random, 1, 3);
  c.dims = 2;
  c.contexts = pick(random, 1, 3);
  c.max_chunks = pick(random, 1, 3);
  for (std::uint32_t* depth : {&c.score_fifo, &c.probability_fifo, &c.output_fifo, &c.key_fifo, &c.value_fifo})
    *depth = pick(random, 1, 9);
  return c;
}

std::vector<AttentionPass> random_passes(Random& random, const AttentionConfig& config) {
  std::vector<AttentionPass> passes;
  for (std::uint64_t n = 2 + random.below(5); n > 0; --n) {
    passes.push_back(random_pass(config, random, pick(random, 1, config.contexts), pick(random, 1, config.max_chunks),
                                 pick(random, 1, config.max_chunks), pick(random, 1, 12)));
    passes.back().command.partial = random.below(2) == 0;
  }
  return passes;
}

std::vector<FifoOccupancy> occupancies(const AttentionConfig& config, const std::vector<AttentionPass>& passes,
                                       std::vector<std::uint64_t>& out_valid) {
  AttentionCycle body(config);
  AttentionBeats beats;
  std::uint64_t outputs = 0;
  for (const AttentionPass& pass : passes) {
    append(config, pass, beats);
    outputs += pass.outputs();
  }
  out_valid = drive(body, beats, outputs).out_valid;
  return body.fifo_occupancies();
}

TEST(AttentionLaw, ValuesDependOnNeitherStallsNorDepths) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const AttentionConfig config = random_config(random);
    const std::vector<AttentionPass> passes = random_passes(random, config);
    AttentionConfig other = config;
    other.score_fifo = other.probability_fifo = other.output_fifo = other.key_fifo = other.value_fifo = 9;
    const AttentionDriven a = drive(config, passes), b = drive(other, passes, pick(random, 0, 90), pick(random, 0, 90));
    EXPECT_TRUE(a.idle && b.idle);
    EXPECT_EQ(a.out, b.out);
  }
}

TEST(AttentionLaw, MoreSlotsAreNeverSlowerForAnyResult) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const AttentionConfig config = random_config(random);
    const std::vector<AttentionPass> passes = random_passes(random, config);
    AttentionConfig more = config;
    for (std::uint32_t* depth :
         {&more.score_fifo, &more.probability_fifo, &more.output_fifo, &more.key_fifo, &more.value_fifo})
      *depth += pick(random, 0, 2);
    const AttentionDriven a = drive(config, passes), b = drive(more, passes);
    ASSERT_EQ(a.out_valid.size(), b.out_valid.size());
    for (std::size_t i = 0; i < a.out_valid.size(); ++i) ASSERT_LE(b.out_valid[i], a.out_valid[i]) << i;
  }
}

TEST(AttentionLaw, AsManySlotsAsWereInUseAreEnough) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const AttentionConfig config = random_config(random);
    const std::vector<AttentionPass> passes = random_passes(random, config);
    std::vector<std::uint64_t> before, after;
    AttentionConfig least = config;
    for (const FifoOccupancy& fifo : occupancies(config, passes, before)) {
      EXPECT_LE(fifo.most, fifo.depth) << fifo.name;
      if (fifo.name == "score") least.score_fifo = fifo.most;
      if (fifo.name == "probability") least.probability_fifo = fifo.most;
      if (fifo.name == "out") least.output_fifo = fifo.most;
      if (fifo.name == "key") least.key_fifo = fifo.most;
      if (fifo.name == "value") least.value_fifo = fifo.most;
    }
    occupancies(least, passes, after);
    EXPECT_EQ(before, after);
  }
}

TEST(AttentionLaw, TheDefaultDepthsAreAllThatFullRateNeeds) {
  AttentionConfig deep;
  deep.format = AttentionFormat::kInteger;
  deep.keys = 1;
  deep.dims = 2;
  deep.score_fifo = deep.probability_fifo = deep.output_fifo = 99;
  Random random(2);
  AttentionPass pass = random_pass(deep, random, 4, 1, 1, 60);
  pass.command.partial = true;
  std::vector<std::uint64_t> out_valid;
  std::map<std::string, std::uint32_t> most;
  for (const FifoOccupancy& fifo : occupancies(deep, {pass}, out_valid)) most[fifo.name] = fifo.most;
  const AttentionConfig defaults;
  EXPECT_EQ(most.at("score"), defaults.score_fifo);
  EXPECT_EQ(most.at("probability"), defaults.probability_fifo);
  EXPECT_EQ(most.at("out"), defaults.output_fifo);
}

}  // namespace
}  // namespace lutetia
