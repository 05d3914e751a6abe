// The four forms of a comparison, whole. Renew: LUTETIA_UPDATE_GOLDENS=1 tests_report --gtest_filter=CompareReport.*
#include "report/compare_report.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "result_text.h"

namespace lutetia {
namespace {

namespace fs = std::filesystem;
using compare_test::ResultText;
using compare_test::rival;

/// A baseline, one that is better where it can be told, and one of which the energy is without a part.
Comparison example() {
  ResultText third = rival();
  third.design = "adder|1";
  third.digest = "d3";
  third.energy = R"({"status": "partial", "excluded": ["vector"], )" +
                 compare_test::total("pj", 2.9e6, 2.7e6, 3.1e6, "0.02") + "}";
  third.area = R"({"status": "not calibrated"})";
  ResultText fourth;
  fourth.design = "old";
  fourth.digest = "d4";
  fourth.technology = R"("technology": {"name": "osu018", "kind": "native"},)";
  std::vector<ComparedResult> results(4);
  Problems problems;
  const std::string texts[] = {rival().text(), ResultText().text(), third.text(), fourth.text()};
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_TRUE(parse_compared_result(texts[i], "r", results[i], problems));
    results[i].folder = "out/" + std::to_string(i + 1);
  }
  assign_labels(results);
  return compare(results, {});
}

void expect_golden(const std::string& file, const std::string& text) {
  const fs::path golden = fs::path(LUTETIA_SOURCE_DIR) / "tests/report/goldens" / file;
  if (std::getenv("LUTETIA_UPDATE_GOLDENS") != nullptr) {
    fs::create_directories(golden.parent_path());
    std::ofstream(golden, std::ios::binary) << text;
  }
  std::ostringstream expected;
  expected << std::ifstream(golden, std::ios::binary).rdbuf();
  EXPECT_EQ(text, expected.str());
}

TEST(CompareReport, TableIsAsItWas) {
  expect_golden("compare.txt", compare_table(example()));
}

TEST(CompareReport, MarkdownIsAsItWas) {
  expect_golden("compare.md", compare_markdown(example()));
}

TEST(CompareReport, CsvIsAsItWas) {
  expect_golden("compare.csv", compare_csv(example()));
}

TEST(CompareReport, JsonIsAsItWas) {
  const std::string text = compare_json(example());
  expect_golden("compare.json", text);
  const auto document = nlohmann::json::parse(text);
  EXPECT_EQ(document["results"][1]["metrics"]["cycles"]["ratio"]["value"], 0.5);
  EXPECT_EQ(document["results"][2]["metrics"]["area"]["value"], nullptr);
}

TEST(CompareReport, OnlyTheMetricsAskedFor) {
  Comparison c = example();
  std::vector<const Metric*> asked;
  for (const Metric& metric : compared_metrics())
    if (std::string(metric.name) == "area" || std::string(metric.name) == "cycles") asked.push_back(&metric);
  c = compare(c.results, asked);
  ASSERT_EQ(c.rows.size(), 2u);
  EXPECT_EQ(c.summary[0], "lut against mac: better in cycles 2.00x less; too close to tell in area, cells");
}

}  // namespace
}  // namespace lutetia
