// A run of a workload on a design in the plain event loop, with everything that law tests look at.
#pragma once
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "accelerator/run.h"
#include "config/read.h"
#include "kernel/event_kernel.h"
#include "support/transfer_log.h"
#include "workload/expand.h"

namespace lutetia {

inline std::string source_path(const std::string& path) {
  return std::string(LUTETIA_SOURCE_DIR) + "/" + path;
}

inline std::string text_of(const Problems& problems) {
  std::ostringstream out;
  problems.print(out);
  return out.str();
}

inline Design load_design(const std::string& name, std::vector<std::string> sets = {}) {
  Design design;
  Problems problems;
  ReadOptions options;
  options.sets = std::move(sets);
  EXPECT_TRUE(read_yaml_file(source_path("configs/designs/" + name + ".yaml"), design, problems, options))
      << text_of(problems);
  return design;
}

inline ModelConfig load_model(const std::string& name, std::vector<std::string> sets = {}) {
  ModelConfig model;
  Problems problems;
  ReadOptions options;
  options.sets = std::move(sets);
  EXPECT_TRUE(read_yaml_file(source_path("workloads/models/" + name + ".yaml"), model, problems, options))
      << text_of(problems);
  return model;
}

struct MachineRun {
  Trace trace;  ///< as the design runs it
  RunResult result;
  TransferLog log;
};

/// Runs and expects that the machine finishes and obeys the laws of a single run.
inline void run_machine(const Design& design, const Trace& trace, Fidelity fidelity, MachineRun& run,
                        EventKernelOptions kernel_options = {}, bool with_log = true, std::uint64_t seed = 1) {
  EventKernel kernel(kernel_options);
  RunOptions options;
  options.fidelity.matrix = options.fidelity.attention = fidelity;
  options.seed = seed;
  options.built = [&](Machine& machine) {
    if (with_log) run.log.attach(machine);
  };
  Problems problems;
  run.trace = executed_trace(design, trace);
  ASSERT_TRUE(run_workload(design, run.trace, kernel, options, run.result, problems)) << text_of(problems);
  std::ostringstream deadlock;
  if (run.result.status == RunStatus::kDeadlock) deadlock << run.result.deadlock;
  ASSERT_EQ(run.result.status, RunStatus::kFinished) << deadlock.str();
  EXPECT_TRUE(run.result.good()) << (run.result.broken_laws.empty() ? run.result.first_mismatch
                                                                    : run.result.broken_laws.front());
}

}  // namespace lutetia
