// GEMMs of every awkward size on the cycle body alone, against the oracle: M, N, K that fill nothing evenly, all weight
// formats, K split over commands by fill, and partial sums at the limit that LutCoreConfig states.
#include <gtest/gtest.h>

#include <deque>

#include "base/random.h"
#include "cosim/matrix_core_oracle.h"
#include "cosim/matrix_core_tile.h"
#include "units/matrix_core/matrix_core_cycle.h"

namespace lutetia {
namespace {

LutCoreConfig small_config() {
  LutCoreConfig config;
  config.rows = 2;
  config.lanes = 24;
  config.max_planes = 8;
  config.psum_blocks = 3;
  config.epilogue_lanes = 4;
  return config;
}

/// Feeds tiles back to back as fast as the core takes them; what comes out, beat by beat.
std::vector<Payload> run(const LutCoreConfig& config, const std::vector<const MatrixCoreTile*>& tiles) {
  LutCoreCycle core(config);
  std::vector<Payload> out;
  std::uint64_t due = 0, quiet = 0;
  struct Feed {
    std::size_t tile = 0;
    std::uint64_t beat = 0;
  } feeds[MatrixCorePort::kInputs];
  for (const MatrixCoreTile* tile : tiles) due += tile->command.output_beats(config);
  while (out.size() < due && quiet < 10'000) {
    ++quiet;
    for (std::uint32_t input = 0; input < MatrixCorePort::kInputs; ++input) {
      Feed& f = feeds[input];
      while (f.tile < tiles.size() &&
             f.beat == MatrixCoreBeats(config, tiles[f.tile]->command, *tiles[f.tile]).beats(input))
        f = {f.tile + 1, 0};
      if (f.tile == tiles.size() || !core.ready(input)) continue;
      core.push(input, MatrixCoreBeats(config, tiles[f.tile]->command, *tiles[f.tile]).beat(input, f.beat++));
      quiet = 0;
    }
    if (core.valid(0)) {
      out.push_back(core.front(0));
      core.pop(0);
      quiet = 0;
    }
    core.clock();
  }
  EXPECT_EQ(out.size(), due);
  EXPECT_TRUE(core.idle());
  return out;
}

void expect_right(const LutCoreConfig& config, const std::vector<const MatrixCoreTile*>& tiles) {
  const std::vector<Payload> out = run(config, tiles);
  std::size_t beat = 0;
  for (const MatrixCoreTile* tile : tiles) ASSERT_EQ(matrix_core_check(config, *tile, out, beat), "");
}

std::uint32_t everyday_fp32(Random& random) {
  return static_cast<std::uint32_t>(random.between(118, 132)) << 23 |
         static_cast<std::uint32_t>(random.next() & 0x807fffffu);
}

void randomize(MatrixCoreTile& t, const LutCoreConfig& config, std::uint64_t seed) {
  Random random(seed);
  const std::int64_t top = (std::int64_t{1} << (config.activation_bits - 1)) - 1;
  for (auto& a : t.activations) a = static_cast<std::int32_t>(random.between(-top - 1, top));
  for (auto& w : t.weights)
    w = static_cast<std::int32_t>(random.between(lowest_weight(t.format), highest_weight(t.format)));
  for (auto& z : t.twice_zeros) z = static_cast<std::int32_t>(random.between(-100, 100));
  for (auto& s : t.half_scales) s = everyday_fp32(random);
  for (auto& f : t.fills) f = everyday_fp32(random);
}

class LutCoreGemm : public testing::TestWithParam<WeightFormat> {};

TEST_P(LutCoreGemm, IsRightForEveryRaggedShape) {
  const LutCoreConfig config = small_config();
  const std::uint32_t widest = config.lanes * config.psum_blocks;
  std::uint64_t seed = 1;
  for (const std::uint32_t m : {1u, 2u, 3u, 4u, 5u, 7u})
    for (const std::uint32_t n : {1u, 2u, 3u, 23u, 24u, 25u, 63u, 64u, 65u, widest})
      for (const std::uint32_t k : {1u, 2u, 3u, 4u, 5u, 31u, 63u, 64u, 65u, 130u})
        for (const std::uint32_t group : {4u, 64u}) {
          if (group > k + 3 && group != 64) continue;
          MatrixCoreTile tile(config, GetParam(), m, n, k, group, seed % 3 == 0);
          randomize(tile, config, ++seed);
          expect_right(config, {&tile});
          if (HasFatalFailure()) FAIL() << "seed " << seed;
        }
}

TEST_P(LutCoreGemm, IsRightWithScaleGroupsThatDoNotDivideK) {
  LutCoreConfig config = small_config();
  config.rows = 3;
  for (const std::uint32_t bits : {8u, 16u}) {
    config.activation_bits = bits;
    config.psum_bits = bits == 8 ? 32 : 40;
    for (const std::uint32_t k : {65u, 100u, 255u, 257u})
      for (const std::uint32_t group : {4u, 12u, 32u, 64u, 96u, 256u}) {
        MatrixCoreTile tile(config, GetParam(), 4, 50, k, group, false);
        randomize(tile, config, k + group);
        expect_right(config, {&tile});
        if (HasFatalFailure()) FAIL() << "k " << k << " group " << group;
      }
  }
}

// The output of one command is the fill of the next: the same bits as one command, because FP32 sums run in K order.
TEST_P(LutCoreGemm, GivesTheSameBitsWhenKIsSplitOverCommands) {
  const LutCoreConfig config = small_config();
  constexpr std::uint32_t kRows = 5, kOutputs = 61, kDepth = 190, kGroup = 32;
  MatrixCoreTile whole(config, GetParam(), kRows, kOutputs, kDepth, kGroup, false);
  randomize(whole, config, 99);
  const std::vector<Payload> expected = run(config, {&whole});
  std::vector<Payload> last;
  for (const auto& [from, to] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{{0, 32}, {32, 128}, {128, 190}}) {
    MatrixCoreTile part(config, GetParam(), kRows, kOutputs, to - from, kGroup, from > 0);
    for (std::uint32_t m = 0; m < kRows; ++m)
      for (std::uint32_t k = from; k < to; ++k)
        part.activations[m * (to - from) + k - from] = whole.activations[m * kDepth + k];
    for (std::uint32_t n = 0; n < kOutputs; ++n) {
      for (std::uint32_t k = from; k < to; ++k)
        part.weights[n * (to - from) + k - from] = whole.weights[n * kDepth + k];
      for (std::uint32_t g = 0; g < part.groups(); ++g) {
        part.half_scales[n * part.groups() + g] = whole.half_scales[n * whole.groups() + from / kGroup + g];
        part.twice_zeros[n * part.groups() + g] = whole.twice_zeros[n * whole.groups() + from / kGroup + g];
      }
    }
    for (std::size_t beat = 0; from > 0 && beat < last.size(); ++beat) {
      const auto place = MatrixCoreBeats::output_place(config, part.command, beat);
      for (std::uint32_t e = 0; e < config.epilogue_lanes && place.lane + e < kOutputs; ++e)
        part.fills[place.row * kOutputs + place.lane + e] = static_cast<std::uint32_t>(last[beat].get(e * 32, 32));
    }
    last = run(config, {&part});
  }
  ASSERT_EQ(last.size(), expected.size());
  for (std::size_t beat = 0; beat < last.size(); ++beat) {
    const auto place = MatrixCoreBeats::output_place(config, whole.command, beat);
    for (std::uint32_t e = 0; e < config.epilogue_lanes && place.lane + e < kOutputs; ++e)
      ASSERT_EQ(last[beat].get(e * 32, 32), expected[beat].get(e * 32, 32)) << "beat " << beat << " lane " << e;
  }
}

// All activations at the lowest value, all weights at the worst one, in a scale group of the greatest length.
TEST_P(LutCoreGemm, HoldsTheLargestPartialSumThatTheConfigAllows) {
  const WeightPlanes planes = planes_of(GetParam());
  for (const std::uint32_t bits : {8u, 16u})
    for (const bool narrow : {true, false}) {
      LutCoreConfig config = small_config();
      config.activation_bits = bits;
      config.psum_bits = narrow ? bits + config.max_planes + 6 : bits == 8 ? 25 : 33;
      const std::uint64_t safe =
          planes.equal ? config.safe_group_elements(1) / planes.planes : config.safe_group_elements(planes.planes);
      const std::uint32_t depth = static_cast<std::uint32_t>(safe / 4 * 4);
      ASSERT_GE(depth, 64u);
      MatrixCoreTile tile(config, GetParam(), 2, 3, depth, depth, false);
      for (std::size_t i = 0; i < tile.activations.size(); ++i)
        tile.activations[i] = (i < depth ? -1 : 1) * (1 << (bits - 1)) + (i < depth ? 0 : -1);
      for (std::uint32_t n = 0; n < 3; ++n) {
        for (std::uint32_t k = 0; k < depth; ++k)
          tile.weights[n * depth + k] = n == 0 ? lowest_weight(tile.format) : n == 1 ? highest_weight(tile.format) : 0;
        tile.half_scales[n] = 0x3f800000u;
        tile.twice_zeros[n] = (n == 0 ? -128 : 127) - planes.zero;
      }
      expect_right(config, {&tile});
      // One K group more would need another bit: the limit is tight.
      const std::uint64_t term =
          (std::uint64_t{1} << (bits - 1)) * (planes.equal ? planes.planes : (1u << planes.planes) - 1);
      EXPECT_LT(term * depth, std::uint64_t{1} << (config.psum_bits - 1));
      EXPECT_GE(term * (depth + 4), (std::uint64_t{1} << (config.psum_bits - 1)) - 1);
    }
}

TEST_P(LutCoreGemm, AddsUpTheLongestRowThatACommandCanHave) {
  LutCoreConfig config = small_config();
  config.lanes = 6;
  config.psum_bits = 40;
  config.epilogue_lanes = 1;
  config.rows = 1;
  MatrixCoreTile tile(config, GetParam(), 1, 6, 4 * 65535, 4 * 65535, false);
  for (auto& a : tile.activations) a = -128;
  for (std::size_t i = 0; i < tile.weights.size(); ++i)
    tile.weights[i] = i % 2 == 0                    ? lowest_weight(tile.format)
                      : i < tile.weights.size() / 2 ? -1
                                                    : highest_weight(tile.format);
  for (auto& s : tile.half_scales) s = 0x3f800000u;
  for (auto& z : tile.twice_zeros) z = -128 - planes_of(tile.format).zero;
  expect_right(config, {&tile});
}

TEST_P(LutCoreGemm, IsRightBackToBackWithOtherFormats) {
  const LutCoreConfig config = small_config();
  Random random(5);
  std::deque<MatrixCoreTile> tiles;
  std::vector<const MatrixCoreTile*> order;
  for (std::uint64_t i = 0; i < 60; ++i) {
    const WeightFormat format = i % 2 == 0 ? GetParam() : kAllWeightFormats[random.below(std::size(kAllWeightFormats))];
    tiles.emplace_back(config, format, static_cast<std::uint32_t>(random.between(1, 5)),
                       static_cast<std::uint32_t>(random.between(1, 72)),
                       static_cast<std::uint32_t>(random.between(1, 40)),
                       static_cast<std::uint32_t>(4 * random.between(1, 5)), random.below(2) == 0);
    randomize(tiles.back(), config, 1000 + i);
    order.push_back(&tiles.back());
  }
  expect_right(config, order);
}

INSTANTIATE_TEST_SUITE_P(Formats, LutCoreGemm, testing::ValuesIn(kAllWeightFormats),
                         [](const auto& info) { return std::string(to_text(info.param)); });

}  // namespace
}  // namespace lutetia
