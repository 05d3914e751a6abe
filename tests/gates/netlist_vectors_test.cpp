// Vectors on the ports of a netlist: what a file of them may hold, and what a run makes of it.
#include "gates/netlist_vectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/random.h"
#include "gates/driven_run.h"
#include "gates/tiny_library.h"

namespace lutetia {
namespace {

using gates_test::counter;
using gates_test::tiny_library;
using testing::ElementsAre;
using testing::HasSubstr;

/// A bit that changes while enabled: q_o; y_o is neither of the two.
struct Bit {
  Bit() { EXPECT_TRUE(build_netlist(counter().module(), library, "n.json", netlist, problems)); }
  bool parse(const std::string& text) { return parse_netlist_vectors(text, "v.hex", netlist, vectors, problems); }
  std::string mistakes(const std::string& text) {
    EXPECT_FALSE(parse(text));
    std::string all;
    for (const Problem& problem : problems.items()) all += problem.text() + "\n";
    return all;
  }
  SwitchingResult run(const std::string& text, std::uint64_t window = 64) {
    EXPECT_TRUE(parse(text)) << mistakes(text);
    GateLevelUnit::Options options;
    options.window = window;
    options.record_vectors = true;
    SwitchingResult result;
    run_driven(vectors, "by hand", netlist, "n.json", library, options, result);
    return result;
  }
  CellLibrary library = tiny_library();
  Netlist netlist;
  Problems problems;
  NetlistVectors vectors;
};

constexpr char kRun[] =
    "# rst_ni:1 enable_i:1 q_o:1\n"
    "0 0 -\n0 0 -\n"
    "1 1 0\n1 1 1\n1 0 0\n1 0 0\n1 1 0\n1 0 1\n";

TEST(NetlistVectors, DriveAndCompare) {
  Bit b;
  const SwitchingResult result = b.run(kRun, 4);
  EXPECT_TRUE(result.bench.passed) << result.bench.failure;
  EXPECT_EQ(result.bench.cycles, 6u);
  const auto json = nlohmann::json::parse(result.json);
  EXPECT_EQ(json["events"], nlohmann::json({"cycle", "enable"}));
  ASSERT_EQ(json["windows"].size(), 2u);
  EXPECT_EQ(json["windows"][0]["events"], nlohmann::json({4, 2}));
  EXPECT_EQ(json["windows"][1]["events"], nlohmann::json({2, 1}));
  EXPECT_GT(json["windows"][0]["clock_fj"][1], 0);
  EXPECT_THAT(result.vectors, HasSubstr("rst_ni:1"));
}

TEST(NetlistVectors, AWrongOutputIsTold) {
  Bit b;
  std::string text = kRun;
  text.replace(text.find("1 1 1"), 5, "1 1 0");
  const SwitchingResult result = b.run(text);
  EXPECT_FALSE(result.bench.passed);
  EXPECT_EQ(result.bench.failure, "cycle 3: q_o is 1, expected 0\n");
  EXPECT_EQ(result.json, "");
}

TEST(NetlistVectors, WhatWasRecordedIsReadAgain) {
  Bit b, again;
  const SwitchingResult first = b.run(kRun), second = again.run(first.vectors);
  EXPECT_EQ(first.nets, second.nets);
  EXPECT_EQ(first.vectors, second.vectors);
}

TEST(NetlistVectors, MistakesHaveTheirPlace) {
  EXPECT_THAT(Bit().mistakes(""), HasSubstr("v.hex:1:1: error: expected a heading"));
  EXPECT_THAT(Bit().mistakes("1 1\n"), HasSubstr("v.hex:1:1: error: expected a heading"));
  const std::string heading = Bit().mistakes("# clk_i:1 enable_i:2 enable_i:1 what_i:1\n");
  EXPECT_THAT(heading, HasSubstr("v.hex:1:3: error: clk_i: the clock is not driven by a file"));
  EXPECT_THAT(heading, HasSubstr("v.hex:1:11: error: enable_i: expected enable_i:1"));
  EXPECT_THAT(heading, HasSubstr("what_i: the netlist has no such port"));
  EXPECT_THAT(heading, HasSubstr("v.hex:1:1: error: rst_ni: missing, though the netlist has this input"));
  EXPECT_THAT(Bit().mistakes("# rst_ni:1 enable_i:1 enable_i:1\n"),
              HasSubstr("v.hex:1:23: error: enable_i: named twice"));
  const std::string rows = Bit().mistakes("# rst_ni:1 enable_i:1 q_o:1\n0 0 -\n0 - -\n1 2 0\n1 0\n1 0 0 0\n");
  EXPECT_THAT(rows, HasSubstr("v.hex:3:3: error: enable_i: expected 1 bits in hexadecimal digits, got -"));
  EXPECT_THAT(rows, HasSubstr("v.hex:4:3: error: enable_i: expected 1 bits in hexadecimal digits, got 2"));
  EXPECT_THAT(rows, HasSubstr("v.hex:5:1: error: expected 3 values, got 2"));
  EXPECT_THAT(rows, HasSubstr("v.hex:6:1: error: expected 3 values, got 4"));
  EXPECT_THAT(Bit().mistakes("# rst_ni:1 enable_i:1\n0 0\n0 0\n"), HasSubstr("expected more than 2 cycles"));
  Bit b;
  EXPECT_FALSE(read_netlist_vectors("no/such.hex", b.netlist, b.vectors, b.problems));
}

TEST(NetlistVectors, DamagedFilesAreReadInOrder) {
  const std::string pieces[] = {"#",    ":",          "q_o", "ffffffffffffffffffff", "\n", " ", "-",
                                "\t\r", "enable_i:1", "9",   std::string(1, '\0')};
  int good = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Random random(seed);
    std::string text = kRun;
    for (std::uint64_t n = random.below(4); n > 0; --n) {
      const std::string& piece = pieces[random.below(std::size(pieces))];
      text.replace(random.below(text.size()), random.below(6), piece);
    }
    Bit b;
    const bool parsed = b.parse(text);
    ASSERT_EQ(parsed, b.problems.empty()) << seed;
    good += parsed;
    if (!parsed) continue;
    for (const NetlistVectors::Column& column : b.vectors.columns)
      ASSERT_EQ(column.values.size(), b.vectors.cycles) << seed;
  }
  EXPECT_GT(good, 100);
  EXPECT_LT(good, 2900);
}

}  // namespace
}  // namespace lutetia
