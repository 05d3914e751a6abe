// GEMMs of every awkward size on the cycle bodies of all matrix cores, against the oracle: M, N, K that fill nothing
// evenly, all weight formats that a core runs, K split over commands by fill, and partial sums at the limit that the
// shape states.
#include <gtest/gtest.h>

#include <deque>
#include <tuple>

#include "base/random.h"
#include "cosim/matrix_core_oracle.h"
#include "units/matrix_cores.h"

namespace lutetia {
namespace {

void expect_right(const MatrixCoreShape& shape, const std::vector<const MatrixCoreTile*>& tiles) {
  const std::vector<Payload> out = run_tiles(shape, tiles);
  std::size_t beat = 0;
  for (const MatrixCoreTile* tile : tiles) ASSERT_EQ(matrix_core_check(shape, *tile, out, beat), "");
}

std::uint32_t everyday_fp32(Random& random) {
  return static_cast<std::uint32_t>(random.between(118, 132)) << 23 |
         static_cast<std::uint32_t>(random.next() & 0x807fffffu);
}

void randomize(MatrixCoreTile& t, const MatrixCoreShape& shape, std::uint64_t seed) {
  Random random(seed);
  const std::int64_t top = (std::int64_t{1} << (shape.activation_bits - 1)) - 1;
  for (auto& a : t.activations) a = static_cast<std::int32_t>(random.between(-top - 1, top));
  for (auto& w : t.weights)
    w = static_cast<std::int32_t>(random.between(lowest_weight(t.format), highest_weight(t.format)));
  for (auto& z : t.zeros) z = static_cast<std::int32_t>(random.between(-100, 100));
  for (auto& s : t.scales) s = everyday_fp32(random);
  for (auto& f : t.fills) f = everyday_fp32(random);
}

class MatrixCoresGemm : public testing::TestWithParam<std::tuple<CoreVariant, WeightFormat>> {
 protected:
  MatrixCoreShape shape(const CoreSizes& sizes = {}) const { return std::get<0>(GetParam()).shape(sizes); }
  WeightFormat format() const { return std::get<1>(GetParam()); }
};

TEST_P(MatrixCoresGemm, IsRightForEveryRaggedShape) {
  const MatrixCoreShape shape = this->shape();
  const std::uint32_t widest = shape.lanes * shape.psum_blocks;
  std::uint64_t seed = 1;
  for (const std::uint32_t m : {1u, 2u, 3u, 4u, 5u, 7u})
    for (const std::uint32_t n : {1u, 2u, 3u, 23u, 24u, 25u, 63u, 64u, 65u, widest})
      for (const std::uint32_t k : {1u, 2u, 3u, 4u, 5u, 31u, 63u, 64u, 65u, 130u})
        for (const std::uint32_t group : {shape.group_length, 16 * shape.group_length}) {
          if (group == shape.group_length && k + group / 2 < group) continue;
          MatrixCoreTile tile(shape, format(), m, n, k, group, seed % 3 == 0);
          randomize(tile, shape, ++seed);
          expect_right(shape, {&tile});
          if (HasFatalFailure()) FAIL() << "seed " << seed;
        }
}

TEST_P(MatrixCoresGemm, IsRightWithScaleGroupsThatDoNotDivideK) {
  for (const std::uint32_t bits : {8u, 16u}) {
    CoreSizes sizes;
    sizes.rows = 3;
    sizes.activation_bits = bits;
    sizes.psum_bits = bits == 8 ? 32 : 40;
    const MatrixCoreShape shape = this->shape(sizes);
    for (const std::uint32_t k : {65u, 100u, 255u, 257u})
      for (const std::uint32_t length : {1u, 3u, 8u, 16u, 24u, 64u}) {
        const std::uint32_t group = length * shape.group_length;
        MatrixCoreTile tile(shape, format(), 4, 50, k, group, false);
        randomize(tile, shape, k + group);
        expect_right(shape, {&tile});
        if (HasFatalFailure()) FAIL() << "k " << k << " group " << group;
      }
  }
}

// The output of one command is the fill of the next: the same bits as one command, because FP32 sums run in K order.
TEST_P(MatrixCoresGemm, GivesTheSameBitsWhenKIsSplitOverCommands) {
  const MatrixCoreShape shape = this->shape();
  constexpr std::uint32_t kRows = 5, kOutputs = 61;
  const std::uint32_t group = 8 * shape.group_length, depth = 6 * group - 2;
  MatrixCoreTile whole(shape, format(), kRows, kOutputs, depth, group, false);
  randomize(whole, shape, 99);
  const std::vector<Payload> expected = run_tiles(shape, {&whole});
  std::vector<Payload> last;
  for (const auto& [from, to] :
       std::vector<std::pair<std::uint32_t, std::uint32_t>>{{0, group}, {group, 4 * group}, {4 * group, depth}}) {
    MatrixCoreTile part(shape, format(), kRows, kOutputs, to - from, group, from > 0);
    for (std::uint32_t m = 0; m < kRows; ++m)
      for (std::uint32_t k = from; k < to; ++k)
        part.activations[m * (to - from) + k - from] = whole.activations[m * depth + k];
    for (std::uint32_t n = 0; n < kOutputs; ++n) {
      for (std::uint32_t k = from; k < to; ++k) part.weights[n * (to - from) + k - from] = whole.weights[n * depth + k];
      for (std::uint32_t g = 0; g < part.groups(); ++g) {
        part.scales[n * part.groups() + g] = whole.scales[n * whole.groups() + from / group + g];
        part.zeros[n * part.groups() + g] = whole.zeros[n * whole.groups() + from / group + g];
      }
    }
    for (std::size_t beat = 0; from > 0 && beat < last.size(); ++beat) {
      const auto place = MatrixCoreBeats::output_place(shape, part.command, beat);
      for (std::uint32_t e = 0; e < shape.epilogue_lanes && place.lane + e < kOutputs; ++e)
        part.fills[place.row * kOutputs + place.lane + e] = static_cast<std::uint32_t>(last[beat].get(e * 32, 32));
    }
    last = run_tiles(shape, {&part});
  }
  ASSERT_EQ(last.size(), expected.size());
  for (std::size_t beat = 0; beat < last.size(); ++beat) {
    const auto place = MatrixCoreBeats::output_place(shape, whole.command, beat);
    for (std::uint32_t e = 0; e < shape.epilogue_lanes && place.lane + e < kOutputs; ++e)
      ASSERT_EQ(last[beat].get(e * 32, 32), expected[beat].get(e * 32, 32)) << "beat " << beat << " lane " << e;
  }
}

// All activations at the lowest value, all weights at the worst one, in a scale group of the greatest length.
TEST_P(MatrixCoresGemm, HoldsTheLargestPartialSumThatTheConfigAllows) {
  const WeightPlanes planes = planes_of(format(), shape());
  const std::uint32_t heaviest = shape().weight_bits > 1 ? 1u << (shape().weight_bits - 1)
                                 : planes.equal          ? planes.planes
                                                         : (1u << planes.planes) - 1;
  const std::uint32_t bits_of_weights = shape().weight_bits > 1 ? shape().weight_bits : shape().max_planes;
  for (const std::uint32_t bits : {8u, 16u})
    for (const bool narrow : {true, false}) {
      CoreSizes sizes;
      sizes.activation_bits = bits;
      sizes.psum_bits = narrow ? bits + bits_of_weights + 6 : bits == 8 ? 25 : 33;
      const MatrixCoreShape shape = this->shape(sizes);
      const std::uint64_t safe =
          planes.equal ? shape.safe_group_elements(1) / planes.planes : shape.safe_group_elements(planes.planes);
      const std::uint32_t depth = static_cast<std::uint32_t>(safe / shape.group_length * shape.group_length);
      ASSERT_GE(safe, 64u);
      MatrixCoreTile tile(shape, format(), 2, 3, depth, depth, false);
      for (std::size_t i = 0; i < tile.activations.size(); ++i)
        tile.activations[i] = (i < depth ? -1 : 1) * (1 << (bits - 1)) + (i < depth ? 0 : -1);
      for (std::uint32_t n = 0; n < 3; ++n) {
        for (std::uint32_t k = 0; k < depth; ++k)
          tile.weights[n * depth + k] = n == 0 ? lowest_weight(tile.format) : n == 1 ? highest_weight(tile.format) : 0;
        tile.scales[n] = 0x3f800000u;
        tile.zeros[n] = (n == 0 ? -128 : 127) - planes.zero;
      }
      expect_right(shape, {&tile});
      // One K group more would need another bit: the limit is tight.
      const std::uint64_t term = (std::uint64_t{1} << (bits - 1)) * heaviest;
      EXPECT_LT(term * depth, std::uint64_t{1} << (shape.psum_bits - 1));
      EXPECT_GE(term * (depth + shape.group_length), (std::uint64_t{1} << (shape.psum_bits - 1)) - 1);
    }
}

TEST_P(MatrixCoresGemm, AddsUpTheLongestRowThatACommandCanHave) {
  CoreSizes sizes;
  sizes.lanes = 6;
  sizes.psum_bits = 40;
  sizes.epilogue_lanes = 1;
  sizes.rows = 1;
  const MatrixCoreShape shape = this->shape(sizes);
  MatrixCoreTile tile(shape, format(), 1, 6, shape.group_length * 65535, shape.group_length * 65535, false);
  for (auto& a : tile.activations) a = -128;
  for (std::size_t i = 0; i < tile.weights.size(); ++i)
    tile.weights[i] = i % 2 == 0                    ? lowest_weight(tile.format)
                      : i < tile.weights.size() / 2 ? -1
                                                    : highest_weight(tile.format);
  for (auto& s : tile.scales) s = 0x3f800000u;
  for (auto& z : tile.zeros) z = -128 - tile.planes.zero;
  expect_right(shape, {&tile});
}

TEST_P(MatrixCoresGemm, IsRightBackToBackWithOtherFormats) {
  const MatrixCoreShape shape = this->shape();
  Random random(5);
  std::deque<MatrixCoreTile> tiles;
  std::vector<const MatrixCoreTile*> order;
  for (std::uint64_t i = 0; i < 60; ++i) {
    const WeightFormat format =
        i % 2 == 0 ? this->format() : kAllWeightFormats[random.below(std::size(kAllWeightFormats))];
    if (!runs(format, shape)) continue;
    tiles.emplace_back(shape, format, static_cast<std::uint32_t>(random.between(1, 5)),
                       static_cast<std::uint32_t>(random.between(1, 72)),
                       static_cast<std::uint32_t>(random.between(1, 40)),
                       static_cast<std::uint32_t>(shape.group_length * random.between(1, 5)), random.below(2) == 0);
    randomize(tiles.back(), shape, 1000 + i);
    order.push_back(&tiles.back());
  }
  expect_right(shape, order);
}

std::vector<std::tuple<CoreVariant, WeightFormat>> all_cores_and_formats() {
  std::vector<std::tuple<CoreVariant, WeightFormat>> all;
  for (const CoreVariant& core : kAllCores)
    for (const WeightFormat format : kAllWeightFormats)
      if (runs(format, core.shape({}))) all.emplace_back(core, format);
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, MatrixCoresGemm, testing::ValuesIn(all_cores_and_formats()), [](const auto& info) {
  return std::string(std::get<0>(info.param).name) + "_" + to_text(std::get<1>(info.param));
});

}  // namespace
}  // namespace lutetia
