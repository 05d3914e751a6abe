// Beats of a tile's operands against the layout that README.md of the unit defines, bit field by bit field.
#include "units/attention/attention_beats.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kQueries = 1, kKeys = 2, kValues = 3, kKeyScales = 4, kValueScales = 5;

/// Codes told apart by everything that names an element; asking for one that does not exist is a fault.
class Codes final : public AttentionOperands {
 public:
  Codes(const AttentionConfig& config, const TileCommand& tile) : config_(config), tile_(tile) {}

  std::uint32_t query(std::uint32_t pass, std::uint32_t token, std::uint32_t head, std::uint32_t e) const override {
    EXPECT_LT(e, tile_.k);
    EXPECT_LT(token, tile_.m0 + tile_.m);
    EXPECT_LT(head, tile_.attention.head0 + tile_.attention.heads);
    return low(hash(hash(kQueries, pass, token), head, e), config_.query_bits());
  }
  std::uint32_t key(std::uint32_t pass, std::uint32_t key, std::uint32_t e) const override {
    EXPECT_LT(e, tile_.k);
    return cached(kKeys, pass, key, e);
  }
  std::uint32_t value(std::uint32_t pass, std::uint32_t key, std::uint32_t e) const override {
    EXPECT_LT(e, tile_.attention.value_dims);
    return cached(kValues, pass, key, e);
  }
  AttentionScale key_scale(std::uint32_t pass, std::uint32_t key) const override {
    return {low(hash(kKeyScales, pass, key), 32), low(hash(kKeyScales, pass, key) >> 32, 8)};
  }
  AttentionScale value_scale(std::uint32_t pass, std::uint32_t key) const override {
    return {low(hash(kValueScales, pass, key), 16), low(hash(kValueScales, pass, key) >> 32, 8)};
  }

 private:
  static std::uint32_t low(std::uint64_t random, std::uint32_t bits) {
    return static_cast<std::uint32_t>(random & ((std::uint64_t{1} << bits) - 1));
  }
  std::uint32_t cached(std::uint64_t tensor, std::uint32_t pass, std::uint32_t key, std::uint32_t e) const {
    EXPECT_LT(key, tile_.attention.keys);
    return low(hash(hash(tensor, pass, key), e), config_.kv_element_bits());
  }

  const AttentionConfig& config_;
  const TileCommand& tile_;
};

struct Case {
  AttentionConfig config;
  TileCommand tile;
};

Case random_case(Random& random) {
  const auto pick = [&random](int low, int high) { return static_cast<std::uint32_t>(random.between(low, high)); };
  Case c;
  c.config.keys = pick(1, 5);
  c.config.dims = pick(2, 7);
  c.config.contexts = pick(1, 5);
  if (random.bernoulli(0.6)) {
    c.config.format = AttentionFormat::kInteger;
    c.config.kv_bits = 4 * pick(1, 2);
    c.config.kv_scales = random.bernoulli(0.7);
  }
  TileCommand& t = c.tile;
  t.m0 = pick(0, 5);
  t.m = pick(1, 5);
  t.k = pick(1, 20);
  t.b0 = pick(0, 3);
  t.b = pick(1, 2);
  AttentionTile& a = t.attention;
  a.heads = pick(1, 4);
  a.head0 = pick(0, 2);
  a.value_dims = pick(1, 20);
  a.keys = pick(1, 30);
  a.causal = random.bernoulli(0.6);
  a.past = a.causal ? pick(0, 20) : 0;
  if (a.causal && random.bernoulli(0.4)) a.window = pick(1, 9), a.sinks = pick(0, 9);
  t.n0 = c.config.keys * pick(0, 2);
  if (t.n0 >= a.keys) t.n0 = 0;
  t.n = random.bernoulli(0.5) ? a.keys - t.n0 : std::min(a.keys - t.n0, c.config.keys * pick(1, 3));
  a.resume = random.bernoulli(0.3);
  a.partial = random.bernoulli(0.3);
  if (!a.resume && !a.partial) a.open = random.bernoulli(0.7), a.close = random.bernoulli(0.7);
  return c;
}

/// All beats of a stream, as the machine's reader offers them.
std::vector<Payload> read_all(const Case& c, const AttentionTileCommands& commands, std::uint32_t input) {
  const Codes codes(c.config, c.tile);
  std::vector<Payload> beats;
  for (AttentionBeatReader reader(c.config, commands, input); !reader.done(); reader.advance())
    beats.push_back(reader.beat(codes));
  return beats;
}

