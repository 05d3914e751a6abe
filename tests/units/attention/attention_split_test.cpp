// Split keys: parts of a row's keys in commands of their own that give partial results, merged by a command that takes
// them as states. Exact sums do not mind the split; only what a rescaling drops differs.
#include <gtest/gtest.h>

#include <cmath>

#include "units/attention/attention_pass.h"

namespace lutetia {
namespace {

AttentionConfig integers() {
  AttentionConfig config;
  config.format = AttentionFormat::kInteger;
  config.keys = 4;
  config.dims = 4;
  config.contexts = 3;
  config.max_chunks = 3;
  return config;
}

/// Feeds the partial results of one command to another as its next state.
void add_state(const AttentionConfig& config, const AttentionPass& from, const std::vector<Payload>& out,
               AttentionPass& to) {
  const std::uint32_t chunks = from.command.value_chunks, contexts = from.command.contexts;
  for (std::uint32_t c = 0; c < contexts; ++c) {
    const Payload& head = out.at(c * (1 + chunks));
    to.states.push_back({head.get(0, 40), static_cast<std::int32_t>(head.get_signed(40, 12))});
  }
  for (std::uint32_t j = 0; j < chunks; ++j)
    for (std::uint32_t c = 0; c < contexts; ++c) {
      ASSERT_EQ(out.at(c * (1 + chunks) + 1 + j).bits(), config.output_bits());
      to.partials.push_back(out.at(c * (1 + chunks) + 1 + j));
    }
  ++to.command.states;
}

/// The pass in parts that end at these blocks, merged: all parts by a command without blocks, or all but the last by
/// the command that has the last part's blocks.
std::vector<Payload> merged(const AttentionConfig& config, const AttentionPass& pass,
                            const std::vector<std::uint32_t>& ends, bool last_in_merge, bool partial = false) {
  AttentionPass merge = pass;
  merge.command.blocks = 0;
  merge.command.partial = partial;
  std::uint32_t begin = 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    AttentionPass part = pass;
    part.command.from_block = begin;
    part.command.blocks = ends[i] - begin;
    part.command.partial = true;
    begin = ends[i];
    if (last_in_merge && i + 1 == ends.size()) {
      merge.command.from_block = part.command.from_block;
      merge.command.blocks = part.command.blocks;
    } else {
      add_state(config, part, drive(config, {part}).out, merge);
    }
  }
  return drive(config, {merge}).out;
}

TEST(AttentionSplit, IsExactIfNothingIsRescaled) {
  const AttentionConfig config = integers();
  Random random(4);
  for (int round = 0; round < 20; ++round) {
    AttentionPass pass = random_pass(config, random, 3, 2, 3, 9);
    // The first key of every block is the query's own direction, and far above the others: the maximum never moves.
    for (auto& query : pass.query) query = pass.query[0];
    for (std::size_t i = 0; i < pass.key.size(); ++i)
      for (std::size_t e = 0; e < pass.key[i].size(); ++e)
        pass.key[i][e] = i % config.keys == 0 ? pass.query[0][e] : pass.key[i][e] / 8;
    const std::vector<Payload> whole = drive(config, {pass}).out;
    for (const bool last_in_merge : {false, true}) {
      EXPECT_EQ(merged(config, pass, {4, 9}, last_in_merge), whole);
      EXPECT_EQ(merged(config, pass, {1, 2, 7, 9}, last_in_merge), whole);
    }
    AttentionPass partial = pass;
    partial.command.partial = true;
    EXPECT_EQ(merged(config, pass, {2, 5, 9}, false, true), drive(config, {partial}).out);
  }
}

double fp16_value(std::uint64_t bits) {
  return std::ldexp(static_cast<double>(fp16_to_fixed(static_cast<std::uint16_t>(bits))), -24);
}

/// Weighted values over the row sum, unrounded, of every context and element of a partial result.
std::vector<double> quotients(const AttentionConfig& config, const AttentionPass& pass,
                              const std::vector<Payload>& out) {
  std::vector<double> all;
  double sum = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool head = i % (1 + pass.command.value_chunks) == 0;
    if (head) sum = static_cast<double>(out[i].get(0, 40));
    for (std::uint32_t e = 0; !head && e < config.dims; ++e)
      all.push_back(static_cast<double>(attention_accumulator(config, out[i], e)) / sum);
  }
  return all;
}

