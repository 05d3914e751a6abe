// Technology files: what is read, and that every mistake has its place.
#include <algorithm>
#include <filesystem>

#include "base/random.h"
#include "cost/terms.h"
#include "cost/toy.h"

namespace lutetia {
namespace {

std::string faults(const std::string& text, const std::string& name = "toy.yaml") {
  Technology technology;
  Problems problems;
  const bool good = read_technology_text(text, name, technology, problems);
  EXPECT_EQ(good, problems.empty());
  return problems_text(problems);
}

TEST(Technology, IsReadAsItStands) {
  const Technology t = toy();
  EXPECT_EQ(t.name, "toy");
  EXPECT_EQ(t.node_nm, 100);
  EXPECT_EQ(t.voltage, 1.2);
  EXPECT_EQ(t.kind, "native");
  EXPECT_EQ(t.layout.value().utilization, 0.5);
  ASSERT_EQ(t.units.size(), 6u);
  const UnitTechnology& core = *t.find_unit("lut_core");
  EXPECT_EQ(core.most_period_ps, 1250);
  EXPECT_EQ(core.residuals.energy_worst, 0.2);
  EXPECT_EQ(core.residuals.held_out_area, 0.04);
  EXPECT_EQ(core.residuals.tile_energy, 0.05);
  EXPECT_EQ(t.find_unit("attention")->ignored.count("KvBits"), 1u);
  EXPECT_EQ(core.range.at("Lanes"), std::make_pair(std::int64_t{4}, std::int64_t{64}));
  EXPECT_EQ(core.fixed.at("TernaryTables"), 0);
  ASSERT_EQ(core.components.size(), 2u);
  EXPECT_EQ(core.components[0].name, "psum");
  EXPECT_EQ(core.components[0].combinational_fj[0].first, "fire");
  EXPECT_EQ(core.components[0].combinational_fj[0].second[0].coefficient, 10);
  EXPECT_EQ(t.sram.value().most_words, 1024u);
  EXPECT_EQ(t.dram.at("hbm2").high, 6);
  EXPECT_EQ(t.sha256.size(), 64u);
  EXPECT_EQ(t.find_unit("nothing"), nullptr);
}

TEST(Technology, NamesMayUseEarlierOnes) {
  CostValues values = {{"Rows", 3}};
  EXPECT_EQ(add_names({{"A", "Rows + 1"}, {"B", "A * pow2(A)"}}, values), "");
  EXPECT_EQ(values.at("B"), 64);
  std::string error;
  EXPECT_EQ(evaluate({{"A * Rows", 0.5}, {"1", -2}}, values, error), 4);
  EXPECT_EQ(evaluate({{"C", 1}}, values, error), 0);
  EXPECT_EQ(error, "\"C\": unknown parameter C");
}

TEST(Technology, EveryMistakeHasItsPlaceAndTheNearestKey) {
  const std::string text = toy_text();
  const auto expect = [&](const std::string& from, const std::string& to, const std::string& message) {
    const std::string found = faults(changed(text, from, to));
    EXPECT_NE(found.find(message), std::string::npos) << to << "\n" << found;
  };
  expect("corner: typical", "cornr: typical", "toy.yaml:5:1: error: cornr: unknown key, did you mean \"corner\"?");
  expect("voltage: 1.2V", "voltage: 1.2A",
         "toy.yaml:4:1: error: voltage: expected a number from 0.01 to 1000 in V, got \"1.2A\"");
  expect("node_nm: 100", "node_nm: x", "node_nm: expected a number");
  expect("kind: native", "kind: guessed", "kind: expected native or interpolated");
  expect("kind: native", "kind: interpolated", "kind: without a base it is native");
  expect("\"Rows * Lanes * PsumBlocks\": 100", "\"Rows * Lane * PsumBlocks\": 100",
         "unknown parameter Lane, did you mean \"Lanes\"?");
  expect("\"Rows * Lanes * PsumBlocks\": 100", "\"Rows / (Rows - 4)\": 100", "division by zero");
  expect("\"Rows * Lanes * PsumBlocks\": 100", "\"Rows *\": 100", "expected a parameter or a number at the end");
  expect("\"Rows * Lanes * PsumBlocks\": 100", "\"Rows\": much", "expected a number");
  expect("\"Rows * Lanes * PsumBlocks\": 100", "\"Rows\": .nan", "expected a number");
  expect("EntryBits: \"ActBits + 2\"", "EntryBits: \"ActBit + 2\"", "EntryBits: unknown parameter ActBit");
  expect("EntryBits: \"ActBits + 2\"", "Rows: \"ActBits + 2\"", "names.Rows: is a parameter, or named twice");
  expect("Lanes: [4, 64]", "Lanes: [64, 4]", "range.Lanes: the range is empty");
  expect("Lanes: [4, 64]", "Lanes: 4", "expected a list of the least and the largest value");
  expect("TernaryTables: 0}", "TernaryTables: no}", "expected a whole number");
  expect("glitches: 1.5", "glitches: 0.5", "glitches: expected a number from 1 to 100");
  expect("glitches: 1.5", "glitchez: 1.5", "units.lut_core.glitchez: unknown key, did you mean \"glitches\"?");
  expect("clock_fj: {\"Rows * Entries\": 1}", "clock_fj:", "components.tables.clock_fj: the value is missing");
  expect("read_fj: {\"1\": 100, \"width\": 10}", "read_fj: {\"lanes\": 10}", "unknown parameter lanes");
  expect("pj_per_bit: 4, low: 3", "pj_per_bit: 4, low: 5", "dram.hbm2.low: expected a number from 0 to 4");
  expect("layout: {", "layuot: {", "unknown key, did you mean \"layout\"?");
  expect("sram:\n", "base: osu018\nsram:\n", "factors: required key is missing");
  expect("date: 2026-01-01", "name: again", "duplicate key, first on line 2");
}

/// Copies in a folder of their own.
class TechnologyFolder : public testing::Test {
 protected:
  TechnologyFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "lutetia-cost-XXXXXX").string();
    path_ = mkdtemp(name.data());
    write("toy", toy_text());
  }
  ~TechnologyFolder() override { std::filesystem::remove_all(path_); }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(path_ / (name + ".yaml"), std::ios::binary) << text;
  }
  std::string read(const std::string& name, Technology& t) {
    Problems problems;
    read_technology_file((path_ / (name + ".yaml")).string(), t, problems);
    return problems_text(problems);
  }
  std::filesystem::path path_;
};

