// Metrics, ratios and verdicts against numbers worked out by hand.
#include "report/compare.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "report/compare_report.h"
#include "result_text.h"

namespace lutetia {
namespace {

using compare_test::ResultText;
using compare_test::rival;

Comparison compared(const std::vector<ResultText>& texts) {
  std::vector<ComparedResult> results(texts.size());
  Problems problems;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_TRUE(parse_compared_result(texts[i].text(), "r", results[i], problems)) << problems.items()[0].text();
    results[i].folder = "out/" + std::string(1, static_cast<char>('a' + i));
  }
  assign_labels(results);
  return compare(results, {});
}

MetricCell cell(const Comparison& c, const std::string& metric, std::size_t result = 1) {
  for (const MetricRow& row : c.rows)
    if (row.metric->name == metric) return row.cells[result];
  ADD_FAILURE() << metric;
  return {};
}

void expect_ratio(const Comparison& c, const std::string& metric, double value, double low, double high,
                  Verdict verdict) {
  const MetricRatio r = cell(c, metric).ratio;
  EXPECT_NEAR(r.value, value, 1e-9 * value) << metric;
  EXPECT_NEAR(r.low, low, 1e-9 * low) << metric;
  EXPECT_NEAR(r.high, high, 1e-9 * high) << metric;
  EXPECT_STREQ(name(r.verdict), name(verdict)) << metric;
}

bool has_note(const Comparison& c, const std::string& part) {
  return std::any_of(c.notes.begin(), c.notes.end(),
                     [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

TEST(Compare, MetricsAreWhatTheirNamesSay) {
  const Comparison c = compared({ResultText()});
  // 10^9 MACs and 10 tokens in 2 ms with 2 mJ on 5 mm2.
  const std::pair<const char*, double> expected[] = {
      {"cycles", 2e6},  {"time", 2e-3}, {"tokens_per_s", 5000}, {"tops", 1},
      {"energy", 2e-3}, {"power", 1},   {"tops_per_watt", 1},   {"tokens_per_j", 5e3},
      {"edp", 4e-6},    {"area", 5},    {"layout", 10},         {"tops_per_mm2", 0.2},
  };
  for (const auto& [metric, value] : expected)
    EXPECT_NEAR(cell(c, metric, 0).value.value, value, 1e-9 * value) << metric;
  EXPECT_NEAR(cell(c, "energy", 0).value.low, 1.8e-3, 1e-12);
  EXPECT_NEAR(cell(c, "tops_per_watt", 0).value.low, 2 / 2.6, 1e-9);
  EXPECT_NEAR(cell(c, "tops_per_watt", 0).value.high, 2 / 1.8, 1e-9);
  EXPECT_NEAR(cell(c, "layout", 0).value.high, 12, 1e-9);
  EXPECT_EQ(cell(c, "cycles", 0).value.low, cell(c, "cycles", 0).value.high);
}

TEST(Compare, RatiosOfOneTechnologyKeepWhatDesignsDoNotShare) {
  // Over the baseline "mac". Energy: fits 0.04 and 0, vectors 0.03: 5 %. Ranges: 1.3 and 1.5 above, 0.9 and 0.9 below:
  // half of 0.2 is 10 %. Area: fits 0.03 and 0.04: 5 %; ranges are equal.
  const Comparison c = compared({rival(), ResultText()});
  expect_ratio(c, "cycles", 0.5, 0.5, 0.5, Verdict::kBetter);
  expect_ratio(c, "tokens_per_s", 2, 2, 2, Verdict::kBetter);
  expect_ratio(c, "tops", 2, 2, 2, Verdict::kBetter);
  const double e = 2.0 / 3, wide = 1.05 * 1.1;
  expect_ratio(c, "energy", e, e / wide, e * wide, Verdict::kBetter);
  expect_ratio(c, "tops_per_watt", 1 / e, 1 / e / wide, wide / e, Verdict::kBetter);
  expect_ratio(c, "tokens_per_j", 1 / e, 1 / e / wide, wide / e, Verdict::kBetter);
  expect_ratio(c, "edp", e / 2, e / 2 / wide, e / 2 * wide, Verdict::kBetter);
  expect_ratio(c, "power", 2 * e, 2 * e / wide, 2 * e * wide, Verdict::kWorse);
  const double a = 5 / 5.1;
  expect_ratio(c, "area", a, a / 1.05, a * 1.05, Verdict::kTooClose);
  expect_ratio(c, "layout", a, a / 1.05, a * 1.05, Verdict::kTooClose);
  expect_ratio(c, "tops_per_mm2", 2 / a, 2 / a / 1.05, 2 / a * 1.05, Verdict::kBetter);
}

TEST(Compare, TheOtherWayRoundIsTheInverse) {
  const Comparison c = compared({ResultText(), rival()}), back = compared({rival(), ResultText()});
  for (const char* metric : {"cycles", "energy", "area", "tops_per_watt", "edp", "tops_per_mm2"}) {
    const MetricRatio there = cell(c, metric).ratio, here = cell(back, metric).ratio;
    EXPECT_NEAR(there.value * here.value, 1, 1e-12) << metric;
    EXPECT_NEAR(there.low * here.high, 1, 1e-12) << metric;
  }
}

TEST(Compare, RatiosOfTwoTechnologiesAreQuotientsOfAbsoluteIntervals) {
  ResultText other = ResultText();
  other.technology = R"("technology": {"name": "osu018", "kind": "native"},)";
  const Comparison c = compared({rival(), other});
  expect_ratio(c, "energy", 2.0 / 3, 1.8 / 4.5, 2.6 / 2.7, Verdict::kBetter);
  expect_ratio(c, "tops_per_watt", 1.5, 2.7 / 2.6, 4.5 / 1.8, Verdict::kBetter);
  expect_ratio(c, "area", 5 / 5.1, 4.5 / 6.12, 6 / 4.59, Verdict::kTooClose);
  EXPECT_TRUE(has_note(c, "lut is in osu018, mac in asap7: "));
}

TEST(Compare, WithoutErrorsOfFitsIntervalsAreAbsolute) {
  ResultText other;
  other.energy = R"({"status": "calibrated", )" + compare_test::total("pj", 2e9, 1.8e9, 2.6e9, "") + "}";
  const Comparison c = compared({rival(), other});
  expect_ratio(c, "energy", 2.0 / 3, 1.8 / 4.5, 2.6 / 2.7, Verdict::kBetter);
  EXPECT_TRUE(has_note(c, "lut does not tell the errors of its fits"));
}

TEST(Compare, AResultBesideItselfIsEqual) {
  const Comparison c = compared({ResultText(), ResultText()});
  for (const MetricRow& row : c.rows) EXPECT_EQ(row.cells[1].ratio.verdict, Verdict::kEqual) << row.metric->name;
  EXPECT_TRUE(c.notes.empty());
}

TEST(Compare, AnotherDesignWithTheSameEnergyIsTooCloseToTell) {
  ResultText twin;
  twin.digest = "d3";
  const Comparison c = compared({ResultText(), twin});
  EXPECT_EQ(cell(c, "cycles").ratio.verdict, Verdict::kEqual);
  expect_ratio(c, "energy", 1, 1 / (1 + std::sqrt(0.0041)), 1 + std::sqrt(0.0041), Verdict::kTooClose);
}

TEST(Compare, WhatIsNotCalibratedHasNoNumberAndAReason) {
  ResultText bare = rival();
  bare.technology = "";
  bare.energy = bare.area = R"({"status": "not calibrated"})";
  const Comparison c = compared({ResultText(), bare});
  for (const char* metric : {"energy", "power", "tops_per_watt", "edp", "area", "layout", "tops_per_mm2"}) {
    EXPECT_FALSE(cell(c, metric).value.known) << metric;
    EXPECT_EQ(cell(c, metric).value.reason, "not calibrated") << metric;
    EXPECT_EQ(cell(c, metric).ratio.verdict, Verdict::kNone) << metric;
  }
  EXPECT_EQ(cell(c, "cycles").ratio.verdict, Verdict::kWorse);
  EXPECT_TRUE(has_note(c, "energy of mac: not calibrated (the design names no technology)"));
  EXPECT_NE(compare_csv(c).find(",energy,J,,,,,,,unknown,,not calibrated\n"), std::string::npos) << compare_csv(c);
  EXPECT_EQ(c.summary[0], "mac against lut: worse in time 2.00x more");
}

TEST(Compare, SumsOverDifferentPartsAreNotCompared) {
  const std::string sum = compare_test::total("pj", 2e9, 1.8e9, 2.6e9, "0.04") + "}";
  ResultText one, two = rival();
  one.energy = R"({"status": "partial", "excluded": ["vector"], )" + sum;
  two.energy = R"({"status": "partial", "excluded": ["vector", "attention"], )" + sum;
  const Comparison c = compared({one, two});
  for (const char* metric : {"energy", "power", "tops_per_watt", "tokens_per_j", "edp"}) {
    EXPECT_TRUE(cell(c, metric).value.known && cell(c, metric).value.partial) << metric;
    EXPECT_EQ(cell(c, metric).ratio.verdict, Verdict::kNotComparable) << metric;
    EXPECT_EQ(cell(c, metric).ratio.reason, "one is without attention, vector, the baseline without vector");
  }
  EXPECT_EQ(cell(c, "area").ratio.verdict, Verdict::kTooClose);
  EXPECT_TRUE(has_note(c, "energy of mac and lut are sums over different parts"));
  two.energy = one.energy;
  EXPECT_EQ(cell(compared({one, two}), "energy").ratio.verdict, Verdict::kTooClose);
}

TEST(Compare, PartsWithoutAPriceThatWorkDifferentlyAreNamed) {
  const std::string sum = compare_test::total("pj", 2e9, 1.8e9, 2.6e9, "0.04") + "}";
  ResultText one, two = rival();
  one.energy = two.energy = R"({"status": "partial", "excluded": ["vector", "dma", "sequencer"], )" + sum;
  two.busy = R"({"vector": 400, "dma.load": 25, "dma.store": 25.0})";
  ComparedResult r;
  Problems problems;
  EXPECT_FALSE(parse_compared_result(two.text(), "r", r, problems));  // cycles are whole
  two.busy = R"({"vector": 400, "dma.load": 25, "dma.store": 25})";
  const Comparison c = compared({one, two});
  EXPECT_TRUE(
      has_note(c, "vector has no price and is busy for 400 cycles in mac, 1.00 k in lut: ratios of energy leave"));
  EXPECT_FALSE(has_note(c, "dma has no price"));
  EXPECT_TRUE(has_note(c, "energy of lut, mac: without dma, sequencer, vector (no price)"));
}

TEST(Compare, MainMemoryIsNoPartOfTheArea) {
  const std::string sum = compare_test::total("um2", 5e6, 4.5e6, 6e6, "0.03") + "}";
  ResultText one, two = rival();
  one.area = R"({"status": "partial", "excluded": ["vector"], )" + sum;
  two.area = R"({"status": "partial", "excluded": ["memory", "vector"], )" + sum;
  EXPECT_EQ(cell(compared({one, two}), "area").ratio.verdict, Verdict::kTooClose);
}

TEST(Compare, ATechnologyCalibratedAnewIsAnotherOne) {
  ResultText one, two = rival();
  one.technology = R"("technology": {"name": "asap7", "sha256": "a"},)";
  two.technology = R"("technology": {"name": "asap7", "sha256": "b"},)";
  const Comparison c = compared({two, one});
  expect_ratio(c, "energy", 2.0 / 3, 1.8 / 4.5, 2.6 / 2.7, Verdict::kBetter);
  EXPECT_TRUE(has_note(c, "lut and mac were priced by different calibrations of asap7"));
}

TEST(Compare, DifferentWorkloadsAreWarnedOfAndSummedUpPerToken) {
  ResultText other = rival();
  other.workload_digest = "w2";
  const Comparison c = compared({ResultText(), other});
  EXPECT_TRUE(has_note(c, "mac ran another workload than lut: ratios of cycles, time, energy and EDP mean little"));
  EXPECT_EQ(c.summary[0].find("mac against lut: worse in tokens/s 2.00x less, tokens/J 1.50x (1.30..1.73) less"), 0u)
      << c.summary[0];
  EXPECT_EQ(c.summary[0].find("EDP"), std::string::npos);
}

TEST(Compare, PhasesAreShownWhereThereAreTwo) {
  ResultText two = rival();
  two.phases = R"({"prefill": {"tokens": 8, "cycles": 1000000, "time_s": 0.001},
    "decode": {"tokens": 2, "cycles": 3000000, "time_s": 0.003}})";
  const Comparison c = compared({two, ResultText()});
  EXPECT_NEAR(cell(c, "prefill_tokens_per_s", 0).value.value, 8000, 1e-6);
  EXPECT_NEAR(cell(c, "decode_tokens_per_s", 0).value.value, 2000 / 3.0, 1e-6);
  EXPECT_NEAR(cell(c, "prefill_tokens_per_s").ratio.value, 5000 / 8000.0, 1e-9);
  EXPECT_EQ(cell(c, "decode_tokens_per_s").value.reason, "no decode, or its tokens are not told");
  EXPECT_NEAR(cell(c, "tokens_per_s", 0).value.value, 2500, 1e-6);
}

TEST(Compare, BrokenResultsAndOtherVersionsAreNamed) {
  ResultText other = rival();
  other.broken = R"(["conservation of time"])";
  other.version = "0.2.0";
  const Comparison c = compared({ResultText(), other});
  EXPECT_TRUE(has_note(c, "mac broke a law"));
  EXPECT_TRUE(has_note(c, "mac is of lutetia 0.2.0, lut of 0.1.0"));
}

}  // namespace
}  // namespace lutetia
