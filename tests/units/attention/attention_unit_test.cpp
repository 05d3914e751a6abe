// The attention unit as a machine sees it: tile commands in, tokens out. Both bodies give every token in the same cycle
// and in the order of the tiles, whenever commands come.
#include "units/attention/attention_unit.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "units/attention/attention_cycle.h"
#include "units/attention/attention_stepped.h"
#include "units/attention/attention_transaction.h"

namespace lutetia {
namespace {

/// Operands whose values do not matter.
class Zeros final : public AttentionData, public AttentionOperands {
 public:
  std::unique_ptr<AttentionOperands> operands(const TileCommand&) override { return std::make_unique<Zeros>(); }
  void output(const TileCommand&, std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t) override {
    ++outputs;
  }
  std::uint32_t query(std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t) const override { return 0; }
  std::uint32_t key(std::uint32_t, std::uint32_t, std::uint32_t) const override { return 0; }
  std::uint32_t value(std::uint32_t, std::uint32_t, std::uint32_t) const override { return 0; }
  AttentionScale key_scale(std::uint32_t, std::uint32_t) const override { return {}; }
  AttentionScale value_scale(std::uint32_t, std::uint32_t) const override { return {}; }

  std::uint64_t outputs = 0;
};

struct TimedTile {
  Cycle from = 0;  ///< no earlier than this
  TileCommand tile;
};

struct Tokens {
  std::vector<Cycle> read, done;
};

Tokens run(ComputeUnit& unit, const std::vector<TimedTile>& tiles) {
  Tokens tokens;
  std::size_t next = 0;
  for (Cycle now = 0; tokens.done.size() < tiles.size() && now < 200'000; ++now) {
    if (next < tiles.size() && tiles[next].from <= now && unit.commands().can_push(now))
      unit.commands().push(now, tiles[next++].tile);
    unit.tick(now);
    if (unit.operands_read().can_pop(now)) unit.operands_read().pop(now), tokens.read.push_back(now);
    if (unit.done().can_pop(now)) unit.done().pop(now), tokens.done.push_back(now);
  }
  return tokens;
}

/// Tokens of the transaction body, after a comparison with those of the cycle body.
Tokens expect_equal(const AttentionConfig& config, const std::vector<TimedTile>& tiles) {
  const ClockDomain clock{"core", Hertz(1'000'000'000)};
  Zeros data;
  AttentionTransaction transaction("attention", clock, config);
  AttentionStepped cycle("attention", clock, config, "cycle", std::make_unique<AttentionCycle>(config), data);
  const Tokens a = run(transaction, tiles), b = run(cycle, tiles);
  EXPECT_EQ(a.done.size(), tiles.size());
  EXPECT_EQ(a.read, b.read);
  EXPECT_EQ(a.done, b.done);
  return a;
}

TileCommand tile_of(std::uint32_t tokens, std::uint32_t head_dim, std::uint32_t key0, std::uint32_t keys,
                    std::uint32_t all_keys) {
  TileCommand t;
  t.op = TileOp::kAttention;
  t.m = tokens;
  t.k = head_dim;
  t.n0 = key0;
  t.n = keys;
  t.attention.keys = all_keys;
  t.attention.value_dims = head_dim;
  return t;
}

TEST(AttentionUnit, KeysOfAChainMayOvertakeItsQueriesButTokensMayNot) {
  // Eight queries of eight chunks before a single block of keys, room for all keys inside the unit.
  AttentionConfig config;
  config.keys = 4;
  config.dims = 4;
  config.contexts = 8;
  config.key_fifo = config.value_fifo = 64;
  std::vector<TimedTile> tiles;
  for (std::uint32_t i = 0; i < 4; ++i) {
    tiles.push_back({0, tile_of(8, 32, 4 * i, 4, 16)});
    tiles.back().tile.attention.open = i == 0;
    tiles.back().tile.attention.close = i == 3;
  }
  const Tokens tokens = expect_equal(config, tiles);
  // Sixteen beats of keys take less time than sixty-four of queries, which all belong to the first tile.
  EXPECT_GE(tokens.read.front(), 64u);
  EXPECT_LT(tokens.read.back(), tokens.read.front() + 10);
}

TEST(AttentionUnit, RandomTilesGiveTheSameTokensInEveryBody) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const auto pick = [&random](int low, int high) { return static_cast<std::uint32_t>(random.between(low, high)); };
    AttentionConfig config;
    config.keys = pick(1, 5);
    config.dims = pick(2, 6);
    config.contexts = pick(1, 6);
    config.max_chunks = 16;
    config.key_fifo = random.bernoulli(0.5) ? pick(1, 4) : 64;
    config.value_fifo = random.bernoulli(0.5) ? pick(1, 4) : 64;
    config.score_fifo = pick(1, 9);
    config.probability_fifo = pick(1, 7);
    config.output_fifo = pick(1, 5);
    if (random.bernoulli(0.4)) config.format = AttentionFormat::kInteger, config.kv_scales = random.bernoulli(0.5);
    const Cycle pause = random.bernoulli(0.3) ? 0 : pick(1, 400);
    std::vector<TimedTile> tiles;
    Cycle from = 0;
    for (int passes = 0; passes < 6; ++passes) {
      const std::uint32_t blocks = pick(1, 5), keys = config.keys * blocks, cuts = pick(1, static_cast<int>(blocks));
      const bool chain = random.bernoulli(0.6), partial = !chain && random.bernoulli(0.6);
      const std::uint32_t tokens = chain ? pick(1, static_cast<int>(config.contexts)) : pick(1, 9), k = pick(1, 24);
      const std::uint32_t pieces = chain || partial ? cuts : 1;
      for (std::uint32_t i = 0, key = 0; i < pieces; ++i) {
        const std::uint32_t n = i + 1 == pieces ? keys - key : config.keys;
        TileCommand t = tile_of(tokens, k, key, n, keys);
        AttentionTile& a = t.attention;
        a.value_dims = pick(1, 24);
        if (i > 0) a.value_dims = tiles.back().tile.attention.value_dims;
        if (pieces == 1) t.b = pick(1, 2);
        if (chain) a.open = i == 0, a.close = i + 1 == pieces;
        if (partial) a.resume = i > 0, a.partial = i + 1 < pieces;
        // A machine goes on from partial results when they are there.
        from += a.resume ? 2000 : random.below(pause + 1);
        tiles.push_back({from, t});
        key += n;
      }
    }
    const Tokens tokens = expect_equal(config, tiles);
    for (std::size_t i = 0; i < tokens.done.size(); ++i) ASSERT_LE(tokens.read.at(i), tokens.done[i]);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace lutetia
