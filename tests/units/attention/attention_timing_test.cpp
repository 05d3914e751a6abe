// When things happen in the cycle body, from the rules of README.md, "Timing", with everything offered as early as it
// is taken: latencies, full rate, what a missing slot costs, the accumulators' interval, blocks that are skipped.
#include <gtest/gtest.h>

#include "units/attention/attention_pass.h"

namespace lutetia {
namespace {

AttentionConfig integers(std::uint32_t contexts, std::uint32_t max_chunks) {
  AttentionConfig config;
  config.format = AttentionFormat::kInteger;
  config.keys = 2;
  config.dims = 2;
  config.contexts = contexts;
  config.max_chunks = max_chunks;
  return config;
}

struct Shape {
  std::uint32_t contexts, key_chunks, value_chunks, blocks;
};

AttentionDriven drive_shape(const AttentionConfig& config, const Shape& s, bool partial = false) {
  Random random(7);
  AttentionPass pass = random_pass(config, random, s.contexts, s.key_chunks, s.value_chunks, s.blocks);
  pass.command.partial = partial;
  return drive(config, {pass});
}

/// The command is transferred in 0, forked in 1, in the nodes from 2 on; a query beat a cycle fills the bank.
std::uint64_t first_fire(const Shape& s) {
  return 2 + s.contexts * s.key_chunks;
}
/// The first score is complete with the last chunk, and passes two pipelines.
std::uint64_t first_accumulation(const Shape& s) {
  return first_fire(s) + s.contexts * (s.key_chunks - 1) + 7 + 5;
}
/// From the last accumulation: the accumulators' pipeline, the divider, the result register, the output's pipeline.
constexpr std::uint64_t kToFirstResult = 5 + 19 + 1 + 3, kToFirstPartial = 5 + 3;

/// Item i of a node whose results wait in `depth` slots, each in use from a fire to the pop `latency` cycles later.
std::uint64_t fire_of(std::uint64_t i, std::uint64_t depth, std::uint64_t latency) {
  return depth > latency ? i : i / depth * (latency + 1) + i % depth;
}

TEST(AttentionTiming, FirstResultComesAfterTheLatenciesOfItsNodes) {
  const AttentionConfig config = integers(4, 4);
  for (std::uint32_t contexts = 1; contexts <= 4; ++contexts)
    for (std::uint32_t key_chunks = 1; key_chunks <= 4; ++key_chunks)
      for (std::uint32_t value_chunks = 1; value_chunks <= 4; ++value_chunks)
        for (const bool partial : {false, true}) {
          const Shape s{contexts, key_chunks, value_chunks, 1};
          const AttentionDriven d = drive_shape(config, s, partial);
          EXPECT_EQ(d.first_busy(), first_fire(s));
          EXPECT_EQ(d.out_valid.at(0),
                    first_accumulation(s) + contexts * value_chunks - 1 + (partial ? kToFirstPartial : kToFirstResult));
        }
}

TEST(AttentionTiming, OneFireACycleWithTheDefaultDepths) {
  const AttentionConfig config = integers(4, 4);
  for (const Shape& s : {Shape{2, 1, 1, 50}, Shape{4, 1, 1, 50}, Shape{1, 2, 2, 50}, Shape{3, 4, 2, 50},
                         Shape{4, 4, 4, 50}, Shape{1, 3, 1, 50}}) {
    const AttentionDriven d = drive_shape(config, s);
    const std::uint64_t fires = std::uint64_t{s.blocks} * s.contexts * s.key_chunks;
    EXPECT_EQ(d.count(AttentionScoreNode::kBusy), fires);
    EXPECT_EQ(d.last_busy() + 1 - d.first_busy(), fires);
  }
}

TEST(AttentionTiming, PassesFollowEachOtherWithoutABubble) {
  const AttentionConfig config = integers(4, 4);
  Random random(5);
  const std::vector<AttentionPass> passes(6, random_pass(config, random, 4, 2, 2, 40));  // longer than results take
  const AttentionDriven d = drive(config, passes);
  EXPECT_EQ(d.last_busy() + 1 - d.first_busy(), 6u * 40 * 4 * 2);
}

TEST(AttentionTiming, AMissingScoreSlotCostsWhatTheCreditsSay) {
  AttentionConfig config = integers(4, 1);
  const Shape s{4, 1, 1, 30};
  for (config.score_fifo = 1; config.score_fifo <= 10; ++config.score_fifo) {
    const AttentionDriven d = drive_shape(config, s);
    const std::uint64_t span = fire_of(4 * 30 - 1, config.score_fifo, 7);
    EXPECT_EQ(d.last_busy() - d.first_busy(), span) << config.score_fifo;
    EXPECT_EQ(d.out_valid.at(0), first_accumulation(s) + span + kToFirstResult);
    EXPECT_EQ(d.count(AttentionScoreNode::kDownstream), span + 1 - 120);
  }
}

TEST(AttentionTiming, AMissingProbabilitySlotCostsWhatTheCreditsSay) {
  AttentionConfig config = integers(4, 1);
  const Shape s{4, 1, 1, 30};
  for (config.probability_fifo = 1; config.probability_fifo <= 8; ++config.probability_fifo)
    EXPECT_EQ(drive_shape(config, s).out_valid.at(0),
              first_accumulation(s) + fire_of(4 * 30 - 1, config.probability_fifo, 5) + kToFirstResult);
}

TEST(AttentionTiming, AMissingOutputSlotCostsWhatTheCreditsSay) {
  AttentionConfig config = integers(4, 4);
  for (config.output_fifo = 1; config.output_fifo <= 6; ++config.output_fifo) {
    const AttentionDriven d = drive_shape(config, {4, 1, 4, 2}, true);
    ASSERT_EQ(d.out_valid.size(), 20u);
    for (std::size_t i = 0; i < d.out_valid.size(); ++i)
      EXPECT_EQ(d.out_valid[i] - d.out_valid[0], fire_of(i, config.output_fifo, 3)) << config.output_fifo;
  }
}

TEST(AttentionTiming, OneContextWithOneChunkMeetsTheIntervalOfTheAccumulators) {
  for (std::uint32_t blocks = 1; blocks <= 60; ++blocks) {
    const Shape s{1, 1, 1, blocks};
    EXPECT_EQ(drive_shape(integers(1, 1), s).out_valid.at(0),
              first_accumulation(s) + 2 * (blocks - 1) + kToFirstResult);
  }
}

TEST(AttentionTiming, ADivisionTakesTwentyCyclesAndHidesBehindLongRows) {
  for (const std::uint32_t chunks : {1u, 19u, 20u, 21u, 30u}) {
    const AttentionDriven d = drive_shape(integers(3, 30), {3, 1, chunks, 1});
    for (std::size_t c = 1; c < 3; ++c)
      EXPECT_EQ(d.out_valid.at(c * chunks) - d.out_valid.at((c - 1) * chunks), std::max(20u, chunks)) << chunks;
  }
}

TEST(AttentionTiming, SkippedBlocksCostNothing) {
  const AttentionConfig config = integers(2, 2);
  Random random(9);
  AttentionPass all = random_pass(config, random, 2, 2, 2, 100);
  for (AttentionRow& row : all.rows) row = {2 * 80, 2 * 100, 2 * 3};  // sees blocks 0 .. 2 and 80 .. 99
  AttentionPass seen = all;
  seen.command.sink_blocks = 3;
  seen.command.from_block = 80;
  seen.command.blocks = 20;
  const AttentionDriven d_all = drive(config, {all}), d_seen = drive(config, {seen});
  EXPECT_EQ(d_all.out, d_seen.out);
  EXPECT_EQ(d_all.out_valid[0] - d_seen.out_valid[0], 77u * 4);
  EXPECT_EQ(d_seen.count(AttentionScoreNode::kBusy), 23u * 4);
}

TEST(AttentionTiming, ACommandOfStatesTakesOneNullCycleOfScores) {
  const AttentionConfig config = integers(2, 2);
  Random random(9);
  AttentionPass pass = random_pass(config, random, 2, 2, 2, 0);
  pass.command.states = 3;
  pass.states.resize(6);
  pass.partials.resize(12, Payload(config.output_bits()));
  const AttentionDriven d = drive(config, {pass});
  EXPECT_EQ(d.count(AttentionScoreNode::kBusy), 0u);
  EXPECT_EQ(d.count(AttentionScoreNode::kQueries), 2u * 2 + 1);  // until the bank is full, and the null cycle
  // The first state is popped as soon as the command is there, in 2.
  EXPECT_EQ(d.out_valid.at(0), 2 + 5 + 3 * 4 - 1 + kToFirstResult);
}

}  // namespace
}  // namespace lutetia
