// The fixed-latency memory: exactly its bandwidth, exactly its latency, fair between ports, exact across clocks.
#include "memory/fixed_memory.h"

#include <gtest/gtest.h>

#include <memory>

#include "base/random.h"
#include "memory_rig.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kGiga = 1'000'000'000;

struct Bench {
  explicit Bench(const FixedMemoryConfig& config, std::size_t ports = 1, std::uint32_t outstanding = 8,
                 const ClockDomain& clock = {})
      : memory("memory", config) {
    for (std::size_t i = 0; i < ports; ++i) {
      requesters.push_back(std::make_unique<Requester>("r" + std::to_string(i), clock));
      requesters[i]->port = &memory.add_port("p" + std::to_string(i), outstanding, requesters[i].get());
    }
  }
  void run() {
    EventKernel kernel;
    kernel.add(memory);
    for (auto& r : requesters) kernel.add(*r);
    const RunOutcome outcome = kernel.run(
        [&] { return std::all_of(requesters.begin(), requesters.end(), [](const auto& r) { return r->finished(); }); });
    ASSERT_EQ(outcome.status, RunStatus::kFinished) << outcome.deadlock;
  }
  FixedMemory memory;
  std::vector<std::unique_ptr<Requester>> requesters;
};

/// Cycle of the last response of `count` reads that arrive without a gap, in one clock domain of 1 GHz.
Cycle last_response(std::uint64_t bytes_per_second, std::uint64_t bytes, std::size_t count, Cycle latency) {
  Bench bench(memory_config(bytes_per_second, latency * 1000));
  Requester& r = *bench.requesters[0];
  r.keep_stamps = false;
  r.requests.assign(count, {{0, bytes, false}, 0});
  bench.run();
  EXPECT_EQ(r.bytes, bytes * count);
  EXPECT_EQ(bench.memory.bytes_read(), bytes * count);
  EXPECT_EQ(bench.memory.requests(), count);
  return r.last_response;
}

