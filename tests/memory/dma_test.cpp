// The DMA engine: cuts ranges into requests, keeps order and bytes, and is bound by what it may have outstanding.
#include "memory/dma.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "memory_rig.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kGiga = 1'000'000'000;

struct Bench {
  Bench(const DmaConfig& dma_config, const FixedMemoryConfig& memory_config)
      : dma("dma", ClockDomain{}, dma_config), memory("memory", memory_config), commander(ClockDomain{}, dma) {
    port = &memory.add_port("port", dma_config.outstanding, &dma);
    dma.set_port(*port);
  }
  void run(EventKernelOptions options = {}) {
    EventKernel kernel(options);
    kernel.add(commander);
    kernel.add(dma);
    kernel.add(memory);
    const RunOutcome outcome = kernel.run([&] { return commander.finished(); });
    ASSERT_EQ(outcome.status, RunStatus::kFinished) << outcome.deadlock;
  }
  Dma dma;
  FixedMemory memory;
  Commander commander;
  MemoryPort* port = nullptr;
};

/// When the last response of `count` reads of `bytes` reaches the engine, request by request. One clock of 1 GHz, first
/// request in cycle `first`.
Cycle last_response(std::uint64_t count, std::uint64_t bytes, std::uint64_t bandwidth, Cycle latency,
                    std::uint64_t outstanding, Cycle first) {
  std::vector<Cycle> sent(count), taken(count), answered(count);
  Wide bus = 0;  // end of the last transfer, cycles * bandwidth
  for (std::size_t i = 0; i < count; ++i) {
    sent[i] = i == 0 ? first : sent[i - 1] + 1;
    if (i >= outstanding) sent[i] = std::max(sent[i], answered[i - outstanding]);
    // A full port frees a slot one cycle after the memory took a request.
    if (i >= outstanding) sent[i] = std::max(sent[i], taken[i - outstanding] + 1);
    taken[i] = std::max(sent[i] + 1, static_cast<Cycle>(bus / bandwidth));
    if (i > 0) taken[i] = std::max(taken[i], taken[i - 1] + 1);
    bus = std::max(bus, Wide(taken[i]) * bandwidth) + Wide(bytes) * kGiga;
    answered[i] = static_cast<Cycle>((bus + bandwidth - 1) / bandwidth) + latency + 1;
    if (i > 0) answered[i] = std::max(answered[i], answered[i - 1] + 1);
  }
  return answered.back();
}

TEST(Dma, TimeOfALongTransferFollowsFromBandwidthLatencyAndOutstandingRequests) {
  Random random(1);
  for (int i = 0; i < 300; ++i) {
    DmaConfig config;
    config.request_bytes = Bytes(static_cast<std::uint64_t>(random.between(32, 512)));
    config.outstanding = static_cast<std::uint32_t>(random.between(2, 20));
    const auto bandwidth = static_cast<std::uint64_t>(random.between(kGiga / 2, 100 * kGiga));
    const auto latency = static_cast<Cycle>(random.between(0, 150));
    const auto count = static_cast<std::uint64_t>(random.between(1, 200));
    Bench bench(config, memory_config(bandwidth, latency * 1000));
    bench.commander.commands = {{{0, count * config.request_bytes.value, false}, 0}};
    bench.run();
    const Cycle answered = last_response(count, config.request_bytes.value, bandwidth, latency, config.outstanding, 1);
    ASSERT_EQ(bench.commander.done[0], answered + 1) << "round " << i;
  }
}

