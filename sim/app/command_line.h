// Options and arguments of a subcommand. All faults are problems located at the option ("--prefill: error: ...");
// nothing is guessed from a prefix, nothing is silently taken twice.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/command.h"
#include "base/problem.h"

namespace boost::program_options {
class options_description;
}

namespace lutetia {

class CommandLine {
 public:
  static constexpr std::size_t kAnyNumber = 1'000'000;

  /// `command` as the user writes it, "run"; `arguments` names what stands without a dash, "DESIGN.yaml WORKLOAD".
  CommandLine(std::string command, std::string arguments, std::size_t least, std::size_t most);
  ~CommandLine();

  /// `name` may carry a letter: "output,o". Once, or any number of times, or without a value.
  void option(const std::string& name, const std::string& value, const std::string& help);
  void list(const std::string& name, const std::string& value, const std::string& help);
  void flag(const std::string& name, const std::string& help);

  /// True if all is well. An asked-for --help counts as well: then see wants_help().
  bool parse(const Arguments& arguments, Problems& problems);
  bool wants_help() const { return has("help"); }
  /// Usage line, `text`, options.
  std::string help(const std::string& text) const;

  const std::vector<std::string>& arguments() const { return positional_; }
  bool has(const std::string& name) const { return values_.count(name) != 0; }
  std::string text(const std::string& name, const std::string& fallback = "") const;
  std::vector<std::string> texts(const std::string& name) const;
  /// A whole number within bounds, both included; nothing, and a problem, if it is something else.
  std::optional<std::uint64_t> number(const std::string& name, std::uint64_t low, std::uint64_t high,
                                      Problems& problems) const;
  /// The index of the value among `names`; nothing if absent, or wrong and reported.
  std::optional<std::size_t> choice(const std::string& name, const std::vector<std::string>& names,
                                    Problems& problems) const;

 private:
  std::string command_, usage_;
  std::size_t least_, most_;
  std::unique_ptr<boost::program_options::options_description> options_;
  std::vector<std::string> names_, repeatable_;
  std::map<std::string, std::vector<std::string>> values_;
  std::vector<std::string> positional_;
};

}  // namespace lutetia
