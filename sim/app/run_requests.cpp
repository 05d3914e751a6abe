#include "app/run_requests.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <optional>

#include "app/command.h"
#include "app/inputs.h"
#include "app/interrupt.h"
#include "base/sha256.h"
#include "config/digest.h"
#include "memory/dram/command_trace.h"
#include "memory/dram/request_trace.h"
#include "report/human.h"
#include "report/new_file.h"
#include "report/request_report.h"
#include "report/result_folder.h"

namespace lutetia {
namespace {

/// Passes requests on until an interrupt, and shows how far they are if standard error is a terminal.
class Watched final : public RequestSource {
 public:
  Watched(RequestTraceSource& source, std::uint64_t total)
      : source_(source), total_(total), terminal_(isatty(STDERR_FILENO) == 1) {}

  bool next(PlayedRequest& request) override {
    if (interrupted()) return false;
    if (terminal_ && (++heard_ & 0x3fff) == 0) show();
    return source_.next(request);
  }
  void clear() {
    if (shown_) std::cerr << "\r\033[K" << std::flush;
    shown_ = false;
  }

 private:
  void show() {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    shown_ = true;
    std::cerr << fmt::format("\r\033[K{} of {} requests ({:.0f} %)", heard_, total_,
                             100.0 * static_cast<double>(heard_) / static_cast<double>(total_))
              << std::flush;
  }

  RequestTraceSource& source_;
  std::uint64_t total_, heard_ = 0;
  bool terminal_, shown_ = false;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

struct Job {
  LoadedDesign design;
  DramConfig config;
  std::string file;
  RequestTraceTotals totals;
  RequestRun run;
  bool json = false;
};

void refuse_options(const CommandLine& line, Problems& problems) {
  for (const char* option :
       {"prefill", "decode", "batch", "past", "layers", "set-model", "fidelity", "seed", "timeline", "listing"})
    if (line.has(option))
      problems.add({std::string("--") + option, 0, 0}, "",
                   "means nothing to a trace of requests, which drives the memory alone");
}

/// What the files say; false if anything is at fault.
bool read_files(const CommandLine& line, Job& job, Problems& problems) {
  const std::size_t before = problems.size();
  if (!load_design(line.arguments()[0], line.texts("set"), job.design, problems)) return false;
  if (!need_dram(job.design, "takes a trace of requests", problems)) return false;
  job.config = *job.design.design.memory.dram;
  DramSpec spec;
  Problems found;
  resolve(job.config, "memory.dram", spec, found);
  problems.append(located(found, job.design));
  if (!found.empty()) return false;
  job.file = line.arguments()[1];
  if (!check_requests_file(job.file, spec.geometry.bytes(), job.totals, problems)) return false;

  job.run.design = job.design.design.name;
  job.run.workload = job.file;
  Provenance& p = job.run.provenance;
  p.design_file = job.design.file;
  p.design_sha256 = job.design.sha256;
  p.config_digest = digest(job.design.design);
  p.sets = line.texts("set");
  p.workload_kind = "requests";
  p.workload_file = job.file;
  p.workload_sha256 = file_sha256(job.file);
  p.workload_digest = sha256_hex("requests " + p.workload_sha256);
  p.fidelity = "memory alone";
  return problems.size() == before;
}

/// False if the file is not what it was when it was checked.
bool play(Job& job, CommandSink* sink, Problems& problems) {
  DramSystem system(job.config);
  system.set_sink(sink);
  std::ifstream in(job.file, std::ios::binary);
  RequestTraceSource source(in, system.spec().geometry.bytes());
  Watched watched(source, job.totals.requests);
  PlayOptions options;
  options.interrupted = interrupted;
  job.run.played = lutetia::play(system, watched, options);
  watched.clear();
  if (interrupted()) return true;
  if (source.failed() || source.requests() != job.totals.requests) {
    problems.add({job.file, 0, 0}, "", "changed while it was being read");
    return false;
  }
  job.run.memory = summary_of(system, job.run.played.cycles);
  return true;
}

void write_files(const Job& job, ResultFolder& folder, Problems& problems) {
  folder.write("result.json", request_json_report(job.run), problems);
  folder.write("config.yaml", write_yaml(job.design.design, &job.design.origins), problems);
}

}  // namespace

int run_requests(const CommandLine& line) {
  Problems problems;
  Job job;
  ResultFolder folder;
  NewFile commands;
  refuse_options(line, problems);
  job.json = line.choice("format", {"table", "json"}, problems).value_or(0) == 1;
  if (read_files(line, job, problems) && problems.empty()) {
    if (line.has("commands")) commands.open(line.text("commands"), problems);
    if (line.has("out")) folder.open(line.text("out"), "--out", problems);
  }
  if (!problems.empty()) return user_error(problems);

  std::optional<CommandTraceWriter> writer;
  if (commands.is_open()) writer.emplace(commands.stream(), DramSystem(job.config).spec().geometry);
  if (!play(job, writer ? &*writer : nullptr, problems)) return user_error(problems);
  if (interrupted()) {
    std::cerr << "lutetia run: interrupted, nothing written\n";
    return kExitInterrupted;
  }
  if (writer) writer->flush();
  if (folder.is_open()) write_files(job, folder, problems);
  if (problems.empty() && writer) commands.commit(problems);
  if (problems.empty() && folder.is_open()) folder.commit(problems);
  if (!problems.empty()) return user_error(problems);
  std::cout << (job.json ? request_json_report(job.run) : request_text_report(job.run));
  if (!job.json && writer) std::cout << "commands written to " << line.text("commands") << "\n";
  if (!job.json && folder.is_open()) std::cout << "written to " << line.text("out") << "\n";
  return kExitDone;
}

}  // namespace lutetia
