// lutetia cosim: the Verilog of the units against the simulator.
#include "cosim/cosim.h"

#include <unistd.h>
#include <csignal>
#include <iostream>
#include <sstream>

#include "app/command.h"
#include "app/command_line.h"

namespace lutetia {
namespace {

constexpr const char* kText =
    "Runs the verilated RTL of each UNIT (default: all that have RTL) beside its cycle body under stall patterns and\n"
    "compares every transfer; an independent oracle judges the numbers. Any difference is exit status 1.\n";

/// Holds back what is written until the first flush, so that what came without one can still go somewhere else.
class UntilFlushed final : public std::stringbuf {
 public:
  int sync() override {
    std::cout << str() << std::flush;
    str("");
    return 0;
  }
};

/// Nothing is half written by a co-simulation, so it may end at once.
extern "C" void leave(int) {
  _exit(kExitInterrupted);
}

}  // namespace

int cosim_command(const Arguments& arguments) {
  CommandLine line("cosim", "[UNIT...]", 0, CommandLine::kAnyNumber);
  line.option("variant", "NAME", "one verilation of the unit (default all)");
  line.option("seed", "N", "of operands and stalls (default 1)");
  line.option("transactions", "N", "at least so many transfers per run (default 10000)");
  line.option("stalls", "MODE", "none, input, output, both, or all (default)");
  line.option("wave", "FILE.fst", "waveform of the whole run; needs one variant and one stall mode");
  Problems problems;
  if (!line.parse(arguments, problems)) return user_error(problems, "cosim");
  if (line.wants_help()) return std::cout << line.help(kText), kExitDone;
  CosimOptions options;
  options.units = line.arguments();
  options.variant = line.text("variant");
  options.seed = line.number("seed", 0, UINT64_MAX, problems).value_or(options.seed);
  options.transactions = line.number("transactions", 1, UINT64_MAX, problems).value_or(options.transactions);
  options.waveform = line.text("wave");
  std::vector<std::string> modes;
  for (const StallMode mode : kAllStallModes) modes.push_back(to_text(mode));
  modes.push_back("all");
  if (const auto mode = line.choice("stalls", modes, problems))
    if (*mode + 1 < modes.size()) options.stalls = {kAllStallModes[*mode]};
  if (!problems.empty()) return user_error(problems, "cosim");

  std::signal(SIGINT, leave);
  std::signal(SIGTERM, leave);
  UntilFlushed buffer;
  std::ostream log(&buffer);
  const CosimReport report = run_cosim(options, log);
  if (!report.problems.empty()) return user_error(report.problems, "cosim");
  log.flush();
  return report.passed() ? kExitDone : kExitFailed;
}

}  // namespace lutetia
