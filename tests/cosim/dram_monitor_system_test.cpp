// The commands of the simulated DRAM before the Verilog monitor and before the checker: both find nothing, and both
// notice when one timing of their table is a cycle longer than the device's.
#include <gtest/gtest.h>

#include "cosim/dram_monitor_feed.h"
#include "memory/dram/legality.h"

namespace lutetia {
namespace {

struct Judges final : CommandSink {
  explicit Judges(const DramSpec& spec) : monitor(spec, DramMonitorFeed::Body::kRtl), checker(spec) {}
  void issued(const DramCommand& command) override {
    monitor.issued(command);
    checker.issued(command);
  }
  DramMonitorFeed monitor;
  CommandChecker checker;
};

std::string text_of(const DramMonitorFeed& feed) {
  std::string out;
  for (const std::string& line : feed.first_violations()) out += line + "\n";
  return out;
}

class DramMonitorSystem : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Standards, DramMonitorSystem, testing::ValuesIn(standard_names()),
                         [](const auto& info) { return info.param; });

TEST_P(DramMonitorSystem, FindsNothingInTheControllersCommands) {
  std::uint64_t seed = 0;
  for (const RefreshMode refresh : refresh_modes(standard_once(GetParam())))
    for (const NamedMapping& mapping : kMappings) {
      ++seed;
      SCOPED_TRACE(std::string(mapping.name) + ", refresh " + std::to_string(int(refresh)));
      DramConfig config = first_config(GetParam(), refresh);
      config.controller.mapping = mapping.fields;
      config.controller.permute = mapping.permute;
      config.controller.page_policy = kPolicies[seed % 4];
      config.ranks = seed % 2 == 0 ? 2 : 1;
      config.channels = seed % 3 == 0 ? 2 : 1;
      DramSystem system = system_of(config);
      Judges judges(system.spec());
      system.set_sink(&judges);
      Requests source = mixed(system.spec(), 3'000, seed);
      play(system, source);
      judges.monitor.finish();
      EXPECT_EQ(judges.monitor.violations(), 0u) << text_of(judges.monitor);
      EXPECT_EQ(judges.checker.violations(), 0u) << violations_text(judges.checker);
      EXPECT_EQ(judges.monitor.commands(), judges.checker.commands());
    }
}

/// One stream of DDR4 commands in which every timing decides somewhere.
const std::vector<DramCommand>& ddr4_commands() {
  static const std::vector<DramCommand> commands = [] {
    DramSystem system = system_of(ddr4_config());
    CommandRecorder recorder;
    system.set_sink(&recorder);
    for (const double writes : {0.0, 0.5, 1.0}) {
      Requests source = scattered(system.spec(), 2'000, 7, writes);
      play(system, source);
    }
    Requests near = scattered(system.spec(), 3'000, 8, 0.5, 1 << 20), few = scattered(system.spec(), 300, 9, 0.3);
    play(system, near);
    play(system, few, {1, true, [] { return false; }});
    Requests row = {3'000, [](std::uint64_t i) { return asked(i * 256, 64, i / 400 % 2 == 1); }};  // one bank group
    play(system, row);
    return recorder.commands;
  }();
  return commands;
}

/// The timings of DDR4 that a controller can keep too short, each alone a cycle longer.
constexpr const char* kRaised[] = {"tRCD",   "tRP",    "tRAS",   "tRC", "tCCD_S", "tCCD_L", "tRRD_S",
                                   "tRRD_L", "tWTR_S", "tWTR_L", "tWR", "tRTP",   "tFAW",   "tRFC"};

class DramMonitorStrict : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Timings, DramMonitorStrict, testing::ValuesIn(kRaised),
                         [](const auto& info) { return std::string(info.param); });
TEST_P(DramMonitorStrict, ATimingThatIsOneCycleLongerIsNoticed) {
  DramConfig config = ddr4_config();
  config.cycles[GetParam()] = resolved(config).timings.at(GetParam()) + 1;
  Judges judges(resolved(config));
  for (const DramCommand& c : ddr4_commands()) judges.issued(c);
  judges.monitor.finish();
  EXPECT_GT(judges.monitor.violations(), 0u);
  EXPECT_GT(judges.checker.violations(), 0u);
  EXPECT_EQ(judges.checker.violations_by_rule().count(GetParam()), 1u) << violations_text(judges.checker);
}

TEST(DramMonitorDevice, TheSameCommandsAreLegalWithTheDevicesTimings) {
  Judges judges(resolved(ddr4_config()));
  for (const DramCommand& c : ddr4_commands()) judges.issued(c);
  judges.monitor.finish();
  EXPECT_EQ(judges.monitor.violations(), 0u) << text_of(judges.monitor);
  EXPECT_EQ(judges.checker.violations(), 0u) << violations_text(judges.checker);
}

}  // namespace
}  // namespace lutetia
