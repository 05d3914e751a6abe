// Published libraries, where they are at hand: Debian's OSU018, and IHP SG13G2 and ASAP7 beside the repository.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <set>

#include "gates/cell_kinds.h"
#include "gates/liberty_copy.h"
#include "gates/liberty_reader.h"

namespace lutetia {
namespace {

namespace fs = std::filesystem;
const fs::path kRoot = LUTETIA_SOURCE_DIR;

/// Reads a library, compressed or not; false if it is not there.
bool load(const fs::path& file, LibertyTree& tree, CellLibrary& library) {
  if (!fs::exists(file)) return false;
  Problems problems;
  if (file.extension() == ".xz") {
    std::FILE* pipe = popen(("xz -dc '" + file.string() + "'").c_str(), "r");
    if (pipe == nullptr) return false;
    std::string text, piece(1 << 16, '\0');
    for (std::size_t n = 0; (n = std::fread(piece.data(), 1, piece.size(), pipe)) > 0;) text.append(piece, 0, n);
    if (pclose(pipe) != 0) return false;
    tree.parse(std::move(text), file.string(), problems);
  } else {
    load_liberty_tree(file.string(), tree, problems);
  }
  EXPECT_TRUE(read_liberty_tree(tree, library, problems));
  for (const Problem& problem : problems.items()) ADD_FAILURE() << problem.text();
  return true;
}

const CellPin& pin(const CellLibrary& library, const std::string& cell, const std::string& name) {
  const Cell& c = library.cells.at(cell);
  return c.pins.at(static_cast<std::size_t>(c.pin(name)));
}

TEST(LibertyFiles, Osu018) {
  LibertyTree tree;
  CellLibrary library;
  const fs::path name = "usr/share/qflow/tech/osu018/osu018_stdcells.lib";
  if (!load("/" / name, tree, library) && !load(kRoot / "build/osu018" / name, tree, library) &&
      !load(kRoot / "../main/build/osu018" / name, tree, library))
    GTEST_SKIP() << "no osu018: scripts/install-dependencies --liberty gets it";
  EXPECT_EQ(library.cells.size(), 32u);
  EXPECT_DOUBLE_EQ(library.voltage, 1.8);
  const Cell& flop = library.cells.at("DFFPOSX1");
  EXPECT_DOUBLE_EQ(flop.area_um2, 96);
  EXPECT_DOUBLE_EQ(flop.leakage_nw, 0.160725);
  ASSERT_TRUE(flop.flop);
  EXPECT_TRUE(flop.flop->rising);
  EXPECT_FALSE(library.cells.at("DFFNEGX1").flop->rising);
  EXPECT_FALSE(flop.flop->clear || flop.flop->preset);
  EXPECT_TRUE(library.cells.at("DFFSR").flop->clear && library.cells.at("DFFSR").flop->preset);
  EXPECT_NEAR(pin(library, "DFFPOSX1", "CLK").capacitance_ff, (27.9235 + 27.4634) / 2, 1e-9);
  EXPECT_NEAR(pin(library, "DFFPOSX1", "D").capacitance_ff, (8.82947 + 8.81001) / 2, 1e-9);
  EXPECT_NEAR(pin(library, "DFFPOSX1", "CLK").power.at(0).rise->at(60, 0), 6.865, 1e-9);
  EXPECT_NEAR(pin(library, "DFFPOSX1", "CLK").power.at(0).fall->at(1200, 0), 258.089, 1e-9);
  const auto adder = full_adder(library.cells.at("FAX1"));
  ASSERT_TRUE(adder);
  EXPECT_EQ(adder->sum, library.cells.at("FAX1").pin("YS"));
  EXPECT_EQ(adder->carry, library.cells.at("FAX1").pin("YC"));
  EXPECT_FALSE(adder->sum_inverted || adder->carry_inverted);
  EXPECT_TRUE(library.cells.at("LATCH").latch);
  EXPECT_TRUE(library.cells.at("TBUFX1").tristate);
}

TEST(LibertyFiles, Sg13g2HasOnlyFlipFlopsWithReset) {
  LibertyTree tree;
  CellLibrary library;
  if (!load(kRoot / "../shared/data/liberty/sg13g2_stdcell_typ_1p20V_25C.lib.xz", tree, library))
    GTEST_SKIP() << "no ../shared/data/liberty beside the repository";
  EXPECT_EQ(library.cells.size(), 60u);
  EXPECT_DOUBLE_EQ(library.voltage, 1.2);
  int flops = 0;
  std::set<std::string, std::less<>> unused;
  for (const auto& [name, cell] : library.cells) {
    if (cell.dont_use) unused.insert(name);
    if (!cell.flop) continue;
    ++flops;
    ASSERT_TRUE(cell.flop->clear) << name;
    EXPECT_TRUE(cell.flop->clear->at(0)) << name;  // active low
    EXPECT_NEAR(cell.leakage_nw, 0.54, 0.04) << name;
  }
  EXPECT_EQ(flops, 2);
  EXPECT_EQ(unused.size(), 6u);
  LibertyTree copy;
  CellLibrary usable;
  Problems problems;
  EXPECT_TRUE(copy.parse(without_cells(tree, unused), "copy", problems));
  EXPECT_TRUE(read_liberty_tree(copy, usable, problems));
  EXPECT_EQ(usable.cells.size(), 54u);
}

TEST(LibertyFiles, Asap7HasInvertedFlipFlopsAndCountsEnergyOnce) {
  LibertyTree tree;
  CellLibrary library;
  if (!load(kRoot / "../shared/data/liberty/asap7_rvt_tt.lib.xz", tree, library))
    GTEST_SKIP() << "no ../shared/data/liberty beside the repository";
  EXPECT_EQ(library.cells.size(), 106u);
  EXPECT_DOUBLE_EQ(library.voltage, 0.7);
  // The state is that of the output QN: clocked, it becomes !D. So D is inverted before the state, not behind it.
  const Cell& flop = library.cells.at("DFFHQNx1_ASAP7_75t_R");
  ASSERT_TRUE(flop.flop);
  ASSERT_EQ(flop.flop->outputs.size(), 1u);
  EXPECT_EQ(flop.flop->outputs[0], std::make_pair(flop.pin("QN"), false));
  EXPECT_TRUE(flop.flop->next_state.at(0));
  EXPECT_FALSE(flop.flop->next_state.at(1u << flop.pin("D")));
  // Per state the file has one leakage of the power rail and one of the ground rail, which is 0.
  EXPECT_NEAR(library.cells.at("BUFx2_ASAP7_75t_R").leakage_nw, (0.139314 + 0.133537) / 2, 1e-9);
  const CellPin& output = pin(library, "BUFx2_ASAP7_75t_R", "Y");
  ASSERT_EQ(output.power.size(), 1u);
  EXPECT_NEAR(output.power[0].rise->at(20, 1.44) + output.power[0].fall->at(20, 1.44), 0.485, 0.0005);
}

}  // namespace
}  // namespace lutetia
