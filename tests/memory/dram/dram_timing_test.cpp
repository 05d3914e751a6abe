// The device model against the checker, which shares no code with it and looks at history the other way round: every
// rule of every shipped standard is tight, a cycle earlier is a violation and the cycle itself is not.
#include "memory/dram/dram_timing.h"

#include <gtest/gtest.h>

#include "dram_rig.h"

namespace lutetia {
namespace {

constexpr Cycle kStart = 1'000'000;
constexpr std::uint32_t kRanks[] = {1, 2};

/// Violations of timing rows; bank states, buses and refresh intervals are not the device's to keep.
std::uint64_t timing_violations(const CommandChecker& checker) {
  std::uint64_t out = checker.violations();
  const auto by_rule = checker.violations_by_rule();
  for (const char* rule : CommandChecker::kRules) {
    const auto found = by_rule.find(rule);
    if (found != by_rule.end()) out -= found->second;
  }
  return out;
}

/// Whether the checker finds a timing violation if `command` follows what it has seen.
bool too_early(CommandChecker checker, const DramCommand& command) {
  const std::uint64_t before = timing_violations(checker);
  checker.issued(command);
  return timing_violations(checker) > before;
}

template <class Visit>
void for_each_spec(const Visit& visit) {
  for (const std::string& name : standard_names())
    for (const auto& [device, speed] : legal_pairs(standard_once(name)))
      for (const std::uint32_t ranks : kRanks) {
        SCOPED_TRACE(name + " " + device + " " + speed + ", ranks " + std::to_string(ranks));
        DramConfig config = config_of(standard_once(name), device, speed);
        config.ranks = ranks;
        visit(resolved(config));
      }
}

/// A bank that shares `level` with bank 0, and nothing below; 0 itself for the level of banks.
std::optional<std::uint32_t> bank_sharing(const DramGeometry& g, Level level) {
  for (std::uint32_t b = g.banks_per_channel(); b-- > 0;) {
    if (g.node(level, b) != 0) continue;
    if (level == Level::kBank || g.node(static_cast<Level>(static_cast<int>(level) + 1), b) != 0) return b;
  }
  return {};
}

std::vector<Command> commands_of(const DramSpec& spec) {
  std::vector<Command> out;
  for (std::size_t c = 0; c < kCommands; ++c)
    if (spec.has(static_cast<Command>(c))) out.push_back(static_cast<Command>(c));
  return out;
}

TEST(DramTiming, EveryPairOfCommandsIsTightAtEveryLevel) {
  std::uint64_t pairs = 0, bound = 0;
  for_each_spec([&](const DramSpec& spec) {
    for (std::size_t l = 0; l < kLevels; ++l) {
      const auto bank = bank_sharing(spec.geometry, static_cast<Level>(l));
      if (!bank) continue;
      for (const Command first : commands_of(spec)) {
        DramTiming timing(spec);
        timing.issue(first, 0, 5, kStart);
        CommandChecker checker(spec, 1);
        checker.issued({kStart, first, 0, 0, 5, 0});
        for (const Command second : commands_of(spec)) {
          SCOPED_TRACE(std::string(name(first)) + " to " + std::string(name(second)) + ", same " +
                       std::string(kLevelNames[l]));
          const Cycle ready = std::max(kStart, timing.ready(second, *bank));
          EXPECT_FALSE(too_early(checker, {ready, second, 0, *bank, 5, 0})) << ready - kStart;
          ++pairs;
          if (ready == kStart) continue;
          EXPECT_TRUE(too_early(checker, {ready - 1, second, 0, *bank, 5, 0})) << ready - kStart;
          EXPECT_NE(timing.cause(second, *bank), DramTiming::kNoCause);
          ++bound;
        }
      }
    }
  });
  EXPECT_GT(pairs, 10'000u);
  EXPECT_GT(bound, 5'000u);
}

TEST(DramTiming, AWindowCountsFromItsFirstCommand) {
  for_each_spec([&](const DramSpec& spec) {
    for (const DramConstraint& row : spec.constraints) {
      if (row.window == 1) continue;
      SCOPED_TRACE(row.name);
      ASSERT_NE(row.from & mask(Command::kActivate), 0u);
      DramTiming timing(spec);
      CommandChecker checker(spec, 1);
      Cycle now = kStart, first = 0;
      for (std::uint32_t i = 0; i <= row.window; ++i) {
        // Different bank groups as long as there are, since tRRD_S allows what tRRD_L does not.
        const DramGeometry& g = spec.geometry;
        const std::uint32_t bank = g.bank_index(0, 0, i % g.bank_groups, i / g.bank_groups);
        now = std::max(now, timing.ready(Command::kActivate, bank));
        if (i == row.window) {
          EXPECT_GE(now, first + row.latency);
          EXPECT_TRUE(too_early(checker, {now - 1, Command::kActivate, 0, bank, 5, 0}));
        }
        if (i == 0) first = now;
        EXPECT_FALSE(too_early(checker, {now, Command::kActivate, 0, bank, 5, 0}));
        timing.issue(Command::kActivate, bank, 5, now);
        checker.issued({now, Command::kActivate, 0, bank, 5, 0});
      }
    }
  });
}

TEST(DramTiming, RandomCommandsAreReadyExactlyWhenTheCheckerAllowsThem) {
  std::uint64_t seed = 0, waited = 0, steps = 0;
  for_each_spec([&](const DramSpec& spec) {
    Random random(++seed);
    DramTiming timing(spec);
    CommandChecker checker(spec, 1);
    const std::vector<Command> commands = commands_of(spec);
    Cycle now = kStart;
    for (int i = 0; i < 400; ++i) {
      // Mostly few banks, so that commands meet at every level; refreshes seldom, since they make all others wait.
      Command command = commands[random.below(commands.size())];
      if (command >= Command::kRefresh && random.below(4) != 0) command = Command::kActivate;
      const auto bank = static_cast<std::uint32_t>(random.below(spec.geometry.banks_per_channel()));
      const Cycle ready = timing.ready(command, bank);
      const Cycle at = std::max(now, ready);
      if (ready > now) {
        ASSERT_TRUE(too_early(checker, {at - 1, command, 0, bank, 5, 0})) << name(command) << " step " << i;
        ++waited;
      }
      ASSERT_FALSE(too_early(checker, {at, command, 0, bank, 5, 0})) << name(command) << " step " << i;
      timing.issue(command, bank, 5, at);
      checker.issued({at, command, 0, bank, 5, 0});
      now = at + random.below(3);
      ++steps;
    }
  });
  EXPECT_GT(waited, steps / 4);
}

TEST(DramTiming, ProbeNamesTheNextCommandAndItsTime) {
  const DramSpec spec = resolved(ddr4_config());
  DramTiming timing(spec);
  DramTiming::Probe p = timing.probe(Command::kRead, 3, 7);
  EXPECT_EQ(p.next, Command::kActivate);
  EXPECT_FALSE(p.row_open || p.row_hit);
  timing.issue(Command::kActivate, 3, 7, 100);
  p = timing.probe(Command::kRead, 3, 7);
  EXPECT_EQ(p.next, Command::kRead);
  EXPECT_TRUE(p.row_open && p.row_hit);
  EXPECT_EQ(p.ready, 117u);
  p = timing.probe(Command::kWritePrecharge, 3, 8);
  EXPECT_EQ(p.next, Command::kPrecharge);
  EXPECT_TRUE(p.row_open && !p.row_hit);
  EXPECT_EQ(p.ready, 139u);
  timing.issue(Command::kPrecharge, 3, 0, 139);
  p = timing.probe(Command::kRead, 3, 7);
  EXPECT_EQ(p.next, Command::kActivate);
  EXPECT_FALSE(p.row_open || p.row_hit);
  EXPECT_EQ(p.ready, 156u);
}

TEST(DramTiming, OpenBanksAreThoseActivatedAndNotPrecharged) {
  const DramSpec spec = resolved(ddr4_config());
  DramTiming timing(spec);
  for (const std::uint32_t bank : {0u, 4u, 8u, 12u}) timing.issue(Command::kActivate, bank, bank + 1, 10 + bank);
  EXPECT_EQ(timing.open_banks(0), 4u);
  EXPECT_EQ(timing.open_row(8), 9u);
  timing.issue(Command::kReadPrecharge, 4, 5, 100);
  timing.issue(Command::kPrecharge, 8, 0, 110);
  timing.issue(Command::kPrecharge, 9, 0, 111);
  EXPECT_EQ(timing.open_banks(0), 2u);
  EXPECT_FALSE(timing.is_open(4) || timing.is_open(8));
  timing.issue(Command::kPrechargeAll, 0, 0, 200);
  EXPECT_EQ(timing.open_banks(0), 0u);
}

}  // namespace
}  // namespace lutetia
