// lutetia compare: results beside each other.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "app/command.h"
#include "app/command_line.h"
#include "base/nearest.h"
#include "config/value.h"
#include "report/compare_report.h"
#include "report/new_file.h"

namespace lutetia {
namespace {

namespace fs = std::filesystem;

constexpr const char* kText =
    "Compares results that lutetia run --out wrote: cycles, time, tokens per second, energy, area, and what follows "
    "from\n"
    "them, each with its ratio to the baseline and the range in which the ratio lies. Each DIR is a folder with a\n"
    "result.json, or such a file. Cycles are exact. Energies and areas are estimates: designs in one technology share\n"
    "the errors of node, wires and glitches in part, so ratios are known better than the numbers themselves; the "
    "range\n"
    "holds the errors of both fits, 3 % for operands (energy), and half of the difference between the designs' ranges\n"
    "of wires and glitches. Designs in different technologies: the quotient of the absolute intervals. A range that\n"
    "contains 1 is marked ~: too close to tell. Estimates without the same parts are not compared.\n"
    "Units: TOPS counts a multiply-accumulate as two operations; TOPS/W and tokens/J are of dynamic and static energy\n"
    "with memory; TOPS/mm2 is of cell area; EDP is energy x time.\n";

std::vector<const Metric*> read_metrics(const std::string& text, Problems& problems) {
  std::vector<const Metric*> out;
  std::vector<std::string> names;
  for (const Metric& metric : compared_metrics()) names.push_back(metric.name);
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string word = text.substr(at, end - at);
    const auto found = std::find(names.begin(), names.end(), word);
    if (found != names.end())
      out.push_back(&compared_metrics()[static_cast<std::size_t>(found - names.begin())]);
    else
      problems.add(
          {"--metrics", 0, 0}, "",
          "unknown metric " + quoted_for_message(word) + did_you_mean(word, names) + "; metrics are " + joined(names));
    at = end + 1;
  }
  return out;
}

std::string plain(const std::string& path) {
  std::string out = fs::path(path).lexically_normal().string();
  while (out.size() > 1 && out.back() == '/') out.pop_back();
  return out;
}

/// Moves the baseline to the front: a folder among the results, a design's name among them, or another folder.
void choose_baseline(const std::string& wanted, std::vector<ComparedResult>& results, Problems& problems) {
  const auto first = [&](auto matches) {
    const auto found = std::find_if(results.begin(), results.end(), matches);
    if (found != results.end()) std::rotate(results.begin(), found, found + 1);
    return found != results.end();
  };
  if (first([&](const ComparedResult& r) { return plain(r.folder) == plain(wanted); })) return;
  const auto named = [&](const ComparedResult& r) { return r.design == wanted || r.label == wanted; };
  if (std::count_if(results.begin(), results.end(), named) > 1) {
    problems.add({"--baseline", 0, 0}, "",
                 "more than one result is of " + quoted_for_message(wanted) + "; name its DIR");
    return;
  }
  if (first(named)) return;
  std::error_code code;
  if (fs::exists(wanted, code)) {
    ComparedResult result;
    if (read_compared_result(wanted, result, problems)) results.insert(results.begin(), std::move(result));
    return;
  }
  std::vector<std::string> names;
  for (const ComparedResult& r : results) names.push_back(r.label);
  problems.add({"--baseline", 0, 0}, "",
               "neither a DIR nor the name of a result: " + quoted_for_message(wanted) + did_you_mean(wanted, names) +
                   "; results are " + joined(names));
}

}  // namespace

int compare_command(const Arguments& arguments) {
  CommandLine line("compare", "DIR...", 1, CommandLine::kAnyNumber);
  line.option("baseline", "DIR|NAME",
              "what ratios are to: a DIR, or the name of a design among them (default: first DIR)");
  line.option("metrics", "NAME,...", "only these, e.g. cycles,energy,tops_per_watt (default: all that are there)");
  line.option("format", "table|csv|json|markdown", "what is printed (default table)");
  line.option("output,o", "FILE", "writes to a new file instead");
  Problems problems;
  if (!line.parse(arguments, problems)) return user_error(problems, "compare");
  if (line.wants_help()) return std::cout << line.help(kText), kExitDone;
  using Writer = std::string (*)(const Comparison&);
  constexpr Writer kWriters[] = {compare_table, compare_csv, compare_json, compare_markdown};
  const std::size_t format = line.choice("format", {"table", "csv", "json", "markdown"}, problems).value_or(0);
  std::vector<const Metric*> metrics;
  if (line.has("metrics")) metrics = read_metrics(line.text("metrics"), problems);
  std::vector<ComparedResult> results;
  for (const std::string& folder : line.arguments()) {
    ComparedResult result;
    if (read_compared_result(folder, result, problems)) results.push_back(std::move(result));
  }
  if (problems.empty()) {
    assign_labels(results);
    if (line.has("baseline")) choose_baseline(line.text("baseline"), results, problems);
  }
  NewFile file;
  if (problems.empty() && line.has("output")) file.open(line.text("output"), problems);
  if (!problems.empty()) return user_error(problems);
  assign_labels(results);
  const std::string text = kWriters[format](compare(std::move(results), metrics));
  if (!file.is_open()) return std::cout << text, kExitDone;
  file.stream() << text;
  if (!file.commit(problems)) return user_error(problems);
  return std::cout << "written to " << line.text("output") << "\n", kExitDone;
}

}  // namespace lutetia
