// Two small DRAM specs written out by hand, so that the checker's tests depend neither on the tables in configs/dram
// nor on the code that resolves them; and the commands of tests in short form.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "memory/dram/dram_spec.h"

namespace lutetia {

/// DDR4-2400 8Gb x8, in cycles of 0.833 ns: the timing with which public simulators were measured.
struct HandMadeTimings {
  std::uint32_t CL = 17, CWL = 12, BL = 4, CS = 2;
  std::uint32_t RCD = 17, RP = 17, RAS = 39, RC = 56, RTP = 9, WR = 18;
  std::uint32_t CCD_S = 4, CCD_L = 6, RRD_S = 4, RRD_L = 6, FAW = 26, WTR_S = 3, WTR_L = 9;
  std::uint32_t RFC = 420, RFCpb = 160, RREFD = 9, REFI = 9360;
};

inline constexpr std::uint32_t kAct = mask(Command::kActivate), kPre = mask(Command::kPrecharge),
                               kPreAll = mask(Command::kPrechargeAll), kRda = mask(Command::kReadPrecharge),
                               kWra = mask(Command::kWritePrecharge), kReads = mask(Command::kRead) | kRda,
                               kWrites = mask(Command::kWrite) | kWra, kRef = mask(Command::kRefresh),
                               kRefBank = mask(Command::kRefreshBank);

/// Every row has a name of its own, so that a test can tell them apart.
inline std::vector<DramConstraint> hand_made_rows(const HandMadeTimings& t) {
  constexpr Level kRank = Level::kRank, kGroup = Level::kBankGroup, kBank = Level::kBank;
  const std::uint32_t read_to_write = t.CL + t.BL + 2 - t.CWL, write_end = t.CWL + t.BL + t.WR;
  std::vector<DramConstraint> rows = {
      {"tCCD_S RD", kRank, kReads, kReads, t.CCD_S},
      {"tCCD_S WR", kRank, kWrites, kWrites, t.CCD_S},
      {"RD-WR", kRank, kReads, kWrites, read_to_write},
      {"tWTR_S", kRank, kWrites, kReads, t.CWL + t.BL + t.WTR_S},
      {"RD-RD ranks", kRank, kReads, kReads, t.BL + t.CS, 1, true},
      {"WR-WR ranks", kRank, kWrites, kWrites, t.BL + t.CS, 1, true},
      {"RD-WR ranks", kRank, kReads, kWrites, t.CL + t.BL + t.CS - t.CWL, 1, true},
      {"WR-RD ranks", kRank, kWrites, kReads, t.CWL + t.BL + t.CS - t.CL, 1, true},
      {"tRRD_S", kRank, kAct, kAct, t.RRD_S},
      {"tFAW", kRank, kAct, kAct, t.FAW, 4},
      {"ACT-PREA", kRank, kAct, kPreAll, t.RAS},
      {"RD-PREA", kRank, kReads, kPreAll, t.RTP},
      {"WR-PREA", kRank, kWrites, kPreAll, write_end},
      {"PREA-ACT", kRank, kPreAll, kAct, t.RP},
      {"ACT-REF", kRank, kAct, kRef, t.RC},
      {"PRE-REF", kRank, kPre | kPreAll, kRef, t.RP},
      {"RDA-REF", kRank, kRda, kRef, t.RTP + t.RP},
      {"WRA-REF", kRank, kWra, kRef, write_end + t.RP},
      {"tRFC", kRank, kRef, kAct | kRef | kPreAll, t.RFC},
      {"tCCD_L RD", kGroup, kReads, kReads, t.CCD_L},
      {"tCCD_L WR", kGroup, kWrites, kWrites, t.CCD_L},
      {"tWTR_L", kGroup, kWrites, kReads, t.CWL + t.BL + t.WTR_L},
      {"tRRD_L", kGroup, kAct, kAct, t.RRD_L},
      {"tRC", kBank, kAct, kAct, t.RC},
      {"tRCD", kBank, kAct, kReads | kWrites, t.RCD},
      {"tRAS", kBank, kAct, kPre, t.RAS},
      {"tRP", kBank, kPre, kAct, t.RP},
      {"tRTP", kBank, kReads, kPre, t.RTP},
      {"tWR", kBank, kWrites, kPre, write_end},
      {"RDA-ACT", kBank, kRda, kAct, t.RTP + t.RP},
      {"WRA-ACT", kBank, kWra, kAct, write_end + t.RP},
  };
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].row = i;
  return rows;
}

/// Two ranks of 4 x 4 banks behind one command bus; without REFpb.
inline DramSpec ddr4_like(const HandMadeTimings& t = {}) {
  DramSpec spec;
  spec.standard = "DDR4 by hand";
  spec.geometry = {1, 1, 2, 4, 4, 65536, 128, 64};
  spec.constraints = hand_made_rows(t);
  spec.command_cycles = {1, 1, 1, 1, 1, 1, 1, 1, 0};
  spec.read_latency = t.CL;
  spec.write_latency = t.CWL;
  spec.burst_cycles = t.BL;
  return spec;
}

/// Two channels of two pseudo channels of two stack IDs of 4 x 4 banks; row and column bus, ACT of two cycles, REFpb.
inline DramSpec hbm_like(HandMadeTimings t = {}) {
  t.BL = 2;
  t.CCD_S = 3;
  t.CS = 4;
  DramSpec spec = ddr4_like(t);
  spec.standard = "HBM by hand";
  spec.geometry = {2, 2, 2, 4, 4, 32768, 32, 32};
  spec.command_cycles = {2, 1, 1, 1, 1, 1, 1, 1, 1};
  spec.split_bus = true;
  constexpr Level kChannel = Level::kPseudoChannel, kRank = Level::kRank, kBank = Level::kBank;
  const std::vector<DramConstraint> more = {
      {"REFpb-REFpb", kRank, kRefBank, kRefBank, t.RREFD},
      {"REFpb-ACT", kRank, kRefBank, kAct, t.RREFD},
      {"ACT-REFpb", kRank, kAct, kRefBank, t.RRD_S},
      {"tRFCpb", kBank, kRefBank, kAct | kRefBank, t.RFCpb},
      {"ACT-REFpb bank", kBank, kAct, kRefBank, t.RC},
      {"PRE-REFpb", kBank, kPre, kRefBank, t.RP},
      {"RDA-REFpb", kBank, kRda, kRefBank, t.RTP + t.RP},
      {"tPPD", kChannel, kPre | kPreAll, kPre | kPreAll, 2},
      {"REF-REF ranks", kRank, kRef, kRef, 11, 1, true},
      // No standard has these two; they are here for the levels.
      {"ACT-ACT pseudo channels", kChannel, kAct, kAct, 3, 1, true},
      {"PREA-PREA channel", Level::kChannel, kPreAll, kPreAll, 5},
  };
  for (const DramConstraint& row : more) {
    spec.constraints.push_back(row);
    spec.constraints.back().row = spec.constraints.size() - 1;
  }
  return spec;
}

/// A command in short: bank of the channel, row, column.
inline DramCommand at(Cycle cycle, Command command, std::uint32_t bank, std::uint32_t row = 5, std::uint32_t column = 0,
                      std::uint32_t channel = 0) {
  return {cycle, command, channel, bank, row, column};
}

}  // namespace lutetia
