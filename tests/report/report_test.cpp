// The parts of reports: numbers for people, columns, families and elapsed cycles of operators, the timeline, the
// folder.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "report/human.h"
#include "report/result_folder.h"
#include "report/summary.h"
#include "report/text_table.h"
#include "report/timeline.h"

namespace lutetia {
namespace {

TEST(Human, NumbersHaveThreeDigitsAndAUnit) {
  EXPECT_EQ(human_count(0), "0");
  EXPECT_EQ(human_count(999), "999");
  EXPECT_EQ(human_count(1000), "1.00 k");
  EXPECT_EQ(human_count(999'999), "1.00 M");
  EXPECT_EQ(human_count(1.23e9), "1.23 G");
  EXPECT_EQ(human_count(2.5), "2.50");
  EXPECT_EQ(human_bytes(512), "512 B");
  EXPECT_EQ(human_bytes(1536), "1.50 KiB");
  EXPECT_EQ(human_bytes(3.0 * (1 << 30)), "3.00 GiB");
  EXPECT_EQ(human_rate(51.2e9), "51.2 GB/s");
  EXPECT_EQ(human_seconds(1.5e-3), "1.50 ms");
  EXPECT_EQ(human_seconds(12), "12.0 s");
  EXPECT_EQ(human_share(0.1234), "12.3 %");
  EXPECT_EQ(human_share(0), "0.0 %");
  EXPECT_EQ(human_share(1e-6), "<0.1 %");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(grouped(123), "123");
}

TEST(TextTable, ColumnsLineUp) {
  TextTable table("lr");
  table.add({"a", "1"});
  table.add({"long", "200"});
  table.add({"b"});
  EXPECT_EQ(table.text(""), "a       1\nlong  200\nb\n");
}

TEST(Summary, FamiliesAreNamesWithoutLayers) {
  EXPECT_EQ(family_name("layers.3.attention.q_proj"), "attention.q_proj");
  EXPECT_EQ(family_name("layers.12.mlp.up"), "mlp.up");
  EXPECT_EQ(family_name("lm_head"), "lm_head");
  EXPECT_EQ(family_name("layers.x.y"), "layers.x.y");
  EXPECT_EQ(family_name("layers.3"), "layers.3");
}

class SummaryOfTwoLayers : public testing::Test {
 protected:
  void SetUp() override {
    const struct {
      const char* name;
      std::uint32_t step;
      Cycle start, end;
    } rows[] = {{"layers.0.q", 0, 0, 100}, {"layers.1.q", 0, 40, 200}, {"head", 0, 150, 210}, {"head", 1, 205, 260}};
    trace.operators.resize(4);
    trace.header.prefill = 8;
    trace.header.decode = 1;
    for (std::size_t i = 0; i < 4; ++i) {
      trace.operators[i].name = rows[i].name;
      trace.operators[i].step = rows[i].step;
      OperatorResult row;
      row.op = &trace.operators[i];
      row.unit = "vector";
      row.start = rows[i].start;
      row.end = rows[i].end;
      result.operators.push_back(row);
    }
    result.cycles = 260;
  }
  Trace trace;
  RunResult result;
};

TEST_F(SummaryOfTwoLayers, ElapsedCyclesOfOverlappingOperatorsSumToTheEnd) {
  EXPECT_EQ(elapsed_cycles(result), (std::vector<Cycle>{100, 100, 10, 50}));
}

TEST_F(SummaryOfTwoLayers, FamiliesAreSortedByElapsedCycles) {
  const auto groups = operator_groups(result, elapsed_cycles(result));
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].name, "q");
  EXPECT_EQ(groups[0].count, 2u);
  EXPECT_EQ(groups[0].elapsed, 200u);
  EXPECT_EQ(groups[1].elapsed, 60u);
}

TEST_F(SummaryOfTwoLayers, SlowOperatorsAlikeAreCountedOnce) {
  const auto slow = slowest_operators(result, elapsed_cycles(result), 2);
  ASSERT_EQ(slow.size(), 2u);
  EXPECT_EQ(slow[0].index, 0u);
  EXPECT_EQ(slow[0].alike, 2u);
  EXPECT_EQ(slow[1].index, 3u);
  EXPECT_EQ(slow[1].alike, 1u);
}

TEST_F(SummaryOfTwoLayers, PhasesAreSplitAtTheEndOfThePrompt) {
  const auto both = phases(trace, result);
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0].cycles, 210u);
  EXPECT_EQ(both[0].tokens, 8u);
  EXPECT_EQ(both[1].cycles, 50u);
  EXPECT_EQ(both[1].tokens, 1u);
}

TEST_F(SummaryOfTwoLayers, TimelineMergesInstructionsOfAnOperatorOnRequest) {
  for (const bool merge : {false, true}) {
    std::ostringstream out;
    Timeline timeline(out, trace, Hertz(2'000'000'000), merge);
    timeline.completed(Engine::kVector, 0, 0, 10);
    timeline.completed(Engine::kVector, 0, 4, 20);
    timeline.completed(Engine::kLoad, 1, 5, 30);
    timeline.completed(Engine::kVector, 1, 25, 31);
    timeline.finish();
    const auto document = nlohmann::json::parse(out.str());
    std::vector<nlohmann::json> vector;
    for (const auto& event : document["traceEvents"])
      if (event["ph"] == "X" && event["tid"] == 4) vector.push_back(event);
    ASSERT_EQ(vector.size(), merge ? 2u : 3u);
    EXPECT_EQ(vector.back()["args"]["cycle"], 25);
    EXPECT_DOUBLE_EQ(vector.back()["ts"].get<double>(), 0.0125);
    EXPECT_EQ(vector[0]["args"]["cycles"], merge ? 20 : 10);
    if (!merge) {
      EXPECT_EQ(vector[1]["args"]["cycle"], 10) << "begins when the one before was complete";
    }
  }
}

TEST(ResultFolder, AppearsOnlyWhenComplete) {
  namespace fs = std::filesystem;
  std::string name = (fs::temp_directory_path() / "lutetia-report-XXXXXX").string();
  const fs::path root = mkdtemp(name.data());
  const std::string place = (root / "deep/result").string();
  Problems problems;
  {
    ResultFolder dropped;
    ASSERT_TRUE(dropped.open(place, "--out", problems));
    EXPECT_TRUE(dropped.write("result.json", "{}", problems));
  }
  EXPECT_TRUE(fs::is_empty(root / "deep"));
  {
    ResultFolder kept;
    ASSERT_TRUE(kept.open(place + "/", "--out", problems));
    EXPECT_TRUE(kept.write("result.json", "{}", problems));
    EXPECT_FALSE(fs::exists(place));
    EXPECT_TRUE(kept.commit(problems));
  }
  EXPECT_TRUE(fs::exists(place + "/result.json"));
  EXPECT_TRUE(problems.empty());
  ResultFolder again;
  EXPECT_FALSE(again.open(place, "--out", problems));
  EXPECT_EQ(problems.size(), 1u);
  fs::remove_all(root);
}

}  // namespace
}  // namespace lutetia
