#include "app/run_inputs.h"

#include "accelerator/run.h"

namespace lutetia {

void declare_run_inputs(CommandLine& line) {
  line.option("prefill", "N", "tokens of the prompt, per sequence (models; default 512)");
  line.option("decode", "N", "tokens generated after it (models; default 0)");
  line.option("batch", "N", "sequences (models; default 1)");
  line.option("past", "N", "tokens already in the cache, per sequence (models; default 0)");
  line.option("layers", "N", "only the first so many layers (models; default all)");
  line.list("set", "path=value", "overrides a key of the design, e.g. lut_core.rows=2");
  line.list("set-model", "path=value", "overrides a key of the model, e.g. formats.weight=int2");
  line.option("seed", "N", "of synthetic operands (default 1)");
}

TokenOptions read_run_options(const CommandLine& line, RunInputs& inputs, Problems& problems) {
  constexpr std::uint64_t kMost = UINT64_MAX;
  TokenOptions tokens;
  tokens.prefill = line.number("prefill", 0, kMost, problems);
  tokens.decode = line.number("decode", 0, kMost, problems);
  tokens.batch = line.number("batch", 1, kMost, problems);
  tokens.layers = line.number("layers", 1, kMost, problems);
  tokens.past = line.number("past", 0, kMost, problems);
  inputs.seed = line.number("seed", 0, kMost, problems).value_or(1);
  return tokens;
}

bool load_run_inputs(const CommandLine& line, const TokenOptions& tokens, RunInputs& inputs, Problems& problems) {
  const std::string& design = line.arguments()[0];
  load_design(design, line.texts("set"), inputs.design, problems);
  const std::string beside = inputs.design.file.empty() ? design : inputs.design.file;
  load_workload(line.arguments()[1], beside, tokens, line.texts("set-model"), inputs.workload, problems);
  if (!problems.empty()) return false;
  inputs.workload.trace = executed_trace(inputs.design.design, inputs.workload.trace);
  return true;
}

}  // namespace lutetia
