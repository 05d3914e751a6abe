// The DRAM behind MemoryPorts: the same transfers however the kernel evaluates it, nothing lost, and a controller that
// keeps its promises about order, waiting and refreshes.
#include "memory/dram/dram_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <vector>

#include "dram_rig.h"
#include "memory/memory_rig.h"

namespace lutetia {
namespace {

struct Transfers {
  std::vector<std::vector<Cycle>> stamps;  ///< of responses, by requester
  std::uint64_t asked_read = 0, asked_written = 0, read = 0, written = 0;
  std::vector<MemoryTime> times;
  Cycle end = 0;
};

/// Random requests of one to three requesters with clocks of their own.
Transfers transfers_of(std::uint64_t seed, const EventKernelOptions& options) {
  Random random(seed);
  const auto names = standard_names();
  DramConfig config = first_config(names[random.below(names.size())]);
  config.channels = 1u << random.below(3);
  config.controller.response_latency = Picoseconds(random.below(3) * 10'000);
  config.controller.read_queue = static_cast<std::uint32_t>(4 + random.below(40));
  config.controller.write_queue = static_cast<std::uint32_t>(4 + random.below(40));
  DramMemory memory("memory", config);
  Transfers out;
  std::vector<std::unique_ptr<ClockDomain>> clocks;
  std::vector<std::unique_ptr<Requester>> requesters;
  const std::uint64_t count = 1 + random.below(3), size = memory.system().spec().geometry.bytes();
  for (std::uint64_t r = 0; r < count; ++r) {
    const std::string name = "requester" + std::to_string(r);
    clocks.push_back(
        std::make_unique<ClockDomain>(ClockDomain{name, Hertz(300'000'000 + random.below(2'000'000'000))}));
    requesters.push_back(std::make_unique<Requester>(name, *clocks.back()));
    Requester& requester = *requesters.back();
    requester.port = &memory.add_port(name, static_cast<std::uint32_t>(1 + random.below(6)), &requester);
    Cycle at = 0;
    for (int i = 0; i < 40; ++i) {
      at += random.bernoulli(0.6) ? random.below(10) : random.below(2000);
      const std::uint64_t bytes = 1 + random.below(random.bernoulli(0.5) ? 200 : 20'000);
      const bool write = random.bernoulli(0.4);
      // Often the same few places, so that reads meet writes.
      const std::uint64_t address = random.below(random.bernoulli(0.5) ? 2000 : size - bytes);
      requester.requests.push_back({{address, bytes, write}, at});
      (write ? out.asked_written : out.asked_read) += bytes;
    }
  }
  EventKernel kernel(options);
  for (const auto& requester : requesters) kernel.add(*requester);
  kernel.add(memory);
  kernel.run(
      [&] { return std::all_of(requesters.begin(), requesters.end(), [](const auto& r) { return r->finished(); }); });
  memory.drain();
  for (const auto& requester : requesters) out.stamps.push_back(requester->stamps);
  out.read = memory.bytes_read();
  out.written = memory.bytes_written();
  const DramGeometry& g = memory.system().spec().geometry;
  for (const auto& channel : memory.system().channels()) out.end = std::max(out.end, channel->last_event());
  out.end += 1000;
  out.times = memory.time_until(out.end);
  std::uint64_t sum = 0;
  for (const MemoryTime& t : out.times) sum += t.cycles;
  EXPECT_EQ(sum, out.end * g.channels * g.pseudo_channels) << "every cycle of every data bus has one cause";
  return out;
}

TEST(DramMemory, EvaluationOrderAndSleepingChangeNoTransfer) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Transfers plain = transfers_of(seed, {});
    EXPECT_EQ(plain.stamps, transfers_of(seed, {true, seed, false}).stamps);
    EXPECT_EQ(plain.stamps, transfers_of(seed, {true, seed + 1, true}).stamps);
    EXPECT_EQ(plain.read, plain.asked_read);
    EXPECT_EQ(plain.written, plain.asked_written);
  }
}

struct Bench {
  explicit Bench(const DramConfig& config) : system(system_of(config)), port(system.add_port()) {
    system.set_sink(&recorder);
  }
  DramRequest* ask(std::uint64_t burst, bool write, Cycle at) {
    return system.submit(port, burst * system.spec().geometry.burst_bytes, 1, write, at);
  }
  std::uint64_t count(Command command) const {
    return static_cast<std::uint64_t>(std::count_if(recorder.commands.begin(), recorder.commands.end(),
                                                    [&](const DramCommand& c) { return c.command == command; }));
  }
  CommandRecorder recorder;
  DramSystem system;
  std::uint32_t port;
};

DramConfig row_major() {
  return ddr4_config(RefreshMode::kNone, kRowBankColumn);
}
constexpr std::uint64_t kRow = 128 * 16;  ///< bursts from a row to the next of the same bank

TEST(DramMemory, AReadAfterAWriteOfTheSameBurstIsForwarded) {
  Bench b(row_major());
  b.ask(5, true, 0);
  DramRequest* read = b.ask(5, false, 1);
  b.system.complete(*read);
  EXPECT_EQ(read->due, 2u);
  b.system.drain();
  EXPECT_EQ(b.count(Command::kRead), 0u);
  EXPECT_EQ(b.count(Command::kWrite), 1u);
  EXPECT_EQ(b.system.counts(0).forwarded, 1u);
}

TEST(DramMemory, AWriteAfterAReadOfTheSameBurstWaits) {
  Bench b(row_major());
  b.ask(5, false, 0);
  DramRequest* write = b.ask(5, true, 1);
  b.system.complete(*write);
  b.system.drain();
  ASSERT_EQ(b.recorder.commands.size(), 3u);
  EXPECT_EQ(b.recorder.commands[1].command, Command::kRead);
  EXPECT_EQ(b.recorder.commands[2].command, Command::kWrite);
  EXPECT_GT(write->due, b.recorder.commands[1].at) << "not even taken before";
}

TEST(DramMemory, RowHitsOvertakeUpToTheCap) {
  for (const std::uint32_t cap : {1u, 4u, 10u}) {
    DramConfig config = row_major();
    config.controller.row_hit_cap = cap;
    Bench b(config);
    b.ask(0, false, 0);
    b.ask(kRow, false, 0);  // waits for another row of the bank
    for (std::uint64_t i = 1; i < 20; ++i) b.ask(i, false, 0);
    b.system.drain();
    std::uint32_t before = 0;
    for (const DramCommand& c : b.recorder.commands) {
      if (c.command == Command::kPrecharge) break;
      before += c.command == Command::kRead;
    }
    EXPECT_EQ(before, cap);
  }
}

TEST(DramMemory, WritesWaitForTheHighWatermarkAndDrainToTheLowOne) {
  DramConfig config = row_major();
  config.controller.write_queue = 20;
  config.controller.write_high = 0.5;
  config.controller.write_low = 0.2;
  Bench b(config);
  const std::uint32_t reader = b.system.add_port();
  b.system.submit(reader, 0, 64 * 100, false, 0);  // always reads to do
  for (std::uint64_t i = 0; i < 9; ++i) b.ask(2 * kRow + 300 + i, true, 50);
  b.system.advance(300);
  EXPECT_EQ(b.count(Command::kWrite), 0u) << "9 of 20 are below one half";
  b.ask(2 * kRow + 309, true, 301);
  b.system.advance(500);
  EXPECT_EQ(b.count(Command::kWrite), 6u) << "10 down to 4";
}

TEST(DramMemory, FirstComeFirstServedKeepsTheOrderOfReads) {
  DramConfig config = row_major();
  config.controller.scheduler = Scheduler::kFcfs;
  Bench b(config);
  Random random(1);
  std::vector<std::uint64_t> bursts;
  for (int i = 0; i < 200; ++i) b.ask(bursts.emplace_back(random.below(5 * kRow)), false, 0);
  b.system.drain();
  std::size_t next = 0;
  for (const DramCommand& c : b.recorder.commands) {
    if (c.command != Command::kRead) continue;
    const DramAddress place = b.system.map().decode(bursts[next++]);
    ASSERT_EQ(c.bank, place.bank);
    ASSERT_EQ(c.row, place.row);
    ASSERT_EQ(c.column, place.column);
  }
  EXPECT_EQ(next, bursts.size());
}

TEST(DramMemory, RefreshesHappenInIdleTime) {
  Bench b(ddr4_config());
  b.system.advance(100 * 9360 + 500);
  EXPECT_EQ(b.count(Command::kRefresh), 100u);
  EXPECT_EQ(b.recorder.commands.front().at, 9360u);
}

TEST(DramMemory, PostponedRefreshesStayWithinNineIntervals) {
  for (const std::uint32_t postponed : {0u, 3u, 7u}) {
    DramConfig config = ddr4_config();
    config.controller.postponed_refreshes = postponed;
    DramSystem system = system_of(config);
    CommandChecker checker(system.spec());
    CommandRecorder recorder;
    system.set_sink(&recorder);
    Requests source = sequential(system.spec(), 100'000);
    const PlayResult result = play(system, source);
    Cycle last = 0, longest = 0;
    for (const DramCommand& c : recorder.commands) {
      checker.issued(c);
      if (c.command == Command::kRefresh) longest = std::max(longest, c.at - last), last = c.at;
    }
    checker.finish(result.cycles);
    EXPECT_EQ(checker.violations(), 0u) << violations_text(checker);
    EXPECT_LE(longest, (postponed + 2) * 9360u);
    EXPECT_GE(longest, (postponed + 1) * 9360u) << "they are postponed as far as allowed";
  }
}

}  // namespace
}  // namespace lutetia
