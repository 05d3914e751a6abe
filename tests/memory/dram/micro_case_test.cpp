// Short lists of requests whose commands Ramulator 2.1 and DRAMSys 5.1 agree on to the cycle: DDR4-2400 8Gb x8 without
// refresh, all requests queued at once, cycles counted from the first command.
#include <gtest/gtest.h>

#include <sstream>

#include "dram_rig.h"

namespace lutetia {
namespace {

struct Asked {
  bool write;
  std::uint32_t bank_group, bank, row, column;
};
constexpr bool kRead = false, kWrite = true;

struct Outcome {
  std::string commands;             ///< "ACT@0 RD@17"
  std::vector<DramCommand> record;  ///< with absolute cycles
  std::vector<Cycle> due;
};

Outcome outcome_of(const std::vector<Asked>& list) {
  DramSystem system = system_of(ddr4_config(RefreshMode::kNone, kRowBankColumn));
  const DramGeometry& g = system.spec().geometry;
  CommandRecorder recorder;
  system.set_sink(&recorder);
  const std::uint32_t port = system.add_port();
  std::vector<DramRequest*> requests;
  for (const Asked& a : list) {
    const std::uint64_t burst =
        ((std::uint64_t{a.row} * g.banks + a.bank) * g.bank_groups + a.bank_group) * g.bursts + a.column;
    const DramAddress place = system.map().decode(burst);
    EXPECT_EQ(place.bank, g.bank_index(0, 0, a.bank_group, a.bank));
    EXPECT_EQ(place.row, a.row);
    EXPECT_EQ(place.column, a.column);
    requests.push_back(system.submit(port, burst * g.burst_bytes, g.burst_bytes, a.write, 0));
  }
  for (DramRequest* request : requests) system.complete(*request);
  system.drain();
  Outcome out;
  out.record = recorder.commands;
  for (const DramRequest* request : requests) out.due.push_back(request->due);
  std::ostringstream text;
  for (const DramCommand& c : recorder.commands)
    text << (text.tellp() > 0 ? " " : "") << name(c.command) << "@" << c.at - recorder.commands.front().at;
  out.commands = text.str();
  return out;
}

TEST(MicroCase, TwoReadsOfDifferentRowsInOneBank) {
  EXPECT_EQ(outcome_of({{kRead, 0, 0, 5, 0}, {kRead, 0, 0, 6, 0}}).commands, "ACT@0 RD@17 PRE@39 ACT@56 RD@73");
}

TEST(MicroCase, AFifthActivateWaitsForTheWindow) {
  EXPECT_EQ(
      outcome_of(
          {{kRead, 0, 0, 5, 0}, {kRead, 1, 0, 5, 0}, {kRead, 2, 0, 5, 0}, {kRead, 3, 0, 5, 0}, {kRead, 0, 1, 5, 0}})
          .commands,
      "ACT@0 ACT@4 ACT@8 ACT@12 RD@17 RD@21 RD@25 ACT@26 RD@29 RD@43");
}

TEST(MicroCase, AReadThenAWriteInAnotherBankGroup) {
  EXPECT_EQ(outcome_of({{kRead, 0, 0, 5, 0}, {kWrite, 1, 0, 5, 0}}).commands, "ACT@0 ACT@4 RD@17 WR@28");
}

TEST(MicroCase, TwoWritesOfDifferentRowsInOneBank) {
  EXPECT_EQ(outcome_of({{kWrite, 0, 0, 5, 0}, {kWrite, 0, 0, 6, 0}}).commands, "ACT@0 WR@17 PRE@51 ACT@68 WR@85");
}

TEST(MicroCase, AnIsolatedReadTakesActivateLatencyAndBurst) {
  const Outcome o = outcome_of({{kRead, 2, 1, 5, 9}});
  EXPECT_EQ(o.commands, "ACT@0 RD@17");
  EXPECT_EQ(o.due[0] - o.record[0].at, 38u) << "tRCD 17 + CL 17 + BL/2 4";
  EXPECT_EQ(o.record[0].at, 1u) << "taken in cycle 0, seen by the scheduler in the next";
}

TEST(MicroCase, ARowHitTakesLatencyAndBurst) {
  const Outcome o = outcome_of({{kRead, 2, 1, 5, 9}, {kRead, 2, 1, 5, 10}});
  EXPECT_EQ(o.commands, "ACT@0 RD@17 RD@23") << "tCCD_L 6";
  EXPECT_EQ(o.due[1] - o.record[2].at, 21u);
}

TEST(MicroCase, ARowConflictTakesPrechargeActivateLatencyAndBurst) {
  const Outcome o = outcome_of({{kRead, 0, 0, 5, 0}, {kRead, 0, 0, 6, 0}});
  EXPECT_EQ(o.due[1] - o.record[2].at, 17u + 17 + 17 + 4) << "from PRE";
  EXPECT_EQ(o.record[3].at - o.record[0].at, 56u) << "ACT to ACT: max(tRC, tRAS + tRP)";
}

TEST(MicroCase, AWriteIsAcknowledgedWhenItIsTaken) {
  const Outcome o = outcome_of({{kWrite, 0, 0, 5, 0}});
  EXPECT_EQ(o.commands, "ACT@0 WR@17");
  EXPECT_EQ(o.due[0], 1u);
}

}  // namespace
}  // namespace lutetia
