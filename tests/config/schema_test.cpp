#include "config/schema.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "config/leaves.h"
#include "config/write.h"
#include "sample.h"

namespace lutetia::sample {
namespace {

template <class F>
std::string mistake(F describe_something) {
  Schema schema;
  try {
    describe_something(schema);
  } catch (const std::logic_error& e) {
    return e.what();
  }
  return "";
}

TEST(Schema, MistakesInADescribeAreFoundWhenItRuns) {
  std::uint32_t n = 0;
  std::string text;
  Hertz clock;
  bool flag = false;
  Attention attention;
  std::vector<std::uint32_t> many;
  EXPECT_EQ(mistake([&](Schema& s) { s.field("n", n, ""); }), "describe(): \"n\": a help text is needed");
  EXPECT_EQ(mistake([&](Schema& s) { s.field("", n, "x"); }), "describe(): \"\": a key is needed");
  EXPECT_EQ(mistake([&](Schema& s) { s.field("a.b", n, "x"); }), "describe(): \"a.b\": keys consist of a-z, 0-9 and _");
  EXPECT_EQ(mistake([&](Schema& s) { s.field("n", n, "x"), s.field("n", n, "x"); }),
            "describe(): \"n\" is declared twice");
  EXPECT_EQ(mistake([&](Schema& s) { s.field("n", n, "x").range(3, 2); }), "describe(): \"n\": the range is empty");
  EXPECT_EQ(mistake([&](Schema& s) { s.field("n", n, "x").range(0, 1ull << 32); }),
            "describe(): \"n\": the range is wider than the member's type");
  EXPECT_EQ(mistake([&](Schema& s) { s.field("n", n, "x").range(-1, 2); }),
            "a bound of another type than the field: -1");
  EXPECT_EQ(mistake([&](Schema& s) { s.field("clock", clock, "x").range(Bytes(1), Bytes(2)); }),
            "a bound of another type than the field: 1B");
  EXPECT_EQ(mistake([&](Schema& s) { s.field("t", text, "x").range(1, 2); }),
            "describe(): \"t\": only numbers and quantities have a range");
  EXPECT_EQ(mistake([&](Schema& s) { s.field("n", n, "x").count(1, 2); }),
            "describe(): \"n\": only vectors, maps and lists have a count");
  EXPECT_EQ(mistake([&](Schema& s) { s.field("n", many, "x").count(2, 1); }), "describe(): \"n\": the count is empty");
  EXPECT_EQ(mistake([&](Schema& s) { s.field("t", text, "x").rtl("T"); }),
            "describe(): \"t\": an RTL parameter is one whole number, quantity, truth value or choice");
  EXPECT_EQ(mistake([&](Schema& s) { s.field("n", n, "x").rtl(""); }),
            "describe(): \"n\": an RTL parameter needs a name");
  EXPECT_EQ(mistake([&](Schema& s) { s.field("c", clock, "x").unit(Unit::kCycles); }),
            "describe(): \"c\": only plain numbers are given a unit");
  EXPECT_EQ(mistake([&](Schema& s) { s.group("a", attention, "x").unit(Unit::kCycles); }),
            "describe(): \"a\": only plain numbers are given a unit");
  EXPECT_EQ(mistake([&](Schema& s) {
              s.choice("b", flag, {{"a", true}, {"a", false}}, "x");
            }),
            "describe(): \"b\": a choice needs names, each once");
  EXPECT_EQ(mistake([&](Schema& s) { s.rule([] { return true; }, {"n"}, "holds"); }),
            "describe(): the rule \"holds\" names \"n\", which is no key");
  EXPECT_EQ(mistake([&](Schema& s) { s.rule([] { return true; }, {}, "holds"); }),
            "describe(): a rule needs keys and a text: holds");
}

TEST(Schema, TheSampleIsGood) {
  EXPECT_EQ(check_schema<Design>(), std::vector<std::string>());
  EXPECT_EQ(check_schema<Core>(), std::vector<std::string>());
}

struct Bad {
  std::uint32_t rows = 0;
  Dataflow dataflow = static_cast<Dataflow>(7);
  std::vector<std::uint32_t> dims;
  std::optional<Attention> attention = Attention{};
  std::uint32_t odd = 2;
};
void describe(Schema& s, Bad& c) {
  s.field("rows", c.rows, "x").range(1, 4);
  s.choice("dataflow", c.dataflow, {{"weight", Dataflow::kWeight}}, "x");
  s.field("dims", c.dims, "x").count(1, 2);
  s.optional_group("attention", c.attention, "x");
  s.field("odd", c.odd, "x");
  s.rule([&c] { return c.odd % 2 == 1; }, {"odd"}, "odd must be odd");
}

TEST(Schema, DefaultsThatCouldNotBeReadAreFound) {
  EXPECT_EQ(
      check_schema<Bad>(),
      (std::vector<std::string>{
          "rows: the default: 0 is outside 1..4", "dataflow: the default: \"\" is not allowed. Allowed: weight",
          "dims: the default: 0 entries, allowed are 1..2", "attention: an optional group must be absent by default",
          ": the defaults break the rule: odd must be odd"}));
}

TEST(Leaves, AreVisitedInOrderWithTheirPaths) {
  Design d;
  d.levels.resize(2);
  d.levels[1].attention.emplace();
  std::string paths;
  for_each_leaf(schema_of(d),
                [&](const std::string& path, const Field& leaf) { paths += path + "=" + leaf.text() + " "; });
  EXPECT_EQ(paths,
            "name=unnamed lut_core.rows=2 lut_core.lanes=64 lut_core.epilogue_lanes=8 lut_core.clock=1GHz "
            "lut_core.fused=false lut_core.dataflow=weight_stationary lut_core.sram.size=64KiB "
            "lut_core.sram.bandwidth=51.2GB/s lut_core.sram.latency=1.5ns levels[0].name=\"\" levels[0].size=1KiB "
            "levels[1].name=\"\" levels[1].size=1KiB levels[1].attention.heads=8 levels[1].attention.scale=0.125 "
            "dims=[4, 4] sizes=[] tags=[] offset=-1 wide=0 seed=1 utilization=0.9 ");
}

/// The number of the first line in which two texts differ.
int first_difference(const std::string& a, const std::string& b) {
  const auto at = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
  return 1 + static_cast<int>(std::count(a.begin(), at, '\n'));
}

TEST(Leaves, OneMutantPerBoundOfEveryFieldGivesOneErrorOnItsLine) {
  Design d;
  d.levels.resize(2);
  d.levels[0].name = d.levels[1].name = "x";
  d.levels[1].attention.emplace();
  const std::string good = write_yaml(d);
  int mutants = 0;
  for_each_leaf(schema_of(d), [&](const std::string& path, const Field& leaf) {
    for (const std::string& text : out_of_range_texts(leaf)) {
      // In a file: the line of the leaf with another value.
      const std::string old_value = ": " + leaf.text();
      std::vector<Value> kept = leaf.values();
      std::string bad = good;
      {
        // Find the line by writing an origin for this path only.
        const std::string marked = write_yaml(d, std::make_unique<Origins>(Origins{{path, "here"}}).get());
        const int line = first_difference(good, marked);
        std::size_t begin = 0;
        for (int i = 1; i < line; ++i) begin = bad.find('\n', begin) + 1;
        const std::size_t colon = bad.find(old_value, begin);
        bad.replace(colon, old_value.size(), leaf.is_vector() ? ": [" + text + "]" : ": " + text);
        Design read;
        Problems problems;
        EXPECT_FALSE(read_yaml_text(bad, "x.yaml", read, problems)) << path << " = " << text;
        ASSERT_EQ(problems.size(), 1u) << path << " = " << text;
        EXPECT_EQ(problems.items()[0].where.line, line) << path << " = " << text;
        EXPECT_EQ(problems.items()[0].path, leaf.is_vector() ? path + "[0]" : path);
      }
      // As an override.
      Design read;
      Problems problems;
      EXPECT_FALSE(read_yaml_text(good, "x.yaml", read, problems,
                                  {{path + "=" + (leaf.is_vector() ? "[" + text + "]" : text)}, ""}));
      ASSERT_EQ(problems.size(), 1u) << path << " = " << text;
      EXPECT_EQ(problems.items()[0].where.file, "--set");
      EXPECT_EQ(write_yaml(read), good) << "a bad value is not assigned: " << path;
      ++mutants;
    }
  });
  EXPECT_EQ(mutants, 30);
}

}  // namespace
}  // namespace lutetia::sample
