// lutetia switching: a block driven by a file, and what goes with what on the command line. Units under recorded
// operands are in tests/gates and in the calibration.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/run_lutetia.h"
#include "gates/liberty_sample.h"
#include "gates/tiny_library.h"

namespace lutetia::app_test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Switching : public testing::Test {
 protected:
  Switching() {
    write_file(folder_ / "x.lib", liberty_sample::kText);
    gates_test::NetlistWriter w;
    w.in("clk_i", {2}).in("a_i", {3}).in("b_i", {4}).out("y_o", {5});
    w.cell("u_gate.g", "NAND", {{"A", 3}, {"B", 4}, {"Y", 5}});
    write_file(folder_ / "n.json", w.json());
  }
  Outcome run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "switching");
    for (const char* more : {"--netlist", "n.json", "--liberty", "x.lib"}) arguments.emplace_back(more);
    return lutetia(arguments, folder_.path());
  }
  Folder folder_;
};

TEST_F(Switching, ABlockIsDrivenByAFile) {
  write_file(folder_ / "v.hex", "# a_i:1 b_i:1 y_o:1\n0 0 -\n0 0 -\n1 1 0\n1 0 1\n1 1 0\n");
  const Outcome outcome = run({"--drive", "v.hex", "--out", "s.json", "--nets", "n.csv", "--vectors", "again.hex"});
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("top: 1 cells, 3 outputs in 3 cycles, all as expected\n"));
  const auto json = nlohmann::json::parse(read_file(folder_ / "s.json"));
  EXPECT_EQ(json["unit"], "top");
  EXPECT_EQ(json["workload"], "v.hex");
  EXPECT_EQ(json["events"], nlohmann::json({"cycle", "a", "b"}));
  EXPECT_EQ(json["windows"][0]["events"], nlohmann::json({3, 3, 2}));
  EXPECT_THAT(read_file(folder_ / "n.csv"), HasSubstr("NAND,\"u_gate\",3,1000\n"));
  EXPECT_EQ(read_file(folder_ / "again.hex"), "# a_i:1 b_i:1\n0 0\n0 0\n1 1\n1 0\n1 1\n");
}

TEST_F(Switching, AFileWithoutOutputsComparesNothingAndSaysSo) {
  write_file(folder_ / "v.hex", "# a_i:1 b_i:1\n0 0\n0 0\n1 1\n");
  const Outcome outcome = run({"--drive", "v.hex", "--out", "s.json"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("0 outputs in 1 cycles, so nothing was compared\n"));
  EXPECT_FALSE(nlohmann::json::parse(read_file(folder_ / "s.json"))["equal_to_model"].get<bool>());
}

TEST_F(Switching, AnOutputThatDiffersIsStatusOneAndNothingIsWritten) {
  write_file(folder_ / "v.hex", "# a_i:1 b_i:1 y_o:1\n0 0 -\n0 0 -\n1 1 0\n1 1 1\n");
  const Outcome outcome = run({"--drive", "v.hex", "--out", "s.json"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "the netlist n.json differs from v.hex\ncycle 3: y_o is 0, expected 1\n");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "s.json"));
}

TEST_F(Switching, MistakesInTheFileAreToldWithTheirPlace) {
  write_file(folder_ / "v.hex", "# a_i:1 b_i:1\n0 0\n0 2\n1\n");
  const Outcome outcome = run({"--drive", "v.hex", "--out", "s.json"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("v.hex:3:3: error: b_i: expected 1 bits in hexadecimal digits, got 2\n"
                                     "v.hex:4:1: error: expected 2 values, got 1\n"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("cycles")));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "s.json"));
}

TEST_F(Switching, SaysWhatDoesNotGoTogether) {
  EXPECT_THAT(run({"--drive", "v.hex", "o.json"}).err, HasSubstr("operands do not go with --drive"));
  EXPECT_THAT(run({"--drive", "v.hex", "--random", "lut_core"}).err,
              HasSubstr("--drive: error: does not go with --random"));
  EXPECT_THAT(run({"--drive", "v.hex", "--repeat", "2"}).err,
              HasSubstr("--repeat: error: only goes with recorded operands"));
  EXPECT_THAT(run({"--drive", "no.hex"}).err, HasSubstr("no.hex: error: "));
  EXPECT_THAT(run({}).err, HasSubstr("expected one file of recorded operands, --random UNIT or --drive FILE"));
  EXPECT_EQ(run({}).status, 2);
}

}  // namespace
}  // namespace lutetia::app_test
