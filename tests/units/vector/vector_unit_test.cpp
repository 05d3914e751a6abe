// The vector unit in time: tiles back to back, tokens in order, every idle cycle explained.
#include "units/vector/vector_unit.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/random.h"
#include "kernel/event_kernel.h"

namespace lutetia {
namespace {

/// Sends tiles, each no earlier than its time, and takes tokens; after `deaf_until` in every cycle.
class Driver final : public Clocked, public TransferObserver {
 public:
  explicit Driver(VectorUnit& unit) : Clocked("driver"), unit_(unit) {
    unit.commands().connect(this, &unit);
    unit.operands_read().connect(&unit, this);
    unit.done().connect(&unit, this);
    unit.commands().set_observer(this);
  }
  void tick(Cycle now) override {
    if (now >= deaf_until && unit_.operands_read().can_pop(now)) unit_.operands_read().pop(now), reads.push_back(now);
    if (now >= deaf_until && unit_.done().can_pop(now)) unit_.done().pop(now), dones.push_back(now);
    if (sent_ < tiles.size() && earliest[sent_] <= now && unit_.commands().can_push(now))
      unit_.commands().push(now, tiles[sent_++]);
  }
  Cycle next_event(Cycle now) const override {
    Cycle next = std::max(deaf_until, std::min(unit_.operands_read().next_pop(now), unit_.done().next_pop(now)));
    if (sent_ < tiles.size()) next = std::min(next, std::max(earliest[sent_], unit_.commands().next_push(now)));
    return next;
  }
  void print_state(std::ostream&) const override {}
  std::vector<Wait> waits(Cycle) const override { return {{&unit_.done(), Wait::For::kData}}; }
  void pushed(const ChannelBase&, Cycle) override {}
  void popped(const ChannelBase&, Cycle at) override { starts.push_back(at); }

  void add(const TileCommand& tile, Cycle from) {
    tiles.push_back(tile);
    earliest.push_back(from);
  }
  void run() {
    EventKernel kernel;
    kernel.add(*this);
    kernel.add(unit_);
    const RunOutcome outcome = kernel.run([&] { return dones.size() == tiles.size() && reads.size() == tiles.size(); });
    ASSERT_EQ(outcome.status, RunStatus::kFinished) << outcome.deadlock;
  }

  std::vector<TileCommand> tiles;
  std::vector<Cycle> earliest;
  std::vector<Cycle> starts, reads, dones;  ///< taken by the unit; tokens seen by the driver
  Cycle deaf_until = 0;

 private:
  VectorUnit& unit_;
  std::size_t sent_ = 0;
};

TileCommand tile_of(TileOp op, std::uint32_t m, std::uint32_t n) {
  TileCommand tile;
  tile.op = op;
  tile.m = m;
  tile.n = n;
  tile.k = 1;
  return tile;
}

std::uint64_t share(const std::vector<ActivityShare>& shares, const std::string& name) {
  for (const ActivityShare& s : shares)
    if (s.name == name) return s.cycles;
  ADD_FAILURE() << "no share " << name;
  return 0;
}

std::uint64_t sum(const std::vector<ActivityShare>& shares) {
  return std::accumulate(shares.begin(), shares.end(), std::uint64_t{0},
                         [](std::uint64_t s, const ActivityShare& x) { return s + x.cycles; });
}

TEST(VectorUnit, ASingleTileIsReadAfterItsIssueAndDoneAfterItsLatency) {
  VectorUnit unit("vector", {}, {128, 32, 4, 12});
  Driver driver(unit);
  driver.add(tile_of(TileOp::kAdd, 10, 256), 5);  // 20 cycles of issue, 4 of latency
  driver.run();
  EXPECT_EQ(driver.starts[0], 6u);
  EXPECT_EQ(driver.reads[0], 6u + 20 + 1);
  EXPECT_EQ(driver.dones[0], 6u + 20 + 4 + 1);
}

TEST(VectorUnit, TilesThatAreReadyIssueBackToBack) {
  VectorUnit unit("vector", {}, {128, 32, 4, 12});
  Driver driver(unit);
  for (std::uint32_t i = 0; i < 20; ++i) driver.add(tile_of(TileOp::kAdd, 8 + i, 128), 0);
  driver.run();
  Cycle start = 1;
  for (std::uint32_t i = 0; i < 20; start += 8 + i++) EXPECT_EQ(driver.starts[i], start);
  const auto shares = unit.activity(driver.dones.back());
  EXPECT_EQ(share(shares, "busy"), start - 1);
  EXPECT_EQ(share(shares, "wait_issue"), 1u) << "until the first command arrived";
  EXPECT_EQ(sum(shares), driver.dones.back());
}

TEST(VectorUnit, FollowsTheRecurrenceOfAnIssuePortAndFourTilesInFlight) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const VectorConfig config{static_cast<std::uint32_t>(random.between(1, 64)), 1,
                              static_cast<std::uint32_t>(random.between(1, 20)),
                              static_cast<std::uint32_t>(random.between(1, 60))};
    VectorUnit unit("vector", {}, config);
    Driver driver(unit);
    Cycle at = 0;
    for (int i = 0; i < 40; ++i, at += random.below(60))
      driver.add(tile_of(static_cast<TileOp>(random.between(2, 13)), static_cast<std::uint32_t>(random.between(1, 4)),
                         static_cast<std::uint32_t>(random.between(1, 40))),
                 at);
    driver.run();
    Cycle free = 0, last_done = 0, busy = 0;
    std::vector<Cycle> pushed;  // done tokens
    for (std::size_t i = 0; i < driver.tiles.size(); ++i) {
      const VectorTime time = vector_time(config, driver.tiles[i]);
      ASSERT_GE(driver.starts[i], free) << "tile " << i;
      ASSERT_GT(driver.starts[i], driver.earliest[i]);
      if (i >= 4) {
        ASSERT_GE(driver.starts[i], pushed[i - 4]) << "a fifth tile in flight";
      }
      free = driver.starts[i] + time.issue;
      busy += time.issue;
      last_done = std::max(last_done + (i > 0), free + time.latency);
      pushed.push_back(last_done);
      ASSERT_EQ(driver.dones[i], last_done + 1) << "tile " << i;
      ASSERT_EQ(driver.reads[i], free + 1) << "tile " << i;
    }
    const auto shares = unit.activity(driver.dones.back());
    EXPECT_EQ(share(shares, "busy"), busy);
    EXPECT_EQ(sum(shares), driver.dones.back());
  }
}