/// The same by the tables of README.md: one list of beats a command, orders and fields written out.
std::vector<Payload> by_contract(const Case& c, const AttentionTileCommands& commands, std::uint32_t input) {
  const Codes codes(c.config, c.tile);
  const std::uint32_t P = c.config.keys, D = c.config.dims, B = c.config.kv_element_bits();
  std::vector<Payload> beats;
  for (std::uint64_t index = 0; index < commands.size(); ++index) {
    const AttentionCommand command = commands.command(index);
    const std::uint32_t pass = commands.pass(index);
    std::vector<std::uint32_t> blocks;
    for (std::uint32_t n = 0; n < command.sink_blocks; ++n) blocks.push_back(n);
    for (std::uint32_t n = 0; n < command.blocks; ++n) blocks.push_back(command.from_block + n);
    if (input == AttentionPort::kCommand) beats.push_back(command.encode());
    for (std::uint32_t context = 0; command.open && context < command.contexts; ++context) {
      const auto who = commands.context(index, context);
      if (input == AttentionPort::kRow) beats.push_back(commands.row(index, context).encode());
      for (std::uint32_t j = 0; input == AttentionPort::kQuery && j < command.key_chunks; ++j) {
        const std::uint32_t QB = c.config.query_bits();
        Payload beat(D * QB);
        for (std::uint32_t e = 0; e < D; ++e)
          if (j * D + e < c.tile.k) beat.set(e * QB, QB, codes.query(pass, who.token, who.head, j * D + e));
        beats.push_back(std::move(beat));
      }
    }
    for (const std::uint32_t block : blocks) {
      const bool key = input == AttentionPort::kKey, value = input == AttentionPort::kValue;
      const std::uint32_t elements = key ? c.tile.k : c.tile.attention.value_dims;
      for (std::uint32_t j = 0; (key || value) && j * D < elements; ++j) {
        Payload beat(P * D * B);
        for (std::uint32_t i = 0; i < P; ++i)
          for (std::uint32_t e = 0; e < D; ++e) {
            if (block * P + i >= c.tile.attention.keys || j * D + e >= elements) continue;
            beat.set((i * D + e) * B, B,
                     key ? codes.key(pass, block * P + i, j * D + e) : codes.value(pass, block * P + i, j * D + e));
          }
        beats.push_back(std::move(beat));
      }
      const bool key_scale = input == AttentionPort::kKeyScale, value_scale = input == AttentionPort::kValueScale;
      if (!c.config.kv_scales || (!key_scale && !value_scale)) continue;
      Payload beat(P * (key_scale ? 40 : 24));
      for (std::uint32_t i = 0; i < P; ++i) {
        if (block * P + i >= c.tile.attention.keys) continue;
        const AttentionScale scale =
            key_scale ? codes.key_scale(pass, block * P + i) : codes.value_scale(pass, block * P + i);
        beat.set(i * (key_scale ? 40 : 24), key_scale ? 32 : 16, scale.factor);
        beat.set(i * (key_scale ? 40 : 24) + (key_scale ? 32 : 16), 8, scale.zero);
      }
      beats.push_back(std::move(beat));
    }
  }
  return beats;
}

TEST(AttentionBeats, AreLaidOutAsTheContractSays) {
  Random random(5);
  for (int i = 0; i < 1500; ++i) {
    SCOPED_TRACE("case " + std::to_string(i));
    const Case c = random_case(random);
    const AttentionTileCommands commands(c.config, c.tile);
    const std::vector<StreamPort> ports = AttentionPort::inputs(c.config);
    for (std::uint32_t input = 0; input < AttentionPort::kInputs; ++input) {
      if (input == AttentionPort::kState || input == AttentionPort::kPartial) continue;  // the unit's own beats
      const std::vector<Payload> beats = read_all(c, commands, input), expected = by_contract(c, commands, input);
      ASSERT_EQ(beats.size(), expected.size()) << ports[input].name;
      for (std::size_t b = 0; b < beats.size(); ++b) {
        ASSERT_EQ(beats[b].bits(), ports[input].bits) << ports[input].name;
        ASSERT_EQ(beats[b].words(), expected[b].words()) << ports[input].name << " beat " << b;
      }
    }
  }
}

TEST(AttentionBeats, AreAsManyAsCounted) {
  Random random(6);
  for (int i = 0; i < 1500; ++i) {
    const Case c = random_case(random);
    const AttentionTileCommands commands(c.config, c.tile);
    for (std::uint32_t input = 0; input < AttentionPort::kInputs; ++input) {
      std::uint64_t counted = 0, read = 0;
      for (std::uint64_t index = 0; index < commands.size(); ++index)
        counted += attention_beats(commands.command(index), input);
      std::uint64_t index = 0, number = 0;
      for (AttentionBeatReader reader(c.config, commands, input); !reader.done(); reader.advance(), ++read) {
        if (reader.index() != index) number = 0;
        index = reader.index();
        ASSERT_EQ(reader.number(), number++) << "beats of a command are numbered from 0";
      }
      ASSERT_EQ(read, counted);
    }
  }
}

TEST(AttentionBeats, OfStatesAndResultsAreCountedPerContext) {
  AttentionCommand c;
  c.contexts = 3, c.key_chunks = 2, c.value_chunks = 5, c.blocks = 4, c.states = 2;
  EXPECT_EQ(attention_beats(c, AttentionPort::kState), 6u);
  EXPECT_EQ(attention_beats(c, AttentionPort::kPartial), 30u);
  EXPECT_EQ(attention_output_beats(c), 15u);
  c.partial = true;
  EXPECT_EQ(attention_output_beats(c), 18u) << "a head each";
  c.close = false;
  EXPECT_EQ(attention_output_beats(c), 0u);
  EXPECT_EQ(attention_beats(c, AttentionPort::kMask), 0u);
  c.masked = true;
  EXPECT_EQ(attention_beats(c, AttentionPort::kMask), 12u);
  c.open = false;
  EXPECT_EQ(attention_beats(c, AttentionPort::kQuery), 0u);
  EXPECT_EQ(attention_beats(c, AttentionPort::kRow), 0u);
}

TEST(AttentionBeats, AStreamThatATileDoesNotUseIsDoneAtOnce) {
  EXPECT_TRUE(AttentionBeatReader().done());
  Case c;
  c.tile.m = 2, c.tile.k = 16, c.tile.n = 8;
  c.tile.attention.keys = 8;
  c.tile.attention.open = false;
  const AttentionTileCommands commands(c.config, c.tile);
  for (const std::uint32_t input : {AttentionPort::kRow, AttentionPort::kQuery, AttentionPort::kState,
                                    AttentionPort::kPartial, AttentionPort::kKeyScale, AttentionPort::kValueScale})
    EXPECT_TRUE(AttentionBeatReader(c.config, commands, input).done()) << input;
  EXPECT_FALSE(AttentionBeatReader(c.config, commands, AttentionPort::kKey).done());
}

}  // namespace
}  // namespace lutetia
