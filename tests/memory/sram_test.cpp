// The banked SRAM: exact times of streams and conflicts, equal to a word-by-word model, and few events.
#include "memory/sram.h"

#include <gtest/gtest.h>

#include "config/schema.h"
#include "kernel/event_kernel.h"
#include "sram_rig.h"

namespace lutetia {
namespace {

SramConfig small(std::uint32_t banks, SramPorts ports = SramPorts::kOneReadWrite, std::uint32_t latency = 1) {
  SramConfig config;
  config.capacity = Bytes(1 << 20);
  config.banks = banks;
  config.bank_width = Bytes(16);
  config.ports = ports;
  config.latency = latency;
  return config;
}

struct CustomerSpec {
  std::vector<Customer::Request> requests;
  std::uint32_t outstanding = 4;
  std::uint64_t take = 8;
  ClockDomain clock = {};
};

/// A memory with its customers; `Memory` is the SRAM or its oracle.
template <class Memory>
struct Bench {
  Bench(const SramConfig& config, const std::vector<CustomerSpec>& specs) : memory("sram", config) {
    for (const CustomerSpec& spec : specs) {
      const std::string index = std::to_string(customers.size());
      customers.push_back(std::make_unique<Customer>("c" + index, spec.clock));
      Customer& c = *customers.back();
      c.port = &memory.add_port("p" + index, spec.outstanding, &c);
      c.requests = spec.requests;
      c.take = spec.take;
      c.seed = customers.size();
    }
  }
  void run(EventKernelOptions options = {}) {
    EventKernel kernel(options);
    kernel.add(memory);
    for (auto& c : customers) kernel.add(*c);
    const RunOutcome outcome = kernel.run(
        [&] { return std::all_of(customers.begin(), customers.end(), [](const auto& c) { return c->finished(); }); });
    ASSERT_EQ(outcome.status, RunStatus::kFinished) << outcome.deadlock;
    memory_ticks = outcome.activations;
    for (const auto& c : customers) memory_ticks -= c->ticks;
  }
  const std::vector<Cycle>& stamps(std::size_t customer) const { return customers[customer]->stamps; }

