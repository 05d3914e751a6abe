// lutetia liberty: what a user learns about a library, and the two files that synthesis takes from it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/run_lutetia.h"
#include "gates/liberty_sample.h"

namespace lutetia::app_test {
namespace {

using liberty_sample::changed;
using liberty_sample::kText;

TEST(LibertyCommand, SaysWhatALibraryHolds) {
  Folder folder;
  write_file(folder / "x.lib", kText);
  const Outcome outcome = lutetia({"liberty", "x.lib"}, folder.path());
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out,
            "x.lib: ok (liberty sample: 6 cells, 1.2 V)\n"
            "  flip-flops   FLOP (reset)\n"
            "  2-input NAND NAND, 4.5 um2\n"
            "  full adder   ADDER, 20 um2\n"
            "  not used     dont_use: FILL\n"
            "  not used     latch: LATCH\n"
            "  not used     tri-state output: TRI\n");
  EXPECT_EQ(outcome.status, 0);
}

TEST(LibertyCommand, WritesWhatSynthesisNeeds) {
  Folder folder;
  write_file(folder / "x.lib", kText);
  const Outcome outcome =
      lutetia({"liberty", "x.lib", "--usable", "usable.lib", "--cells", "cells.json"}, folder.path());
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(read_file(folder / "usable.lib"), changed(kText, "  cell (FILL) { area : 1; dont_use : true; }\n", ""));
  const auto cells = nlohmann::json::parse(read_file(folder / "cells.json"));
  EXPECT_EQ(cells.size(), 6u);
  EXPECT_EQ(cells["ADDER"]["full_adder"], nlohmann::json::parse(R"({"a": "X", "b": "Y", "c": "Z", "sum": "S",
      "carry": "CN", "sum_inverted": false, "carry_inverted": true})"));
  EXPECT_EQ(cells["ADDER"]["area"], 20.0);
  EXPECT_EQ(cells["ADDER"]["leakage_nw"], 2.5);
  EXPECT_TRUE(cells["NAND"]["full_adder"].is_null());
  EXPECT_TRUE(cells["FLOP"]["flop"].get<bool>() && cells["FLOP"]["reset"].get<bool>());
  EXPECT_FALSE(cells["LATCH"]["flop"].get<bool>());
  EXPECT_TRUE(cells["FILL"]["dont_use"].get<bool>());
}

TEST(LibertyCommand, ABrokenFileIsAUserErrorAndNothingIsWritten) {
  Folder folder;
  write_file(folder / "x.lib", changed(changed(kText, "area : 20;", "area : 2O;"), "\"1ns\"", "\"1 day\""));
  const Outcome outcome = lutetia({"liberty", "x.lib", "--usable", "u.lib", "--cells", "c.json"}, folder.path());
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "x.lib:3:16: error: time_unit: unknown unit \"1 day\", expected something like 1ns\n"
            "x.lib:60:12: error: ADDER.area: expected a number, got \"2O\"\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "u.lib") || std::filesystem::exists(folder / "c.json"));
  write_file(folder / "y.lib", kText);
  write_file(folder / "c.json", "mine");
  EXPECT_EQ(lutetia({"liberty", "y.lib", "--usable", "u.lib", "--cells", "c.json"}, folder.path()).status, 2);
  EXPECT_FALSE(std::filesystem::exists(folder / "u.lib"));
  EXPECT_EQ(lutetia({"liberty", "none.lib"}, folder.path()).err, "none.lib: error: no such file\n");
}

}  // namespace
}  // namespace lutetia::app_test
