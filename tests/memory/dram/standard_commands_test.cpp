// The shipped standards under the command checker: in every device and speed, two commands are legal at the distance
// that the rows imply and not a cycle before, and no rows let the data of two commands meet on the pins.
#include <gtest/gtest.h>

#include "memory/dram/command_checker.h"
#include "standards.h"

namespace lutetia {
namespace {

constexpr Cycle kStart = 100'000;

/// A bank whose deepest common node with bank 0 is of level `same`; bank 0 itself if the spec has no such bank.
std::uint32_t bank_sharing(const DramGeometry& g, Level same) {
  if (same == Level::kBank) return 0;
  const std::uint32_t bank = g.banks_below(static_cast<Level>(static_cast<int>(same) + 1));
  return bank < g.banks_below(same) ? bank : 0;
}

/// The rules broken by `second` at `distance` from `first`, both column commands to rows that have long been open.
std::map<std::string, std::uint64_t> broken(const DramSpec& spec, Command first, Command second, std::uint32_t bank,
                                            Cycle distance) {
  CommandChecker checker(spec);
  checker.issued({0, Command::kActivate, 0, 0, 1, 0});
  if (bank != 0) checker.issued({kStart / 2, Command::kActivate, 0, bank, 1, 0});
  checker.issued({kStart, first, 0, 0, 1, 0});
  checker.issued({kStart + distance, second, 0, bank, 1, 0});
  std::map<std::string, std::uint64_t> out = checker.violations_by_rule();
  out.erase("row closed");  // after RDA and WRA; only distances are asked for here
  return out;
}

class StandardCommands : public testing::TestWithParam<std::string> {};

TEST_P(StandardCommands, ColumnCommandsAreLegalFromTheirRowsDistanceOnAndDataNeverMeet) {
  const DramStandard standard = standard_named(GetParam());
  std::size_t tried = 0;
  for (const auto& [device, speed] : legal_pairs(standard)) {
    DramConfig config = config_of(standard, device, speed);
    config.ranks = 2;
    const DramSpec spec = resolved(config);
    for (const Level same : {Level::kChannel, Level::kPseudoChannel, Level::kRank, Level::kBankGroup, Level::kBank}) {
      const std::uint32_t bank = bank_sharing(spec.geometry, same);
      if (bank == 0 && same != Level::kBank) continue;
      for (const Command first : {Command::kRead, Command::kReadPrecharge, Command::kWrite, Command::kWritePrecharge}) {
        for (const Command second : {Command::kRead, Command::kReadPrecharge, Command::kWrite}) {
          const std::uint32_t bus = spec.command_cycles[static_cast<std::size_t>(first)];
          const std::uint32_t rows = distance(spec, first, second, same);
          const std::string what = device + " " + speed + ": " + std::string(name(first)) + "-" +
                                   std::string(name(second)) + " sharing a " +
                                   std::string(kLevelNames[static_cast<std::size_t>(same)]);
          EXPECT_EQ(broken(spec, first, second, bank, std::max(rows, bus)).size(), 0u)
              << what << ": " << broken(spec, first, second, bank, std::max(rows, bus)).begin()->first;
          EXPECT_GT(broken(spec, first, second, bank, std::max(rows, bus) - 1).size(), 0u) << what;
          ++tried;
        }
      }
    }
  }
  EXPECT_GT(tried, 0u);
}

INSTANTIATE_TEST_SUITE_P(All, StandardCommands, testing::ValuesIn(standard_names()));

}  // namespace
}  // namespace lutetia