  Memory memory;
  std::vector<std::unique_ptr<Customer>> customers;
  std::uint64_t memory_ticks = 0;
};
using SramBench = Bench<Sram>;

Customer::Request read_of(std::uint64_t address, std::uint64_t bytes, Cycle earliest = 0) {
  return {{address, bytes, false}, earliest};
}
Customer::Request write_of(std::uint64_t address, std::uint64_t bytes, Cycle earliest = 0) {
  return {{address, bytes, true}, earliest};
}

// Sent in cycle 0, taken and first accessed in 1.
TEST(Sram, AReadIsAnsweredLatencyCyclesAfterItsLastWord) {
  for (const std::uint32_t latency : {1u, 2u, 7u}) {
    SramBench bench(small(4, SramPorts::kOneReadWrite, latency), {{{read_of(0, 160)}}});
    bench.run();
    EXPECT_EQ(bench.stamps(0).at(0), 1 + 9 + latency + 1);
  }
}

TEST(Sram, AWriteIsAnsweredInTheCycleAfterItsLastWordWhateverTheLatency) {
  SramBench bench(small(4, SramPorts::kOneReadWrite, 7), {{{write_of(0, 160)}}});
  bench.run();
  EXPECT_EQ(bench.stamps(0).at(0), 1 + 9 + 1 + 1u);
}

TEST(Sram, WordsThatAreUsedInPartCostAnAccess) {
  const std::pair<Customer::Request, Cycle> cases[] = {
      {read_of(15, 1), 1}, {read_of(15, 2), 2}, {read_of(1, 16), 2}, {read_of(8, 40), 3}, {read_of(0, 48), 3}};
  for (const auto& [request, words] : cases) {
    SramBench bench(small(4), {{{request}}});
    bench.run();
    EXPECT_EQ(bench.stamps(0).at(0), 1 + words - 1 + 1 + 1) << request.request.address;
    EXPECT_EQ(bench.memory.port_cycles(0).granted, words);
  }
}

TEST(Sram, AStreamOfRequestsHasNoGaps) {
  SramBench bench(small(4, SramPorts::kOneReadWrite, 3), {{std::vector<Customer::Request>(100, read_of(0, 64)), 8}});
  bench.run();
  for (std::size_t i = 0; i < 100; ++i) ASSERT_EQ(bench.stamps(0)[i], 1 + 4 * (i + 1) - 1 + 3 + 1);
}

TEST(Sram, TwoPortsAtOneBankTakeTurns) {
  SramBench bench(small(1), {{{read_of(0, 1600)}}, {{read_of(0, 1600)}}});
  bench.run();
  EXPECT_EQ(bench.stamps(0).at(0), 1 + 198 + 1 + 1u);
  EXPECT_EQ(bench.stamps(1).at(0), 1 + 199 + 1 + 1u);
  EXPECT_EQ(bench.memory.port_cycles(0).conflict, 99u);
  EXPECT_EQ(bench.memory.port_cycles(1).conflict, 100u);
  EXPECT_EQ(bench.memory.busy_cycles(), 200u);
  const std::vector<MemoryTime> time = bench.memory.time_until(1000);
  EXPECT_EQ(time[0].cycles, 1u);  // the last word of the second port
  EXPECT_EQ(time[1].cycles, 199u);
  EXPECT_EQ(time[2].cycles, 800u);
}

TEST(Sram, SharesOfTheTimeAddUpAlsoInTheMiddleOfARequest) {
  SramBench bench(small(4), {{{read_of(0, 16'000)}}});
  EventKernel kernel;
  kernel.add(bench.memory);
  kernel.add(*bench.customers[0]);
  kernel.run([&] { return bench.memory.requests() == 1; });
  const std::vector<MemoryTime> time = bench.memory.time_until(501);
  EXPECT_EQ(time[0].cycles, 500u);
  EXPECT_EQ(time[1].cycles, 0u);
  EXPECT_EQ(time[2].cycles, 1u);
}

TEST(Sram, TwoStreamsOverInterleavedBanksConflictOnceAndThenFollowEachOther) {
  SramBench bench(small(8), {{{read_of(0, 16 * 1000)}}, {{write_of(16 * 8 * 1000, 16 * 1000)}}});
  bench.run();
  EXPECT_EQ(bench.memory.port_cycles(0).conflict, 0u);
  EXPECT_EQ(bench.memory.port_cycles(1).conflict, 1u);
}

TEST(Sram, AReadBesideAWriteDoesNotConflictIfABankHasAPortForEach) {
  for (const bool write : {false, true}) {
    const Customer::Request second = write ? write_of(0, 1600) : read_of(0, 1600);
    SramBench bench(small(1, SramPorts::kOneReadOneWrite), {{{read_of(0, 1600)}}, {{second}}});
    bench.run();
    EXPECT_EQ(bench.memory.port_cycles(0).conflict + bench.memory.port_cycles(1).conflict, write ? 0u : 199u);
  }
}

TEST(Sram, TwoReadWritePortsServeTwoOfThree) {
  SramBench bench(small(1, SramPorts::kTwoReadWrite), std::vector<CustomerSpec>(3, {{read_of(0, 1600)}}));
  bench.run();
  EXPECT_EQ(bench.memory.busy_cycles(), 150u);
}

TEST(Sram, FillingOneHalfNeverDisturbsReadingTheOther) {
  for (const bool halves : {true, false}) {
    SramConfig config = small(2);
    config.double_buffer = halves;
    const std::uint64_t half = config.capacity.value / 2;
    SramBench bench(config, {{{read_of(0, 16'000), read_of(16, 16'000)}},
                             {std::vector<Customer::Request>(300, write_of(half + 16, 48))}});
    bench.run();
    const Cycle lost = bench.memory.port_cycles(0).conflict + bench.memory.port_cycles(1).conflict;
    EXPECT_EQ(lost == 0, halves);
  }
}

TEST(Sram, APortTakesNoMoreRequestsThanMayBeUnanswered) {
  SramBench bench(small(4, SramPorts::kOneReadWrite, 10), {{std::vector<Customer::Request>(4, read_of(0, 16)), 1}});
  bench.run();
  // With one outstanding request the next is taken in the cycle in which the response goes out.
  EXPECT_EQ(bench.stamps(0), (std::vector<Cycle>{12, 22, 32, 42}));
  EXPECT_GT(bench.memory.port_cycles(0).response_wait, 0u);
}

// ---- against the word-by-word model ----

struct RandomCase {
  SramConfig config;
  std::vector<CustomerSpec> customers;
};

RandomCase random_case(std::uint64_t seed) {
  Random random(seed);
  RandomCase out;
  SramConfig& c = out.config;
  c.banks = 1u << random.below(5);
  c.bank_width = Bytes(static_cast<std::uint64_t>(random.between(1, 40)));
  c.capacity = Bytes(c.banks * c.bank_width.value * static_cast<std::uint64_t>(random.between(1, 40)));
  c.ports = static_cast<SramPorts>(random.below(3));
  c.latency = static_cast<std::uint32_t>(random.between(1, 6));
  c.interleave = static_cast<SramInterleave>(random.below(2));
  c.double_buffer = c.banks >= 2 && random.bernoulli(0.4);
  if (c.double_buffer && c.words() % 2 != 0) c.capacity = Bytes(2 * c.capacity.value);
  const bool several_clocks = random.bernoulli(0.3), dense = random.bernoulli(0.5);
  for (std::uint64_t ports = 1 + random.below(7); ports > 0; --ports) {
    CustomerSpec spec;
    spec.outstanding = static_cast<std::uint32_t>(random.between(1, 5));
    spec.take = random.bernoulli(0.5) ? 8 : 1 + random.below(7);
    if (several_clocks) spec.clock.frequency = Hertz(random.bernoulli(0.5) ? 1'410'000'000 : 333'333'333);
    const double writes = random.uniform();
    Cycle earliest = 0;
    for (std::uint64_t n = 1 + random.below(30); n > 0; --n) {
      const std::uint64_t largest = random.bernoulli(0.3) ? c.capacity.value : 8 * c.bank_width.value;
      const std::uint64_t bytes = 1 + random.below(std::min(largest, c.capacity.value));
      earliest += dense ? 0 : random.below(60);
      spec.requests.push_back(
          {{random.below(c.capacity.value - bytes + 1), bytes, random.bernoulli(writes)}, earliest});
    }
    out.customers.push_back(spec);
  }
  return out;
}

class SramAgainstOracle : public testing::TestWithParam<std::uint64_t> {};

TEST_P(SramAgainstOracle, EveryResponseAndCounterIsThatOfTheWordByWordModel) {
  for (std::uint64_t seed = GetParam() * 250; seed < (GetParam() + 1) * 250; ++seed) {
    const RandomCase test = random_case(seed);
    Bench<WordByWordSram> oracle(test.config, test.customers);
    oracle.run();
    EventKernelOptions every_cycle, shuffled;
    every_cycle.tick_every_cycle = true;
    shuffled.shuffle = true;
    shuffled.seed = seed;
    for (const EventKernelOptions& options : {EventKernelOptions{}, every_cycle, shuffled}) {
      SramBench bench(test.config, test.customers);
      bench.run(options);
      ASSERT_FALSE(HasFatalFailure()) << "seed " << seed;
      std::uint64_t granted = 0, accessed = 0;
      for (std::size_t i = 0; i < test.customers.size(); ++i) {
        ASSERT_EQ(bench.stamps(i), oracle.stamps(i)) << "seed " << seed << " port " << i;
        const Sram::PortCycles cycles = bench.memory.port_cycles(i), expected = oracle.memory.port_cycles(i);
        ASSERT_EQ(cycles.granted, expected.granted) << "seed " << seed << " port " << i;
        ASSERT_EQ(cycles.conflict, expected.conflict) << "seed " << seed << " port " << i;
        ASSERT_EQ(cycles.response_wait, expected.response_wait) << "seed " << seed << " port " << i;
        granted += cycles.granted;
      }
      for (std::uint32_t b = 0; b < test.config.banks; ++b) {
        ASSERT_EQ(bench.memory.bank_accesses(b), oracle.memory.accesses[b]) << "seed " << seed << " bank " << b;
        accessed += bench.memory.bank_accesses(b);
      }
      ASSERT_EQ(accessed, granted);
      ASSERT_EQ(bench.memory.busy_cycles(), oracle.memory.busy) << "seed " << seed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, SramAgainstOracle, testing::Range<std::uint64_t>(0, 4));

// ---- events ----

TEST(Sram, ALongRequestCostsFewEventsWhateverItsLength) {
  SramBench bench(small(8), {{std::vector<Customer::Request>(1000, read_of(0, 16 * 10'000)), 4}});
  bench.run();
  EXPECT_EQ(bench.memory.busy_cycles(), 10'000'000u);
  RecordProperty("memory_events", static_cast<int>(bench.memory_ticks));
  EXPECT_LE(bench.memory_ticks, 3 * 1000u);
}

TEST(Sram, LongStreamsThatFollowEachOtherCostFewEvents) {
  SramBench bench(small(8), std::vector<CustomerSpec>(4, {std::vector<Customer::Request>(1000, read_of(0, 16'000))}));
  bench.run();
  RecordProperty("memory_events", static_cast<int>(bench.memory_ticks));
  EXPECT_LE(bench.memory_ticks, 4 * 4 * 1000u);
}

TEST(Sram, StreamsInLastingConflictCostEventsWithTheLogarithmOfTheirLength) {
  SramBench bench(small(1), std::vector<CustomerSpec>(2, {std::vector<Customer::Request>(100, read_of(0, 160'000))}));
  bench.run();
  EXPECT_EQ(bench.memory.busy_cycles(), 2 * 100 * 10'000u);
  RecordProperty("memory_events", static_cast<int>(bench.memory_ticks));
  EXPECT_LE(bench.memory_ticks, 2 * 100 * 20u);
}

// ---- configuration and diagnosis ----

TEST(SramConfig, TheDefaultObeysItsRulesAndEachRuleCanBeBroken) {
  const auto broken = [](const SramConfig& config) {
    SramConfig copy = config;
    std::vector<std::string> texts;
    const Schema schema = schema_of(copy);
    for (const Rule& rule : schema.rules())
      if (!rule.holds()) texts.push_back(rule.text);
    return texts;
  };
  SramConfig config;
  EXPECT_TRUE(broken(config).empty());
  config.banks = 1;
  config.double_buffer = true;
  EXPECT_EQ(broken(config), std::vector<std::string>{"double_buffer needs at least two banks"});
  config = {};
  config.capacity = Bytes(1000);
  EXPECT_EQ(broken(config), std::vector<std::string>{"banks * bank_width must divide capacity"});
  config = {};
  config.banks = 12;
  config.capacity = Bytes(12 * 32);
  EXPECT_EQ(broken(config), std::vector<std::string>{"banks must be a power of two"});
}

TEST(Sram, WaitsOfAnIdleSramAreForRequests) {
  SramBench bench(small(2), {{}, {}});
  const std::vector<Wait> waits = bench.memory.waits(0);
  ASSERT_EQ(waits.size(), 2u);
  EXPECT_EQ(waits[1].channel, &bench.customers[1]->port->requests);
  EXPECT_EQ(waits[1].what, Wait::For::kData);
}

}  // namespace
}  // namespace lutetia
