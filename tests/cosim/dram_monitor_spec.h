// A DRAM for tests of the monitor, written by hand: DDR4-2400 8Gb x8 as in the published comparison of simulators (CL
// 17, CWL 12, tRCD 17, ...), two ranks, with refresh per bank added, and a stack with pseudo channels and a split bus.
#pragma once
#include <map>
#include <string>

#include "memory/dram/dram_spec.h"

namespace lutetia {

using Timings = std::map<std::string, std::uint32_t>;

inline const Timings& ddr4_timings() {
  static const Timings timings = {{"CL", 17},   {"CWL", 12},  {"BL", 4},      {"RCD", 17},  {"RP", 17},
                                  {"RAS", 39},  {"RC", 56},   {"RRD_S", 4},   {"RRD_L", 6}, {"FAW", 26},
                                  {"CCD_S", 4}, {"CCD_L", 6}, {"WTR_S", 3},   {"WTR_L", 9}, {"WR", 18},
                                  {"RTP", 9},   {"RFC", 420}, {"RFCpb", 160}, {"RTRS", 2}};
  return timings;
}

inline DramSpec ddr4_spec(const Timings& t = ddr4_timings()) {
  constexpr std::uint32_t kAct = mask(Command::kActivate), kPre = mask(Command::kPrecharge),
                          kPrea = mask(Command::kPrechargeAll), kRd = mask(Command::kRead),
                          kRda = mask(Command::kReadPrecharge), kWr = mask(Command::kWrite),
                          kWra = mask(Command::kWritePrecharge), kRef = mask(Command::kRefresh),
                          kRefpb = mask(Command::kRefreshBank);
  constexpr std::uint32_t kReads = kRd | kRda, kWrites = kWr | kWra;
  const std::uint32_t cl = t.at("CL"), cwl = t.at("CWL"), bl = t.at("BL");
  DramSpec spec;
  spec.standard = "hand-made DDR4";
  spec.geometry = {1, 1, 2, 4, 4, 65536, 128, 64};
  spec.command_cycles.fill(1);
  const auto row = [&spec](const char* name, Level level, std::uint32_t from, std::uint32_t to, std::uint32_t latency,
                           std::uint32_t window = 1, bool sibling = false) {
    spec.constraints.push_back({name, level, from, to, latency, window, sibling, spec.constraints.size()});
  };
  row("tRCD", Level::kBank, kAct, kReads | kWrites, t.at("RCD"));
  row("tRP", Level::kBank, kPre, kAct | kRefpb, t.at("RP"));
  row("tRP", Level::kBank, kRda, kAct | kRefpb, t.at("RTP") + t.at("RP"));
  row("tRP", Level::kBank, kWra, kAct | kRefpb, cwl + bl + t.at("WR") + t.at("RP"));
  row("tRAS", Level::kBank, kAct, kPre | kPrea, t.at("RAS"));
  row("tRC", Level::kBank, kAct, kAct | kRefpb, t.at("RC"));
  row("tRTP", Level::kBank, kReads, kPre | kPrea, t.at("RTP"));
  row("tWR", Level::kBank, kWrites, kPre | kPrea, cwl + bl + t.at("WR"));
  row("tCCD_L", Level::kBankGroup, kReads, kReads, t.at("CCD_L"));
  row("tCCD_L", Level::kBankGroup, kWrites, kWrites, t.at("CCD_L"));
  row("tCCD_S", Level::kRank, kReads, kReads, t.at("CCD_S"));
  row("tCCD_S", Level::kRank, kWrites, kWrites, t.at("CCD_S"));
  row("tRRD_L", Level::kBankGroup, kAct, kAct, t.at("RRD_L"));
  row("tRRD_S", Level::kRank, kAct, kAct, t.at("RRD_S"));
  row("tFAW", Level::kRank, kAct, kAct, t.at("FAW"), 4);
  row("tWTR_L", Level::kBankGroup, kWrites, kReads, cwl + bl + t.at("WTR_L"));
  row("tWTR_S", Level::kRank, kWrites, kReads, cwl + bl + t.at("WTR_S"));
  row("tRTW", Level::kRank, kReads, kWrites, cl + bl + 2 - cwl);
  row("tRTRS", Level::kRank, kReads, kReads, bl + t.at("RTRS"), 1, true);
  row("tRTRS", Level::kRank, kWrites, kWrites, bl + t.at("RTRS"), 1, true);
  row("tRP", Level::kRank, kPrea, kAct | kRefpb, t.at("RP"));
  row("tRP", Level::kRank, kPre | kPrea, kRef, t.at("RP"));
  row("tRP", Level::kRank, kRda, kRef, t.at("RTP") + t.at("RP"));
  row("tRC", Level::kRank, kAct, kRef, t.at("RC"));
  row("tRFC", Level::kRank, kRef, kAct | kRef | kRefpb, t.at("RFC"));
  row("tRFCpb", Level::kBank, kRefpb, kAct | kRefpb, t.at("RFCpb"));
  row("tCMD", Level::kChannel, kRef, kRef, 3);
  return spec;
}

/// Two pseudo channels, three ranks (no power of two), rows and columns on buses of their own.
inline DramSpec stacked_spec() {
  DramSpec spec = ddr4_spec();
  spec.standard = "hand-made stack";
  spec.geometry = {2, 2, 3, 4, 4, 16384, 32, 32};
  spec.split_bus = true;
  spec.command_cycles[static_cast<std::size_t>(Command::kActivate)] = 2;
  return spec;
}

}  // namespace lutetia