TEST(Dma, ThroughputIsBoundByOutstandingBytesOverTheRoundTrip) {
  for (const std::uint32_t outstanding : {1u, 2u, 4u, 8u, 16u, 32u, 64u}) {
    DmaConfig config;
    config.request_bytes = Bytes(64);
    config.outstanding = outstanding;
    Bench bench(config, memory_config(64 * kGiga, 100'000));  // 64 B and one request a cycle, 100 cycles
    bench.commander.commands = {{{0, 64 * 6400, false}, 0}};
    bench.run();
    const double rate = 64.0 * 6400 / static_cast<double>(bench.commander.done[0]);
    // Little's law: a request is outstanding for one cycle of bus, 100 of latency, and one on each channel; alone in a
    // channel of depth one, a request leaves a slot free only every other cycle, which the round trip hides.
    const double bound = std::min(64.0, outstanding * 64.0 / 103.0);
    EXPECT_LE(rate, bound);
    EXPECT_GE(rate, 0.97 * bound) << outstanding;
  }
}

TEST(Dma, BytesAreConservedWhateverTheCommands) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Random random(seed);
    DmaConfig config;
    config.request_bytes = Bytes(static_cast<std::uint64_t>(random.between(32, 4096)));
    config.outstanding = static_cast<std::uint32_t>(random.between(1, 12));
    Bench bench(config,
                memory_config(static_cast<std::uint64_t>(random.between(kGiga, 60 * kGiga)), 50'000, 800'000'000));
    std::uint64_t read = 0, written = 0, requests = 0;
    for (int i = 0; i < 40; ++i) {
      const std::uint64_t bytes = random.bernoulli(0.2) ? 0 : random.below(20'000);
      const bool write = random.bernoulli(0.5);
      (write ? written : read) += bytes;
      requests += ceil_div(bytes, config.request_bytes.value);
      bench.commander.commands.push_back({{0, bytes, write}, random.below(20'000)});
    }
    bench.run({true, seed, false});
    ASSERT_EQ(bench.memory.bytes_read(), read) << "seed " << seed;
    ASSERT_EQ(bench.memory.bytes_written(), written);
    ASSERT_EQ(bench.memory.requests(), requests) << "cut into the fewest requests";
    ASSERT_EQ(bench.dma.bytes(), read + written);
    ASSERT_EQ(bench.dma.transfers(), 40u);
    ASSERT_TRUE(std::is_sorted(bench.commander.done.begin(), bench.commander.done.end()));
  }
}

TEST(Dma, AnEmptyCommandCompletesAtOnceAndInOrder) {
  Bench bench({Bytes(64), 4}, memory_config(kGiga, 0));
  bench.commander.commands = {{{0, 0, false}, 0}, {{0, 64, false}, 20}, {{0, 0, true}, 21}};
  bench.run();
  EXPECT_EQ(bench.commander.done[0], 3u);  // taken in 1, done in 2, seen in 3
  EXPECT_EQ(bench.commander.done[2], bench.commander.done[1] + 1);
  EXPECT_EQ(bench.dma.bytes(), 64u);
  EXPECT_EQ(bench.memory.requests(), 1u);
}

TEST(Dma, RequestsOfTheNextCommandGoOutBeforeTheResponsesOfTheLast) {
  Bench one({Bytes(64), 8}, memory_config(64 * kGiga, 200'000)),
      four({Bytes(64), 8}, memory_config(64 * kGiga, 200'000));
  one.commander.commands = {{{0, 256, false}, 0}};
  four.commander.commands.assign(4, {{0, 64, false}, 0});
  one.run();
  four.run();
  EXPECT_LE(four.commander.done[3], one.commander.done[0] + 4) << "four round trips overlap";
}

TEST(Dma, BusyCyclesAreThoseWithACommandBeingServed) {
  Bench bench({Bytes(64), 8}, memory_config(kGiga, 10'000));
  bench.commander.commands = {{{0, 64, false}, 0}, {{0, 128, false}, 1000}};
  EXPECT_EQ(bench.dma.busy_cycles(5), 0u);
  bench.run();
  // Taken in 1, requested at once; taken by the memory in 2, the last byte 64 cycles later; 10 cycles of latency; seen
  // in 77.
  const Cycle first = bench.commander.done[0] - 1 - 1, second = bench.commander.done[1] - 1 - 1001;
  EXPECT_EQ(first, 76u);
  EXPECT_EQ(second, 76u + 64);
  EXPECT_EQ(bench.dma.busy_cycles(5000), first + second);
}

TEST(Dma, ACommandInServiceCountsAsBusyUpToNow) {
  DmaConfig config{Bytes(64), 8};
  Dma dma("dma", ClockDomain{}, config);
  FixedMemory memory("memory", memory_config(kGiga, 0));
  dma.set_port(memory.add_port("port", 8, &dma));
  dma.commands().push(9, {0, 64, false});
  dma.tick(10);
  EXPECT_EQ(dma.busy_cycles(25), 15u);
}

TEST(Dma, MoreBandwidthOrMoreOutstandingRequestsNeverFinishesLater) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    Random random(seed);
    std::vector<Commander::Command> commands;
    for (int i = 0; i < 10; ++i) commands.push_back({{0, random.below(5000), false}, random.below(3000)});
    const auto bandwidth = static_cast<std::uint64_t>(random.between(kGiga, 60 * kGiga));
    const auto outstanding = static_cast<std::uint32_t>(random.between(1, 8));
    const auto finish = [&](std::uint64_t bytes_per_second, std::uint32_t requests) {
      Bench bench({Bytes(256), requests}, memory_config(bytes_per_second, 70'000));
      bench.commander.commands = commands;
      bench.run();
      return bench.commander.done.back();
    };
    const Cycle base = finish(bandwidth, outstanding);
    ASSERT_LE(finish(bandwidth + random.below(30 * kGiga), outstanding), base) << "seed " << seed;
    ASSERT_LE(finish(bandwidth, outstanding + 1), base) << "seed " << seed;
  }
}

TEST(Dma, SleepingChangesNoCompletion) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const auto done = [&](EventKernelOptions options) {
      Random random(seed);
      Bench bench({Bytes(128), 3}, memory_config(7 * kGiga, 33'000, 800'000'000));
      for (int i = 0; i < 20; ++i)
        bench.commander.commands.push_back({{0, random.below(2000), random.bernoulli(0.5)}, random.below(2000)});
      bench.run(options);
      return bench.commander.done;
    };
    ASSERT_EQ(done({}), done({true, seed, true})) << "seed " << seed;
  }
}

}  // namespace
}  // namespace lutetia
