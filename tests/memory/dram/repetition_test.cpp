// The law of repetition: working off a long stream at once is the same as going command by command, in every command,
// every completion and every count.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <sstream>

#include "dram_rig.h"

namespace lutetia {
namespace {

struct TimedRequest {
  std::uint32_t port = 0;
  std::uint64_t address = 0, bytes = 0;
  bool write = false;
  Cycle at = 0;
};

/// Long and short, overlapping and apart, forwards from many places; some of the second port.
std::vector<TimedRequest> random_requests(Random& random, const DramSpec& spec, std::uint32_t ports) {
  const std::uint64_t burst = spec.geometry.burst_bytes, size = spec.geometry.bytes();
  std::vector<TimedRequest> out;
  Cycle at = 0;
  const double writes = random.uniform() * random.uniform();
  for (int i = 0; i < 25; ++i) {
    TimedRequest r;
    r.port = static_cast<std::uint32_t>(random.below(ports));
    const std::uint64_t bursts = random.bernoulli(0.4) ? 1 + random.below(6) : 1 + random.below(1500);
    r.bytes = bursts * burst - random.below(burst);
    r.address = random.bernoulli(0.7) || out.empty() ? random.below(size) : out.back().address + out.back().bytes;
    r.address = std::min(r.address, size - r.bytes - burst);
    r.write = random.bernoulli(writes);
    at += random.bernoulli(0.5) ? random.below(20) : random.below(3000);
    r.at = at;
    out.push_back(r);
  }
  return out;
}

struct History {
  std::vector<DramCommand> commands;  ///< by channel
  std::vector<Cycle> due;
  DramCounts counts;
  std::vector<std::pair<std::string, std::uint64_t>> bus_time;
  std::uint64_t steps = 0;
};

History history_of(const DramConfig& config, const std::vector<TimedRequest>& requests, std::uint32_t ports,
                   bool repetition) {
  DramSystem system = system_of(config);
  CommandRecorder recorder;
  system.set_sink(&recorder);
  for (std::uint32_t p = 0; p < ports; ++p) system.add_port();
  History out;
  const auto advance = [&](Cycle until) {
    for (const auto& channel : system.channels())
      while (channel->next_event() <= until) channel->step(until), ++out.steps;
  };
  for (const auto& channel : system.channels()) channel->set_repetition(repetition);
  std::vector<DramRequest*> under_way;
  for (const TimedRequest& r : requests) {
    if (r.at > 0) advance(r.at - 1);
    under_way.push_back(system.submit(r.port, r.address, r.bytes, r.write, r.at));
  }
  Cycle end = requests.back().at;
  while (!system.idle()) advance(end += 5000);
  for (const DramRequest* request : under_way) {
    EXPECT_EQ(request->remaining, 0u);
    out.due.push_back(request->due);
  }
  out.counts = system.counts(end);
  out.bus_time = system.bus_time(end);
  out.commands = std::move(recorder.commands);
  std::stable_sort(out.commands.begin(), out.commands.end(),
                   [](const DramCommand& a, const DramCommand& b) { return a.channel < b.channel; });
  return out;
}

void expect_equal(const History& a, const History& b) {
  for (std::size_t i = 0; i < std::min(a.commands.size(), b.commands.size()); ++i)
    ASSERT_TRUE(a.commands[i] == b.commands[i])
        << "command " << i << ": " << name(a.commands[i].command) << "@" << a.commands[i].at << " bank "
        << a.commands[i].bank << " column " << a.commands[i].column << ", " << name(b.commands[i].command) << "@"
        << b.commands[i].at << " bank " << b.commands[i].bank << " column " << b.commands[i].column;
  ASSERT_EQ(a.commands.size(), b.commands.size());
  EXPECT_EQ(a.due, b.due);
  EXPECT_EQ(a.bus_time, b.bus_time);
  const DramCounts &x = a.counts, &y = b.counts;
  EXPECT_EQ(x.commands, y.commands);
  EXPECT_EQ(x.row_hits, y.row_hits);
  EXPECT_EQ(x.row_misses, y.row_misses);
  EXPECT_EQ(x.row_conflicts, y.row_conflicts);
  EXPECT_EQ(x.forwarded, y.forwarded);
  EXPECT_EQ(x.read_bursts, y.read_bursts);
  EXPECT_EQ(x.write_bursts, y.write_bursts);
  EXPECT_EQ(x.data_cycles, y.data_cycles);
  EXPECT_EQ(x.lost_cycles, y.lost_cycles);
  EXPECT_EQ(x.bank_open_cycles, y.bank_open_cycles);
  EXPECT_EQ(x.rank_open_cycles, y.rank_open_cycles);
  EXPECT_EQ(x.read_latency.count, y.read_latency.count);
  EXPECT_EQ(x.read_latency.sum, y.read_latency.sum);
  EXPECT_EQ(x.read_latency.min, y.read_latency.min);
  EXPECT_EQ(x.read_latency.max, y.read_latency.max);
  EXPECT_EQ(x.read_latency.buckets, y.read_latency.buckets);
}

const std::vector<Mapping> kFields = {
    kInterleaved,
    kRowBankColumn,
    {"row", "rank", "bank", "pseudo_channel", "column", "bank_group", "channel"},
    {"row", "rank", "column:2", "bank", "bank_group", "pseudo_channel", "column", "channel"},
    {"rank", "row", "column", "pseudo_channel", "bank", "bank_group", "channel"},
    {"channel", "row", "pseudo_channel", "rank", "bank", "column:1", "bank_group", "column"},
};

DramConfig random_config(Random& random, const std::string& standard) {
  const auto modes = refresh_modes(standard_once(standard));
  const auto pairs = legal_pairs(standard_once(standard));
  const auto& [device, speed] = pairs[random.below(pairs.size())];
  DramConfig config = config_of(standard_once(standard), device, speed, modes[random.below(modes.size())]);
  ControllerConfig& c = config.controller;
  c.mapping = kFields[random.below(kFields.size())];
  if (random.bernoulli(0.3)) c.permute = {"bank_group", "bank"};
  if (random.bernoulli(0.6)) c.page_policy = static_cast<PagePolicy>(random.below(4));
  if (random.bernoulli(0.2)) c.scheduler = Scheduler::kFcfs;
  if (random.bernoulli(0.2)) c.row_hit_cap = static_cast<std::uint32_t>(1 + random.below(40));
  if (random.bernoulli(0.3)) c.postponed_refreshes = static_cast<std::uint32_t>(random.below(8));
  c.read_queue = static_cast<std::uint32_t>(1 + random.below(random.bernoulli(0.3) ? 8 : 100));
  c.write_queue = static_cast<std::uint32_t>(1 + random.below(random.bernoulli(0.3) ? 8 : 100));
  config.ranks = static_cast<std::uint32_t>(1 + random.below(2));
  config.channels = random.bernoulli(0.3) ? 2 : 1;
  return config;
}

std::string text_of(const DramConfig& config) {
  const ControllerConfig& c = config.controller;
  std::ostringstream out;
  out << config.device << " " << config.speed << ", channels " << config.channels << ", ranks " << config.ranks
      << ", queues " << c.read_queue << " " << c.write_queue << ", policy " << int(c.page_policy) << ", refresh "
      << int(c.refresh) << ", scheduler " << int(c.scheduler) << ", cap " << c.row_hit_cap << ", postponed "
      << c.postponed_refreshes << ", permute " << c.permute.size() << ", mapping";
  for (const std::string& field : c.mapping) out << " " << field;
  return out.str();
}

class RepetitionOf : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Standards, RepetitionOf, testing::ValuesIn(standard_names()),
                         [](const auto& info) { return info.param; });

TEST_P(RepetitionOf, FastForwardIsCommandByCommand) {
  Random random(hash(1, GetParam().size(), static_cast<unsigned char>(GetParam().back())));
  std::uint32_t repeated = 0;
  for (int i = 0; i < 120; ++i) {
    const DramConfig config = random_config(random, GetParam());
    SCOPED_TRACE("case " + std::to_string(i) + ": " + text_of(config));
    const auto ports = static_cast<std::uint32_t>(1 + random.below(2));
    const std::vector<TimedRequest> requests = random_requests(random, resolved(config), ports);
    const History slow = history_of(config, requests, ports, false);
    const History fast = history_of(config, requests, ports, true);
    expect_equal(slow, fast);
    if (HasFatalFailure()) return;
    repeated += fast.steps < slow.steps;
  }
  EXPECT_GT(repeated, 15u) << "cases in which anything was worked off at once";
}

TEST(Repetition, ALongStreamTakesFewSteps) {
  const DramConfig config = ddr4_config();
  const std::vector<TimedRequest> requests = {{0, 0, 64 << 20, false, 0}};
  const History slow = history_of(config, requests, 1, false), fast = history_of(config, requests, 1, true);
  expect_equal(slow, fast);
  EXPECT_LT(fast.steps * 4, slow.steps);
}

}  // namespace
}  // namespace lutetia
