// How much the two integer paths for FP16 activations lose in a dot product, against a sum in double: normalised mean
// square error, sum (result - exact)^2 / sum exact^2, K = 2048, b-bit random weights, activations Gaussian or Gaussian
// with 0.5 % outliers of 20x. The yardstick is a table core with floating-point tables: FP16 entries, FP32 partial
// sums.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "base/random.h"
#include "numeric/activation_segment.h"
#include "numeric/float_format.h"
#include "numeric/fp32.h"
#include "numeric/quantized_table.h"

namespace lutetia {
namespace {

constexpr std::size_t kLength = 2048;  // K
constexpr int kWidth = 16;
constexpr int kOutputs = 64, kSeeds = 8;

const NumberFormat& fp16() {
  return *find_number_format("fp16");
}

/// One row of activations as FP16 codes.
std::vector<std::uint32_t> activations(Random& random, bool outliers) {
  std::vector<std::uint32_t> codes(kLength);
  for (std::uint32_t& code : codes) {
    const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
    const double normal = radius * std::cos(2 * 3.14159265358979323846 * random.uniform());  // Box and Muller
    code = encode_float(fp16(), outliers && random.bernoulli(0.005) ? 20 * normal : normal, Overflow::kSaturate);
  }
  return codes;
}

/// What the row's tables hold, in all three ways.
struct Row {
  std::vector<double> exact;  // activations
  std::vector<std::array<float, kHalfTableEntries>> fp16_tables;
  std::vector<AlignedSegment> aligned;
  std::vector<QuantizedSegment> quantized;

  explicit Row(const std::vector<std::uint32_t>& codes) {
    for (const std::uint32_t code : codes) exact.push_back(decode_float(fp16(), code));
    for (std::size_t k = 0; k < kLength; k += kTableGroup) {
      fp16_tables.emplace_back();
      for (std::size_t i = 0; i < kHalfTableEntries; ++i) {
        double sum = -exact[k + 3];
        for (std::size_t j = 0; j < 3; ++j) sum += (i >> j & 1) != 0 ? exact[k + j] : -exact[k + j];
        const std::uint32_t entry = encode_float(fp16(), sum, Overflow::kInfinity);
        fp16_tables.back()[i] = static_cast<float>(decode_float(fp16(), entry));
      }
    }
    for (std::size_t k = 0; k < kLength; k += kSegmentLength) {
      aligned.push_back(align_segment(fp16(), kWidth, &codes[k], kSegmentLength));
      quantized.push_back(quantize_segment(fp16(), kWidth, aligned.back()));
    }
  }
};

/// Sign and index of a lookup: weight bits of plane p of a group, folded as sim/units/lut_core/README.md says.
struct Lookup {
  bool negative;
  std::size_t index;
};
Lookup lookup(const std::uint32_t* codes, int plane) {
  std::uint32_t bits = 0;
  for (std::size_t k = 0; k < kTableGroup; ++k) bits |= (codes[k] >> plane & 1u) << k;
  const bool negative = (bits & 8) != 0;
  return {negative, negative ? ~bits & 7u : bits};
}

struct Errors {
  double exact = 0, fp16_tables = 0, aligned = 0, quantized = 0;  // sums of squares
};

/// One output: weights are the odd integers 2q - (2^b - 1).
void accumulate(const Row& row, const std::vector<std::uint32_t>& weights, int bits, Errors& errors) {
  double exact = 0;
  for (std::size_t k = 0; k < kLength; ++k) exact += row.exact[k] * (2.0 * weights[k] - ((1 << bits) - 1));

  float fp32 = 0;
  std::uint32_t aligned = 0, quantized = 0;  // FP32 bits, as the accumulators of the epilogue hold them
  for (std::size_t s = 0; s < kLength / kSegmentLength; ++s) {
    std::int64_t aligned_sum = 0, quantized_sum = 0;
    for (std::size_t j = 0; j < kSegmentTables; ++j) {
      const std::size_t group = s * kSegmentTables + j;
      const auto table = half_table(&row.aligned[s].values[j * kTableGroup]);
      for (int p = 0; p < bits; ++p) {
        const Lookup l = lookup(&weights[group * kTableGroup], p);
        const int weight = l.negative ? -(1 << p) : 1 << p;
        fp32 += static_cast<float>(weight) * row.fp16_tables[group][l.index];  // the product is exact
        aligned_sum += std::int64_t{weight} * table[l.index];
        quantized_sum += std::int64_t{weight} * row.quantized[s].tables[j][l.index];
      }
    }
    aligned = fp32_fma(fp32_from_int(aligned_sum), row.aligned[s].scale, aligned);
    quantized = fp32_fma(fp32_from_int(quantized_sum), row.quantized[s].scale, quantized);
  }
  const auto square = [](double x) { return x * x; };
  errors.exact += square(exact);
  errors.fp16_tables += square(fp32 - exact);
  errors.aligned += square(static_cast<double>(fp32_value(aligned)) - exact);
  errors.quantized += square(static_cast<double>(fp32_value(quantized)) - exact);
}

Errors normalised(int bits, bool outliers, std::uint64_t first_seed) {
  Errors errors;
  for (std::uint64_t seed = first_seed; seed < first_seed + kSeeds; ++seed) {
    Random random(seed);
    const Row row(activations(random, outliers));
    std::vector<std::uint32_t> weights(kLength);
    for (int n = 0; n < kOutputs; ++n) {
      for (std::uint32_t& weight : weights) weight = static_cast<std::uint32_t>(random.below(1u << bits));
      accumulate(row, weights, bits, errors);
    }
  }
  return {1, errors.fp16_tables / errors.exact, errors.aligned / errors.exact, errors.quantized / errors.exact};
}

TEST(LowBitAccuracy, AlignedIsAsGoodAsFp16TablesAndQuantizedTablesLoseWhatASharedScaleLoses) {
  struct Case {
    int bits;
    bool outliers;
    double known;  // NMSE of one run of a separate Monte Carlo: INT8 tables, a scale per 64 activations, exact division
  };
  const Case cases[] = {{1, false, 6.9e-5}, {1, true, 4.0e-5},  {2, false, 1.5e-5},
                        {2, true, 1.4e-4},  {4, false, 4.3e-5}, {4, true, 1.0e-4}};
  const std::uint64_t seed = 51;
  std::printf("NMSE, seeds %d to %d   FP16 tables, FP32 sums   aligned, 16 bits   quantized tables\n",
              static_cast<int>(seed), static_cast<int>(seed) + kSeeds - 1);
  for (const Case& c : cases) {
    const Errors e = normalised(c.bits, c.outliers, seed);
    std::printf("W%d %-22s %14.2e %20.2e %18.2e\n", c.bits, c.outliers ? "outliers" : "Gaussian", e.fp16_tables,
                e.aligned, e.quantized);
    EXPECT_LE(e.aligned, 2 * e.fp16_tables) << "W" << c.bits << (c.outliers ? " outliers" : "");
    EXPECT_LE(e.quantized, 10 * c.known) << "W" << c.bits << (c.outliers ? " outliers" : "");
    EXPECT_GE(e.quantized, c.known / 10) << "W" << c.bits << (c.outliers ? " outliers" : "");
  }
}

}  // namespace
}  // namespace lutetia
