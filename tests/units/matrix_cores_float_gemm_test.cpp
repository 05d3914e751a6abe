// GEMMs with floating-point activations on the cycle body: every format and path, tables built near the array or
// arriving ready-made, ragged segments, K that is no multiple of 4, NaNs and infinities. Expected are integers straight
// from numeric/activation_segment.h and numeric/quantized_table.h, then exact FP32 in K order.
#include <gtest/gtest.h>

#include "base/random.h"
#include "cosim/exact_fp32.h"
#include "numeric/float_format.h"
#include "numeric/fp32.h"
#include "numeric/quantized_table.h"
#include "units/matrix_cores.h"

namespace lutetia {
namespace {

struct FloatCase {
  LutCoreConfig config;
  MatrixCoreShape shape;
  std::uint32_t specials = 0;  ///< one code in so many; 0 = none

  explicit FloatCase(Random& random, ActivationFormat format, FloatPath path, TablePlacement placement) {
    const auto pick = [&random](int low, int high) { return static_cast<std::uint32_t>(random.between(low, high)); };
    config.activation_format = format;
    config.float_path = path;
    config.table_placement = placement;
    const bool narrow = format == ActivationFormat::kFp8E4m3 || format == ActivationFormat::kFp8E5m2;
    config.activation_bits = narrow ? 8 * pick(1, 2) : 16;
    config.psum_bits = 40;
    config.table_generators = pick(1, 2);
    config.rows = config.table_generators * (placement == TablePlacement::kFused ? 1 : pick(1, 3));
    config.epilogue_lanes = pick(1, 3);
    config.lanes = config.epilogue_lanes * pick(7, 9);
    config.psum_blocks = pick(1, 2);
    config.segment_groups = random.below(3) == 0 ? pick(1, 2) : pick(1, 16);
    config.symmetric = random.below(4) != 0;
    config.fold = config.symmetric && random.below(2) == 0;
    shape = config.shape();
    specials = random.below(3) == 0 ? 100 : 0;
  }
  std::uint32_t random_code(Random& random) const {
    const NumberFormat& f = *shape.float_format;
    const std::uint32_t ones = (1u << (f.bits - 1)) - 1;
    if (specials != 0 && random.below(specials) == 0) return ones;  // NaN in every format
    // Within a few binades of 1, so that everything counts; now and then far below.
    const auto exponent =
        static_cast<std::uint32_t>(f.bias - (random.below(4) == 0 ? random.below(7) : random.below(3)));
    return exponent << f.mantissa | static_cast<std::uint32_t>(random.below(1u << f.mantissa)) |
           static_cast<std::uint32_t>(random.below(2)) << (f.bits - 1);
  }
};

struct IntegerSegment {
  exact::Int value = 0;     ///< sum of terms minus zero times row sum
  std::uint32_t scale = 0;  ///< of the row
};

IntegerSegment expected_segment(const FloatCase& c, const MatrixCoreTile& t, std::uint32_t m, std::uint32_t n,
                                std::uint32_t g) {
  const int width = static_cast<int>(c.config.activation_bits);
  const std::uint32_t first = g * t.scale_group(), groups = t.command.k_groups_in(g);
  std::vector<std::uint32_t> codes;
  for (std::uint32_t k = first; k < first + 4 * groups; ++k)
    codes.push_back(static_cast<std::uint32_t>(t.activation(m, k)));
  const AlignedSegment aligned = align_segment(*c.shape.float_format, width, codes.data(), codes.size());
  const std::int32_t zero = t.zeros[std::size_t{n} * t.groups() + g];
  IntegerSegment out{0, aligned.scale};
  if (!c.shape.quantized_tables) {
    for (std::uint32_t k = first; k < t.depth && k < first + 4 * groups; ++k)
      out.value += exact::Int{aligned.values[k - first]} * (2 * t.weights[std::size_t{n} * t.depth + k] - zero);
    return out;
  }
  const QuantizedSegment quantized = quantize_segment(*c.shape.float_format, width, aligned);
  out.scale = quantized.scale;
  for (std::uint32_t j = 0; j < groups; ++j) {
    for (std::uint32_t plane = 0; plane < t.planes.planes; ++plane) {
      std::uint32_t bits = 0;
      for (std::uint32_t k = 0; k < 4; ++k) bits |= (t.weight_code(n, first + 4 * j + k) >> plane & 1) << k;
      const std::int32_t entry = (bits & 8) != 0 ? -quantized.tables[j][~bits & 7] : quantized.tables[j][bits];
      out.value += exact::Int{entry} * (t.planes.equal ? 1 : 1 << plane);
    }
    out.value += exact::Int{t.planes.zero + zero} * quantized.tables[j][0];  // the row sum is -T[0]
  }
  return out;
}

/// Outputs that are NaN.
std::uint64_t expect_right(const FloatCase& c, const MatrixCoreTile& t) {
  std::uint64_t nans = 0;
  const std::vector<Payload> out = run_tiles(c.shape, {&t});
  for (std::size_t beat = 0; beat < out.size(); ++beat) {
    const auto place = MatrixCoreBeats::output_place(c.shape, t.command, beat);
    for (std::uint32_t e = 0; e < c.shape.epilogue_lanes && place.lane + e < t.outputs; ++e) {
      const std::uint32_t n = place.lane + e;
      std::uint32_t sum = t.command.fill ? t.fills[std::size_t{place.row} * t.outputs + n] : 0;
      for (std::uint32_t g = 0; g < t.groups(); ++g) {
        const IntegerSegment segment = expected_segment(c, t, place.row, n, g);
        const std::uint32_t factor = fp32_multiply(t.scales[std::size_t{n} * t.groups() + g], segment.scale);
        sum = exact::fma(exact::from_int(segment.value), factor, sum);
      }
      EXPECT_EQ(out[beat].get(e * 32, 32), sum) << "O[" << place.row << "][" << n << "]";
      if (testing::Test::HasFailure()) return nans;
      nans += sum == kCanonicalNan ? 1 : 0;
    }
  }
  return nans;
}

class FloatGemm : public testing::TestWithParam<std::tuple<ActivationFormat, FloatPath, TablePlacement>> {};

TEST_P(FloatGemm, IsRightForRandomShapesSegmentsAndSpecialCodes) {
  const auto [format, path, placement] = GetParam();
  std::uint64_t nans = 0;
  for (std::uint64_t seed = 0; seed < 120 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const FloatCase c(random, format, path, placement);
    WeightFormat weights = kAllWeightFormats[random.below(std::size(kAllWeightFormats))];
    if (!runs(weights, c.shape)) weights = WeightFormat::kTernary;
    const auto most = static_cast<std::int64_t>(c.shape.lanes) * c.shape.psum_blocks;
    MatrixCoreTile tile(
        c.shape, weights, static_cast<std::uint32_t>(random.between(1, 3 * c.shape.rows)),
        static_cast<std::uint32_t>(random.between(1, most)), static_cast<std::uint32_t>(random.between(1, 150)),
        4 * static_cast<std::uint32_t>(random.between(1, c.shape.segment_groups)), random.below(3) == 0);
    for (auto& a : tile.activations) a = static_cast<std::int32_t>(c.random_code(random));
    for (auto& w : tile.weights)
      w = static_cast<std::int32_t>(random.between(lowest_weight(weights), highest_weight(weights)));
    for (auto& z : tile.zeros) z = static_cast<std::int32_t>(random.between(-100, 100));
    for (auto* values : {&tile.scales, &tile.fills})
      for (auto& v : *values)
        v = static_cast<std::uint32_t>(random.between(118, 132)) << 23 |
            static_cast<std::uint32_t>(random.next() & 0x807fffffu);
    nans += expect_right(c, tile);
  }
  EXPECT_GT(nans, 100u) << "special codes never came";
}

std::string name_of(const testing::TestParamInfo<FloatGemm::ParamType>& info) {
  constexpr const char* kFormats[] = {"integer", "fp16", "bf16", "fp8_e4m3", "fp8_e5m2"};
  const auto [format, path, placement] = info.param;
  return std::string(kFormats[static_cast<int>(format)]) + (path == FloatPath::kAligned ? "_aligned" : "_quantized") +
         (placement == TablePlacement::kFused ? "_fused" : "_near_array");
}

INSTANTIATE_TEST_SUITE_P(All, FloatGemm,
                         testing::Combine(testing::Values(ActivationFormat::kFp16, ActivationFormat::kBf16,
                                                          ActivationFormat::kFp8E4m3, ActivationFormat::kFp8E5m2),
                                          testing::Values(FloatPath::kAligned, FloatPath::kQuantizedTable),
                                          testing::Values(TablePlacement::kNearArray, TablePlacement::kFused)),
                         name_of);

}  // namespace
}  // namespace lutetia
