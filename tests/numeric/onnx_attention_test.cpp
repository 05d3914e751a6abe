// The node tests of ONNX's Attention operator, run by the functional model of the attention unit in FP16. Three
// tolerances, each with its owner:
//   ONNX      |y - Y| <= 1e-7 + 1e-3 |Y|, element by element: rtol and atol of ONNX's own backend test runner. Printed
//             is the largest ratio of the two sides. FP16 inputs and results can reach it because the inputs are
//             between 0 and 1: results are averages without cancellation.
//   flash     max |y - Y| <= 2 max |y16 - Y| + 1e-5 per case: FlashAttention's criterion, y16 being attention of which
//             every operation is rounded to FP16. For FP32 cases it is what FP16 inputs allow.
//   project   relative RMSE against double precision on the same FP16 inputs <= 5e-4: the project's target.
// Skipped without ../shared/data.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "numeric/attention_operands.h"
#include "numeric/attention_reference.h"
#include "numeric/onnx_attention_rows.h"

namespace lutetia {
namespace {

constexpr std::size_t kBlock = 4;

/// What the unit does not do, and why. A case with one of these is not run, an output of these not compared.
struct Unsupported {
  const char* what;
  const char* reason;
};
const Unsupported kSoftcap = {"softcap", "tanh between scores and softmax: the unit's softmax has no place for it"};
const Unsupported kUnsupportedOutputs[] = {
    {"qk_matmul_output", "scores stay inside the unit: not having to write them is its purpose"},
    {"present_key", "the cache's, which appends keys in memory: no arithmetic"},
    {"present_value", "likewise"},
};

const std::set<std::string> kSkipped = {
    "test_attention_3d_diff_heads_sizes_softcap",
    "test_attention_3d_gqa_softcap",
    "test_attention_3d_with_past_and_present_qk_matmul_softcap",
    "test_attention_4d_gqa_softcap",
    "test_attention_4d_softcap",
    "test_attention_4d_softcap_neginf_mask_poison",
    "test_attention_4d_with_qk_matmul_softcap",
};

double rounded(double number) {
  return decode_float(fp16_format(), encode_float(fp16_format(), number, Overflow::kInfinity));
}

std::vector<double> rounded(std::vector<double> numbers) {
  for (double& number : numbers) number = rounded(number);
  return numbers;
}

/// Attention as a library computes it in FP16: every product, sum, exponential and quotient rounded.
std::vector<double> fp16_attention(const OnnxRow& row) {
  const std::size_t head = row.query.size(), size = row.values.size() / row.count;
  const std::vector<double> query = rounded(row.query), keys = rounded(row.keys), values = rounded(row.values);
  std::vector<double> logits(row.count, -INFINITY), result(size);
  double maximum = -INFINITY, sum = 0;
  for (std::size_t i = 0; i < row.count; ++i) {
    if (std::isinf(row.biases[i])) continue;
    double dot = 0;
    for (std::size_t e = 0; e < head; ++e) dot = rounded(dot + rounded(query[e] * keys[i * head + e]));
    logits[i] = rounded(rounded(rounded(row.scale) * dot) + rounded(row.biases[i]));
    maximum = std::max(maximum, logits[i]);
  }
  for (double& logit : logits) {
    logit = std::isinf(logit) ? 0 : rounded(std::exp(rounded(logit - maximum)));  // from here on a weight
    sum = rounded(sum + logit);
  }
  for (std::size_t i = 0; i < row.count; ++i) {
    const double weight = sum == 0 ? 0 : rounded(logits[i] / sum);
    if (weight == 0) continue;
    for (std::size_t e = 0; e < size; ++e) result[e] = rounded(result[e] + rounded(weight * values[i * size + e]));
  }
  return result;
}

/// A row in the unit: what must not be seen is masked, with the bits it has or, poisoned, with those of a NaN and of
/// -infinity; biases are base-2 logarithms.
struct UnitRow {
  std::vector<double> result, exact;  // exact: double precision on the rounded inputs
};
UnitRow run(const OnnxRow& row, bool poisoned) {
  const std::size_t head = row.query.size(), size = row.values.size() / row.count;
  AttentionOperands o =
      quantize_operands({"fp16", true, 16, 0}, head, size, row.query, row.keys, row.values, row.scale);
  std::vector<std::uint8_t> counts;
  std::vector<std::int32_t> biases;
  for (const double bias : row.biases) {
    counts.push_back(std::isinf(bias) && bias < 0 ? 0 : 1);
    biases.push_back(attention_bias(bias));
  }
  for (std::size_t i = 0; i < row.count; ++i) {
    if (!poisoned || counts[i] != 0) continue;
    std::fill_n(&o.key_codes[i * head], head, 0x7e00);
    std::fill_n(&o.value_codes[i * size], size, 0xfc00);
  }
  StreamingAttention attention(o.format, o.query_codes, size);
  for (std::size_t first = 0; first < row.count; first += kBlock) {
    AttentionBlock block = o.block(first, std::min(kBlock, row.count - first));
    block.counts = &counts[first];
    block.biases = &biases[first];
    attention.add(o.scaling, block);
  }
  return {o.result(attention), double_attention(o.query, o.key, o.value, row.count, row.scale, row.biases)};
}

class OnnxAttention : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(onnx_attention_folder()))
      GTEST_SKIP() << "no ../shared/data/onnx_attention beside the sources";
    std::string problem;
    cases_ = read_onnx_cases(onnx_attention_folder(), problem);
    ASSERT_EQ(problem, "");
    ASSERT_EQ(cases_.size(), 38u);
  }
  std::vector<OnnxCase> cases_;
};

