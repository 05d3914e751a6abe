// The subcommands of the program. Each is one file; main.cpp has the table.
#pragma once
#include <string>
#include <vector>

#include "base/problem.h"

namespace lutetia {

/// What the process returns.
enum ExitStatus {
  kExitDone = 0,
  kExitFailed = 1,     ///< the run itself: mismatch against RTL, deadlock, a broken law; commands that break a rule
  kExitUserError = 2,  ///< the input is at fault; every fault found was printed
  kExitInterrupted = 3,
};

using Arguments = std::vector<std::string>;

int run_command(const Arguments& arguments);
int check_command(const Arguments& arguments);
int check_commands_command(const Arguments& arguments);
int compare_command(const Arguments& arguments);
int size_command(const Arguments& arguments);
int record_command(const Arguments& arguments);
int explain_command(const Arguments& arguments);
int help_command(const Arguments& arguments);
int trace_command(const Arguments& arguments);
int trace_requests_command(const Arguments& arguments);
int trace_gemm_command(const Arguments& arguments);
int cosim_command(const Arguments& arguments);
int switching_command(const Arguments& arguments);
int liberty_command(const Arguments& arguments);

/// Prints problems to standard error, with a last line that says where to read on if `command` is not empty.
int user_error(const Problems& problems, const std::string& command = "");

}  // namespace lutetia
