// lutetia check-commands: judges a trace of DRAM commands, from this or any other tool, against a design's memory.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/command.h"
#include "app/command_line.h"
#include "app/inputs.h"
#include "memory/dram/command_checker.h"
#include "memory/dram/command_trace.h"
#include "memory/dram/dram_spec.h"
#include "report/human.h"

namespace lutetia {
namespace {

constexpr const char* kText =
    "Checks a trace of DRAM commands (CSV) against the memory of DESIGN, which must be dram: every timing constraint,\n"
    "states of banks, command and data bus, refresh. The first line of the file names the columns:\n"
    "  cycle,command,channel,pseudo_channel,rank,bank_group,bank,row,column\n"
    "Exit status 0: no violation; 1: violations, of which the first are printed; 2: a file or option is at fault.\n";

/// Passes commands on to the checker and remembers when the last one was.
class Judge final : public CommandSink {
 public:
  explicit Judge(const DramSpec& spec) : checker(spec) {}
  void issued(const DramCommand& command) override {
    last = std::max(last, command.at);
    checker.issued(command);
  }
  CommandChecker checker;
  Cycle last = 0;
};

bool read_spec(const CommandLine& line, DramSpec& out, Problems& problems) {
  LoadedDesign loaded;
  if (!load_design(line.arguments()[0], line.texts("set"), loaded, problems)) return false;
  if (!need_dram(loaded, "has commands to check", problems)) return false;
  Problems found;
  resolve(*loaded.design.memory.dram, "memory.dram", out, found);
  problems.append(located(found, loaded));
  return found.empty();
}

bool read_trace(const std::string& file, const DramSpec& spec, Judge& judge, Problems& problems) {
  std::error_code code;
  if (std::filesystem::is_directory(file, code)) {
    problems.add({file, 0, 0}, "", "is a directory, expected a trace of DRAM commands (CSV)");
    return false;
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    problems.add({file, 0, 0}, "", std::filesystem::exists(file, code) ? "cannot be read" : "no such file");
    return false;
  }
  return read_command_trace(in, file, spec.geometry, judge, problems);
}

void print_counts(const std::vector<std::pair<std::string, std::uint64_t>>& counts) {
  std::size_t name_width = 0, count_width = 0;
  for (const auto& [name, count] : counts) {
    name_width = std::max(name_width, name.size());
    count_width = std::max(count_width, grouped(count).size());
  }
  for (const auto& [name, count] : counts)
    std::cout << fmt::format("    {:<{}}  {:>{}}\n", name, name_width, grouped(count), count_width);
}

void print(const std::string& file, const DramSpec& spec, const Judge& judge) {
  const CommandChecker& checker = judge.checker;
  std::cout << fmt::format("{} on {} {} {}, {} channel{}\n", file, spec.standard, spec.device, spec.speed,
                           spec.geometry.channels, spec.geometry.channels == 1 ? "" : "s");
  std::cout << fmt::format("  commands    {}, the last at cycle {}\n", grouped(checker.commands()),
                           grouped(judge.last));
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  for (std::size_t c = 0; c < kCommands; ++c)
    if (const auto command = static_cast<Command>(c); checker.commands(command) != 0)
      counts.emplace_back(name(command), checker.commands(command));
  print_counts(counts);
  if (checker.violations() == 0) {
    std::cout << "  violations  none\n";
    return;
  }
  std::cout << fmt::format("  violations  {}\n", grouped(checker.violations()));
  const auto by_rule = checker.violations_by_rule();
  print_counts({by_rule.begin(), by_rule.end()});
  const std::size_t kept = checker.first_violations().size();
  std::cout << (kept < checker.violations() ? fmt::format("  the first {}\n", kept) : "  each of them\n");
  for (const Violation& v : checker.first_violations()) std::cout << "    " << checker.text(v) << "\n";
}

}  // namespace

int check_commands_command(const Arguments& arguments) {
  CommandLine line("check-commands", "DESIGN FILE.csv", 2, 2);
  line.list("set", "path=value", "overrides a key of the design, e.g. memory.dram.controller.refresh=none");
  Problems problems;
  const bool parsed = line.parse(arguments, problems);
  if (line.wants_help()) return std::cout << line.help(kText), kExitDone;
  if (!parsed) return user_error(problems, "check-commands");
  DramSpec spec;
  if (!read_spec(line, spec, problems)) return user_error(problems);
  const std::string file = line.arguments()[1];
  Judge judge(spec);
  if (!read_trace(file, spec, judge, problems)) return user_error(problems);
  judge.checker.finish(judge.last);
  print(file, spec, judge);
  return judge.checker.violations() == 0 ? kExitDone : kExitFailed;
}

}  // namespace lutetia
