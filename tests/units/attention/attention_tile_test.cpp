// Commands of a tile against what attention means: every query row meets every key that it sees once, whatever the mask
// and however a pass is cut into tiles, and nothing outside of the tile is touched.
#include "units/attention/attention_tile.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

#include "base/random.h"

namespace lutetia {
namespace {

/// The definition, key by key.
bool sees(const AttentionTile& a, std::uint32_t token, std::uint32_t key) {
  const std::uint64_t end = a.causal ? std::min<std::uint64_t>(a.keys, std::uint64_t{a.past} + token + 1) : a.keys;
  if (key >= end) return false;
  return a.window == 0 || std::uint64_t{key} + a.window >= end || key < a.sinks;
}

struct Case {
  AttentionConfig config;
  TileCommand tile;
};

/// A tile over all keys of a random pass, ragged in everything.
Case random_case(Random& random) {
  const auto pick = [&random](int low, int high) { return static_cast<std::uint32_t>(random.between(low, high)); };
  Case c;
  c.config.keys = pick(1, 6);
  c.config.dims = pick(2, 8);
  c.config.contexts = pick(1, 6);
  TileCommand& t = c.tile;
  t.op = TileOp::kAttention;
  t.m0 = random.bernoulli(0.5) ? 0 : pick(1, 9);
  t.m = pick(1, 7);
  t.k = pick(1, 20);
  t.b0 = pick(0, 3);
  t.b = pick(1, 3);
  AttentionTile& a = t.attention;
  a.head0 = pick(0, 2);
  a.heads = pick(1, 4);
  a.value_dims = pick(1, 20);
  a.keys = pick(1, 60);
  a.causal = random.bernoulli(0.8);
  if (a.causal) {
    a.past = random.bernoulli(0.3) ? 0 : pick(0, 60);
    if (random.bernoulli(0.6)) {
      a.window = pick(1, 25);
      if (random.bernoulli(0.6)) a.sinks = pick(0, 30);
    }
  }
  t.n = a.keys;
  return c;
}

/// The pass cut into tiles of whole blocks, all but the last of `blocks`; without those that no query token sees.
std::vector<TileCommand> cut(const Case& c, std::uint32_t blocks) {
  std::vector<TileCommand> tiles;
  for (std::uint32_t n0 = 0; n0 < c.tile.attention.keys; n0 += blocks * c.config.keys) {
    TileCommand t = c.tile;
    t.n0 = n0;
    t.n = std::min(blocks * c.config.keys, t.attention.keys - n0);
    bool seen = false;
    for (std::uint32_t token = t.m0; token < t.m0 + t.m; ++token)
      for (std::uint32_t key = n0; key < n0 + t.n; ++key) seen = seen || sees(t.attention, token, key);
    if (seen) tiles.push_back(t);
  }
  return tiles;
}

/// Blocks in the order in which a command visits them.
std::vector<std::uint32_t> blocks_of(const AttentionCommand& command) {
  std::vector<std::uint32_t> blocks;
  for (std::uint64_t b = 0; b < command.block_count(); ++b) blocks.push_back(command.block_at(b));
  return blocks;
}

TEST(AttentionTile, ContextsAreTokensWithTheirHeadsInOrderAndPassesFollowEachOther) {
  Random random(1);
  for (int i = 0; i < 2000; ++i) {
    const Case c = random_case(random);
    const AttentionTileCommands commands(c.config, c.tile);
    std::uint64_t index = 0;
    for (std::uint32_t pass = c.tile.b0; pass < c.tile.b0 + c.tile.b; ++pass) {
      const std::uint32_t contexts = c.tile.m * c.tile.attention.heads;
      for (std::uint32_t first = 0; first < contexts; first += c.config.contexts, ++index) {
        ASSERT_LT(index, commands.size());
        ASSERT_EQ(commands.pass(index), pass);
        const AttentionCommand command = commands.command(index);
        ASSERT_EQ(command.contexts, std::min(c.config.contexts, contexts - first));
        ASSERT_EQ(command.key_chunks, (c.tile.k + c.config.dims - 1) / c.config.dims);
        ASSERT_EQ(command.value_chunks, (c.tile.attention.value_dims + c.config.dims - 1) / c.config.dims);
        for (std::uint32_t j = 0; j < command.contexts; ++j) {
          const auto context = commands.context(index, j);
          ASSERT_EQ(context.token, c.tile.m0 + (first + j) / c.tile.attention.heads);
          ASSERT_EQ(context.head, c.tile.attention.head0 + (first + j) % c.tile.attention.heads);
        }
      }
    }
    ASSERT_EQ(index, commands.size());
  }
}

TEST(AttentionTile, ARowSeesWhatItsTokenSees) {
  Random random(2);
  for (int i = 0; i < 2000; ++i) {
    const Case c = random_case(random);
    const AttentionTileCommands commands(c.config, c.tile);
    for (std::uint64_t index = 0; index < commands.size(); ++index)
      for (std::uint32_t j = 0; j < commands.command(index).contexts; ++j)
        for (std::uint32_t key = 0; key < c.tile.attention.keys + 10; ++key)
          ASSERT_EQ(commands.row(index, j).sees(key), sees(c.tile.attention, commands.context(index, j).token, key));
  }
}

TEST(AttentionTile, EveryVisiblePairIsInOneBlockOfOneTile) {
  Random random(3);
  for (int i = 0; i < 4000; ++i) {
    SCOPED_TRACE("case " + std::to_string(i));
    const Case c = random_case(random);
    const std::uint32_t p = c.config.keys, all = (c.tile.attention.keys + p - 1) / p;
    const auto tile_blocks = static_cast<std::uint32_t>(random.between(1, all + 1));
    const AttentionTileCommands whole(c.config, c.tile);
    std::vector<std::vector<std::uint32_t>> visits(whole.size(), std::vector<std::uint32_t>(all));
    for (const TileCommand& tile : cut(c, tile_blocks)) {
      const AttentionTileCommands commands(c.config, tile);
      ASSERT_EQ(commands.size(), whole.size());
      for (std::uint64_t index = 0; index < commands.size(); ++index) {
        const AttentionCommand command = commands.command(index);
        ASSERT_GE(command.block_count(), 1u) << "a command needs a block";
        for (const std::uint32_t block : blocks_of(command)) {
          ASSERT_GE(block * p, tile.n0) << "a block before the tile";
          ASSERT_LT(block * p, tile.n0 + tile.n) << "a block behind the tile";
          ++visits[index].at(block);
        }
      }
    }
    for (std::uint64_t index = 0; index < whole.size(); ++index)
      for (std::uint32_t block = 0; block < all; ++block) {
        ASSERT_LE(visits[index][block], 1u) << "block " << block << " counts twice";
        for (std::uint32_t j = 0; j < whole.command(index).contexts; ++j)
          for (std::uint32_t key = block * p; key < block * p + p; ++key)
            if (sees(c.tile.attention, whole.context(index, j).token, key)) {
              ASSERT_EQ(visits[index][block], 1u) << "key " << key;
            }
      }
  }
}

TEST(AttentionTile, BlocksThatNobodySeesAreLeftOut) {
  Random random(4);
  for (int i = 0; i < 4000; ++i) {
    SCOPED_TRACE("case " + std::to_string(i));
    const Case c = random_case(random);
    for (const TileCommand& tile : cut(c, static_cast<std::uint32_t>(random.between(1, 5)))) {
      const AttentionTileCommands commands(c.config, tile);
      // In a later tile that sinks reach into, what lies between them and the window is visited too.
      if (tile.n0 > 0 && tile.attention.sinks > tile.n0) continue;
      for (std::uint64_t index = 0; index < commands.size(); ++index) {
        const AttentionCommand command = commands.command(index);
        std::uint64_t wanted = 0;
        std::set<std::uint32_t> visited;
        for (const std::uint32_t block : blocks_of(command)) visited.insert(block);
        ASSERT_EQ(visited.size(), command.block_count());
        for (std::uint32_t block = tile.n0 / c.config.keys; block * c.config.keys < tile.n0 + tile.n; ++block) {
          bool seen = false;
          for (std::uint32_t j = 0; j < command.contexts; ++j)
            for (std::uint32_t key = block * c.config.keys; key < (block + 1) * c.config.keys; ++key)
              seen = seen || sees(tile.attention, commands.context(index, j).token, key);
          wanted += seen;
        }
        ASSERT_EQ(command.block_count(), std::max<std::uint64_t>(wanted, 1));
      }
    }
  }
}

TEST(AttentionTile, SinksThatReachBeyondTheFirstTileGoOnInTheNext) {
  // Twenty sinks, tiles of eight keys, a window of four far behind them.
  AttentionConfig config;
  config.keys = 4;
  TileCommand tile;
  tile.m = 1, tile.k = 16, tile.n = 8;
  AttentionTile& a = tile.attention;
  a.keys = 64, a.causal = true, a.past = 63, a.window = 4, a.sinks = 20;
  const auto blocks = [&](std::uint32_t n0) {
    tile.n0 = n0;
    return blocks_of(AttentionTileCommands(config, tile).command(0));
  };
  EXPECT_EQ(blocks(0), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(blocks(8), (std::vector<std::uint32_t>{2, 3}));
  EXPECT_EQ(blocks(16).front(), 4u);
  EXPECT_EQ(blocks(56), (std::vector<std::uint32_t>{15}));
}

TEST(AttentionTile, ChainsAndPartialTilesSayWhereAPassBeginsAndEnds) {
  AttentionConfig config;
  TileCommand tile;
  tile.m = 1, tile.k = 16, tile.n = 8;
  tile.attention.keys = 32;
  for (const bool open : {true, false})
    for (const bool close : {true, false}) {
      tile.attention.open = open;
      tile.attention.close = close;
      const AttentionCommand command = AttentionTileCommands(config, tile).command(0);
      EXPECT_EQ(command.open, open);
      EXPECT_EQ(command.close, close);
      EXPECT_EQ(command.states, 0u);
      EXPECT_FALSE(command.partial);
    }
  tile.attention.open = tile.attention.close = true;
  for (const bool resume : {true, false})
    for (const bool partial : {true, false}) {
      tile.attention.resume = resume;
      tile.attention.partial = partial;
      const AttentionCommand command = AttentionTileCommands(config, tile).command(0);
      EXPECT_TRUE(command.open && command.close) << "each tile is a pass of its own";
      EXPECT_EQ(command.states, resume ? 1u : 0u);
      EXPECT_EQ(command.partial, partial);
    }
}

TEST(AttentionTile, ScalesComeOncePerTokenAndOnlyIfTheUnitHasThem) {
  AttentionConfig config;
  config.format = AttentionFormat::kInteger;
  TileCommand tile;
  tile.m = 1, tile.k = 40, tile.n = 8;
  tile.attention.keys = 8, tile.attention.value_dims = 20;
  for (const bool scales : {true, false}) {
    config.kv_scales = scales;
    const AttentionCommand command = AttentionTileCommands(config, tile).command(0);
    EXPECT_EQ(command.key_chunks, 3u);
    EXPECT_EQ(command.value_chunks, 2u);
    EXPECT_EQ(AttentionCommand::groups(command.key_chunks, command.key_group), scales ? 1u : 0u);
    EXPECT_EQ(AttentionCommand::groups(command.value_chunks, command.value_group), scales ? 1u : 0u);
  }
}

TEST(AttentionTile, TheScaleOfScoresIsLog2OfEOverTheRootOfTheHead) {
  for (const std::uint32_t head : {1u, 24u, 128u, 576u, 2048u})
    for (const AttentionFormat format : {AttentionFormat::kInteger, AttentionFormat::kFp16}) {
      AttentionConfig config;
      config.format = format;
      const ScoreScale scale = score_scale(config, head);
      ASSERT_GE(scale.shift, 1u);
      // A score counts 2^-10; a product of FP16 counts 2^-48, one of integers stands for 2^-10.
      const double unit = std::ldexp(1.0, config.floating() ? -48 : -10);
      const double score = scale.multiplier * std::ldexp(1.0, -static_cast<int>(scale.shift)) / 1024;
      const double exact = unit / std::log(2.0) / std::sqrt(static_cast<double>(head));
      EXPECT_NEAR(score / exact, 1, 1e-4) << head;
    }
}

}  // namespace
}  // namespace lutetia
