// Command legality over a million requests per standard and refresh mode.
#include <gtest/gtest.h>

#include "legality.h"

namespace lutetia {
namespace {

class CommandLegalityNightly : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Standards, CommandLegalityNightly, testing::ValuesIn(standard_names()),
                         [](const auto& info) { return info.param; });

TEST_P(CommandLegalityNightly, HoldsForAMillionRequests) {
  std::uint64_t seed = 0;
  for (const RefreshMode refresh : refresh_modes(standard_once(GetParam())))
    for (const NamedMapping& mapping : kMappings)
      for (const PagePolicy policy : kPolicies) {
        DramConfig config = first_config(GetParam(), refresh);
        config.controller.mapping = mapping.fields;
        config.controller.permute = mapping.permute;
        config.controller.page_policy = policy;
        config.ranks = 2;
        const Judged judged = judged_run(config, 1'000'000, ++seed);
        EXPECT_EQ(judged.violations, 0u) << mapping.name << ", policy " << int(policy) << ", refresh " << int(refresh)
                                         << "\n"
                                         << judged.text;
      }
}

}  // namespace
}  // namespace lutetia
