// Every beat of every stream, gathered back into the tile it came from: nothing lost, nothing twice, everything in its
// place, for sizes that fill nothing evenly.
#include "units/matrix_core/matrix_core_beats.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/random.h"
#include "numeric/quantized_table.h"
#include "numeric/weight_planes.h"

namespace lutetia {
namespace {

/// Values that tell their coordinates.
class Coordinates final : public MatrixCoreOperands {
 public:
  bool codes = false;  ///< activations are codes of 8 bits, no integers
  std::int32_t activation(std::uint32_t m, std::uint32_t k) const override {
    return static_cast<std::int32_t>(hash(1, m, k) % 256) - (codes ? 0 : 128);
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
  MatrixCoreShape shape;
  MatrixCoreCommand command;
  Coordinates values;
  explicit Case(std::uint64_t seed) {
    Random random(seed);
    const auto pick = [&](int low, int high) { return static_cast<std::uint32_t>(random.between(low, high)); };
    shape.rows = pick(1, 5);
    shape.epilogue_lanes = pick(1, 3);
    shape.lanes = shape.epilogue_lanes * pick(6, 8);
    shape.psum_blocks = pick(1, 4);
    shape.group_length = pick(2, 6);
    shape.row_elements = shape.group_length;
    shape.weight_bits = pick(0, 2) == 0 ? pick(2, 8) : 1;
    shape.folded = shape.weight_bits == 1 && pick(0, 1) == 0;
    command.rows = pick(1, 14);
    command.k_groups = pick(1, 9);
    command.scale_group_length = pick(1, 11);
    command.n_blocks = pick(1, static_cast<int>(shape.psum_blocks));
    command.planes = shape.weight_bits == 1 ? pick(1, 8) : 1;
    command.fill = true;
  }
  MatrixCoreBeats beats() const { return {shape, command, values}; }
};

constexpr std::uint64_t kCases = 150;

TEST(MatrixCoreBeats, ActivationsComeByRowBlockAndKGroupAndMissingRowsAreZero) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const Case c(seed);
    const MatrixCoreBeats beats = c.beats();
    std::uint64_t index = 0;
    for (std::uint32_t i = 0; i < c.command.row_blocks(c.shape); ++i)
      for (std::uint32_t j = 0; j < c.command.k_groups; ++j, ++index) {
        const Payload p = beats.beat(MatrixCorePort::kActivation, index);
        for (std::uint32_t m = 0; m < c.shape.rows; ++m)
          for (std::uint32_t k = 0; k < c.shape.group_length; ++k) {
            const std::uint32_t row = i * c.shape.rows + m;
            const std::int64_t expected =
                row < c.command.rows ? c.values.activation(row, c.shape.group_length * j + k) : 0;
            ASSERT_EQ(p.get_signed((m * c.shape.group_length + k) * 8, 8), expected) << "seed " << seed;
          }
      }
    ASSERT_EQ(beats.beats(MatrixCorePort::kActivation), index);
  }
}

TEST(MatrixCoreBeats, WeightsComeByRowBlockKGroupBlockAndPlaneAsBitsFoldedBitsOrIntegers) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const Case c(seed);
    const MatrixCoreBeats beats = c.beats();
    std::uint64_t index = 0;
    for (std::uint32_t i = 0; i < c.command.row_blocks(c.shape); ++i)
      for (std::uint32_t j = 0; j < c.command.k_groups; ++j)
        for (std::uint32_t b = 0; b < c.command.n_blocks; ++b)
          for (std::uint32_t plane = 0; plane < c.command.planes; ++plane, ++index) {
            const Payload p = beats.beat(MatrixCorePort::kWeight, index);
            const std::uint32_t length = c.shape.group_length, width = c.shape.weight_bits;
            ASSERT_EQ(p.bits(), c.shape.lanes * length * width);
            for (std::uint32_t n = 0; n < c.shape.lanes; ++n) {
              std::uint64_t bits = p.get(n * length * width, length * width);
              if (c.shape.folded) bits = fold(static_cast<std::uint32_t>(bits), length);  // its own inverse
              for (std::uint32_t k = 0; k < length; ++k) {
                const std::uint64_t code = c.values.weight_code(b * c.shape.lanes + n, length * j + k) >> plane;
                ASSERT_EQ((bits >> k * width ^ code) & ((1u << width) - 1), 0u) << "seed " << seed;
              }
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
    for (std::uint32_t i = 0; i < c.command.row_blocks(c.shape); ++i)
      for (std::uint32_t g = 0; g < c.command.scale_groups(); ++g)
        for (std::uint32_t lane = 0; lane < c.command.n_blocks * c.shape.lanes;
             lane += c.shape.epilogue_lanes, ++index) {
          const Payload p = beats.beat(MatrixCorePort::kScale, index);
          for (std::uint32_t e = 0; e < c.shape.epilogue_lanes; ++e) {
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
    for (std::uint32_t i = 0; i < c.command.row_blocks(c.shape); ++i)
      for (std::uint32_t lane = 0; lane < c.command.n_blocks * c.shape.lanes; lane += c.shape.epilogue_lanes)
        for (std::uint32_t m = 0; m < c.command.rows_in_block(c.shape, i); ++m, ++index) {
          const auto place = MatrixCoreBeats::output_place(c.shape, c.command, index);
          ASSERT_EQ(place.row, i * c.shape.rows + m) << "seed " << seed;
          ASSERT_EQ(place.lane, lane);
          places.emplace(place.row, place.lane);
        }
    ASSERT_EQ(index, c.command.output_beats(c.shape));
    ASSERT_EQ(places.size(), index);
  }
}

TEST(MatrixCoreBeats, FillsComeInTheOrderOfTheOutputsTheyContinue) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const Case c(seed);
    const MatrixCoreBeats beats = c.beats();
    ASSERT_EQ(beats.beats(MatrixCorePort::kFill), c.command.output_beats(c.shape));
    for (std::uint64_t index = 0; index < beats.beats(MatrixCorePort::kFill); ++index) {
      const auto place = MatrixCoreBeats::output_place(c.shape, c.command, index);
      const Payload p = beats.beat(MatrixCorePort::kFill, index);
      for (std::uint32_t e = 0; e < c.shape.epilogue_lanes; ++e)
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

/// The half table of a group of four.
class HalfTables final : public MatrixCoreArray {
 public:
  std::uint32_t operand_words() const override { return kHalfTableEntries; }
  void build(const std::int64_t* a, std::int64_t* operand) const override {
    const std::int32_t group[] = {static_cast<std::int32_t>(a[0]), static_cast<std::int32_t>(a[1]),
                                  static_cast<std::int32_t>(a[2]), static_cast<std::int32_t>(a[3])};
    const auto table = half_table(group);
    std::copy(table.begin(), table.end(), operand);
  }
  std::int64_t row_sum(const std::int64_t*) const override { return 0; }
  void terms(const std::int64_t*, const Payload&, std::int64_t*) const override {}
};

TEST(MatrixCoreBeats, ReadyMadeFloatingPointTablesComeBySegmentBehindTheirRowScales) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Case c(seed);
    const NumberFormat& format = *find_number_format("fp8_e5m2");
    c.shape.float_format = &format;
    c.shape.segment_groups = 16;
    c.values.codes = true;
    c.shape.group_length = 4;
    c.shape.row_elements = kHalfTableEntries;
    c.shape.ready_operands = true;
    c.shape.quantized_tables = seed % 2 == 0;
    c.shape.element_bits = c.shape.quantized_tables ? 8 : 11;
    c.shape.array = std::make_shared<HalfTables>();
    const MatrixCoreBeats beats = c.beats();
    const std::uint32_t length = c.command.scale_group_length;
    std::uint64_t index = 0;
    for (std::uint32_t i = 0; i < c.command.row_blocks(c.shape); ++i)
      for (std::uint32_t g = 0; g < c.command.scale_groups(); ++g) {
        for (std::uint32_t m = 0; m < c.command.rows_in_block(c.shape, i); ++m) {
          std::vector<std::uint32_t> codes;
          for (std::uint32_t k = 4 * g * length; k < 4 * (g * length + c.command.k_groups_in(g)); ++k)
            codes.push_back(static_cast<std::uint32_t>(c.values.activation(i * c.shape.rows + m, k)));
          const AlignedSegment aligned = align_segment(format, 8, codes.data(), codes.size());
          const QuantizedSegment quantized = quantize_segment(format, 8, aligned);
          ASSERT_EQ(beats.beat(MatrixCorePort::kActivation, index).get(m * 32, 32),
                    c.shape.quantized_tables ? quantized.scale : aligned.scale);
          for (std::uint32_t j = 0; j < c.command.k_groups_in(g); ++j) {
            const Payload p = beats.beat(MatrixCorePort::kActivation, index + 1 + j);
            const auto exact = half_table(&aligned.values[4 * j]);
            for (std::uint32_t e = 0; e < kHalfTableEntries; ++e)
              ASSERT_EQ(p.get_signed((m * kHalfTableEntries + e) * c.shape.element_bits, c.shape.element_bits),
                        c.shape.quantized_tables ? quantized.tables[j][e] : exact[e]);
          }
        }
        index += c.command.k_groups_in(g) + 1;
      }
    ASSERT_EQ(beats.beats(MatrixCorePort::kActivation), index);
  }
}

}  // namespace
}  // namespace lutetia
