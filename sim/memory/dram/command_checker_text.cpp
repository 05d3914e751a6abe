// What the command checker says about its findings.
#include <fmt/format.h>

#include <numeric>

#include "memory/dram/command_checker.h"

namespace lutetia {

std::uint64_t CommandChecker::commands() const {
  return std::accumulate(commands_.begin(), commands_.end(), strange_commands_);
}

std::map<std::string, std::uint64_t> CommandChecker::violations_by_rule() const {
  std::map<std::string, std::uint64_t> out;
  for (std::size_t rule = 0; rule < by_rule_.size(); ++rule)
    if (by_rule_[rule] != 0)
      out[rule < kRules.size() ? kRules[rule] : spec_.constraints[rule - kRules.size()].name] += by_rule_[rule];
  return out;
}

/// `ACT row 6 of rank 0, bank_group 1, bank 2`; levels of one node are left out.
std::string CommandChecker::describe(const DramCommand& c) const {
  const DramGeometry& g = spec_.geometry;
  const auto kind = static_cast<std::size_t>(c.command);
  std::string out = kind < kCommands ? std::string(name(c.command)) : fmt::format("command number {}", kind);
  if (c.command == Command::kActivate || is_column(c.command)) out += fmt::format(" row {}", c.row);
  if (is_column(c.command)) out += fmt::format(" column {}", c.column);
  out += " of ";
  if (c.channel >= g.channels) return out + fmt::format("channel {} (there are {})", c.channel, g.channels);
  if (g.channels > 1) out += fmt::format("channel {}, ", c.channel);
  if (c.bank >= node_of_.size()) return out + fmt::format("bank {} of the channel's {}", c.bank, node_of_.size());
  const std::array<std::uint32_t, kLevels> sizes = {1, g.pseudo_channels, g.ranks, g.bank_groups, g.banks};
  const auto last = static_cast<std::size_t>(is_rank_wide(c.command) ? Level::kRank : Level::kBank);
  for (std::size_t l = 1; l <= last; ++l)
    if (sizes[l] > 1 || l == last)
      out += fmt::format("{} {}{}", kLevelNames[l], node_of_[c.bank][l] % sizes[l], l == last ? "" : ", ");
  return out;
}

std::string CommandChecker::text(const Violation& v) const {
  std::string out = fmt::format("cycle {}: {}: {} ({})", v.command.at, describe(v.command), v.rule,
                                kLevelNames[static_cast<std::size_t>(v.level)]);
  if (v.earliest) out += fmt::format(", legal from cycle {}", *v.earliest);
  if (v.earlier) out += fmt::format("; earlier: cycle {}, {}", v.earlier->at, describe(*v.earlier));
  return out;
}

}  // namespace lutetia
