// Events that only commands tell: fire by fire against the order that the units' READMEs give, and in sum against what
// the machine counts.
#include "gates/command_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "base/random.h"
#include "units/attention/attention_unit.h"
#include "units/matrix_core/matrix_core_unit.h"

namespace lutetia {
namespace {

using testing::ElementsAre;

std::uint32_t draw(Random& random, std::uint32_t least, std::uint32_t most) {
  return least + static_cast<std::uint32_t>(random.below(most - least + 1));
}

TEST(CommandEvents, WordsAndRowsAreThoseOfTheOrderOfFires) {
  Random random(7);
  MatrixCoreShape shape;
  for (int run = 0; run < 200; ++run) {
    shape.rows = draw(random, 1, 4);
    const auto events = CommandEvents::make("mac_core", {{"Rows", shape.rows}});
    ASSERT_THAT(events->names(), ElementsAre("word_switch", "row_fire"));
    std::pair<int, std::uint32_t> word{-1, 0};
    int bank = 0;
    for (int n = 0; n < 3; ++n) {
      MatrixCoreCommand c;
      c.rows = draw(random, 1, 9);
      c.k_groups = draw(random, 1, 7);
      c.scale_group_length = draw(random, 1, 8);
      c.n_blocks = draw(random, 1, 3);
      c.planes = draw(random, 1, 3);
      events->command(c.encode());
      std::uint64_t counts[2] = {0, 0}, switches = 0, row_fires = 0;
      for (std::uint32_t i = 0; i < c.row_blocks(shape); ++i)
        for (std::uint32_t g = 0; g < c.scale_groups(); ++g, bank ^= 1)
          for (std::uint32_t j = 0; j < c.k_groups_in(g); ++j)
            for (std::uint32_t b = 0; b < c.n_blocks; ++b)
              for (std::uint32_t p = 0; p < c.planes; ++p) {
                const auto before = std::exchange(word, {bank, b});
                switches += before != word;
                row_fires += std::min(shape.rows, c.rows - i * shape.rows);
                events->fire(counts);
                ASSERT_EQ(counts[0], switches) << "row block " << i << " group " << j << " block " << b;
                ASSERT_EQ(counts[1], row_fires) << "row block " << i << " group " << j << " block " << b;
              }
      EXPECT_EQ(counts[0], matrix_core_events(shape, c)[MatrixCoreEvent::kWordSwitch]);
      EXPECT_EQ(counts[1], matrix_core_events(shape, c)[MatrixCoreEvent::kRowFire]);
    }
    std::uint64_t none[2] = {0, 0};
    events->fire(none);
    EXPECT_THAT(none, ElementsAre(0, 0)) << "without a command";
  }
}

TEST(CommandEvents, EveryRowEndsEveryBlockOfKeysOnce) {
  Random random(8);
  for (int run = 0; run < 200; ++run) {
    const auto events = CommandEvents::make("attention", {});
    ASSERT_THAT(events->names(), ElementsAre("block"));
    std::vector<AttentionCommand> commands(4);
    for (AttentionCommand& c : commands) {
      c.contexts = draw(random, 1, 4);
      c.key_chunks = draw(random, 1, 3);
      c.sink_blocks = draw(random, 0, 1);
      c.blocks = draw(random, 0, 3);
      events->command(c.encode());
    }
    for (const AttentionCommand& c : commands) {
      std::uint64_t blocks = 0, expected = 0;
      for (std::uint64_t b = 0; b < c.block_count(); ++b)
        for (std::uint32_t j = 0; j < c.key_chunks; ++j)
          for (std::uint32_t row = 0; row < c.contexts; ++row) {
            events->fire(&blocks);
            expected += j + 1 == c.key_chunks;
            ASSERT_EQ(blocks, expected);
          }
      EXPECT_EQ(blocks, attention_events(c)[AttentionEvent::kBlock]);
    }
    std::uint64_t none = 0;
    events->fire(&none);
    EXPECT_EQ(none, 0u) << "without a command";
  }
}

TEST(CommandEvents, OtherUnitsHaveNone) {
  EXPECT_EQ(CommandEvents::make("weight_decoder", {}), nullptr);
  EXPECT_EQ(CommandEvents::make("dram_monitor", {}), nullptr);
}

}  // namespace
}  // namespace lutetia
