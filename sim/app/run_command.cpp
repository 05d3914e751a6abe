// lutetia run: one workload on one design.
#include <fmt/format.h>

#include <fstream>
#include <iostream>

#include "accelerator/fifo_depths.h"
#include "accelerator/priced_design.h"
#include "accelerator/run.h"
#include "app/command.h"
#include "app/command_line.h"
#include "app/interrupt.h"
#include "app/progress.h"
#include "app/run_graph.h"
#include "app/run_inputs.h"
#include "app/run_requests.h"
#include "config/digest.h"
#include "kernel/systemc_kernel.h"
#include "memory/dram/command_trace.h"
#include "memory/dram/dram_memory.h"
#include "report/json_report.h"
#include "report/listing.h"
#include "report/new_file.h"
#include "report/result_folder.h"
#include "report/text_report.h"
#include "report/timeline.h"

namespace lutetia {
namespace {

constexpr const char* kText =
    "Runs WORKLOAD on DESIGN and prints a report. WORKLOAD is a trace (*.jsonl), a model (*.yaml), or the name of a\n"
    "model in workloads/models; DESIGN is a file or a name in configs/designs.\n"
    "WORKLOAD may also be raw requests (*.requests; lines of CYCLE|- R|W ADDRESS BYTES, see lutetia trace requests):\n"
    "then only the design's memory takes part, which must be dram, and the command clock counts.\n"
    "Alone, a dataflow GRAPH (a file or a name in configs/dataflow) runs by itself: --set NAME=VALUE sets a "
    "parameter,\n"
    "--fidelity is transaction or cycle.\n";

void declare(CommandLine& line) {
  declare_run_inputs(line);
  line.option("fidelity", "LEVEL", "body of the units: transaction, cycle, rtl; or per unit: lut_core=rtl");
  line.option("out", "DIR", "also writes result.json, operators.csv and config.yaml to a new folder");
  line.flag("timeline", "also writes trace.json (Chrome trace format, opens in Perfetto); needs --out");
  line.option("listing", "FILE", "also writes the tile program to a new file, one instruction a line");
  line.option("commands", "FILE.csv", "also writes every DRAM command to a new file, for lutetia check-commands");
  line.flag("fifo-depths",
            "also finds the least depth of every FIFO that costs no cycles: of a GRAPH, of an attention unit");
  line.option("format", "table|json", "what is printed (default table)");
}

struct Job : RunInputs {
  RunOptions options;
  Provenance provenance;
  bool json = false;
};

/// What the options say.
TokenOptions read_options(const CommandLine& line, Job& job, Problems& problems) {
  const TokenOptions tokens = read_run_options(line, job, problems);
  job.options.seed = job.seed;
  job.json = line.choice("format", {"table", "json"}, problems).value_or(0) == 1;
  if (line.has("timeline") && !line.has("out"))
    problems.add({"--timeline", 0, 0}, "", "needs --out DIR, where trace.json is written");
  if (line.has("fidelity")) parse_fidelity(line.text("fidelity"), job.options.fidelity, problems);
  return tokens;
}

/// What the files say; false if anything the user said is at fault.
bool read_files(const CommandLine& line, const TokenOptions& tokens, Job& job, Problems& problems) {
  if (!load_run_inputs(line, tokens, job, problems)) return false;
  Provenance& p = job.provenance;
  p.seed = job.options.seed;
  p.design_file = job.design.file;
  p.design_sha256 = job.design.sha256;
  p.config_digest = digest(job.design.design);
  p.sets = line.texts("set");
  if (job.design.technology) p.technology_sha256 = job.design.technology->sha256;
  p.workload_kind = job.workload.kind;
  p.workload_file = job.workload.file;
  p.workload_sha256 = job.workload.sha256;
  p.workload_digest = job.workload.digest;
  p.model_sets = line.texts("set-model");
  p.fidelity = job.options.fidelity.text(matrix_core_name(job.design.design), job.design.design.attention.has_value());
  return true;
}

/// Every command of the machine's DRAM, in a new file.
struct CommandFile {
  NewFile file;
  std::optional<CommandTraceWriter> writer;

