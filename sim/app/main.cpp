// lutetia: the command line. SystemC wants its own entry point, sc_main().
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <systemc>
#include <vector>

#include "app/command.h"
#include "base/nearest.h"
#include "config/value.h"
#include "report/provenance.h"

namespace lutetia {
namespace {

struct Command {
  const char* name;
  const char* summary;
  int (*run)(const Arguments&);
};

constexpr Command kCommands[] = {
    {"run", "runs a workload on a design, or a dataflow graph; reports cycles, traffic, and what bounds it",
     run_command},
    {"compare", "compares results of run: ratios to a baseline, and how far they can be trusted", compare_command},
    {"size", "finds how large a design may be for an area or a bandwidth", size_command},
    {"record", "writes the operands that a unit is given in a run of a workload, to be replayed", record_command},
    {"explain", "prints a design as a tree, with peak rates and bandwidths", explain_command},
    {"check", "validates designs, memories, DRAM standards, models, dataflow graphs and traces; changes nothing",
     check_command},
    {"check-commands", "judges a trace of DRAM commands against the memory of a design", check_commands_command},
    {"trace", "writes the operator trace of a model or a matrix product, or requests for a memory alone",
     trace_command},
    {"cosim", "compares the Verilog of the units with the simulator, transfer by transfer", cosim_command},
    {"switching", "measures the switching energy of a unit's mapped netlist, which it compares with the simulator",
     switching_command},
    {"liberty", "checks a liberty file of standard cells; copies it without the cells that must not be used",
     liberty_command},
    {"help", "documents every configuration key, units, number formats, functions, models, DRAM standards",
     help_command},
};

void print_usage(std::ostream& out) {
  out << "lutetia " << kSimulatorVersion << ": cycle-accurate simulator of low-bit LLM accelerators\n\n"
      << "usage: lutetia COMMAND [argument]... [option]...\n\n";
  for (const Command& command : kCommands)
    out << "  " << command.name << std::string(16 - std::string(command.name).size(), ' ') << command.summary << "\n";
  out << "\nlutetia COMMAND --help says more, e.g. lutetia run --help\n"
      << "first run: lutetia run lut-tensor-core bitnet-3b --prefill 512 --decode 16\n";
}

int dispatch(const Arguments& arguments) {
  if (arguments.empty()) {
    print_usage(std::cout);
    return kExitDone;
  }
  if (arguments[0] == "--help" || arguments[0] == "-h") return print_usage(std::cout), kExitDone;
  if (arguments[0] == "--version") {
    std::cout << "lutetia " << kSimulatorVersion << "\n";
    return kExitDone;
  }
  std::vector<std::string> names;
  for (const Command& command : kCommands) {
    if (arguments[0] == command.name) return command.run(Arguments(arguments.begin() + 1, arguments.end()));
    names.push_back(command.name);
  }
  Problems problems;
  problems.add({"lutetia", 0, 0}, "",
               "unknown command " + quoted_for_message(arguments[0]) + did_you_mean(arguments[0], names) +
                   "; commands are " + joined(names));
  return user_error(problems, "");
}

}  // namespace
}  // namespace lutetia

int main(int argc, char** argv) {
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  return sc_core::sc_elab_and_sim(argc, argv);
}

int sc_main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  try {
    const int status = lutetia::dispatch(lutetia::Arguments(argv + 1, argv + argc));
    std::cout.flush();
    if (!std::cout) {
      std::cerr << "standard output: error: cannot be written\n";
      return lutetia::kExitFailed;
    }
    return status;
  } catch (const std::exception& error) {
    std::cerr << "lutetia: internal error: " << error.what() << "\n";
    return lutetia::kExitFailed;
  }
}