TEST(AttentionSplit, DiffersByNoMoreThanRescalingDrops) {
  const AttentionConfig config = integers();
  Random random(5);
  std::uint64_t different = 0;
  for (int round = 0; round < 60; ++round) {
    AttentionPass pass = random_pass(config, random, 3, 2, 3, 12);
    pass.command.multiplier = 100u << (round % 16);  // from nearly flat to a maximum that jumps by tens
    const std::vector<std::uint32_t> ends = {3, 4, 9, 12};
    const std::vector<Payload> whole = drive(config, {pass}).out;
    const std::vector<Payload> split = merged(config, pass, ends, round % 2 == 0);
    const std::vector<double> split_quotients =
        quotients(config, pass, merged(config, pass, ends, round % 2 == 0, true));
    pass.command.partial = true;
    const std::vector<double> whole_quotients = quotients(config, pass, drive(config, {pass}).out);
    ASSERT_EQ(whole.size(), split.size());
    ASSERT_EQ(whole.size() * config.dims, whole_quotients.size());
    ASSERT_EQ(whole_quotients.size(), split_quotients.size());
    // A pass drops less than 2 units of each sum; the parts and their merge less than 2 each and one per state; the
    // sum of a row is at least 2^19 - 1, as the largest key alone weighs half or more.
    const double units = 2 + 4 * 2 + 2 + 4, keys = static_cast<double>(pass.value.size());
    for (std::size_t i = 0; i < whole_quotients.size(); ++i) {
      const double a = whole_quotients[i], b = split_quotients[i], most = std::max(std::fabs(a), std::fabs(b));
      // Besides, a weight is rounded by half a unit of the maximum so far, which is not that of a part: a unit a key.
      double rounded = 0;
      for (const auto& value : pass.value)
        rounded += std::fabs(static_cast<double>(value[i % (std::size_t{pass.command.value_chunks} * config.dims)]));
      ASSERT_LE(std::fabs(a - b), (units + rounded + most * (units + keys)) / (524287 - units - keys)) << round;
      different += a != b ? 1 : 0;
    }
    for (std::size_t i = 0; i < whole.size(); ++i)
      for (std::uint32_t e = 0; e < config.dims; ++e) {
        const double a = fp16_value(whole[i].get(e * 16, 16)), b = fp16_value(split[i].get(e * 16, 16));
        // Then a reciprocal of 17 bits and half a last place, twice.
        const double most = std::max(std::fabs(a), std::fabs(b)), dropped = units * (1 + most) / (524287 - units);
        ASSERT_LE(std::fabs(a - b), dropped + most * (2.0 / 65536 + 1.0 / 1024)) << round;
      }
  }
  EXPECT_GT(different, 0u);  // or the bounds would not have been tried
}

TEST(AttentionSplit, EmptyPartsChangeNothing) {
  const AttentionConfig config = integers();
  Random random(6);
  AttentionPass pass = random_pass(config, random, 3, 1, 2, 6);
  for (AttentionRow& row : pass.rows) row = {0, 3 * config.keys, 0};  // nothing of the last three blocks
  const std::vector<Payload> whole = drive(config, {pass}).out;
  EXPECT_EQ(merged(config, pass, {3, 6}, false), whole);
  EXPECT_EQ(merged(config, pass, {3, 4, 5, 6}, true), whole);
  for (AttentionRow& row : pass.rows) row = {};
  for (const Payload& beat : merged(config, pass, {2, 6}, false)) EXPECT_EQ(beat, Payload(config.output_bits()));
}

TEST(AttentionSplit, AChainOfCommandsIsOnePass) {
  const AttentionConfig config = integers();
  Random random(8);
  const AttentionPass pass = random_pass(config, random, 3, 2, 2, 10);
  std::vector<AttentionPass> chain(4, pass);
  const std::uint32_t begins[] = {0, 1, 6, 9, 10};
  for (std::uint32_t i = 0; i < 4; ++i) {
    chain[i].command.from_block = begins[i];
    chain[i].command.blocks = begins[i + 1] - begins[i];
    chain[i].command.open = i == 0;
    chain[i].command.close = i == 3;
  }
  EXPECT_EQ(drive(config, chain).out, drive(config, {pass}).out);
}

}  // namespace
}  // namespace lutetia
