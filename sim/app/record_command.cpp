// lutetia record: what a unit was given in a run, as a program that replays it.
#include <fmt/format.h>

#include <iostream>

#include "accelerator/cycle_body.h"
#include "accelerator/run.h"
#include "app/command.h"
#include "app/command_line.h"
#include "app/interrupt.h"
#include "app/progress.h"
#include "app/run_inputs.h"
#include "base/nearest.h"
#include "config/value.h"
#include "kernel/systemc_kernel.h"
#include "report/new_file.h"
#include "report/recording_json.h"

namespace lutetia {
namespace {

constexpr const char* kText =
    "Runs WORKLOAD on DESIGN, as lutetia run does, and writes everything that UNIT was given: its operands, in the\n"
    "order in which it took them, from its first command to its last. Replayed on a netlist of the unit they make it\n"
    "switch as it does in that workload. A recording is a whole run, so take a short one: a few tiles are enough.\n"
    "  lutetia trace gemm 8 24 64 -o small.jsonl\n"
    "  lutetia record lut-tensor-core small.jsonl --unit lut_core -o operands.json\n";

/// More would fill the machine before anybody could replay it.
constexpr std::uint64_t kMostTransfers = 2'000'000;

struct Job : RunInputs {
  RunOptions options;
  UnitRecording recording;
};

/// The unit must be one that the design has; then it gets a body with values.
void choose_unit(const CommandLine& line, Job& job, Problems& problems) {
  const std::vector<std::string> units = stepped_units(job.design.design);
  const std::string& unit = job.recording.unit = line.text("unit");
  for (const std::string& known : units)
    if (known == unit) {
      (unit == "attention" ? job.options.fidelity.attention : job.options.fidelity.matrix) = Fidelity::kCycle;
      return;
    }
  problems.add({"--unit", 0, 0}, "",
               fmt::format("the design has no {} to record{}{}", quoted_for_message(unit), did_you_mean(unit, units),
                           units.empty() ? "" : "; it has " + joined(units)));
}

std::string design_text(const Job& job, const CommandLine& line) {
  std::string text = job.design.design.name;
  for (const std::string& set : line.texts("set")) text += " --set " + set;
  return text;
}

std::string workload_text(const Job& job, const CommandLine& line) {
  const TraceHeader& h = job.workload.trace.header;
  std::string text = fmt::format("{}: prefill {}, decode {}, batch {}, past {}, {} layers", h.model, h.prefill,
                                 h.decode, h.batch, h.past, h.layers);
  for (const std::string& set : line.texts("set-model")) text += " --set-model " + set;
  return text;
}

/// The recording on a unit of its own must give what the run gave; tells what the replay was like.
bool replay(const Job& job, BenchResult& alone) {
  const auto unit = make_cycle_body(job.design.design, job.recording.unit);
  BenchOptions options;
  options.stalls = StallMode::kNone;
  alone = run_alone(*unit, job.recording.program(), options);
  if (alone.passed && alone.outputs == job.recording.popped) return true;
  std::cerr << "lutetia record: error: the replay differs from the run\n" << alone.failure;
  return false;
}

void print_summary(const Job& job, const BenchResult& alone, const std::string& file) {
  const UnitRecording& r = job.recording;
  std::string text = fmt::format("{}: {},", file, r.unit);
  for (std::size_t i = 0; i < r.inputs.size(); ++i) text += fmt::format(" {} {}", r.pushed[i].size(), r.inputs[i].name);
  text += " in,";
  for (std::size_t o = 0; o < r.outputs.size(); ++o)
    text += fmt::format(" {} {}", r.popped[o].size(), r.outputs[o].name);
  const auto unit = make_cycle_body(job.design.design, r.unit);
  std::cout << fmt::format("{}; replayed without stalls {} cycles, {} {}\n", text, alone.cycles,
                           alone.activity_cycles.at(0), unit->activities().at(0));
}

int run_and_write(Job& job, const CommandLine& line, NewFile& file) {
  Problems problems;
  Progress progress(job.workload.trace.operators.size(), nullptr);
  job.options.observer = &progress;
  job.options.seed = job.seed;
  job.options.recording = &job.recording;
  job.options.interrupted = [&job] { return interrupted() || job.recording.transfers() > kMostTransfers; };
  SystemcKernel kernel("machine");
  RunResult result;
  const bool fits = run_workload(job.design.design, job.workload.trace, kernel, job.options, result, problems);
  progress.clear();
  if (!fits) return user_error(located(problems, job.design));
  const std::string& workload = line.arguments()[1];
  if (job.recording.transfers() > kMostTransfers) {
    problems.add({workload, 0, 0}, "",
                 fmt::format("gives {} more than {} transfers, and a recording is a whole run: take a shorter "
                             "workload, e.g. of lutetia trace gemm",
                             job.recording.unit, kMostTransfers));
    return user_error(problems);
  }
  if (result.status == RunStatus::kInterrupted) {
    std::cerr << "lutetia record: interrupted, nothing written\n";
    return kExitInterrupted;
  }
  if (result.status == RunStatus::kFinished && job.recording.transfers() == 0) {
    problems.add({workload, 0, 0}, "", "gives " + job.recording.unit + " nothing to do: other units run its operators");
    return user_error(problems);
  }
  if (!result.good()) {
    std::cerr << "lutetia record: error: the run failed; lutetia run with --fidelity cycle tells why\n";
    return kExitFailed;
  }
  BenchResult alone;
  if (!replay(job, alone)) return kExitFailed;
  file.stream() << recording_json(job.recording, design_text(job, line), workload_text(job, line), job.seed);
  if (!file.commit(problems)) return user_error(problems);
  print_summary(job, alone, line.text("output"));
  return kExitDone;
}

}  // namespace

int record_command(const Arguments& arguments) {
  CommandLine line("record", "DESIGN WORKLOAD", 2, 2);
  line.option("unit", "UNIT", "lut_core, adder_core, mac_core, weight_decoder or attention, if the design has it");
  line.option("output,o", "FILE.json", "a new file");
  declare_run_inputs(line);
  Problems problems;
  const bool parsed = line.parse(arguments, problems);
  if (line.wants_help()) return std::cout << line.help(kText), kExitDone;
  if (!parsed) return user_error(problems, "record");
  catch_interrupts();
  Job job;
  const TokenOptions tokens = read_run_options(line, job, problems);
  for (const char* needed : {"unit", "output"})
    if (!line.has(needed)) problems.add({std::string("--") + needed, 0, 0}, "", "is missing");
  if (load_run_inputs(line, tokens, job, problems)) choose_unit(line, job, problems);
  NewFile file;
  if (problems.empty()) file.open(line.text("output"), problems);
  if (!problems.empty()) return user_error(problems);
  return run_and_write(job, line, file);
}

}  // namespace lutetia
