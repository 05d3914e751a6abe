// The segment stage alone against numeric/: what it emits of a segment is what activation_segment.h and
// quantized_table.h make of the segment's codes, for every format, whatever the pace of those around it.
#include "units/matrix_core/matrix_core_segment_stage.h"

#include <gtest/gtest.h>

#include "numeric/float_format.h"
#include "numeric/fp32.h"
#include "units/matrix_core/random_shape.h"

namespace lutetia {
namespace {

/// Codes of one command, by row and K group; rows and elements that do not exist are 0.
struct Codes {
  MatrixCoreShape shape;
  MatrixCoreCommand command;
  std::uint32_t depth;  ///< K
  std::vector<std::uint32_t> codes;

  Codes(Generator& random, OperandKind kind, std::uint32_t special_per_mille)
      : shape(random_shape(random, kind)), command(random_command(random, shape)) {
    depth = 4 * command.k_groups - pick(random, 0, 3);
    const std::uint32_t spread = pick(random, 1, 1u << shape.float_format->exponent);  // of the exponent fields
    const std::uint32_t lowest = pick(random, 0, (1u << shape.float_format->exponent) - spread);
    codes.resize(std::size_t{command.row_blocks(shape)} * shape.rows * command.k_groups * 4);
    for (std::uint32_t m = 0; m < command.rows; ++m)
      for (std::uint32_t k = 0; k < depth; ++k) at(m, k) = random_code(random, lowest, spread, special_per_mille);
  }
  std::uint32_t random_code(Generator& random, std::uint32_t lowest, std::uint32_t spread, std::uint32_t special) {
    const NumberFormat& f = *shape.float_format;
    const std::uint32_t ones = (1u << (f.bits - 1)) - 1;
    if (pick(random, 0, 999) < special) return pick(random, 0, 1) == 0 ? ones : ones - ((1u << f.mantissa) - 1);
    if (pick(random, 0, 9) == 0) return pick(random, 0, 1) << (f.bits - 1);  // +-0
    const std::uint32_t code = (lowest + pick(random, 0, spread - 1)) << f.mantissa |
                               pick(random, 0, 1) << (f.bits - 1) | pick(random, 0, (1u << f.mantissa) - 1);
    return is_special(f, code) ? 0 : code;
  }
  std::uint32_t& at(std::uint32_t m, std::uint32_t k) { return codes[std::size_t{m} * command.k_groups * 4 + k]; }
  Payload beat(std::uint32_t block, std::uint32_t group) {
    Payload p(shape.rows * 4 * shape.element_bits);
    for (std::uint32_t m = 0; m < shape.rows; ++m)
      for (std::uint32_t k = 0; k < 4; ++k)
        p.set((m * 4 + k) * shape.element_bits, shape.element_bits, at(block * shape.rows + m, 4 * group + k));
    return p;
  }
  AlignedSegment segment(std::uint32_t m, std::uint32_t g) {
    return align_segment(*shape.float_format, static_cast<int>(shape.activation_bits),
                         &at(m, 4 * g * command.scale_group_length), 4 * command.k_groups_in(g));
  }
};

/// Emitted K groups and row scales in the order of the contract, compared one by one.
class Checker {
 public:
  explicit Checker(Codes& codes) : c_(codes) {}