TEST(VectorUnit, IdleCyclesAreAttributedToWhatTheCommandWaitedFor) {
  VectorUnit unit("vector", {}, {128, 32, 4, 12});
  Driver driver(unit);
  TileCommand first = tile_of(TileOp::kAdd, 10, 128), second = first;
  first.waited[static_cast<std::size_t>(WaitCause::kLoad)] = 30;
  second.waited[static_cast<std::size_t>(WaitCause::kMatrix)] = 25;
  second.waited[static_cast<std::size_t>(WaitCause::kLoad)] = 5;
  driver.add(first, 39);    // begins in 40: 30 explained
  driver.add(second, 109);  // begins in 110, 60 after the end of the first
  driver.run();
  const auto shares = unit.activity(200);
  EXPECT_EQ(share(shares, "busy"), 20u);
  EXPECT_EQ(share(shares, "wait_load"), 35u);
  EXPECT_EQ(share(shares, "wait_matrix"), 25u);
  EXPECT_EQ(share(shares, "wait_issue"), 40u);
  EXPECT_EQ(share(shares, "finished"), 80u);
  EXPECT_EQ(sum(shares), 200u);
}

TEST(VectorUnit, WaitsThatExceedTheIdleTimeExplainNoMoreThanAllOfIt) {
  VectorUnit unit("vector", {}, {128, 32, 4, 12});
  Driver driver(unit);
  TileCommand tile = tile_of(TileOp::kAdd, 1, 128);
  tile.waited.fill(1000);
  driver.add(tile, 9);
  driver.run();
  EXPECT_EQ(sum(unit.activity(100)), 100u);
}

TEST(VectorUnit, TokensWaitForSpaceAndTheUnitNamesTheChannel) {
  VectorUnit unit("vector", {}, {128, 32, 4, 12});
  Driver driver(unit);
  driver.deaf_until = 10'000;
  for (int i = 0; i < 12; ++i) driver.add(tile_of(TileOp::kAdd, 1, 128), 0);
  EventKernel kernel;
  kernel.add(driver);
  kernel.add(unit);
  kernel.run([&] { return false; }, [&] { return unit.done().full() && driver.starts.size() == 8; });
  // Four tokens in the channel, four tiles in flight behind it, and nothing more is taken.
  EXPECT_EQ(driver.starts.size(), 8u);
  bool named = false;
  for (const Wait& wait : unit.waits(100))
    named = named || (wait.channel == &unit.done() && wait.what == Wait::For::kSpace);
  EXPECT_TRUE(named);
}

TEST(VectorUnit, SaysWhatItCanDo) {
  VectorUnit unit("vector", {}, {96, 32, 4, 12});
  EXPECT_EQ(unit.abilities().body, "transaction");
  EXPECT_EQ(unit.abilities().macs_per_cycle, 96u);
  EXPECT_EQ(unit.abilities().plane_macs_per_cycle, 0u);
}

}  // namespace
}  // namespace lutetia
