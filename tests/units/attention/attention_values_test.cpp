// Values of the cycle body against softmax(Q K^T / sqrt(d)) V in double precision, for every format and shape of a
// pass. Random values, never constant ones: averages of a constant hide every mistake of the weights.
#include <gtest/gtest.h>

#include <cmath>

#include "numeric/float_format.h"
#include "units/attention/attention_pass.h"

namespace lutetia {
namespace {

double fp16_value(std::int64_t bits) {
  return std::ldexp(static_cast<double>(fp16_to_fixed(static_cast<std::uint16_t>(bits))), -24);
}

/// FP16 bits of about `x`.
std::int64_t fp16_bits(double x) {
  if (x == 0) return 0;
  const int exponent = std::max(std::ilogb(x), -14);
  const auto significand = static_cast<std::int64_t>(std::nearbyint(std::ldexp(std::fabs(x), 10 - exponent)));
  return (x < 0 ? 0x8000 : 0) + ((std::int64_t{exponent} + 14) << 10) + significand;
}

double normal(Random& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += random.uniform();
  return sum;
}

struct Example {
  AttentionConfig config;
  AttentionPass pass;
  double scale = 1;  ///< of a dot product of codes or values, before exp
};

Example random_example(AttentionFormat format, Random& random) {
  Example x;
  x.config.format = format;
  x.config.keys = 4;
  x.config.dims = 4;
  AttentionCommand& c = x.pass.command;
  c.contexts = 3;
  c.key_chunks = 4;
  c.value_chunks = 3;
  c.blocks = 20;
  const bool floating = x.config.floating();
  const std::size_t keys = 80, dk = 16, dv = 12;
  x.pass.query = x.pass.key = x.pass.value = {};
  const auto codes = [&](std::size_t rows, std::size_t elements) {
    Codes all(rows, std::vector<std::int64_t>(elements));
    for (auto& row : all)
      for (std::int64_t& code : row)
        code = floating ? fp16_bits(normal(random))
                        : std::clamp<std::int64_t>(std::llround(32 * normal(random)), -128, 127);
    return all;
  };
  x.pass.query = codes(3, dk);
  x.pass.key = codes(keys, dk);
  x.pass.value = codes(keys, dv);
  x.scale = 1 / std::sqrt(static_cast<double>(dk)) / (floating ? 1 : 1024);
  c.shift = floating ? 66 : 24;
  c.multiplier = static_cast<std::uint32_t>(
      std::llround(std::ldexp(x.scale / std::log(2.0), static_cast<int>(c.shift) + (floating ? -38 : 10))));
  for (std::uint32_t i = 0; i < 3; ++i) x.pass.rows.push_back({i * 7, 50 + i * 10, i * 3});
  return x;
}

std::vector<std::vector<double>> exact(const Example& x) {
  const auto value = [&x](std::int64_t code) {
    return x.config.floating() ? fp16_value(code) : static_cast<double>(code);
  };
  std::vector<std::vector<double>> out;
  for (std::size_t c = 0; c < x.pass.query.size(); ++c) {
    double sum = 0;
    std::vector<double> o(x.pass.value[0].size());
    for (std::size_t i = 0; i < x.pass.key.size(); ++i) {
      if (!x.pass.rows[c].sees(i)) continue;
      double dot = 0;
      for (std::size_t e = 0; e < x.pass.key[i].size(); ++e) dot += value(x.pass.query[c][e]) * value(x.pass.key[i][e]);
      const double p = std::exp(dot * x.scale);
      sum += p;
      for (std::size_t e = 0; e < o.size(); ++e) o[e] += p * value(x.pass.value[i][e]);
    }
    for (double& element : o) element /= sum;
    out.push_back(std::move(o));
  }
  return out;
}

TEST(AttentionValues, AreTheSoftmaxAverageOfTheValues) {
  Random random(3);
  for (const AttentionFormat format : {AttentionFormat::kInteger, AttentionFormat::kFp16})
    for (int round = 0; round < 10; ++round) {
      const Example x = random_example(format, random);
      AttentionCycle body(x.config);
      AttentionBeats beats;
      append(x.config, x.pass, beats);
      const AttentionDriven d = drive(body, beats, x.pass.outputs());
      ASSERT_EQ(d.out.size(), x.pass.outputs());
      EXPECT_TRUE(d.idle);
      const std::vector<std::vector<double>> expected = exact(x);
      double error = 0, power = 0;
      for (std::size_t c = 0; c < expected.size(); ++c)
        for (std::size_t e = 0; e < expected[c].size(); ++e) {
          const Payload& beat = d.out[c * x.pass.command.value_chunks + e / x.config.dims];
          const double got = fp16_value(static_cast<std::int64_t>(beat.get(e % x.config.dims * 16, 16)));
          error += (got - expected[c][e]) * (got - expected[c][e]);
          power += expected[c][e] * expected[c][e];
        }
      EXPECT_LT(std::sqrt(error / power), 1e-3);
    }
}

}  // namespace
}  // namespace lutetia