  void emitted(const MatrixCoreSegmentStage& stage) {
    const std::uint32_t block = group_ / c_.command.k_groups, j = group_ % c_.command.k_groups;
    const std::uint32_t g = j / c_.command.scale_group_length, inside = j % c_.command.scale_group_length;
    for (std::uint32_t r = 0; r < c_.shape.rows; ++r) {
      const AlignedSegment segment = c_.segment(block * c_.shape.rows + r, g);
      for (std::uint32_t k = 0; k < 4; ++k)
        ASSERT_EQ(stage.emitted(r)[k], segment.values[4 * inside + k]) << "group " << group_ << " row " << r;
      if (!c_.shape.quantized_tables) continue;
      const QuantizedSegment quantized =
          quantize_segment(*c_.shape.float_format, static_cast<int>(c_.shape.activation_bits), segment);
      ASSERT_EQ(stage.ratio(r).multiplier, quantized.ratio.multiplier) << "group " << group_ << " row " << r;
      ASSERT_EQ(stage.ratio(r).shift, quantized.ratio.shift);
      const auto table = half_table(&segment.values[4 * inside]);
      for (std::size_t e = 0; e < kHalfTableEntries; ++e)
        ASSERT_EQ(quantize_entry(table[e], stage.ratio(r)), quantized.tables[inside][e]);
    }
    ++group_;
  }
  void drained(const MatrixCoreSegmentStage& stage) {
    const std::uint32_t block = segment_ / c_.command.scale_groups(), g = segment_ % c_.command.scale_groups();
    for (std::uint32_t r = 0; r < c_.shape.rows; ++r) {
      const AlignedSegment segment = c_.segment(block * c_.shape.rows + r, g);
      const std::uint32_t scale =
          c_.shape.quantized_tables
              ? quantize_segment(*c_.shape.float_format, static_cast<int>(c_.shape.activation_bits), segment).scale
              : segment.scale;
      ASSERT_EQ(stage.row_scale(r), scale) << "segment " << segment_ << " row " << r;
      if (segment.poisoned) {
        ASSERT_EQ(scale, kCanonicalNan);
        ++poisoned_;
      }
    }
    ++segment_;
  }
  /// Segments of which the first K group was emitted, so that their row scales stand in the FIFO or are gone.
  std::uint32_t begun() const {
    const std::uint32_t length = c_.command.scale_group_length, groups = c_.command.k_groups;
    const std::uint32_t inside = group_ % groups;
    return group_ / groups * c_.command.scale_groups() + (inside + length - 1) / length;
  }
  std::uint32_t group() const { return group_; }
  std::uint32_t segment() const { return segment_; }
  std::uint32_t poisoned() const { return poisoned_; }

 private:
  Codes& c_;
  std::uint32_t group_ = 0, segment_ = 0, poisoned_ = 0;
};

/// Rows of segments that were poisoned.
std::uint32_t expect_right(OperandKind kind, std::uint64_t seed, std::uint32_t special_per_mille) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Generator random(seed);
  Codes codes(random, kind, special_per_mille);
  const MatrixCoreCommand& command = codes.command;
  const std::uint32_t blocks = command.row_blocks(codes.shape), groups = blocks * command.k_groups;
  const std::uint32_t offer = pick(random, 1, 3), take = pick(random, 1, 3), drain = pick(random, 1, 8);  // one in
  MatrixCoreSegmentStage stage(codes.shape);
  stage.accept(command);
  Checker checker(codes);
  std::deque<Payload> activations;
  std::uint32_t offered = 0, quiet = 0;
  while ((checker.segment() < blocks * command.scale_groups() || checker.group() < groups) &&
         !testing::Test::HasFatalFailure()) {
    if (++quiet > 1000) {
      ADD_FAILURE() << "hangs after K group " << checker.group();
      return 0;
    }
    const bool taken = stage.emit_valid() && pick(random, 1, take) == 1;
    const bool drained = checker.segment() < checker.begun() && pick(random, 1, drain) == 1;
    if (taken) checker.emitted(stage);
    if (drained) checker.drained(stage);
    if (taken || drained) quiet = 0;
    EXPECT_LE(checker.begun(), checker.segment() + MatrixCoreSegmentStage::kRowScaleDepth);
    stage.clock(activations, taken, drained);
    if (offered < groups && activations.size() < 2 && pick(random, 1, offer) == 1) {
      activations.push_back(codes.beat(offered / command.k_groups, offered % command.k_groups));
      ++offered;
    }
  }
  EXPECT_EQ(checker.group(), groups);
  EXPECT_TRUE(stage.idle());
  return checker.poisoned();
}

class MatrixCoreSegmentStageOn : public testing::TestWithParam<OperandKind> {};

TEST_P(MatrixCoreSegmentStageOn, EmitsTheIntegersAndScalesOfEverySegment) {
  for (std::uint64_t seed = 0; seed < 400 && !HasFailure(); ++seed) expect_right(GetParam(), seed, 0);
}

TEST_P(MatrixCoreSegmentStageOn, PoisonsExactlyTheRowsAndSegmentsWithANanOrAnInfinity) {
  std::uint32_t poisoned = 0;
  for (std::uint64_t seed = 1000; seed < 1400 && !HasFailure(); ++seed) poisoned += expect_right(GetParam(), seed, 20);
  EXPECT_GT(poisoned, 500u);
}

/// Nothing is taken and nothing drained: it holds two segments of codes, with quantized tables two of integers, and a K
/// group in the emit register.
TEST_P(MatrixCoreSegmentStageOn, TakesTwoSegmentsAheadOfEachOfItsHalves) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Generator random(seed);
    Codes codes(random, GetParam(), 0);
    MatrixCoreCommand& command = codes.command;
    const std::uint32_t length = codes.shape.segment_groups;
    command.rows = 1;
    command.k_groups = 65535;
    command.scale_group_length = length;
    MatrixCoreSegmentStage stage(codes.shape);
    stage.accept(command);
    std::uint32_t popped = 0;
    for (std::uint32_t cycle = 0; cycle < 10 * length + 50; ++cycle) {
      std::deque<Payload> activations = {Payload(codes.shape.rows * 4 * codes.shape.element_bits)};
      stage.clock(activations, false, false);
      popped += activations.empty() ? 1 : 0;
    }
    const std::uint32_t halves = GetParam() == OperandKind::kQuantized ? 4 : 2;
    EXPECT_EQ(popped, halves * length + (length == 1 ? 1 : 0)) << "segments of " << length;
    EXPECT_TRUE(stage.emit_valid());
    EXPECT_FALSE(stage.idle());
  }
}

