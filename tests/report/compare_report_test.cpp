// The four forms of a comparison, whole. Renew: LUTETIA_UPDATE_GOLDENS=1 tests_report --gtest_filter=CompareReport.*
#include "report/compare_report.h"

#include <gtest/gtest.h>

#include <algorithm>
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

std::vector<const Metric*> metrics(const std::vector<std::string>& names) {
  std::vector<const Metric*> out;
  for (const Metric& metric : compared_metrics())
    if (std::find(names.begin(), names.end(), metric.name) != names.end()) out.push_back(&metric);
  return out;
}

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

/// Two results and three metrics: what files for programs look like.
Comparison small_example() {
  Comparison c = example();
  c.results.resize(2);
  return compare(c.results, metrics({"cycles", "energy", "area"}));
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
  expect_golden("compare.csv", compare_csv(small_example()));
}

TEST(CompareReport, JsonIsAsItWas) {
  const std::string text = compare_json(small_example());
  expect_golden("compare.json", text);
  const auto document = nlohmann::json::parse(text);
  EXPECT_EQ(document["results"][1]["metrics"]["cycles"]["ratio"]["value"], 0.5);
  const auto all = nlohmann::json::parse(compare_json(example()));
  EXPECT_EQ(all["results"][2]["metrics"]["area"]["value"], nullptr);
}

TEST(CompareReport, OnlyTheMetricsAskedFor) {
  Comparison c = example();
  c = compare(c.results, metrics({"area", "cycles"}));
  ASSERT_EQ(c.rows.size(), 2u);
  EXPECT_EQ(c.summary[0], "lut against mac: better in cycles 2.00x less; too close to tell in cell area");
}

}  // namespace
}  // namespace lutetia
