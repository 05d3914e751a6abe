// The packer against an order written down step by step, and the layout of a command.
#include "units/weight_decoder/weight_decoder_beats.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace lutetia {
namespace {

TEST(WeightDecoderCommand, FieldsLieWhereTheSpecificationSays) {
  const WeightDecoderCommand c{0x1234, 0x5678, 0x9a};
  const Payload p = c.encode();
  EXPECT_EQ(p.bits(), 40u);
  EXPECT_EQ(p.get(0, 40), 0x9a'5678'1234u);
  EXPECT_EQ(WeightDecoderCommand::decode(p).row_blocks, 0x1234u);
  EXPECT_EQ(WeightDecoderCommand::decode(p).k_groups, 0x5678u);
  EXPECT_EQ(WeightDecoderCommand::decode(p).n_blocks, 0x9au);
}

struct HashedWeights final : WeightDecoderOperands {
  std::uint32_t depth = 0;
  std::int32_t weight(std::uint32_t n, std::uint32_t k) const override {
    return k < depth ? static_cast<std::int32_t>(hash(7, n, k) % 3) - 1 : 0;
  }
};

TEST(WeightDecoderBeats, ComeByRowBlockGroupBlockWithWhatTheGroupStillNeeds) {
  Random random(5);
  for (int round = 0; round < 300; ++round) {
    WeightDecoderConfig config;
    config.lanes = static_cast<std::uint32_t>(random.between(1, 5));
    config.code = static_cast<std::uint32_t>(random.below(3));
    const WeightDecoderCommand command{static_cast<std::uint32_t>(random.between(1, 3)),
                                       static_cast<std::uint32_t>(random.between(1, 23)),
                                       static_cast<std::uint32_t>(random.between(1, 4))};
    HashedWeights weights;
    weights.depth = 4 * command.k_groups;
    const WeightDecoderBeats beats(config, command, weights);
    EXPECT_EQ(beats.beat(WeightDecoderPort::kCommand, 0), command.encode());

    std::uint64_t index = 0;
    const std::uint32_t per_code = config.code_weights();
    for (std::uint32_t i = 0; i < command.row_blocks; ++i) {
      std::vector<std::uint32_t> left(command.n_blocks, 0), taken(command.n_blocks, 0);
      for (std::uint32_t j = 0; j < command.k_groups; ++j)
        for (std::uint32_t b = 0; b < command.n_blocks; ++b) {
          for (; left[b] < 4; left[b] += per_code, ++taken[b], ++index) {
            const WeightDecoderBeats::CodePlace place = WeightDecoderBeats::code_place(config, command, index);
            ASSERT_EQ(place.row_block, i);
            ASSERT_EQ(place.block, b);
            ASSERT_EQ(place.code, taken[b]);
            const Payload beat = beats.beat(WeightDecoderPort::kCode, index);
            for (std::uint32_t lane = 0; lane < config.lanes; ++lane) {
              const auto code = static_cast<std::uint32_t>(beat.get(lane * config.code_bits(), config.code_bits()));
              const DecodedTernary decoded = decode_ternary(config.ternary_code(), code);
              ASSERT_TRUE(decoded.legal);
              for (std::uint32_t t = 0; t < per_code; ++t)
                ASSERT_EQ(decoded.weights[t], weights.weight(b * config.lanes + lane, taken[b] * per_code + t));
            }
          }
          left[b] -= 4;
        }
    }
    EXPECT_EQ(index, beats.beats(WeightDecoderPort::kCode));
  }
}

TEST(WeightDecoderBeats, BitsPerWeightAreThoseOfTheCodeOverALongK) {
  const double expected[] = {2.0, 5.0 / 3, 1.6};
  WeightDecoderConfig config;
  for (config.code = 0; config.code < 3; ++config.code) {
    const WeightDecoderCommand command{1, 15'000, 1};
    const double bits = static_cast<double>(command.code_beats(config) * config.code_bits());
    EXPECT_NEAR(bits / (4.0 * command.k_groups), expected[config.code], 1e-9);
  }
}

}  // namespace
}  // namespace lutetia
