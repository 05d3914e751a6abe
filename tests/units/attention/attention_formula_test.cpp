// The closed forms of README.md, "Timing", for inputs that never wait and FIFOs of the default depths.
#include <gtest/gtest.h>

#include <algorithm>

#include "units/attention/attention_stalls.h"

namespace lutetia {
namespace {

/// Every beat is there, every result is taken.
struct Unstalled {
  static constexpr bool may_skip() { return true; }
  static Stamp offer(std::uint32_t, Stamp earliest) { return earliest; }
  static Stamp take(Stamp earliest) { return earliest; }
  static void transfer_in(std::uint32_t, Stamp) {}
  static void transfer_out(Stamp) {}
};

struct Formula {
  Stamp contexts, keys, values, blocks;
  bool partial;

  explicit Formula(const AttentionCommand& c)
      : contexts(c.contexts),
        keys(c.key_chunks),
        values(c.value_chunks),
        blocks(static_cast<Stamp>(c.block_count())),
        partial(c.partial) {}

  Stamp block_interval() const { return std::max({contexts * keys, contexts * values, Stamp{2}}); }
  Stamp normalise() const {
    return partial ? contexts * (values + 1) : 20 + (contexts - 1) * std::max(Stamp{20}, values) + values;
  }
  /// From the command to the last beat, both included.
  Stamp pass() const {
    return 2 + contexts * keys + contexts * (keys - 1) + 12 + (blocks - 1) * block_interval() + contexts * values + 4 +
           normalise() + 3;
  }
  /// Twice the cycles from pass to pass of many alike.
  Stamp two_pass_intervals() const {
    const Stamp values_of_one = contexts * values == 1 ? 2 * blocks - 1 : blocks * contexts * values;
    return std::max({2 * blocks * contexts * keys, 2 * values_of_one, 2 * normalise(), pass() - 4});
  }
};

AttentionCommand random_pass(Random& random, AttentionConfig& config) {
  config.contexts = pick(random, 1, random.bernoulli(0.2) ? 40 : 6);
  config.max_chunks = random.bernoulli(0.2) ? 40 : 8;
  config.format = AttentionFormat::kInteger;
  config.kv_scales = random.bernoulli(0.5);
  AttentionCommand c;
  c.contexts = pick(random, 1, config.contexts);
  c.key_chunks = pick(random, 1, random.bernoulli(0.3) ? 1 : config.max_chunks);
  c.value_chunks = pick(random, 1, random.bernoulli(0.3) ? 1 : config.max_chunks);
  c.blocks = pick(random, 1, random.bernoulli(0.3) ? 3000 : 30);
  c.sink_blocks = pick(random, 0, 2);
  c.masked = random.bernoulli(0.3);
  c.partial = random.bernoulli(0.3);
  c.key_group = config.kv_scales ? pick(random, 0, c.key_chunks) : 0;
  c.value_group = config.kv_scales ? pick(random, 0, c.value_chunks) : 0;
  return c;
}

TEST(AttentionFormula, GivesTheCyclesOfAPass) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Random random(seed);
    AttentionConfig config;
    const AttentionCommand command = random_pass(random, config);
    AttentionRecurrence<Unstalled> recurrence(config);
    Unstalled environment;
    recurrence.run(command, environment);
    ASSERT_EQ(Formula(command).pass(), recurrence.stamps().out + 1) << "seed " << seed;
  }
}

TEST(AttentionFormula, GivesTheCyclesFromPassToPass) {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Random random(seed);
    AttentionConfig config;
    const AttentionCommand command = random_pass(random, config);
    AttentionRecurrence<Unstalled> recurrence(config);
    Unstalled environment;
    for (int i = 0; i < 60; ++i) recurrence.run(command, environment);
    const Stamp from = recurrence.stamps().out;
    recurrence.run(command, environment);
    recurrence.run(command, environment);
    EXPECT_EQ(Formula(command).two_pass_intervals(), recurrence.stamps().out - from)
        << "seed " << seed << " C " << command.contexts << " KC " << command.key_chunks << " VC "
        << command.value_chunks << " nb " << command.block_count() << " partial " << command.partial;
  }
}

}  // namespace
}  // namespace lutetia
