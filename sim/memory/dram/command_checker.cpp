#include "memory/dram/command_checker.h"

#include <algorithm>

namespace lutetia {
namespace {

constexpr Cycle kLatest = kNever / 2;  ///< so that sums of cycles and latencies cannot overflow

constexpr std::size_t index(Command c) {
  return static_cast<std::size_t>(c);
}
constexpr bool closes_itself(Command c) {
  return c == Command::kReadPrecharge || c == Command::kWritePrecharge;
}
constexpr bool is_refresh(Command c) {
  return c == Command::kRefresh || c == Command::kRefreshBank;
}
const DramCommand* if_any(const DramCommand& command) {
  return command.at == kNever ? nullptr : &command;
}
/// The parent level; a channel is its own.
constexpr Level above(Level level) {
  return level == Level::kChannel ? level : static_cast<Level>(static_cast<int>(level) - 1);
}

}  // namespace

CommandChecker::CommandChecker(const DramSpec& spec, std::size_t keep)
    : spec_(spec), keep_(keep), by_rule_(kRules.size() + spec.constraints.size(), 0) {
  const DramGeometry& g = spec_.geometry;
  for (std::uint32_t bank = 0; bank < g.banks_per_channel(); ++bank) {
    node_of_.emplace_back();
    for (std::size_t l = 0; l < kLevels; ++l) node_of_.back()[l] = g.node(static_cast<Level>(l), bank);
  }
  for (std::size_t i = 0; i < spec_.constraints.size(); ++i) {
    const DramConstraint& row = spec_.constraints[i];
    const auto same = [&](const CommandHistory& h) { return h.level() == row.level && h.mask() == row.from; };
    auto found = std::find_if(histories_.begin(), histories_.end(), same);
    if (found == histories_.end()) found = histories_.emplace(histories_.end(), row.level, row.from);
    found->deepen(row.window);
    const auto history = static_cast<std::uint32_t>(found - histories_.begin());
    const auto rule = static_cast<std::uint32_t>(kRules.size() + i);
    for (std::size_t c = 0; c < kCommands; ++c)
      if ((row.to >> c & 1) != 0)
        checks_[c].push_back({history, std::max(row.window, 1u), row.latency, rule, row.level, row.sibling});
  }
  for (std::size_t h = 0; h < histories_.size(); ++h) {
    histories_[h].resize(std::size_t{g.channels} * g.nodes(histories_[h].level()));
    for (std::size_t c = 0; c < kCommands; ++c)
      if ((histories_[h].mask() >> c & 1) != 0) recorded_in_[c].push_back(static_cast<std::uint32_t>(h));
  }
  Bank untouched;
  untouched.turned.at = untouched.refreshed.at = kNever;
  DataBus quiet;
  for (DramCommand& burst : quiet.bursts) burst.at = kNever;
  banks_.assign(std::size_t{g.channels} * g.banks_per_channel(), untouched);
  buses_.assign(std::size_t{g.channels} * 2, {});
  data_buses_.assign(std::size_t{g.channels} * g.pseudo_channels, quiet);
  now_.assign(g.channels, 0);
}

void CommandChecker::issued(const DramCommand& given) {
  if (!has_place(given)) return;
  DramCommand c = given;
  Cycle& now = now_[c.channel];
  if (c.at < now) {
    violation(kOrder, Level::kChannel, given, now, nullptr);
    c.at = now;
  }
  now = c.at;
  check_range(c);
  check_timing(c);
  check_bus(c);
  if (is_column(c.command)) check_data_bus(c);
  check_state(c);
  if (is_refresh(c.command)) check_refresh(c);
  record(c);
  change_state(c);
}

/// Counts the command; true if it can be judged.
bool CommandChecker::has_place(const DramCommand& c) {
  if (index(c.command) >= kCommands) {
    ++strange_commands_;
    return violation(kNoCommand, Level::kChannel, c, {}, nullptr), false;
  }
  ++commands_[index(c.command)];
  if (!spec_.has(c.command)) return violation(kNoCommand, Level::kChannel, c, {}, nullptr), false;
  if (c.channel < spec_.geometry.channels && c.bank < node_of_.size() && c.at <= kLatest) return true;
  return violation(kRange, Level::kChannel, c, {}, nullptr), false;
}

void CommandChecker::check_range(const DramCommand& c) {
  const bool row = c.command == Command::kActivate || is_column(c.command);
  if ((row && c.row >= spec_.geometry.rows) || (is_column(c.command) && c.column >= spec_.geometry.bursts))
    violation(kRange, Level::kBank, c, {}, nullptr);
}

CommandChecker::Range CommandChecker::nodes(const DramCommand& c, Level level) const {
  const DramGeometry& g = spec_.geometry;
  const std::size_t before = std::size_t{c.channel} * g.nodes(level);
  if (!is_rank_wide(c.command) || level <= Level::kRank) {
    const std::size_t node = before + node_of_[c.bank][static_cast<std::size_t>(level)];
    return {node, node + 1};
  }
  const std::size_t in_rank = g.banks_per_rank() / g.banks_below(level);
  const std::size_t first = before + node_of_[c.bank][static_cast<std::size_t>(Level::kRank)] * in_rank;
  return {first, first + in_rank};
}

void CommandChecker::check_timing(const DramCommand& c) {
  for (const Check& check : checks_[index(c.command)]) {
    const DramCommand* earlier = looked_back(check, c);
    if (earlier != nullptr && c.at - earlier->at < check.latency)
      violation(check.rule, check.level, c, earlier->at + check.latency, earlier);
  }
}

/// The command from which a row's wait counts: the latest, if several nodes have one. Null if there is none.
const DramCommand* CommandChecker::looked_back(const Check& check, const DramCommand& c) const {
  const CommandHistory& history = histories_[check.history];
  const Range own = nodes(c, check.level);
  const DramCommand* latest = nullptr;
  const auto look_at = [&](std::size_t node) {
    const DramCommand* found = history.last(node, check.window);
    if (found != nullptr && (latest == nullptr || found->at > latest->at)) latest = found;
  };
  if (!check.sibling) {
    for (std::size_t node = own.first; node < own.end; ++node) look_at(node);
    return latest;
  }
  const DramGeometry& g = spec_.geometry;
  const std::size_t family = g.banks_below(above(check.level)) / g.banks_below(check.level);
  const std::size_t eldest = own.first / family * family;
  for (std::size_t node = eldest; node < eldest + family; ++node)
    if (node != own.first || own.end - own.first > 1) look_at(node);
  return latest;
}

void CommandChecker::check_bus(const DramCommand& c) {
  Bus& bus = buses_[std::size_t{c.channel} * 2 + (spec_.split_bus && is_column(c.command) ? 1 : 0)];
  if (c.at < bus.free) violation(kBus, Level::kChannel, c, bus.free, &bus.last);
  const Cycle free = c.at + spec_.command_cycles[index(c.command)];
  if (free < bus.free) return;
  bus.free = free;
  bus.last = c;
}

Cycle CommandChecker::first_data(const DramCommand& c) const {
  return c.at + (is_read(c.command) ? spec_.read_latency : spec_.write_latency);
}

/// Follows from latencies and burst alone, so it also finds a row that the standard's table lacks.
void CommandChecker::check_data_bus(const DramCommand& c) {
  DataBus& bus = data_buses_[nodes(c, Level::kPseudoChannel).first];
  const Cycle data = first_data(c);
  if (data < bus.free) {
    // Data of a write may come before that of an earlier read: only the ring tells what it meets.
    const DramCommand* met = nullptr;
    for (const DramCommand& burst : bus.bursts) {
      if (burst.at == kNever) continue;
      const Cycle other = first_data(burst);
      const bool meets = other < data + spec_.burst_cycles && data < other + spec_.burst_cycles;
      if (meets && (met == nullptr || other > first_data(*met))) met = &burst;
    }
    if (met != nullptr)
      violation(kDataBus, Level::kPseudoChannel, c, c.at + (first_data(*met) + spec_.burst_cycles - data), met);
  }
  bus.free = std::max(bus.free, data + spec_.burst_cycles);
  bus.bursts[bus.next] = c;
  bus.next = (bus.next + 1) % kBursts;
}

void CommandChecker::check_state(const DramCommand& c) {
  const Range own = nodes(c, Level::kBank);
  const Bank& bank = banks_[own.first];
  if (is_column(c.command)) {
    if (!bank.open)
      violation(kRowClosed, Level::kBank, c, {}, if_any(bank.turned));
    else if (bank.row != c.row)
      violation(kWrongRow, Level::kBank, c, {}, &bank.turned);
  } else if (c.command == Command::kActivate || is_refresh(c.command)) {
    for (std::size_t b = own.first; b < own.end; ++b)
      if (banks_[b].open) return violation(kRowOpen, Level::kBank, c, {}, &banks_[b].turned);
  }
}

Cycle CommandChecker::longest_interval(const DramCommand& last, Command next) const {
  const bool per_bank = next == Command::kRefreshBank || (last.at != kNever && last.command == Command::kRefreshBank);
  const std::uint64_t all = spec_.refresh_interval;
  const std::uint64_t round = std::uint64_t{spec_.bank_refresh_interval} * spec_.geometry.banks_per_rank();
  return kMostIntervals * (per_bank && round != 0 ? round : all);
}

/// Whether a refresh, or the end without one, comes too late; of several banks, the one that waited longest is told.
void CommandChecker::check_refresh(const DramCommand& c) {
  if (spec_.refresh_interval == 0) return;
  const Range own = nodes(c, Level::kBank);
  const Bank* late = nullptr;
  Cycle most = 0;
  for (std::size_t b = own.first; b < own.end; ++b) {
    const DramCommand& last = banks_[b].refreshed;
    const Cycle since = last.at == kNever ? 0 : last.at;
    const Cycle limit = since + longest_interval(last, c.command);
    if (c.at <= limit || c.at - limit <= most) continue;
    most = c.at - limit;
    late = &banks_[b];
  }
  if (late != nullptr)
    violation(kRefreshInterval, is_rank_wide(c.command) ? Level::kRank : Level::kBank, c, {}, if_any(late->refreshed));
}

void CommandChecker::record(const DramCommand& c) {
  for (const std::uint32_t h : recorded_in_[index(c.command)]) {
    const Range own = nodes(c, histories_[h].level());
    for (std::size_t node = own.first; node < own.end; ++node) histories_[h].record(node, c);
  }
}

void CommandChecker::change_state(const DramCommand& c) {
  const Range own = nodes(c, Level::kBank);
  const bool opens = c.command == Command::kActivate;
  const bool closes =
      c.command == Command::kPrecharge || c.command == Command::kPrechargeAll || closes_itself(c.command);
  for (std::size_t b = own.first; b < own.end; ++b) {
    Bank& bank = banks_[b];
    if (is_refresh(c.command)) bank.refreshed = c;
    if (opens || (closes && bank.open)) bank.turned = c;
    if (opens) bank.row = c.row;
    bank.open = opens || (bank.open && !closes);
  }
}

void CommandChecker::finish(Cycle end) {
  const DramGeometry& g = spec_.geometry;
  for (std::uint32_t channel = 0; channel < g.channels; ++channel) {
    for (std::uint32_t rank = 0; rank < g.ranks_per_channel(); ++rank) {
      DramCommand missed;
      missed.at = std::min(end, kLatest);
      missed.channel = channel;
      missed.bank = rank * g.banks_per_rank();
      missed.command = spec_.has(Command::kRefresh) ? Command::kRefresh : Command::kRefreshBank;
      const Bank* first = &banks_[std::size_t{channel} * g.banks_per_channel() + missed.bank];
      const auto own = [](const Bank& b) {
        return b.refreshed.at != kNever && b.refreshed.command == Command::kRefreshBank;
      };
      // A rank that is refreshed as a whole misses one refresh, not one per bank.
      if (std::any_of(first, first + g.banks_per_rank(), own)) missed.command = Command::kRefreshBank;
      const std::uint32_t refreshes = is_rank_wide(missed.command) ? 1 : g.banks_per_rank();
      for (std::uint32_t i = 0; i < refreshes; ++i, ++missed.bank) check_refresh(missed);
    }
  }
}

void CommandChecker::violation(std::uint32_t rule, Level level, const DramCommand& command,
                               std::optional<Cycle> earliest, const DramCommand* earlier) {
  ++violations_;
  ++by_rule_[rule];
  if (first_.size() >= keep_) return;
  Violation v;
  v.command = command;
  v.rule = rule < kRules.size() ? kRules[rule] : spec_.constraints[rule - kRules.size()].name;
  v.level = level;
  v.earliest = earliest;
  if (earlier != nullptr) v.earlier = *earlier;
  first_.push_back(std::move(v));
}

}  // namespace lutetia
