// Values of the cycle body, one by one: planes, what is left over, illegal codes. tests/cosim has the random programs.
#include "units/weight_decoder/weight_decoder_cycle.h"

#include <gtest/gtest.h>

namespace lutetia {
namespace {

constexpr std::uint32_t kCommand = WeightDecoderPort::kCommand, kCode = WeightDecoderPort::kCode;

WeightDecoderConfig config_of(TernaryCode code, std::uint32_t lanes = 1) {
  WeightDecoderConfig config;
  config.lanes = lanes;
  config.code = static_cast<std::uint32_t>(code);
  config.blocks = 2;
  return config;
}

/// Feeds everything as fast as it is taken; the weight beats.
std::vector<Payload> decode(WeightDecoderCycle& body, const std::vector<WeightDecoderCommand>& commands,
                            const std::vector<Payload>& codes) {
  std::vector<Payload> beats;
  std::size_t command = 0, code = 0;
  for (int cycle = 0; cycle < 10'000 && !(command == commands.size() && code == codes.size() && body.idle()); ++cycle) {
    if (body.valid(0)) {
      beats.push_back(body.front(0));
      body.pop(0);
    }
    if (command < commands.size() && body.ready(kCommand)) body.push(kCommand, commands[command++].encode());
    if (code < codes.size() && body.ready(kCode)) body.push(kCode, codes[code++]);
    body.clock();
  }
  return beats;
}

Payload one_lane(const WeightDecoderConfig& config, std::uint32_t code) {
  Payload p(config.code_beat_bits());
  p.set(0, config.code_bits(), code);
  return p;
}

/// The four weights of lane 0 that two beats stand for.
TernaryWeights weights_of(const Payload& plane0, const Payload& plane1) {
  TernaryWeights w{};
  for (std::uint32_t k = 0; k < 4; ++k)
    for (std::uint32_t q = 0; q < 3; ++q) {
      const auto unfold = [](std::uint64_t f) { return (f & 8u) != 0 ? 8u | (~f & 7u) : f; };
      if ((unfold(plane0.get(0, 4)) >> k & 1u) == (q & 1u) && (unfold(plane1.get(0, 4)) >> k & 1u) == q >> 1)
        w[k] = static_cast<std::int32_t>(q) - 1;
    }
  return w;
}

TEST(WeightDecoderCycle, WhatACodeHoldsBeyondItsGroupServesTheNext) {
  const WeightDecoderConfig config = config_of(TernaryCode::kTl2);
  WeightDecoderCycle body(config);
  std::vector<Payload> codes;
  for (const TernaryWeights& w : {TernaryWeights{1, 0, -1}, {-1, 1, 1}, {0, 1, 0}, {-1, -1, 1}})
    codes.push_back(one_lane(config, encode_ternary(TernaryCode::kTl2, w)));
  const std::vector<Payload> beats = decode(body, {{1, 3, 1}}, codes);
  ASSERT_EQ(beats.size(), 6u);
  EXPECT_EQ(weights_of(beats[0], beats[1]), (TernaryWeights{1, 0, -1, -1}));
  EXPECT_EQ(weights_of(beats[2], beats[3]), (TernaryWeights{1, 1, 0, 1}));
  EXPECT_EQ(weights_of(beats[4], beats[5]), (TernaryWeights{0, -1, -1, 1}));
}

TEST(WeightDecoderCycle, EveryBlockKeepsItsOwnLeftovers) {
  const WeightDecoderConfig config = config_of(TernaryCode::kTq1);
  WeightDecoderCycle body(config);
  std::vector<Payload> codes;
  for (int group = 0; group < 4; ++group)
    for (const std::int32_t w : {1, -1})  // block 0, block 1
      codes.push_back(one_lane(config, encode_ternary(TernaryCode::kTq1, {w, w, w, w, w})));
  const std::vector<Payload> beats = decode(body, {{1, 5, 2}}, codes);  // the fifth group comes without a code
  ASSERT_EQ(beats.size(), 20u);
  for (std::size_t step = 0; step < 10; ++step) {
    const std::int32_t w = step % 2 == 0 ? 1 : -1;
    EXPECT_EQ(weights_of(beats[2 * step], beats[2 * step + 1]), (TernaryWeights{w, w, w, w})) << step;
  }
}

TEST(WeightDecoderCycle, ARowBlockDropsWhatItsKLeftOver) {
  const WeightDecoderConfig config = config_of(TernaryCode::kTq1);
  WeightDecoderCycle body(config);
  const std::vector<Payload> codes = {one_lane(config, encode_ternary(TernaryCode::kTq1, {1, 1, 1, 1, -1})),
                                      one_lane(config, encode_ternary(TernaryCode::kTq1, {0, 1, 0, 1, -1}))};
  const std::vector<Payload> beats = decode(body, {{2, 1, 1}}, codes);
  ASSERT_EQ(beats.size(), 4u);
  EXPECT_EQ(weights_of(beats[0], beats[1]), (TernaryWeights{1, 1, 1, 1}));
  EXPECT_EQ(weights_of(beats[2], beats[3]), (TernaryWeights{0, 1, 0, 1}));
}

TEST(WeightDecoderCycle, EveryCodeGivesItsPlanesAndEveryIllegalOneTheFlag) {
  for (const TernaryCode kind : kAllTernaryCodes) {
    const WeightDecoderConfig config = config_of(kind);
    for (std::uint32_t code = 0; code < 1u << config.code_bits(); ++code) {
      WeightDecoderCycle body(config);
      const DecodedTernary expected = decode_ternary(kind, code);
      const std::vector<Payload> beats =
          decode(body, {{1, 1, 1}}, std::vector<Payload>(config.codes(1), one_lane(config, code)));
      ASSERT_EQ(beats.size(), 2u);
      TernaryWeights four{};
      for (std::uint32_t k = 0; k < 4; ++k) four[k] = expected.weights[k % config.code_weights()];
      EXPECT_EQ(weights_of(beats[0], beats[1]), four) << to_text(kind) << " " << code;
      for (const Payload& beat : beats) EXPECT_EQ(beat.get(config.illegal_bit(), 1), expected.legal ? 0u : 1u);
      EXPECT_EQ(body.illegal_codes(), expected.legal ? 0u : config.codes(1));
    }
  }
}

TEST(WeightDecoderCycle, TheFlagStaysToTheEndOfTheCommandAndNoLonger) {
  const WeightDecoderConfig config = config_of(TernaryCode::kI2S, 3);
  WeightDecoderCycle body(config);
  Payload good(config.code_beat_bits()), bad(config.code_beat_bits());
  bad.set(8, 8, 0xff);
  bad.set(16, 8, 0x03);
  const std::vector<Payload> beats = decode(body, {{2, 2, 1}, {1, 1, 1}}, {good, bad, good, good, good});
  std::vector<std::uint64_t> flags;
  for (const Payload& beat : beats) flags.push_back(beat.get(config.illegal_bit(), 1));
  EXPECT_EQ(flags, (std::vector<std::uint64_t>{0, 0, 1, 1, 1, 1, 1, 1, 0, 0}));
  EXPECT_EQ(body.illegal_codes(), 2u);
}

}  // namespace
}  // namespace lutetia
