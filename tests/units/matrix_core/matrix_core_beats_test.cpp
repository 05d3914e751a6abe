// Every beat of every stream, gathered back into the tile it came from: nothing lost, nothing twice, everything in its
// place, for sizes that fill nothing evenly.
#include "units/matrix_core/matrix_core_beats.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/random.h"
#include "numeric/weight_planes.h"

namespace lutetia {
namespace {

/// Values that tell their coordinates.
class Coordinates final : public MatrixCoreOperands {
 public:
  std::int32_t activation(std::uint32_t m, std::uint32_t k) const override {
    return static_cast<std::int32_t>(hash(1, m, k) % 256) - 128;
  }
  std::uint32_t weight_code(std::uint32_t n, std::uint32_t k) const override {
    return static_cast<std::uint32_t>(hash(2, n, k) % 256);
  }
  std::uint32_t scale(std::uint32_t n, std::uint32_t g) const override {
    return static_cast<std::uint32_t>(hash(3, n, g));
  }
  std::int32_t zero(std::uint32_t n, std::uint32_t g) const override {
    return static_cast<std::int32_t>(hash(4, n, g) % 256) - 128;
  }
  std::uint32_t fill(std::uint32_t m, std::uint32_t n) const override {
    return static_cast<std::uint32_t>(hash(5, m, n));
  }
};

struct Case {
  LutCoreConfig config;
  MatrixCoreCommand command;
  Coordinates values;
  explicit Case(std::uint64_t seed) {
    Random random(seed);
    const auto pick = [&](int low, int high) { return static_cast<std::uint32_t>(random.between(low, high)); };
    config.rows = pick(1, 5);
    config.epilogue_lanes = pick(1, 3);
    config.lanes = config.epilogue_lanes * pick(6, 8);
    config.psum_blocks = pick(1, 4);
    command.rows = pick(1, 14);
    command.k_groups = pick(1, 9);
    command.scale_group_length = pick(1, 11);
    command.n_blocks = pick(1, static_cast<int>(config.psum_blocks));
    command.planes = pick(1, 8);
    command.fill = true;
  }
  MatrixCoreBeats beats() const { return {config, command, values}; }
};

constexpr std::uint64_t kCases = 150;

TEST(MatrixCoreBeats, ActivationsComeByRowBlockAndKGroupAndMissingRowsAreZero) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const Case c(seed);
    const MatrixCoreBeats beats = c.beats();
    std::uint64_t index = 0;
    for (std::uint32_t i = 0; i < c.command.row_blocks(c.config); ++i)
      for (std::uint32_t j = 0; j < c.command.k_groups; ++j, ++index) {
        const Payload p = beats.beat(MatrixCorePort::kActivation, index);
        for (std::uint32_t m = 0; m < c.config.rows; ++m)
          for (std::uint32_t k = 0; k < 4; ++k) {
            const std::uint32_t row = i * c.config.rows + m;
            const std::int64_t expected = row < c.command.rows ? c.values.activation(row, 4 * j + k) : 0;
            ASSERT_EQ(p.get_signed((m * 4 + k) * 8, 8), expected) << "seed " << seed;
          }
      }
    ASSERT_EQ(beats.beats(MatrixCorePort::kActivation), index);
  }
}

TEST(MatrixCoreBeats, WeightsComeByRowBlockKGroupBlockAndPlaneAndUnfoldToTheirCodes) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const Case c(seed);
    const MatrixCoreBeats beats = c.beats();
    std::uint64_t index = 0;
    for (std::uint32_t i = 0; i < c.command.row_blocks(c.config); ++i)
      for (std::uint32_t j = 0; j < c.command.k_groups; ++j)
        for (std::uint32_t b = 0; b < c.command.n_blocks; ++b)
          for (std::uint32_t plane = 0; plane < c.command.planes; ++plane, ++index) {
            const Payload p = beats.beat(MatrixCorePort::kWeight, index);
            ASSERT_EQ(p.bits(), c.config.lanes * 4);
            for (std::uint32_t n = 0; n < c.config.lanes; ++n) {
              const auto folded = static_cast<std::uint32_t>(p.get(n * 4, 4));
              const std::uint32_t bits = (folded & 8) != 0 ? 8 | (~folded & 7) : folded;  // fold is its own inverse
              for (std::uint32_t k = 0; k < 4; ++k)
                ASSERT_EQ(bits >> k & 1, c.values.weight_code(b * c.config.lanes + n, 4 * j + k) >> plane & 1)
                    << "seed " << seed;
            }
          }
    ASSERT_EQ(beats.beats(MatrixCorePort::kWeight), index);
  }
}

