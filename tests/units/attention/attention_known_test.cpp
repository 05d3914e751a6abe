// Passes whose result is known without a softmax: one visible key, equal scores, one key far above all others, nothing.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "units/attention/attention_pass.h"

namespace lutetia {
namespace {

AttentionConfig config_of(AttentionFormat format, AttentionOutput output = AttentionOutput::kFp16) {
  AttentionConfig config;
  config.format = format;
  config.output_format = output;
  config.keys = 4;
  config.dims = 4;
  return config;
}

double fp16_value(std::uint64_t bits) {
  return std::ldexp(static_cast<double>(fp16_to_fixed(static_cast<std::uint16_t>(bits))), -24);
}

/// The 16 bits of element e of context c.
std::uint64_t result(const AttentionConfig& config, const AttentionPass& pass, const AttentionDriven& d, std::size_t c,
                     std::size_t e) {
  return d.out.at(c * pass.command.value_chunks + e / config.dims).get(e % config.dims * 16, 16);
}

TEST(AttentionKnown, OneVisibleKeyGivesItsValue) {
  Random random(1);
  for (int round = 0; round < 40; ++round)
    for (const AttentionConfig& config : {config_of(AttentionFormat::kFp16), config_of(AttentionFormat::kInteger),
                                          config_of(AttentionFormat::kInteger, AttentionOutput::kInt8)}) {
      AttentionPass pass = random_pass(config, random, 2, 2, 3, 5);
      if (config.floating()) pass.command.shift = 100;
      for (AttentionRow& row : pass.rows) {
        row.from = static_cast<std::uint32_t>(random.below(pass.key.size()));
        row.to = row.from + 1;
      }
      const AttentionDriven d = drive(config, {pass});
      for (std::size_t c = 0; c < 2; ++c)
        for (std::size_t e = 0; e < 12; ++e) {
          const std::int64_t code = pass.value[pass.rows[c].from][e];
          const std::uint64_t got = result(config, pass, d, c, e);
          if (config.output_format == AttentionOutput::kInt8)
            EXPECT_EQ(static_cast<std::int16_t>(got), code);
          else if (!config.floating())
            EXPECT_EQ(fp16_value(got), static_cast<double>(code));
          else  // exponent 31 of a value is a number; a result saturates
            EXPECT_EQ(fp16_value(got),
                      std::clamp(fp16_value(static_cast<std::uint64_t>(code) & 0xffff), -65504.0, 65504.0));
        }
    }
}

TEST(AttentionKnown, EqualScoresGiveTheMean) {
  const AttentionConfig config = config_of(AttentionFormat::kInteger);
  Random random(2);
  for (int round = 0; round < 20; ++round) {
    AttentionPass pass = random_pass(config, random, 3, 2, 2, 16);
    pass.command.multiplier = 0;
    for (AttentionRow& row : pass.rows) row = {0, static_cast<std::uint32_t>(random.between(1, 64)), 0};
    const AttentionDriven d = drive(config, {pass});
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t e = 0; e < 8; ++e) {
        double mean = 0;
        for (std::size_t i = 0; i < pass.rows[c].to; ++i)
          mean += static_cast<double>(pass.value[i][e]) / pass.rows[c].to;
        // Equal weights cancel, so what is left is the reciprocal's 17 bits and half a last place.
        EXPECT_NEAR(fp16_value(result(config, pass, d, c, e)), mean, std::fabs(mean) * (1.0 / 65536 + 1.0 / 2048));
      }
  }
}

TEST(AttentionKnown, AKeyFarAboveAllOthersGivesItsValueWhereverItIs) {
  const AttentionConfig config = config_of(AttentionFormat::kInteger, AttentionOutput::kInt8);
  Random random(3);
  AttentionPass pass = random_pass(config, random, 1, 1, 2, 6);
  for (std::size_t top = 0; top < pass.key.size(); ++top) {
    for (std::size_t i = 0; i < pass.key.size(); ++i)
      for (std::size_t e = 0; e < 4; ++e) {
        pass.query[0][e] = 100;
        pass.key[i][e] = i == top ? 127 : -static_cast<std::int64_t>(e);
      }
    pass.command.multiplier = 1 << 20;
    pass.command.shift = 20;  // 49 units of base-2 logarithm above the others
    const AttentionDriven d = drive(config, {pass});
    for (std::size_t e = 0; e < 8; ++e)
      EXPECT_EQ(static_cast<std::int16_t>(result(config, pass, d, 0, e)), pass.value[top][e]) << top;
  }
}

TEST(AttentionKnown, RisingScoresEndWithTheLastKeys) {
  const AttentionConfig config = config_of(AttentionFormat::kInteger, AttentionOutput::kInt8);
  Random random(4);
  AttentionPass pass = random_pass(config, random, 1, 1, 2, 30);
  for (std::size_t i = 0; i < pass.key.size(); ++i)
    for (std::size_t e = 0; e < 4; ++e) {
      pass.query[0][e] = 127;
      pass.key[i][e] = static_cast<std::int64_t>(i) - 60;
    }
  pass.command.multiplier = 20 << 20;
  pass.command.shift = 20;  // every key about 10 above the one before: 2^-10 of its weight
  const AttentionDriven d = drive(config, {pass});
  for (std::size_t e = 0; e < 8; ++e)
    EXPECT_LE(std::abs(static_cast<std::int16_t>(result(config, pass, d, 0, e)) - pass.value.back()[e]), 1);
}

TEST(AttentionKnown, NothingVisibleGivesZeroAndDoesNotDisturbOthers) {
  for (const AttentionFormat format : {AttentionFormat::kInteger, AttentionFormat::kFp16}) {
    const AttentionConfig config = config_of(format);
    Random random(5);
    AttentionPass pass = random_pass(config, random, 3, 2, 2, 5);
    const AttentionDriven before = drive(config, {pass});
    pass.rows[1] = {7, 7, 0};
    const AttentionDriven d = drive(config, {pass, pass});
    for (std::size_t beat = 0; beat < 12; ++beat)
      EXPECT_EQ(d.out.at(beat), beat % 6 / 2 == 1 ? Payload(config.output_bits()) : before.out.at(beat % 6));
    pass.command.partial = true;
    const AttentionDriven partial = drive(config, {pass});
    for (std::size_t beat = 3; beat < 6; ++beat) EXPECT_EQ(partial.out.at(beat), Payload(config.output_bits()));
  }
}

}  // namespace
}  // namespace lutetia
