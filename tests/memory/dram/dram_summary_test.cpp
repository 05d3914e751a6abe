// A DRAM's doings as plain values: the time of its buses adds up whenever one asks, percentiles hold.
#include "memory/dram/dram_summary.h"

#include <gtest/gtest.h>

#include "memory/dram/request_player.h"
#include "standards.h"

namespace lutetia {
namespace {

class List final : public RequestSource {
 public:
  explicit List(std::vector<PlayedRequest> requests) : requests_(std::move(requests)) {}
  bool next(PlayedRequest& request) override {
    if (at_ == requests_.size()) return false;
    request = requests_[at_++];
    return true;
  }

 private:
  std::vector<PlayedRequest> requests_;
  std::size_t at_ = 0;
};

DramSummary played(const std::vector<PlayedRequest>& requests) {
  DramSystem system(config_of(standard_named("ddr4"), "8Gb_x8", "2400U"));
  List list(requests);
  return summary_of(system, play(system, list).cycles);
}

TEST(DramSummary, ASingleWriteEndsWithItsData) {
  const DramSummary s = played({{PlayedRequest::kAsSoonAsPossible, true, 0, 64}});
  EXPECT_EQ(s.cycles, 1u + 17 + 12 + 4);  // taken, tRCD, CWL, the burst
  std::uint64_t sum = 0;
  for (const auto& [cause, cycles] : s.bus_time) sum += cycles;
  EXPECT_EQ(sum, s.buses() * s.cycles);
  EXPECT_EQ(s.bound(), "tRCD");
  EXPECT_EQ(s.burst_bytes(s.total), 64u);
  EXPECT_EQ(s.standard, "ddr4");
}

TEST(DramSummary, ALongStreamIsBoundByTheBus) {
  std::vector<PlayedRequest> requests;
  for (std::uint64_t i = 0; i < 64; ++i)
    requests.push_back({PlayedRequest::kAsSoonAsPossible, false, i << 16, 1 << 16});
  const DramSummary s = played(requests);
  EXPECT_EQ(s.bound(), "data");
  EXPECT_EQ(s.by_channel.size(), 1u);
  EXPECT_EQ(s.total.read_bursts, 64u << 10);
  EXPECT_EQ(s.peak_bandwidth, 19'200'000'000u);
}

TEST(DramSummary, NothingDoneIsNothingToReport) {
  const DramSummary s = played({});
  EXPECT_EQ(s.cycles, 0u);
  EXPECT_EQ(percentile_below(s.total.read_latency, 0.5), 0u);
}

TEST(DramSummary, PercentilesAreBoundsOfBuckets) {
  HistogramData h;
  h.record(3, 50);
  h.record(20, 49);
  h.record(1000, 1);
  EXPECT_EQ(percentile_below(h, 0.5), 4u);
  EXPECT_EQ(percentile_below(h, 0.51), 32u);
  EXPECT_EQ(percentile_below(h, 0.99), 32u);
  EXPECT_EQ(percentile_below(h, 1), 1024u);
}

}  // namespace
}  // namespace lutetia