constexpr char kScaled[] =
    "name: half\nnode_nm: 50\nkind: interpolated\nsource: \"half of everything\"\nbase: toy\n"
    "factors: {area: 0.25, energy: 0.5, leakage: 0.125, delay: 0.75}\nspread: {area: 1.2, energy: 2}\n";

TEST_F(TechnologyFolder, AnInterpolatedFileIsItsBaseScaled) {
  write("half", kScaled);
  Technology half;
  EXPECT_EQ(read("half", half), "");
  EXPECT_EQ(half.name, "half");
  EXPECT_EQ(half.energy_spread, 2);
  const ComponentTechnology& psum = half.find_unit("lut_core")->components[0];
  EXPECT_EQ(psum.area_um2[0].coefficient, 25);
  EXPECT_EQ(psum.leakage_nw[0].coefficient, 0.25);
  EXPECT_EQ(psum.clock_fj[0].coefficient, 1.5);
  EXPECT_EQ(psum.combinational_fj[0].second[0].coefficient, 5);
  EXPECT_EQ(psum.register_fj[0].second[0].coefficient, 3);
  EXPECT_EQ(half.find_unit("lut_core")->most_period_ps, 937.5);
  EXPECT_EQ(half.sram.value().read_fj[0].coefficient, 50);
  EXPECT_EQ(half.sram.value().energy_spread, 2);
  EXPECT_EQ(half.layout.value().cell_growth, 1.25);
  EXPECT_EQ(half.dram.at("hbm2").pj_per_bit, 4) << "a device of its own";
  Technology base;
  EXPECT_EQ(read("toy", base), "");
  EXPECT_NE(half.sha256, base.sha256);
}

TEST_F(TechnologyFolder, ABaseIsThereAndIsNativeItself) {
  Technology t;
  write("half", changed(kScaled, "base: toy", "base: toi"));
  EXPECT_NE(read("half", t).find("half.yaml:5:1: error: base: no such file"), std::string::npos) << read("half", t);
  write("half", kScaled);
  write("quarter", changed(kScaled, "base: toy", "base: half"));
  EXPECT_NE(read("quarter", t).find("a base cannot be based on another file"), std::string::npos);
  write("half", std::string(kScaled) + "units: {}\n");
  EXPECT_NE(read("half", t).find("units: come from the base"), std::string::npos);
  write("self", changed(kScaled, "base: toy", "base: self"));
  EXPECT_NE(read("self", t), "");
}

void expect_orderly(const std::string& text, std::uint64_t seed) {
  Technology t;
  Problems problems;
  bool good = false;
  ASSERT_NO_THROW(good = read_technology_text(text, "toy.yaml", t, problems)) << seed;
  ASSERT_EQ(good, problems.empty()) << seed;
  for (const Problem& problem : problems.items()) ASSERT_FALSE(problem.message.empty()) << seed;
}

TEST(TechnologyFuzz, PrefixesAreReadInOrder) {
  const std::string text = toy_text();
  for (std::size_t size = 0; size < text.size(); size += 3) expect_orderly(text.substr(0, size), size);
}

TEST(TechnologyFuzz, DamagedFilesAreReadInOrder) {
  const std::string valid = toy_text();
  const std::vector<std::string> pieces = {"{",    "}",        "[",      "]",           ":",  ": ", "\"",
                                           "-1",   "1e999",    "~",      ",",           "\n", "  ", "&a",
                                           "<<: ", "pow2(60)", "units:", "base: toy\n", "0"};
  int good = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Random random(seed);
    std::string text = valid;
    for (std::uint64_t n = 1 + random.below(3); n > 0; --n) {
      const std::size_t at = random.below(text.size());
      switch (random.below(4)) {
        case 0: text[at] = static_cast<char>(random.below(256)); break;
        case 1: text.erase(at, random.below(10)); break;
        case 2: text.insert(at, pieces[random.below(pieces.size())]); break;
        case 3: text.insert(random.below(text.size()), text.substr(at, random.below(30))); break;
      }
    }
    expect_orderly(text, seed);
    if (testing::Test::HasFatalFailure()) return;
    Technology t;
    Problems problems;
    good += read_technology_text(text, "toy.yaml", t, problems);
  }
  EXPECT_GT(good, 50);
  EXPECT_LT(good, 950);
}

}  // namespace
}  // namespace lutetia
