#include "units/attention/attention_config.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "config/leaves.h"
#include "config/read.h"
#include "config/rtl_parameters.h"
#include "units/attention/attention_words.h"

namespace lutetia {
namespace {

TEST(AttentionConfig, DescribesItselfSoundly) {
  EXPECT_TRUE(check_schema<AttentionConfig>().empty());
}

TEST(AttentionConfig, EveryFieldIsAParameterOfTheRtl) {
  std::size_t fields = 0;
  for_each_leaf(prototype_of<AttentionConfig>(), [&](const std::string& path, const Field& leaf) {
    EXPECT_FALSE(leaf.rtl_name().empty()) << path;
    ++fields;
  });
  EXPECT_EQ(fields, 13u);
}

TEST(AttentionConfig, WidthsAreThoseOfTheFormat) {
  AttentionConfig c;
  c.keys = 3;
  c.dims = 4;
  EXPECT_EQ(c.output_bits(), 4u * 84);
  std::vector<StreamPort> ports = AttentionPort::inputs(c);
  ASSERT_EQ(ports.size(), AttentionPort::kInputs);
  EXPECT_EQ(ports[AttentionPort::kQuery].bits, 64u);
  EXPECT_EQ(ports[AttentionPort::kKey].bits, 3u * 64);
  c.format = AttentionFormat::kInteger;
  c.kv_bits = 4;
  c.kv_scales = true;
  ports = AttentionPort::inputs(c);
  EXPECT_EQ(ports[AttentionPort::kQuery].bits, 32u);
  EXPECT_EQ(ports[AttentionPort::kValue].bits, 3u * 16);
  EXPECT_EQ(ports[AttentionPort::kKeyScale].bits, 120u);
  EXPECT_EQ(ports[AttentionPort::kMask].bits, 66u);
  EXPECT_EQ(ports[AttentionPort::kValueScale].bits, 72u);
  EXPECT_EQ(ports[AttentionPort::kPartial].bits, 4u * 50);
  EXPECT_EQ(AttentionPort::outputs(c)[0].bits, 4u * 50);
  EXPECT_EQ(c.kv_operand_bits(), 5u);
}

TEST(AttentionConfig, TheHeadOfAPartialResultFitsABeat) {
  for (const AttentionFormat format : {AttentionFormat::kInteger, AttentionFormat::kFp16}) {
    AttentionConfig c;
    c.format = format;
    c.dims = 2;  // the least
    EXPECT_GE(c.output_bits(), AttentionState::kBits);
  }
}

TEST(AttentionConfig, RefusesWhatTheContractDoesNotHave) {
  const auto faults = [](const char* yaml) {
    AttentionConfig config;
    Problems problems;
    read_yaml_text(yaml, "config", config, problems);
    return problems.size();
  };
  EXPECT_EQ(faults("{format: fp16, dims: 16}"), 0u);
  EXPECT_EQ(faults("{format: integer, kv_bits: 4, kv_scales: true, output_format: int8}"), 0u);
  EXPECT_EQ(faults("{dims: 1}"), 1u);
  EXPECT_EQ(faults("{format: integer, kv_bits: 6}"), 1u);
  EXPECT_EQ(faults("{format: fp16, kv_scales: true}"), 1u);
  EXPECT_EQ(faults("{format: fp16, output_format: int8}"), 1u);
  EXPECT_EQ(faults("{format: fp16, dims: 128, max_chunks: 16}"), 0u);
  EXPECT_EQ(faults("{format: fp16, dims: 128, max_chunks: 17}"), 1u);
}

TEST(AttentionCommand, FieldsLieWhereTheSpecificationSays) {
  Random random(3);
  for (int round = 0; round < 100; ++round) {
    // Names and widths in the order of the README, from bit 0 upwards.
    const std::uint32_t widths[] = {8, 8, 8, 24, 24, 24, 8, 8, 8, 1, 1, 1, 1, 7, 32};
    Payload p(163);
    std::vector<std::uint32_t> v;
    std::uint32_t at = 0;
    for (const std::uint32_t width : widths) {
      v.push_back(static_cast<std::uint32_t>(random.below(std::uint64_t{1} << width)));
      p.set(at, width, v.back());
      at += width;
    }
    ASSERT_EQ(at, AttentionCommand::kBits);
    const AttentionCommand c = AttentionCommand::decode(p);
    const std::vector<std::uint32_t> decoded = {c.contexts, c.key_chunks, c.value_chunks, c.sink_blocks, c.from_block,
                                                c.blocks,   c.states,     c.key_group,    c.value_group, c.masked,
                                                c.partial,  c.open,       c.close,        c.shift,       c.multiplier};
    EXPECT_EQ(decoded, v);
    EXPECT_EQ(c.encode(), p);
  }
}

TEST(AttentionRow, SeesSinksAndWhatIsBetweenFromAndTo) {
  const AttentionRow row{10, 20, 3};
  for (std::uint64_t key = 0; key < 30; ++key) EXPECT_EQ(row.sees(key), key < 3 || (key >= 10 && key < 20)) << key;
  EXPECT_FALSE((AttentionRow{0, 2, 5}.sees(3)));  // `to` bounds the sinks as well
}

}  // namespace
}  // namespace lutetia
