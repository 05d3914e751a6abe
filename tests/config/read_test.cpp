#include "config/read.h"

#include <gtest/gtest.h>

#include "sample.h"

namespace lutetia::sample {
namespace {

TEST(Read, EveryKindOfValueIsAssigned) {
  Design d;
  EXPECT_EQ(faults_of("name: edge\n"
                      "lut_core:\n"
                      "  rows: 4\n"
                      "  clock: 1.41GHz\n"
                      "  fused: true\n"
                      "  dataflow: output_stationary\n"
                      "  sram: {size: 128KiB, bandwidth: 25600MB/s, latency: 2ns}\n"
                      "attention:\n"
                      "  heads: 16\n"
                      "  scale: 5e-1\n"
                      "levels:\n"
                      "  - name: near\n"
                      "  - {name: far, size: 1MiB, attention: {heads: 2}}\n"
                      "dims: [1, 2, 3]\n"
                      "sizes: [1B, 2KiB]\n"
                      "tags: [a, 'b c', \"d\\n\"]\n"
                      "offset: -8\n"
                      "wide: -9223372036854775808\n"
                      "seed: 18446744073709551615\n"
                      "utilization: 1\n",
                      d),
            "");
  EXPECT_EQ(d.name, "edge");
  EXPECT_EQ(d.lut_core.rows, 4u);
  EXPECT_EQ(d.lut_core.lanes, 64u) << "not given, so the default";
  EXPECT_EQ(d.lut_core.clock, Hertz(1'410'000'000));
  EXPECT_TRUE(d.lut_core.fused);
  EXPECT_EQ(d.lut_core.dataflow, Dataflow::kOutput);
  EXPECT_EQ(d.lut_core.sram.size, Bytes(131072));
  EXPECT_EQ(d.lut_core.sram.bandwidth, BytesPerSecond(25'600'000'000));
  EXPECT_EQ(d.lut_core.sram.latency, Picoseconds(2000));
  ASSERT_TRUE(d.attention);
  EXPECT_EQ(d.attention->heads, 16u);
  EXPECT_EQ(d.attention->scale, 0.5);
  ASSERT_EQ(d.levels.size(), 2u);
  EXPECT_EQ(d.levels[1].name, "far");
  EXPECT_EQ(d.levels[1].attention->heads, 2u);
  EXPECT_FALSE(d.levels[0].attention);
  EXPECT_EQ(d.dims, (std::vector<std::uint32_t>{1, 2, 3}));
  EXPECT_EQ(d.sizes, (std::vector<Bytes>{Bytes(1), Bytes(2048)}));
  EXPECT_EQ(d.tags, (std::vector<std::string>{"a", "b c", "d\n"}));
  EXPECT_EQ(d.offset, -8);
  EXPECT_EQ(d.wide, INT64_MIN);
  EXPECT_EQ(d.seed, UINT64_MAX);
  EXPECT_EQ(d.utilization, 1.0);
}

TEST(Read, AnEmptyMapLeavesAllDefaults) {
  Design d;
  EXPECT_EQ(faults_of("{}", d), "");
  EXPECT_EQ(d.lut_core.rows, 2u);
  EXPECT_FALSE(d.attention);
  EXPECT_EQ(faults_of("attention: {}", d), "");
  EXPECT_TRUE(d.attention) << "an empty map takes the group with its defaults";
}

TEST(Read, WindowsLineEndsAndAByteOrderMarkAreFine) {
  Design d;
  EXPECT_EQ(faults_of("\xEF\xBB\xBFname: edge\r\nlut_core:\r\n  rows: 8\r\n", d), "");
  EXPECT_EQ(d.name, "edge");
  EXPECT_EQ(d.lut_core.rows, 8u);
}

TEST(Read, AnUnknownKeyIsAnErrorWithTheNearestKeyAndTheList) {
  EXPECT_EQ(faults("lut_core:\n  rwos: 4\n"),
            "x.yaml:2:3: error: lut_core.rwos: unknown key, did you mean \"rows\"? Known keys: rows, lanes, "
            "epilogue_lanes, clock, fused, dataflow, sram\n");
  EXPECT_EQ(faults("attention: {voltage: 4}"),
            "x.yaml:1:13: error: attention.voltage: unknown key. Known keys: heads, scale\n");
}

TEST(Read, ADuplicateKeyIsAnErrorAndTheFirstOneCounts) {
  Design d;
  EXPECT_EQ(faults_of("name: a\nseed: 2\nname: b\n", d), "x.yaml:3:1: error: name: duplicate key, first on line 1\n");
  EXPECT_EQ(d.name, "a");
}

TEST(Read, AValueOutsideOfItsRangeIsAnErrorAndNotAssigned) {
  Design d;
  EXPECT_EQ(faults_of("lut_core:\n  rows: 0\n  clock: 20GHz\n", d),
            "x.yaml:2:9: error: lut_core.rows: 0 is outside 1..64\n"
            "x.yaml:3:10: error: lut_core.clock: 20GHz is outside 1MHz..10GHz\n");
  EXPECT_EQ(d.lut_core.rows, 2u);
  EXPECT_EQ(d.lut_core.clock, Hertz(1'000'000'000));
  EXPECT_EQ(faults("lut_core: {rows: -3}"), "x.yaml:1:18: error: lut_core.rows: -3 is outside 1..64\n");
  EXPECT_EQ(faults("offset: 8"), "x.yaml:1:9: error: offset: 8 is outside -8..7\n");
  EXPECT_EQ(faults("utilization: 1.0000001"), "x.yaml:1:14: error: utilization: 1.0000001 is outside 0..1\n");
  EXPECT_EQ(faults("seed: 18446744073709551616"),
            "x.yaml:1:7: error: seed: 18446744073709551616 is outside 0..18446744073709551615\n");
  EXPECT_EQ(faults("wide: 9223372036854775808"),
            "x.yaml:1:7: error: wide: 9223372036854775808 is outside -9223372036854775808..9223372036854775807\n");
  EXPECT_EQ(faults("lut_core: {clock: 99999999999THz}"),
            "x.yaml:1:19: error: lut_core.clock: 99999999999THz is outside 1MHz..10GHz\n");
}

TEST(Read, AScalarIsParsedWholeAndWithoutSynonyms) {
  for (const std::string text : {"12abc", "0x10", "010", "1.0", "1e3", "+4", "1_000", "four", "1 2", "4,", ".5"}) {
    const std::string found = faults("seed: " + text);
    const std::string expected = "x.yaml:1:7: error: seed: expected a whole number, ";
    EXPECT_EQ(found.substr(0, expected.size()), expected) << text;
  }
  EXPECT_EQ(faults("seed: 12abc"), "x.yaml:1:7: error: seed: expected a whole number, got \"12abc\"\n");
  EXPECT_EQ(faults("seed: \"4\""), "x.yaml:1:7: error: seed: expected a whole number, found a quoted text \"4\"\n");
  for (const std::string text : {"yes", "on", "True", "TRUE", "y", "1"}) {
    EXPECT_EQ(faults("lut_core: {fused: " + text + "}"),
              "x.yaml:1:19: error: lut_core.fused: expected true or false, got \"" + text + "\"\n");
  }
  for (const std::string text : {".nan", ".inf", "nan", "inf", "-inf", "1e", "0x1p3", "1..2", "--1"}) {
    EXPECT_EQ(faults("utilization: " + text),
              "x.yaml:1:14: error: utilization: expected a number, got \"" + text + "\"\n");
  }
  EXPECT_EQ(faults("utilization: 1e999"),
            "x.yaml:1:14: error: utilization: \"1e999\" is too large or too small for a double\n");
}

TEST(Read, AQuantityNeedsItsUnit) {
  EXPECT_EQ(faults("lut_core: {clock: 1000000000}"),
            "x.yaml:1:19: error: lut_core.clock: \"1000000000\" has no unit; write for example 1GHz\n");
  EXPECT_EQ(faults("lut_core: {sram: {size: 64}}"),
            "x.yaml:1:25: error: lut_core.sram.size: \"64\" has no unit; write for example 64KiB\n");
  EXPECT_EQ(
      faults("lut_core: {sram: {size: 64KX}}"),
      "x.yaml:1:25: error: lut_core.sram.size: \"64KX\" has an unknown unit; known: B, kB, KiB, MB, MiB, GB, GiB, "
      "TB, TiB\n");
  EXPECT_EQ(faults("lut_core: {sram: {size: 2048.5B}}"),
            "x.yaml:1:25: error: lut_core.sram.size: \"2048.5B\" is not a whole number of 1B\n");
  EXPECT_EQ(faults("lut_core: {sram: {latency: fast}}"),
            "x.yaml:1:28: error: lut_core.sram.latency: expected a time, got \"fast\"; write for example 100ns\n");
  EXPECT_EQ(faults("lut_core: {sram: {bandwidth: 99999999TB/s}}"),
            "x.yaml:1:30: error: lut_core.sram.bandwidth: \"99999999TB/s\" is too large\n");
}

TEST(Read, AChoiceListsWhatIsAllowed) {
  EXPECT_EQ(faults("lut_core:\n  dataflow: output_stationery\n"),
            "x.yaml:2:13: error: lut_core.dataflow: \"output_stationery\" is not allowed, did you mean "
            "\"output_stationary\"? Allowed: weight_stationary, output_stationary, input_stationary\n");
}

TEST(Read, AValueOfTheWrongShapeIsAnError) {
  EXPECT_EQ(faults("seed: [1]"), "x.yaml:1:7: error: seed: expected a whole number, found a list\n");
  EXPECT_EQ(faults("seed: {a: 1}"), "x.yaml:1:7: error: seed: expected a whole number, found a map\n");
  EXPECT_EQ(faults("seed:\nname: a\n"), "x.yaml:1:1: error: seed: the value is missing, expected a whole number\n");
  EXPECT_EQ(faults("name: ~"), "x.yaml:1:1: error: name: the value is missing, expected a text\n");
  EXPECT_EQ(faults("name: null"), "x.yaml:1:1: error: name: the value is missing, expected a text\n");
  EXPECT_EQ(faults("name: 'null'"), "");
  EXPECT_EQ(faults("dims: 3"),
            "x.yaml:1:7: error: dims: expected a list, each entry a whole number, found a single value\n");
  EXPECT_EQ(faults("dims: [1, x, [2]]"),
            "x.yaml:1:11: error: dims[1]: expected a whole number, got \"x\"\n"
            "x.yaml:1:14: error: dims[2]: expected a whole number, found a list\n");
  EXPECT_EQ(faults("lut_core: [1]"),
            "x.yaml:1:11: error: lut_core: expected a map or the name of a file, found a list\n");
  EXPECT_EQ(faults("attention:\n"),
            "x.yaml:1:1: error: attention: the value is missing, expected a map or the name of a file; {} takes all "
            "defaults\n");
  EXPECT_EQ(faults("levels: {name: a}"), "x.yaml:1:9: error: levels: expected a list, found a map\n");
  EXPECT_EQ(faults("levels:\n"),
            "x.yaml:1:1: error: levels: the value is missing, expected a list; [] is an empty one\n");
  EXPECT_EQ(faults("levels: [~]"),
            "x.yaml:1:10: error: levels[0]: expected a map or the name of a file, found nothing\n");
}

TEST(Read, TheNumberOfEntriesIsChecked) {
  EXPECT_EQ(faults("dims: []"), "x.yaml:1:7: error: dims: 0 entries, allowed are 1..3\n");
  EXPECT_EQ(faults("dims: [1, 2, 3, 4]"), "x.yaml:1:7: error: dims: 4 entries, allowed are 1..3\n");
  EXPECT_EQ(faults("levels: [{}, {}, {}, {}, {}]"), "x.yaml:1:9: error: levels: 5 entries, allowed are 0..4\n");
}

struct Strict {
  Hertz clock{1};
  Dataflow dataflow = Dataflow::kWeight;
  Level level;
};
void describe(Schema& s, Strict& c) {
  s.field("clock", c.clock, "core clock").required();
  s.choice("dataflow", c.dataflow, {{"weight", Dataflow::kWeight}, {"output", Dataflow::kOutput}}, "what stays")
      .required();
  s.group("level", c.level, "the buffer");
}

TEST(Read, AMissingRequiredKeyIsReportedAtItsStructWithAHint) {
  Strict strict;
  EXPECT_EQ(faults_of("level:\n    size: 4B\n", strict),
            "x.yaml:1:1: error: required key \"clock\" is missing (core clock, e.g. 1GHz)\n"
            "x.yaml:1:1: error: required key \"dataflow\" is missing (what stays, one of weight, output)\n"
            "x.yaml:2:5: error: level: required key \"name\" is missing (of the level)\n");
  EXPECT_EQ(faults_of("clock: 1GHz\ndataflow: output\n", strict),
            "x.yaml:1:1: error: level: required key \"name\" is missing (of the level)\n")
      << "a group that is not written has required keys all the same";
  EXPECT_EQ(faults_of("{}", strict, {{"clock=1GHz", "dataflow=weight", "level.name=x"}, ""}), "");
}

TEST(Read, ARuleIsCheckedAcrossFieldsAndShowsTheirValues) {
  EXPECT_EQ(
      faults("lut_core:\n  rows: 4\n  epilogue_lanes: 7\n"),
      "x.yaml:3:3: error: lut_core.epilogue_lanes: epilogue_lanes must divide lanes (lanes = 64, epilogue_lanes = "
      "7)\n");
  EXPECT_EQ(faults("lut_core:\n  lanes: 60\n"),
            "x.yaml:2:3: error: lut_core.lanes: epilogue_lanes must divide lanes (lanes = 60, epilogue_lanes = 8)\n");
}

TEST(Read, ARuleIsNotCheckedIfAFieldOfItsStructIsBad) {
  EXPECT_EQ(faults("lut_core:\n  rows: 0\n  epilogue_lanes: 7\n"),
            "x.yaml:2:9: error: lut_core.rows: 0 is outside 1..64\n");
}

TEST(Read, ARuleIsCheckedThoughAGroupItDoesNotNameIsBad) {
  EXPECT_EQ(
      faults("lut_core:\n  epilogue_lanes: 7\n  sram: {size: 1B}\n"),
      "x.yaml:3:16: error: lut_core.sram.size: 1B is outside 1KiB..1MiB\n"
      "x.yaml:2:3: error: lut_core.epilogue_lanes: epilogue_lanes must divide lanes (lanes = 64, epilogue_lanes = "
      "7)\n");
}

TEST(Read, AllFaultsAreReportedTogether) {
  EXPECT_EQ(
      faults("nam: edge\n"
             "lut_core: {rows: 99, clock: 5}\n"
             "levels:\n"
             "  - size: 4KiB\n"
             "  - name: b\n"
             "    attention: {heads: 0}\n"
             "seed: x\n"),
      "x.yaml:1:1: error: nam: unknown key, did you mean \"name\"? Known keys: name, lut_core, attention, levels, "
      "dims, sizes, tags, offset, wide, seed, utilization\n"
      "x.yaml:2:18: error: lut_core.rows: 99 is outside 1..64\n"
      "x.yaml:2:29: error: lut_core.clock: \"5\" has no unit; write for example 1GHz\n"
      "x.yaml:4:5: error: levels[0]: required key \"name\" is missing (of the level)\n"
      "x.yaml:6:24: error: levels[1].attention.heads: 0 is outside 1..128\n"
      "x.yaml:7:7: error: seed: expected a whole number, got \"x\"\n");
}

TEST(Read, TheStructKeepsWhatWasGoodAndDefaultsForTheRest) {
  Design d;
  faults_of("seed: 7\nlut_core: {rows: 99, lanes: 32}\n", d);
  EXPECT_EQ(d.seed, 7u);
  EXPECT_EQ(d.lut_core.lanes, 32u);
  EXPECT_EQ(d.lut_core.rows, 2u);
}

TEST(Read, AListReplacesWhatWasThereAndItsEntriesStartFromDefaults) {
  Design d;
  d.levels.resize(3);
  d.levels[0].size = Bytes(77);
  EXPECT_EQ(faults_of("levels: [{name: a}]", d), "");
  ASSERT_EQ(d.levels.size(), 1u);
  EXPECT_EQ(d.levels[0].size, Bytes(1024));
}

}  // namespace
}  // namespace lutetia::sample
