// mac_core with FP16 activations: what its configuration demands, what its shape says, what its array adds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/read.h"
#include "numeric/float_format.h"
#include "numeric/fp32.h"
#include "units/mac_core/mac_core_config.h"

namespace lutetia {
namespace {

using testing::HasSubstr;

std::string faults(const std::string& text) {
  MacCoreConfig config;
  Problems problems;
  read_yaml_text(text, "x.yaml", config, problems);
  std::string out;
  for (const Problem& p : problems.items()) out += p.text() + "\n";
  return out;
}

MacCoreConfig fp16_config(std::uint32_t group_length, std::uint32_t weight_bits) {
  MacCoreConfig config;
  config.lanes = 12;
  config.epilogue_lanes = 2;
  config.group_length = group_length;
  config.activation_format = ActivationFormat::kFp16;
  config.activation_bits = 16;
  config.weight_bits = weight_bits;
  return config;
}

TEST(MacCoreFp16, ItsWidthsAreThoseOfTheFormats) {
  EXPECT_EQ(faults("activation_format: fp16\nactivation_bits: 16\n"), "");
  EXPECT_THAT(faults("activation_format: fp16\n"), HasSubstr("FP16 activations have activation_bits 16"));
  EXPECT_THAT(faults("activation_format: fp16\nactivation_bits: 16\npsum_bits: 40\n"),
              HasSubstr("psum_bits must be 32"));
  EXPECT_NE(faults("activation_format: bf16\nactivation_bits: 16\n"), "");
  EXPECT_EQ(faults("activation_format: fp16\nactivation_bits: 16\nweight_bits: 8\ngroup_length: 6\n"), "")
      << "the rule for integer sums, which 32 bits would break with 64 products of 30 bits, is not asked";
}

TEST(MacCoreFp16, ItHasNeitherSegmentsNorRowScales) {
  const MatrixCoreShape shape = fp16_config(4, 4).shape();
  EXPECT_EQ(shape.float_format, find_number_format("fp16"));
  EXPECT_TRUE(shape.float_psums);
  EXPECT_FALSE(shape.row_scales());
  EXPECT_FALSE(shape.headers());
  EXPECT_EQ(shape.epilogue_stages(), 5u) << "the timing of the integer mode";
  EXPECT_EQ(shape.element_bits, 16u);
  EXPECT_EQ(shape.build_interval, 0u);
  EXPECT_EQ(shape.safe_group_elements(1), UINT64_MAX) << "nothing overflows";
  EXPECT_FALSE(MacCoreConfig{}.shape().float_psums);
}

TEST(MacCoreFp16, ALaneAddsItsProductsOrBeginsWithThem) {
  const NumberFormat& fp16 = *find_number_format("fp16");
  for (std::uint32_t group = 2; group <= 6; ++group)
    for (std::uint32_t width = 2; width <= 8; ++width) {
      const MatrixCoreShape shape = fp16_config(group, width).shape();
      std::vector<std::int64_t> activations, operand(group), terms(shape.lanes * shape.array->term_words());
      std::vector<double> values;
      for (std::uint32_t k = 0; k < group; ++k) {
        values.push_back((k % 2 == 0 ? 1.25 : -3.5) * (k + 1));
        // As the act stream's bits are read: sign-extended.
        activations.push_back(static_cast<std::int16_t>(encode_float(fp16, values.back(), Overflow::kInfinity)));
      }
      Payload weights(shape.lanes * group * width);
      std::vector<double> sums(shape.lanes);
      const std::int32_t codes = 1 << width;
      for (std::uint32_t i = 0; i < shape.lanes * group; ++i) {
        const std::int32_t weight = static_cast<std::int32_t>(i * 5) % codes - codes / 2;
        weights.set(i * width, width, static_cast<std::uint64_t>(weight));
        sums[i / group] += values[i % group] * weight;
      }
      shape.array->build(activations.data(), operand.data());
      shape.array->terms(operand.data(), weights, terms.data());
      std::vector<std::int64_t> psums(shape.lanes, kCanonicalNan);  // left by an earlier scale group
      for (const bool replace : {true, false})
        shape.array->accumulate(terms.data(), shape.lanes, 0, replace, psums.data());
      for (std::uint32_t n = 0; n < shape.lanes; ++n)
        ASSERT_EQ(fp32_value(static_cast<std::uint32_t>(psums[n])), 2 * sums[n]) << group << " " << width << " " << n;
      EXPECT_EQ(shape.array->row_sum(operand.data()), 0);
    }
}

}  // namespace
}  // namespace lutetia