TEST_F(OnnxAttention, EverySupportedCaseIsWithinAllThreeTolerances) {
  std::printf("%-66s %-9s %5s %8s %26s %12s\n", "case", "type", "rows", "ONNX", "flash", "project");
  for (const OnnxCase& test : cases_) {
    if (test.attribute("softcap", 0) != 0) continue;
    SCOPED_TRACE(test.name);
    double onnx = 0, error = 0, error16 = 0;
    RelativeRmse rmse;
    const std::vector<OnnxRow> rows = onnx_rows(test);
    for (const OnnxRow& row : rows) {
      const UnitRow unit = run(row, false);
      ASSERT_EQ(run(row, true).result, unit.result);
      const std::vector<double> plain = fp16_attention(row);
      const bool visible = std::any_of(row.biases.begin(), row.biases.end(), [](double b) { return !std::isinf(b); });
      for (std::size_t e = 0; e < row.expected.size(); ++e) {
        ASSERT_TRUE(std::isfinite(row.expected[e]) && std::isfinite(unit.result[e]));
        if (!visible) {
          ASSERT_EQ(unit.result[e], 0);
          ASSERT_EQ(row.expected[e], 0);
        }
        const double difference = std::fabs(unit.result[e] - row.expected[e]);
        onnx = std::max(onnx, difference / (1e-7 + 1e-3 * std::fabs(row.expected[e])));
        error = std::max(error, difference);
        error16 = std::max(error16, std::fabs(plain[e] - row.expected[e]));
        rmse.add(unit.result[e], unit.exact[e]);
      }
    }
    std::printf("%-66s %-9s %5zu %8.3f %14.2e <= %.2e %12.2e\n", test.name.c_str(), test.outputs.at("Y").type.c_str(),
                rows.size(), onnx, error, 2 * error16 + 1e-5, rmse.value());
    EXPECT_LE(onnx, 1);
    EXPECT_LE(error, 2 * error16 + 1e-5);
    EXPECT_LE(rmse.value(), 5e-4);
  }
}

TEST_F(OnnxAttention, ExactlyWhatIsListedIsNotRun) {
  std::set<std::string> skipped;
  std::map<std::string, std::size_t> outputs;
  for (const OnnxCase& test : cases_) {
    if (test.attribute("softcap", 0) != 0) {
      skipped.insert(test.name);
      continue;
    }
    for (const auto& [name, tensor] : test.outputs)
      if (name != "Y") ++outputs[name];
    for (const auto& [name, tensor] : test.inputs)
      EXPECT_TRUE(
          (std::set<std::string>{"Q", "K", "V", "attn_mask", "past_key", "past_value", "nonpad_kv_seqlen"}).count(name))
          << name;
    for (const auto& [name, value] : test.attributes)
      EXPECT_TRUE((std::set<std::string>{"is_causal", "kv_num_heads", "q_num_heads", "qk_matmul_output_mode", "scale",
                                         "softmax_precision"})
                      .count(name))
          << name;
  }
  EXPECT_EQ(skipped, kSkipped);
  for (const std::string& name : skipped)
    std::printf("not run: %-62s %s: %s\n", name.c_str(), kSoftcap.what, kSoftcap.reason);
  std::set<std::string> listed;
  for (const Unsupported& output : kUnsupportedOutputs) {
    listed.insert(output.what);
    std::printf("output not compared: %-18s (%zu cases) %s\n", output.what, outputs[output.what], output.reason);
  }
  for (const auto& [name, count] : outputs) EXPECT_EQ(listed.count(name), 1u) << name << " of " << count << " cases";
}

}  // namespace
}  // namespace lutetia