INSTANTIATE_TEST_SUITE_P(Paths, MatrixCoreSegmentStageOn,
                         testing::Values(OperandKind::kAligned, OperandKind::kQuantized),
                         [](const auto& info) { return std::string(to_text(info.param)); });

/// Headers of ready-made tables: only while a command is there and the FIFO of row scales has room.
TEST(MatrixCoreSegmentStage, TakesAHeaderBeforeEverySegmentOfReadyMadeTablesIfAFifoSlotIsFree) {
  Generator random(1);
  MatrixCoreShape shape = random_shape(random, OperandKind::kReadyFloats);
  MatrixCoreCommand command;
  command.k_groups = 6;
  command.scale_group_length = 1;
  MatrixCoreSegmentStage stage(shape);
  std::deque<Payload> activations(1, Payload(shape.rows * shape.row_elements * shape.element_bits));
  stage.clock(activations, false, false);
  EXPECT_EQ(activations.size(), 1u) << "no command yet";
  stage.accept(command);
  stage.clock(activations, false, false);
  EXPECT_EQ(activations.size(), 1u) << "the command is being loaded";
  for (std::uint32_t segment = 0; segment < 4; ++segment) {
    activations.assign(1, Payload(shape.rows * shape.row_elements * shape.element_bits));
    activations.front().set(0, 32, 0x3f800000u + segment);
    EXPECT_TRUE(stage.header_due());
    stage.clock(activations, false, false);
    EXPECT_TRUE(activations.empty()) << segment;
    EXPECT_FALSE(stage.header_due());
    stage.clock(activations, true, false);  // the K group of the segment went to the operands
  }
  activations.assign(1, Payload(shape.rows * shape.row_elements * shape.element_bits));
  activations.front().set(0, 32, 0x40000000u);
  stage.clock(activations, false, false);
  EXPECT_EQ(activations.size(), 1u) << "four row scales wait";
  EXPECT_EQ(stage.row_scale(0), 0x3f800000u);
  stage.clock(activations, false, true);
  EXPECT_EQ(activations.size(), 1u) << "a slot popped in t can be written in t + 1";
  EXPECT_EQ(stage.row_scale(0), 0x3f800001u);
  stage.clock(activations, false, false);
  EXPECT_TRUE(activations.empty());
}

}  // namespace
}  // namespace lutetia