// Taken in cycle 1; the last byte leaves after bytes / bandwidth cycles, rounded up once, not once per request.
TEST(FixedMemory, AMillionRequestsTakeExactlyTheirBytesOverTheBandwidth) {
  EXPECT_EQ(last_response(51'200'000'000, 64, 1'000'000, 100), 1 + 1'250'000u + 100 + 1);
}

TEST(FixedMemory, AMillionRequestsAtAThirdOfAByteACycleAreExactToo) {
  EXPECT_EQ(last_response(300'000'000, 64, 1'000'000, 100), 1 + 213'333'334u + 100 + 1);
}

TEST(FixedMemory, NoRequestIsServedFasterThanOneACycle) {
  EXPECT_EQ(last_response(100 * kGiga, 7, 1000, 20), 1 + 999u + 1 + 20 + 1);
}

TEST(FixedMemory, TheLatencyOfAnIsolatedReadIsExact) {
  Random random(1);
  for (int i = 0; i < 500; ++i) {
    const auto bandwidth = static_cast<std::uint64_t>(random.between(1'000'000, 200'000'000'000));
    const auto bytes = static_cast<std::uint64_t>(random.between(1, 100'000));
    const auto latency_ps = static_cast<std::uint64_t>(random.between(0, 200'000));
    const auto at = static_cast<Cycle>(random.between(0, 1000));
    const bool write = random.bernoulli(0.3);
    Bench bench(memory_config(bandwidth, latency_ps));
    bench.requesters[0]->requests = {{{0, bytes, write}, at}};
    bench.run();
    const Cycle bus = ceil_div(bytes * kGiga, bandwidth), latency = write ? 0 : ceil_div(latency_ps, 1000);
    ASSERT_EQ(bench.requesters[0]->stamps[0], at + 1 + bus + latency + 1)
        << bytes << " B at " << bandwidth << " B/s, " << latency_ps << " ps";
    ASSERT_EQ(bench.memory.busy_cycles(), bus);
  }
}

TEST(FixedMemory, PortsAreServedInTurn) {
  for (const std::size_t ports : {2u, 3u, 5u}) {
    Bench bench(memory_config(16 * kGiga, 50'000), ports);
    for (auto& r : bench.requesters) r->requests.assign(400, {{0, 64, false}, 0});
    bench.run();
    for (std::size_t i = 0; i < 400; ++i)  // four cycles of bus for each request
      for (std::size_t p = 0; p < ports; ++p)
        ASSERT_EQ(bench.requesters[p]->stamps[i], 1 + 4 * (i * ports + p + 1) + 50 + 1)
            << "port " << p << " of " << ports;
  }
}

TEST(FixedMemory, AnIdlePortLeavesItsTurnToTheOthers) {
  Bench bench(memory_config(16 * kGiga, 0), 2);
  bench.requesters[0]->requests.assign(100, {{0, 64, false}, 0});
  bench.requesters[1]->requests = {{{0, 64, false}, 100}};
  bench.run();
  EXPECT_EQ(bench.requesters[0]->last_response, 1 + 4 * 101u + 1);
  EXPECT_LE(bench.requesters[1]->last_response, 101 + 2 * 4u + 1);
}

TEST(FixedMemory, ReadsAndWritesAreCountedApartAndConserveBytes) {
  Random random(5);
  Bench bench(memory_config(51'200'000'000, 80'000), 2);
  std::uint64_t read = 0, written = 0;
  for (auto& r : bench.requesters)
    for (int i = 0; i < 300; ++i) {
      const bool write = random.bernoulli(0.5);
      const auto bytes = static_cast<std::uint64_t>(random.between(1, 5000));
      (write ? written : read) += bytes;
      r->requests.push_back({{0, bytes, write}, random.below(10'000)});
    }
  bench.run();
  EXPECT_EQ(bench.memory.bytes_read(), read);
  EXPECT_EQ(bench.memory.bytes_written(), written);
  EXPECT_EQ(bench.requesters[0]->bytes + bench.requesters[1]->bytes, read + written);
  EXPECT_EQ(bench.memory.busy_cycles(), ceil_div((read + written) * kGiga, 51'200'000'000));
}

TEST(FixedMemory, MoreBandwidthOrLessLatencyNeverAnswersARequestLater) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    std::vector<Requester::Request> requests;
    Cycle at = 0;
    for (int i = 0; i < 60; ++i) {
      at += random.below(200);
      requests.push_back({{0, static_cast<std::uint64_t>(random.between(1, 4000)), false}, at});
    }
    const auto stamps = [&](std::uint64_t bandwidth, std::uint64_t latency) {
      Bench bench(memory_config(bandwidth, latency), 1, 4);
      bench.requesters[0]->requests = requests;
      bench.run();
      return bench.requesters[0]->stamps;
    };
    const auto bandwidth = static_cast<std::uint64_t>(random.between(kGiga, 60 * kGiga));
    const auto latency = static_cast<std::uint64_t>(random.between(1000, 150'000));
    const auto base = stamps(bandwidth, latency), wide = stamps(bandwidth + random.below(20 * kGiga), latency),
               quick = stamps(bandwidth, latency - random.below(latency));
    for (std::size_t i = 0; i < base.size(); ++i) {
      ASSERT_LE(wide[i], base[i]) << "seed " << seed << " request " << i;
      ASSERT_LE(quick[i], base[i]) << "seed " << seed << " request " << i;
    }
  }
}

TEST(FixedMemory, InAClockOfItsOwnItStillReachesExactlyItsBandwidth) {
  for (const std::uint64_t clock : {800'000'000u, 1'410'000'000u, 333'333'333u}) {
    Bench bench(memory_config(51'200'000'000, 100'000, clock), 1, 32);
    bench.requesters[0]->requests.assign(100'000, {{0, 4096, false}, 0});
    bench.run();
    // 409.6e6 B at 51.2 GB/s are 8 ms; latency and two crossings may be added, in whole cycles of either clock.
    const double slack = 100e-9 + 4.0 / 1e9 + 6.0 / static_cast<double>(clock);
    const double seconds = static_cast<double>(bench.requesters[0]->last_response) / 1e9;
    EXPECT_GE(seconds, 8e-3 + 100e-9);
    EXPECT_LE(seconds, 8e-3 + slack) << clock;
    EXPECT_EQ(bench.memory.busy_cycles(), ceil_div(clock * 8, 1000));
  }
}

TEST(FixedMemory, WaitsOfAnIdleMemoryAreForRequests) {
  Bench bench(memory_config(kGiga, 0), 2);
  const std::vector<Wait> waits = bench.memory.waits(0);
  ASSERT_EQ(waits.size(), 2u);
  EXPECT_EQ(waits[1].channel, &bench.requesters[1]->port->requests);
  EXPECT_EQ(waits[1].what, Wait::For::kData);
}

}  // namespace
}  // namespace lutetia