TEST(MatrixCoreBeats, ScalesComeByRowBlockScaleGroupBlockAndChunk) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const Case c(seed);
    const MatrixCoreBeats beats = c.beats();
    std::uint64_t index = 0;
    for (std::uint32_t i = 0; i < c.command.row_blocks(c.config); ++i)
      for (std::uint32_t g = 0; g < c.command.scale_groups(); ++g)
        for (std::uint32_t lane = 0; lane < c.command.n_blocks * c.config.lanes;
             lane += c.config.epilogue_lanes, ++index) {
          const Payload p = beats.beat(MatrixCorePort::kScale, index);
          for (std::uint32_t e = 0; e < c.config.epilogue_lanes; ++e) {
            ASSERT_EQ(p.get(e * 40, 32), c.values.scale(lane + e, g)) << "seed " << seed;
            ASSERT_EQ(p.get_signed(e * 40 + 32, 8), c.values.zero(lane + e, g));
          }
        }
    ASSERT_EQ(beats.beats(MatrixCorePort::kScale), index);
  }
}

TEST(MatrixCoreBeats, OutputsCoverEveryRowAndLaneOnceWithRowsInnermost) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const Case c(seed);
    std::uint64_t index = 0;
    std::set<std::pair<std::uint32_t, std::uint32_t>> places;
    for (std::uint32_t i = 0; i < c.command.row_blocks(c.config); ++i)
      for (std::uint32_t lane = 0; lane < c.command.n_blocks * c.config.lanes; lane += c.config.epilogue_lanes)
        for (std::uint32_t m = 0; m < c.command.rows_in_block(c.config, i); ++m, ++index) {
          const auto place = MatrixCoreBeats::output_place(c.config, c.command, index);
          ASSERT_EQ(place.row, i * c.config.rows + m) << "seed " << seed;
          ASSERT_EQ(place.lane, lane);
          places.emplace(place.row, place.lane);
        }
    ASSERT_EQ(index, c.command.output_beats(c.config));
    ASSERT_EQ(places.size(), index);
  }
}

TEST(MatrixCoreBeats, FillsComeInTheOrderOfTheOutputsTheyContinue) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const Case c(seed);
    const MatrixCoreBeats beats = c.beats();
    ASSERT_EQ(beats.beats(MatrixCorePort::kFill), c.command.output_beats(c.config));
    for (std::uint64_t index = 0; index < beats.beats(MatrixCorePort::kFill); ++index) {
      const auto place = MatrixCoreBeats::output_place(c.config, c.command, index);
      const Payload p = beats.beat(MatrixCorePort::kFill, index);
      for (std::uint32_t e = 0; e < c.config.epilogue_lanes; ++e)
        ASSERT_EQ(p.get(e * 32, 32), c.values.fill(place.row, place.lane + e)) << "seed " << seed;
    }
  }
}

TEST(MatrixCoreBeats, ACommandWithoutFillHasNoFillBeats) {
  Case c(0);
  c.command.fill = false;
  EXPECT_EQ(c.beats().beats(MatrixCorePort::kFill), 0u);
  EXPECT_EQ(c.beats().beats(MatrixCorePort::kCommand), 1u);
  EXPECT_EQ(c.beats().beat(MatrixCorePort::kCommand, 0), c.command.encode());
}

}  // namespace
}  // namespace lutetia
