// lutetia size: the largest design for an area and a bandwidth, with a technology made up so that areas can be worked
// out by hand.
#include <gtest/gtest.h>

#include "app/run_lutetia.h"

namespace lutetia::app_test {
namespace {

namespace fs = std::filesystem;

const char* kToy = R"(name: toy
node_nm: 28
kind: native
source: made up for this test
layout: {cell_growth: 1.2, utilization: 0.6}
units:
  lut_core:
    residuals: {area: {mean: 0.03, worst: 0.1}, energy: {mean: 0.04, worst: 0.1}}
    range: {Rows: [1, 8], Lanes: [8, 1024]}
    components:
      rows: {area_um2: {"Rows * Lanes": 100}, clock_fj: {"Rows * Lanes": 1}}
      frame: {area_um2: {"Lanes": 10}}
)";

class Size : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "configs");
    for (const char* name : {"designs", "memory"})
      fs::create_directory_symlink(fs::path(LUTETIA_SOURCE_DIR) / "configs" / name, folder_ / "configs" / name);
    write_file(folder_ / "configs/technology/toy.yaml", kToy);
    write_file(folder_ / "none.yaml", "name: none\n");
  }
  Outcome size(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"size"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return lutetia(arguments, folder_.path());
  }
  void expect_lines(const Outcome& outcome, const std::vector<std::string>& lines) const {
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    for (const std::string& line : lines)
      EXPECT_NE(outcome.out.find(line), std::string::npos) << line << "\n" << outcome.out;
  }
  void expect_error(const std::vector<std::string>& arguments, const std::string& error) const {
    const Outcome outcome = size(arguments);
    EXPECT_EQ(outcome.status, 2) << outcome.out;
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(("\n" + outcome.err).find("\n" + error), std::string::npos) << error << "\n" << outcome.err;
  }
  Folder folder_;
};

TEST_F(Size, FillsAnAreaWithLanes) {
  // Four rows: 410 um2 a lane; lanes are multiples of epilogue_lanes, 16.
  const Outcome outcome = size({"lut-tensor-core", "--area", "0.1mm2", "--technology", "toy"});
  expect_lines(outcome,
               {"lut-tensor-core: lut_core.lanes=240\n", "256 would take 0.105 mm2", "(at most 0.1mm2)", "without ",
                "  rows  ", "lutetia explain lut-tensor-core --set technology=toy --set lut_core.lanes=240\n"});
  // The layout is twice the cells.
  expect_lines(size({"lut-tensor-core", "--area", "200000um2", "--layout", "--technology", "toy"}),
               {"lut_core.lanes=240\n"});
  expect_lines(size({"lut-tensor-core", "--area", "0.1mm2", "--core", "--set", "technology=toy", "--key", "rows"}),
               {"lut_core.rows=6\n"});
}

TEST_F(Size, FillsABandwidthWithLanes) {
  // 51.2 bytes a cycle, half a byte a lane and plane: 102 lanes.
  expect_lines(
      size({"lut-tensor-core", "--bandwidth", "51.2GB/s"}),
      {"lut_core.lanes=96\n", "112 would take 56.0 GB/s", "48.0 GB/s at full rate (ternary, fetched once for a row"});
  expect_lines(size({"lut-tensor-core", "--bandwidth", "51.2GB/s", "--m", "8"}), {"lut_core.lanes=192\n"});
  expect_lines(size({"lut-tensor-core", "--bandwidth", "51.2GB/s", "--area", "30000um2", "--technology", "toy", "--set",
                     "lut_core.epilogue_lanes=8"}),
               {"lut_core.lanes=72\n", "80 would take 32,800 um2 and 40.0 GB/s"});
  expect_lines(size({"lut-tensor-core", "a100-int8", "--bandwidth", "51.2GB/s", "--m", "4096"}),
               {"side by side\n", "mac_core.lanes="});
}

TEST_F(Size, ReportsWhatIsWrong) {
  expect_error({"lut-tensor-core"}, "lutetia size: error: say what limits the size");
  expect_error({"lut-tensor-core", "--area", "2mm"}, "--area: error: expected an area, e.g. 2mm2");
  expect_error({"lut-tensor-core", "--area", "-2mm2"}, "--area: error: expected an area");
  expect_error({"lut-tensor-core", "--area", "2mm2"}, "--area: error: lut-tensor-core names no technology");
  expect_error({"lut-tensor-core", "--bandwidth", "51"}, "--bandwidth: error: expected bytes per second");
  expect_error(
      {"lut-tensor-core", "--bandwidth", "1GB/s"},
      "--bandwidth: error: lut-tensor-core: too little: with lut_core.lanes=96, the least, it takes 48.0 GB/s");
  expect_error({"lut-tensor-core", "--area", "1um2", "--technology", "toy"},
               "--area: error: lut-tensor-core: too little");
  expect_error({"lut-tensor-core", "--bandwidth", "51.2GB/s", "--key", "lames"},
               "--key: error: lut-tensor-core: the design has no key");
  expect_error({"lut-tensor-core", "--bandwidth", "51.2GB/s", "--weight", "fp16"},
               "--weight: error: lut-tensor-core: lut_core does not take fp16");
  expect_error({"lut-tensor-core", "--bandwidth", "51.2GB/s", "--weight", "int5"},
               "--weight: error: unknown format \"int5\"");
  expect_error({"none.yaml", "--bandwidth", "51.2GB/s"}, "none.yaml: error: none.yaml: the design has no matrix core");
  expect_error({"a100-int8", "--area", "1mm2", "--technology", "toy"},
               "--area: error: a100-int8: mac_core has no area: ");
  expect_error({"lut-tensor-core", "--layout", "--bandwidth", "51.2GB/s"}, "--layout: error: needs --area");
}

}  // namespace
}  // namespace lutetia::app_test
