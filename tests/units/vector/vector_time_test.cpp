// What a tile costs on the vector unit, worked out by hand for each operation.
#include <gtest/gtest.h>

#include "config/leaves.h"
#include "config/read.h"
#include "units/vector/vector_config.h"

namespace lutetia {
namespace {

constexpr VectorConfig kConfig = {128, 32, 4, 12};  // seven levels in a tree of 128 lanes

TileCommand rows(TileOp op, std::uint32_t m, std::uint32_t n) {
  TileCommand tile;
  tile.op = op;
  tile.m = m;
  tile.n = n;
  tile.k = 1;
  return tile;
}

struct Expected {
  TileOp op;
  std::uint64_t issue_per_row;  ///< of 300 elements: 3 passes of 128 lanes, 10 of 32 special lanes
  std::uint64_t latency;
};

TEST(VectorTime, OfEveryRowOperationIsItsClosedForm) {
  const Expected table[] = {
      {TileOp::kCopy, 3, 4},
      {TileOp::kRelu, 3, 4},
      {TileOp::kReluSquared, 3, 4},
      {TileOp::kMultiply, 3, 4},
      {TileOp::kAdd, 3, 4},
      {TileOp::kRotary, 2 * 3, 2 * 4},
      {TileOp::kRmsNorm, 2 * 3 + 1, 2 * 4 + 12 + 28},
      {TileOp::kLayerNorm, 3 * 3 + 1, 3 * 4 + 12 + 2 * 28},
      {TileOp::kQuantize, 2 * 3 + 1, 2 * 4 + 12 + 28},
      {TileOp::kSoftmax, 2 * 3 + 10 + 1, 2 * 4 + 2 * 12 + 2 * 28},
      {TileOp::kSilu, 3 + 2 * 10, 4 + 2 * 12},
      {TileOp::kGelu, 3 * 3 + 2 * 10, 3 * 4 + 2 * 12},
  };
  for (const Expected& e : table)
    for (const std::uint32_t m : {1u, 3u, 1000u}) {
      const VectorTime time = vector_time(kConfig, rows(e.op, m, 300));
      EXPECT_EQ(time.issue, m * e.issue_per_row) << "operation " << static_cast<int>(e.op);
      EXPECT_EQ(time.latency, e.latency) << "operation " << static_cast<int>(e.op);
    }
}

TEST(VectorTime, OfAProductIsItsWorkOverTheLanes) {
  TileCommand tile = rows(TileOp::kMultiplyAdd, 5, 7);
  for (const std::uint64_t work : {1ull, 127ull, 128ull, 129ull, 1'000'000'000'001ull}) {
    tile.work = work;
    EXPECT_EQ(vector_time(kConfig, tile).issue, (work + 127) / 128);
    EXPECT_EQ(vector_time(kConfig, tile).latency, 4u + 7 * 4);
  }
}

TEST(VectorTime, EveryTileTakesAtLeastOneCycle) {
  EXPECT_EQ(vector_time(kConfig, rows(TileOp::kMultiplyAdd, 4, 4)).issue, 1u);  // all pairs masked
  EXPECT_EQ(vector_time(kConfig, rows(TileOp::kAdd, 0, 4)).issue, 1u);
}

TEST(VectorTime, RaggedRowsAreRoundedUpRowByRow) {
  EXPECT_EQ(vector_time(kConfig, rows(TileOp::kAdd, 10, 129)).issue, 20u);
  EXPECT_EQ(vector_time(kConfig, rows(TileOp::kAdd, 10, 1)).issue, 10u);
}

TEST(VectorTime, ATreeOverALaneCountThatIsNoPowerOfTwoHasOneLevelMore) {
  const auto latency = [](std::uint32_t lanes) {
    return vector_time({lanes, 1, 1, 1}, rows(TileOp::kRmsNorm, 1, 1)).latency;
  };
  EXPECT_EQ(latency(1), 2u + 1);
  EXPECT_EQ(latency(64), 2u + 1 + 6);
  EXPECT_EQ(latency(65), 2u + 1 + 7);
}

TEST(VectorTime, MoreLanesNeverTakeMoreIssueSlots) {
  for (int op = 0; op <= static_cast<int>(TileOp::kAdd); ++op)
    for (std::uint32_t n = 1; n < 400; n += 13)
      for (std::uint32_t lanes = 1; lanes < 200; lanes += 7) {
        TileCommand tile = rows(static_cast<TileOp>(op), 3, n);
        tile.work = 3 * n;
        ASSERT_LE(vector_time({lanes + 1, lanes + 1, 4, 12}, tile).issue,
                  vector_time({lanes, lanes, 4, 12}, tile).issue);
      }
}

TEST(VectorTime, ProductsMayHaveLanesOfTheirOwn) {
  VectorConfig config = kConfig;
  config.product_lanes = 1024;
  TileCommand tile = rows(TileOp::kMultiplyAdd, 5, 7);
  tile.work = 10'000;
  EXPECT_EQ(vector_time(config, tile).issue, 10u);
  EXPECT_EQ(vector_time(config, tile).latency, 4u + 10 * 4) << "a tree over 1024 products";
  EXPECT_EQ(vector_time(config, rows(TileOp::kAdd, 10, 300)).issue, 30u) << "row operations keep their lanes";
}

TEST(VectorTime, EnginesShareTheLanesAndTakeRowsOfTheirOwn) {
  VectorConfig config = kConfig;
  config.engines = 4;                                                            // each 32 lanes and 8 special lanes
  EXPECT_EQ(vector_time(config, rows(TileOp::kAdd, 10, 300)).issue, 3u * 10);    // 3 rows in turn, 10 passes each
  EXPECT_EQ(vector_time(config, rows(TileOp::kSilu, 4, 16)).issue, 1u + 2 * 2);  // one row each
  EXPECT_EQ(vector_time(config, rows(TileOp::kRmsNorm, 1, 1)).latency, 2u * 4 + 12 + 5 * 4) << "a tree over 32 lanes";
}

TEST(VectorTime, EnginesAreOfUseForShortRowsOnly) {
  VectorConfig config = kConfig;
  config.engines = 8;
  EXPECT_LT(vector_time(config, rows(TileOp::kSoftmax, 64, 10)).issue,
            vector_time(kConfig, rows(TileOp::kSoftmax, 64, 10)).issue);
  EXPECT_GT(vector_time(config, rows(TileOp::kSoftmax, 1, 1024)).issue,
            vector_time(kConfig, rows(TileOp::kSoftmax, 1, 1024)).issue);
}

TEST(VectorConfig, RefusesEnginesThatDoNotDivideTheLanes) {
  VectorConfig config;
  Problems problems;
  EXPECT_FALSE(read_yaml_text("engines: 3\n", "x.yaml", config, problems));
  EXPECT_NE(problems.items()[0].text().find("engines must divide lanes"), std::string::npos);
}

TEST(VectorConfig, DescribesItselfSoundly) {
  EXPECT_TRUE(check_schema<VectorConfig>().empty());
}

TEST(VectorConfig, RefusesMoreSpecialLanesThanLanes) {
  VectorConfig config;
  Problems problems;
  EXPECT_FALSE(read_yaml_text("lanes: 16\nspecial_lanes: 17\n", "x.yaml", config, problems));
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_NE(problems.items()[0].text().find("special_lanes cannot exceed lanes"), std::string::npos);
}

}  // namespace
}  // namespace lutetia
