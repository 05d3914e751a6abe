// lutetia trace: writes a workload as a trace.
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <system_error>

#include "app/command.h"
#include "app/command_line.h"
#include "app/inputs.h"
#include "base/nearest.h"
#include "config/value.h"
#include "report/human.h"
#include "workload/expand.h"
#include "workload/trace_writer.h"

namespace lutetia {
namespace {

namespace fs = std::filesystem;

constexpr const char* kText =
    "Expands MODEL, a file or a name in workloads/models, to its operators: one pass over a prompt, then token by\n"
    "token. The trace is JSON lines; lutetia help config says what a model holds, lutetia check reads a trace.\n"
    "lutetia trace gemm --help: one matrix product. lutetia trace requests --help: requests for a memory alone.\n";

/// Writes beside the place and moves, so that what carries the name is whole.
bool write_new_file(const std::string& path, const Trace& trace, Problems& problems) {
  std::error_code code;
  if (fs::exists(fs::symlink_status(path, code))) {
    problems.add({path, 0, 0}, "", "exists and is not overwritten");
    return false;
  }
  const std::string working = path + ".partial-" + std::to_string(getpid());
  Problems found;
  write_trace_file(working, trace, found);
  if (found.empty()) {
    fs::rename(working, path, code);
    if (code) found.add({}, "", "cannot write: " + code.message());
  }
  for (const Problem& p : found.items()) problems.add({path, 0, 0}, "", p.message);
  if (!found.empty()) fs::remove(working, code);
  return found.empty();
}

}  // namespace

int trace_command(const Arguments& arguments) {
  if (!arguments.empty() && arguments[0] == "requests")
    return trace_requests_command(Arguments(arguments.begin() + 1, arguments.end()));
  if (!arguments.empty() && arguments[0] == "gemm")
    return trace_gemm_command(Arguments(arguments.begin() + 1, arguments.end()));
  CommandLine line("trace", "model MODEL", 2, 2);
  line.option("prefill", "N", "tokens of the prompt, per sequence (default 512)");
  line.option("decode", "N", "tokens generated after it (default 0)");
  line.option("batch", "N", "sequences (default 1)");
  line.option("past", "N", "tokens already in the cache, per sequence (default 0)");
  line.option("layers", "N", "only the first so many layers (default all)");
  line.list("set", "path=value", "overrides a key of the model");
  line.option("output,o", "FILE", "a new file, or - for standard output");
  Problems problems;
  if (!line.parse(arguments, problems)) return user_error(problems, "trace");
  if (line.wants_help()) return std::cout << line.help(kText), kExitDone;
  const std::vector<std::string> sources = {"model", "requests", "gemm"};
  if (line.arguments()[0] == sources[1] || line.arguments()[0] == sources[2])
    problems.add({"lutetia trace", 0, 0}, "",
                 line.arguments()[0] + " stands first: lutetia trace " + line.arguments()[0] + " ...");
  else if (line.arguments()[0] != sources[0])
    problems.add({"lutetia trace", 0, 0}, "",
                 "unknown source " + quoted_for_message(line.arguments()[0]) +
                     did_you_mean(line.arguments()[0], sources) + "; sources are " + joined(sources));
  if (!line.has("output")) problems.add({"lutetia trace", 0, 0}, "", "say where to write: -o FILE, or -o -");
  TokenOptions tokens;
  tokens.prefill = line.number("prefill", 0, UINT64_MAX, problems);
  tokens.decode = line.number("decode", 0, UINT64_MAX, problems);
  tokens.batch = line.number("batch", 1, UINT64_MAX, problems);
  tokens.layers = line.number("layers", 1, UINT64_MAX, problems);
  tokens.past = line.number("past", 0, UINT64_MAX, problems);
  if (!problems.empty()) return user_error(problems, "trace");

  LoadedModel loaded;
  ExpandOptions options;
  if (!load_model(line.arguments()[1], "", line.texts("set"), loaded, problems)) return user_error(problems);
  if (!expand_options(loaded.model, tokens, options, problems)) return user_error(problems);
  const Trace trace = expand(loaded.model, options);
  const std::string output = line.text("output");
  if (output == "-") return write_trace(std::cout, trace), kExitDone;
  if (!write_new_file(output, trace, problems)) return user_error(problems);
  std::cout << output << ": " << trace.operators.size() << " operators, "
            << human_count(static_cast<double>(total_macs(trace))) << " MACs\n";
  return kExitDone;
}

}  // namespace lutetia
