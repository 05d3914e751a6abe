// What commands that run a workload on a design have in common: the options that say which, and what they load.
#pragma once
#include "app/command_line.h"
#include "app/inputs.h"

namespace lutetia {

struct RunInputs {
  LoadedDesign design;
  LoadedWorkload workload;  ///< its trace as the design runs it
  std::uint64_t seed = 1;
};

/// --prefill, --decode, --batch, --past, --layers, --set, --set-model, --seed.
void declare_run_inputs(CommandLine& line);

/// The values of the options above; needs no files.
TokenOptions read_run_options(const CommandLine& line, RunInputs& inputs, Problems& problems);

/// Loads the first argument as design and the second as workload; false if anything the user said so far is at fault.
bool load_run_inputs(const CommandLine& line, const TokenOptions& tokens, RunInputs& inputs, Problems& problems);

}  // namespace lutetia
