// Every command of the controller is legal, whatever it is asked for and however it is configured: the checker, which
// shares no code with the device model, finds nothing.
#include <gtest/gtest.h>

#include "legality.h"

namespace lutetia {
namespace {

class CommandLegality : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Standards, CommandLegality, testing::ValuesIn(standard_names()),
                         [](const auto& info) { return info.param; });

void expect_legal(const DramConfig& config, std::uint64_t count, std::uint64_t seed) {
  const Judged judged = judged_run(config, count, seed);
  EXPECT_EQ(judged.violations, 0u) << judged.text;
  EXPECT_GT(judged.commands, count / 2);
}

TEST_P(CommandLegality, HoldsForAllMappingsPagePoliciesRefreshModesAndSchedulers) {
  std::uint64_t seed = 0;
  for (const NamedMapping& mapping : kMappings)
    for (const PagePolicy policy : kPolicies)
      for (const RefreshMode refresh : refresh_modes(standard_once(GetParam())))
        for (const Scheduler scheduler : {Scheduler::kFrFcfs, Scheduler::kFcfs}) {
          ++seed;
          SCOPED_TRACE(std::string(mapping.name) + ", policy " + std::to_string(int(policy)) + ", refresh " +
                       std::to_string(int(refresh)) + ", scheduler " + std::to_string(int(scheduler)));
          DramConfig config = first_config(GetParam(), refresh);
          config.controller.mapping = mapping.fields;
          config.controller.permute = mapping.permute;
          config.controller.page_policy = policy;
          config.controller.scheduler = scheduler;
          expect_legal(config, 20'000, seed);
        }
}

TEST_P(CommandLegality, HoldsForAllDevicesAndSpeedsWithSeveralRanksAndChannels) {
  std::uint64_t seed = 100;
  for (const auto& [device, speed] : legal_pairs(standard_once(GetParam())))
    for (const std::uint32_t ranks : {2u, 4u}) {
      const auto modes = refresh_modes(standard_once(GetParam()));
      SCOPED_TRACE(device + " " + speed + ", ranks " + std::to_string(ranks));
      DramConfig config = config_of(standard_once(GetParam()), device, speed, modes[++seed % modes.size()]);
      config.ranks = ranks;
      config.channels = 6 - ranks;  // 4, 2
      config.controller.page_policy = kPolicies[seed % 4];
      // Ranks within a row of each other: they meet on the data bus.
      config.controller.mapping = {"row", "bank", "column", "rank", "bank_group", "pseudo_channel", "channel"};
      expect_legal(config, 10'000, seed);
    }
}

TEST_P(CommandLegality, HoldsForSmallAndLargeQueuesCapsAndPostponedRefreshes) {
  Random random(3);
  const auto modes = refresh_modes(standard_once(GetParam()));
  for (int i = 0; i < 40; ++i) {
    DramConfig config = first_config(GetParam(), modes[random.below(modes.size())]);
    ControllerConfig& c = config.controller;
    c.read_queue = static_cast<std::uint32_t>(1 + random.below(random.bernoulli(0.5) ? 4 : 128));
    c.write_queue = static_cast<std::uint32_t>(1 + random.below(random.bernoulli(0.5) ? 4 : 128));
    c.write_high = random.uniform();
    c.write_low = c.write_high * random.uniform();
    c.row_hit_cap = static_cast<std::uint32_t>(random.below(5));
    c.page_policy = kPolicies[random.below(4)];
    c.postponed_refreshes = static_cast<std::uint32_t>(random.below(8));
    const NamedMapping& mapping = kMappings[random.below(kMappings.size())];
    c.mapping = mapping.fields;
    c.permute = mapping.permute;
    config.ranks = static_cast<std::uint32_t>(1 + random.below(2));
    SCOPED_TRACE("case " + std::to_string(i) + ", queues " + std::to_string(c.read_queue) + " and " +
                 std::to_string(c.write_queue));
    expect_legal(config, 6'000, 1000 + static_cast<std::uint64_t>(i));
  }
}

}  // namespace
}  // namespace lutetia
