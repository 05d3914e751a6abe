#include "app/command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>
#include <sstream>

#include "base/nearest.h"
#include "config/value.h"

namespace lutetia {
namespace {

namespace po = boost::program_options;

constexpr unsigned kWidth = 120;

std::string long_name(const std::string& name) {
  return name.substr(0, name.find(','));
}

}  // namespace

CommandLine::CommandLine(std::string command, std::string arguments, std::size_t least, std::size_t most)
    : command_(std::move(command)),
      usage_(fmt::format("lutetia {} {}", command_, arguments)),
      least_(least),
      most_(most),
      options_(std::make_unique<po::options_description>("options", kWidth, kWidth / 2)) {
  flag("help", "this text");
}

CommandLine::~CommandLine() = default;

void CommandLine::option(const std::string& name, const std::string& value, const std::string& help) {
  options_->add_options()(name.c_str(), po::value<std::string>()->value_name(value), help.c_str());
  names_.push_back(long_name(name));
}

void CommandLine::list(const std::string& name, const std::string& value, const std::string& help) {
  option(name, value, help + "; may be given several times");
  repeatable_.push_back(long_name(name));
}

void CommandLine::flag(const std::string& name, const std::string& help) {
  options_->add_options()(name.c_str(), help.c_str());
  names_.push_back(long_name(name));
}

bool CommandLine::parse(const Arguments& arguments, Problems& problems) {
  const std::size_t before = problems.size();
  std::vector<po::option> parsed;
  try {
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    parsed = po::command_line_parser(arguments).options(*options_).style(style).allow_unregistered().run().options;
  } catch (const po::error_with_option_name& error) {
    problems.add({error.get_option_name(), 0, 0}, "", error.what());
    return false;
  } catch (const po::error& error) {
    problems.add({"lutetia " + command_, 0, 0}, "", error.what());
    return false;
  }
  for (const po::option& item : parsed) {
    if (item.unregistered) {
      const std::string token = item.original_tokens.empty() ? item.string_key : item.original_tokens.front();
      const std::string name = token.substr(0, token.find('='));
      const std::string close = nearest(item.string_key, names_);
      problems.add({name, 0, 0}, "", "unknown option" + (close.empty() ? "" : ", did you mean --" + close + "?"));
    } else if (item.position_key >= 0 && item.string_key.empty()) {
      positional_.insert(positional_.end(), item.value.begin(), item.value.end());
    } else {
      const std::string name = item.string_key;
      std::vector<std::string>& values = values_[name];
      const bool repeatable = std::find(repeatable_.begin(), repeatable_.end(), name) != repeatable_.end();
      if (!values.empty() && !repeatable) problems.add({"--" + name, 0, 0}, "", "given twice");
      values.push_back(item.value.empty() ? "" : item.value.front());
    }
  }
  if (wants_help() || problems.size() != before) return problems.size() == before;
  const std::string place = "lutetia " + command_;
  if (positional_.size() < least_) problems.add({place, 0, 0}, "", "missing arguments, expected: " + usage_);
  for (std::size_t i = most_; i < positional_.size(); ++i)
    problems.add({place, 0, 0}, "", "one argument too many: " + quoted_for_message(positional_[i]));
  return problems.size() == before;
}

std::string CommandLine::help(const std::string& text) const {
  std::ostringstream out;
  out << "usage: " << usage_ << " [option]...\n\n" << text << "\n" << *options_;
  return out.str();
}

std::string CommandLine::text(const std::string& name, const std::string& fallback) const {
  const auto found = values_.find(name);
  return found == values_.end() ? fallback : found->second.back();
}

std::vector<std::string> CommandLine::texts(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

std::optional<std::uint64_t> CommandLine::number(const std::string& name, std::uint64_t low, std::uint64_t high,
                                                 Problems& problems) const {
  if (!has(name)) return std::nullopt;
  const std::string written = text(name);
  std::uint64_t value = 0;
  const auto result = std::from_chars(written.data(), written.data() + written.size(), value);
  const bool whole = result.ec == std::errc() && result.ptr == written.data() + written.size();
  if (whole && value >= low && value <= high) return value;
  problems.add({"--" + name, 0, 0}, "",
               fmt::format("expected a whole number in {}..{}, got {}", low, high, quoted_for_message(written)));
  return std::nullopt;
}

std::optional<std::size_t> CommandLine::choice(const std::string& name, const std::vector<std::string>& names,
                                               Problems& problems) const {
  if (!has(name)) return std::nullopt;
  const std::string written = text(name);
  const auto found = std::find(names.begin(), names.end(), written);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  problems.add({"--" + name, 0, 0}, "",
               fmt::format("expected one of {}, got {}{}", joined(names), quoted_for_message(written),
                           did_you_mean(written, names)));
  return std::nullopt;
}

}  // namespace lutetia