  void listen_to(Machine& machine) {
    auto& memory = dynamic_cast<DramMemory&>(machine.memory());
    writer.emplace(file.stream(), memory.system().spec().geometry);
    memory.set_sink(&*writer);
  }
  bool finish(Problems& problems) {
    if (writer) writer->flush();
    writer.reset();
    return file.commit(problems);
  }
};

bool open_commands(const CommandLine& line, const Job& job, CommandFile& commands, Problems& problems) {
  return !line.has("commands") || (need_dram(job.design, "has commands to write", problems) &&
                                   commands.file.open(line.text("commands"), problems));
}

/// Instructions of the workload's program.
std::uint64_t count_instructions(const Job& job) {
  Problems ignored;
  TileProgram program(job.workload.trace, machine_shape(job.design.design), ignored);
  std::uint64_t count = 0;
  Instruction instruction;
  while (ignored.empty() && program.next(instruction)) ++count;
  return count;
}

void write_files(const Job& job, const RunResult& result, ResultFolder& folder, Problems& problems) {
  folder.write("result.json", json_report(job.design.design, job.workload.trace, result, job.provenance), problems);
  folder.write("config.yaml", write_yaml(job.design.design, &job.design.origins), problems);
  std::ofstream csv(folder.file("operators.csv"), std::ios::binary);
  write_operators_csv(csv, result);
  csv.close();
  if (!csv) problems.add({"--out", 0, 0}, "operators.csv", "cannot be written");
}

void print_failures(const RunResult& result) {
  for (const std::string& law : result.broken_laws) std::cerr << "lutetia run: error: broken law: " << law << "\n";
  if (!result.first_mismatch.empty())
    std::cerr << "lutetia run: error: " << result.output_mismatches.value_or(0) << " of "
              << result.outputs_checked.value_or(0) << " outputs are wrong; the first: " << result.first_mismatch
              << "\n";
}

int finish(const Job& job, const RunResult& result, ResultFolder& folder, const std::string& out) {
  if (result.status == RunStatus::kInterrupted) {
    std::cerr << "lutetia run: interrupted, nothing written\n";
    return kExitInterrupted;
  }
  if (result.status == RunStatus::kDeadlock) {
    std::cerr << "lutetia run: error: deadlock\n" << result.deadlock;
    return kExitFailed;
  }
  const Design& design = job.design.design;
  std::cout << (job.json ? json_report(design, job.workload.trace, result, job.provenance)
                         : text_report(design, job.workload.trace, result, job.provenance));
  if (folder.is_open()) {
    Problems problems;
    write_files(job, result, folder, problems);
    if (problems.empty()) folder.commit(problems);
    if (!problems.empty()) return user_error(problems);
    if (!job.json) std::cout << "written to " << out << "\n";
  }
  std::cout.flush();
  print_failures(result);
  return result.good() ? kExitDone : kExitFailed;
}

}  // namespace

int run_command(const Arguments& arguments) {
  CommandLine line("run", "DESIGN WORKLOAD | GRAPH", 1, 2);
  declare(line);
  Problems problems;
  bool parsed = line.parse(arguments, problems);
  if (line.wants_help()) return std::cout << line.help(kText), kExitDone;
  catch_interrupts();  // from here on files are opened, and long ones read: an interrupt must leave nothing behind
  if (parsed && line.arguments().size() == 1) {
    if (is_graph(line.arguments()[0])) return run_graph(line);
    problems.add({"lutetia run", 0, 0}, "", "missing arguments, expected: lutetia run DESIGN WORKLOAD");
    parsed = false;
  }
  if (parsed && problems.empty() && is_requests_file(line.arguments()[1])) return run_requests(line);
  Job job;
  ResultFolder folder;
  CommandFile commands;
  NewFile listing;
  const TokenOptions tokens = read_options(line, job, problems);
  // After an unknown option it is uncertain which words are the files.
  if (!parsed) return user_error(problems, "run");
  if (read_files(line, tokens, job, problems) && line.has("fifo-depths") && !job.design.design.attention)
    problems.add({"--fifo-depths", 0, 0}, "", "is for dataflow graphs, and for designs with an attention unit");
  if (problems.empty() && open_commands(line, job, commands, problems)) {
    if (line.has("listing")) listing.open(line.text("listing"), problems);
    if (line.has("out")) folder.open(line.text("out"), "--out", problems);
  }
  if (!problems.empty()) return user_error(problems);

  std::ofstream timeline_file;
  std::optional<Timeline> timeline;
  if (line.has("timeline")) {
    timeline_file.open(folder.file("trace.json"), std::ios::binary);
    timeline.emplace(timeline_file, job.workload.trace, job.design.design.clock,
                     count_instructions(job) > Timeline::kMostInstructions);
  }
  if (listing.is_open()) write_listing(listing.stream(), job.design.design, job.workload.trace);
  Progress progress(job.workload.trace.operators.size(), timeline ? &*timeline : nullptr);
  job.options.observer = &progress;
  job.options.interrupted = interrupted;
  if (commands.file.is_open()) job.options.built = [&commands](Machine& machine) { commands.listen_to(machine); };

  SystemcKernel kernel("machine");
  RunResult result;
  if (!run_workload(job.design.design, job.workload.trace, kernel, job.options, result, problems))
    return user_error(located(problems, job.design));
  if (line.has("fifo-depths") && result.good()) {
    result.fifo_depths = find_fifo_depths(job.design.design, job.workload.trace, job.options);
    if (result.fifo_depths->interrupted) result.status = RunStatus::kInterrupted;
  }
  price_run(job.design.design, job.design.technology, result);
  progress.clear();
  if (timeline) {
    timeline->finish();
    timeline_file.close();
    if (!timeline_file) {
      problems.add({"--out", 0, 0}, "trace.json", "cannot be written");
      return user_error(problems);
    }
  }
  // Of a deadlock, too: there it is wanted most.
  if (result.status != RunStatus::kInterrupted && listing.is_open() && !listing.commit(problems))
    return user_error(problems);
  if (result.status == RunStatus::kFinished && commands.file.is_open() && !commands.finish(problems))
    return user_error(problems);
  return finish(job, result, folder, line.text("out"));
}

}  // namespace lutetia
