#include "app/run_graph.h"

#include <filesystem>
#include <iostream>
#include <system_error>

#include "app/command.h"
#include "app/inputs.h"
#include "app/interrupt.h"
#include "config/digest.h"
#include "config/read.h"
#include "config/text_file.h"
#include "dataflow/cycle.h"
#include "dataflow/diagnosis.h"
#include "dataflow/transaction.h"
#include "report/graph_report.h"
#include "report/result_folder.h"

namespace lutetia {
namespace {

void refuse_options(const CommandLine& line, Problems& problems) {
  for (const char* option :
       {"prefill", "decode", "batch", "layers", "set-model", "seed", "timeline", "listing", "commands"})
    if (line.has(option))
      problems.add({std::string("--") + option, 0, 0}, "", "means nothing to a dataflow graph, which runs by itself");
}

/// What both bodies share: how a run that did not finish is told.
int finish_early(const GraphResult& result, const dataflow::RunOptions& options) {
  if (result.run.status == RunStatus::kInterrupted) {
    std::cerr << "lutetia run: interrupted, nothing written\n";
    return kExitInterrupted;
  }
  DeadlockReport report = dataflow::diagnose(result.loaded.graph, result.run);
  dataflow::find_sufficient_depths(result.loaded.graph, options, report);
  std::cerr << "lutetia run: error: deadlock\n";
  print_deadlock(std::cerr, report, "at cycle " + std::to_string(result.run.last_event));
  return kExitFailed;
}

}  // namespace

bool is_graph(const std::string& text) {
  std::error_code code;
  if (text.find('/') == std::string::npos && !std::filesystem::exists(text, code)) {
    const auto named = [&](const char* folder) {
      return text.size() < 200 && std::filesystem::exists(std::filesystem::path(folder) / (text + ".yaml"), code);
    };
    return named("configs/dataflow") || !named("configs/designs");
  }
  std::string content, error;
  if (!load_text_file(text, kLargestConfigFile, content, error)) return true;  // run_graph() says what is wrong
  return known_keys(content, prototype_of<dataflow::GraphConfig>().keys()) >
         known_keys(content, prototype_of<Design>().keys());
}

int run_graph(const CommandLine& line) {
  Problems problems;
  GraphResult result;
  ResultFolder folder;
  refuse_options(line, problems);
  const bool json = line.choice("format", {"table", "json"}, problems).value_or(0) == 1;
  const bool cycle = line.choice("fidelity", {"transaction", "cycle"}, problems).value_or(0) == 1;
  result.sets = line.texts("set");
  result.fidelity = cycle ? "cycle" : "transaction";
  if (load_graph(line.arguments()[0], result.sets, result.loaded, problems) && problems.empty() && line.has("out"))
    folder.open(line.text("out"), "--out", problems);
  if (!problems.empty()) return user_error(problems);
  result.sha256 = file_sha256(result.loaded.file);
  result.config_digest = digest(result.loaded.config);

  dataflow::RunOptions options;
  options.interrupted = interrupted;
  const dataflow::Graph& graph = result.loaded.graph;
  result.run = cycle ? dataflow::run_cycle(graph, options) : dataflow::run_transaction(graph, options);
  if (result.run.status != RunStatus::kFinished) return finish_early(result, options);
  if (line.has("fifo-depths")) {
    result.depths = dataflow::find_fifo_depths(graph, options);
    if (result.depths->interrupted) {
      result.run.status = RunStatus::kInterrupted;
      return finish_early(result, options);
    }
  }
  if (folder.is_open()) {
    folder.write("result.json", graph_json_report(result), problems);
    folder.write("config.yaml", write_yaml(result.loaded.config, &result.loaded.origins), problems);
    if (problems.empty()) folder.commit(problems);
    if (!problems.empty()) return user_error(problems);
  }
  std::cout << (json ? graph_json_report(result) : graph_text_report(result));
  if (!json && folder.is_open()) std::cout << "written to " << line.text("out") << "\n";
  return kExitDone;
}

}  // namespace lutetia
