#include "memory/dram/dram_timing.h"

#include <algorithm>

namespace lutetia {
namespace {

/// A time stamp of a window that has not been used yet: so far back that it never binds.
constexpr Cycle kLongAgo = 0;

}  // namespace

DramTiming::DramTiming(const DramSpec& spec) : geometry_(spec.geometry) {
  std::uint32_t slots = 0;
  for (std::size_t l = 0; l < kLevels; ++l) {
    first_[l] = slots;
    slots += geometry_.nodes(static_cast<Level>(l)) * kCommands;
  }
  ready_.assign(slots, 0);
  cause_.assign(slots, kNoCause);
  const std::uint32_t banks = geometry_.banks_per_channel();
  open_row_.assign(banks, kNoRow);
  open_banks_.assign(geometry_.ranks_per_channel(), 0);
  places_.resize(banks);
  for (std::uint32_t b = 0; b < banks; ++b)
    for (std::size_t l = 0; l < kLevels; ++l)
      places_[b][l] = first_[l] + geometry_.node(static_cast<Level>(l), b) * kCommands;
  for (std::size_t i = 0; i < spec.constraints.size(); ++i) compile(spec.constraints[i], static_cast<std::uint8_t>(i));
}

void DramTiming::compile(const DramConstraint& c, std::uint8_t row) {
  // Levels of one node each are one level (a channel of one rank): fewer times to keep and to look at.
  auto level = static_cast<std::uint8_t>(c.level);
  while (!c.sibling && level < static_cast<std::uint8_t>(Level::kRank) &&
         geometry_.nodes(static_cast<Level>(level)) == geometry_.ranks_per_channel())
    ++level;
  shared_from_ = std::min<std::size_t>(shared_from_, level);
  if (c.sibling && c.level > Level::kRank) groups_meet_ = true;
  WindowRule window{c.to, level, row, c.latency, c.window, 0, 0};
  if (c.window > 1) {  // one history for all commands of the mask
    window.history = static_cast<std::uint32_t>(history_.size());
    window.heads = static_cast<std::uint32_t>(heads_.size());
    history_.resize(history_.size() + std::size_t{geometry_.nodes(c.level)} * c.window, kLongAgo);
    heads_.resize(heads_.size() + geometry_.nodes(c.level), 0);
  }
  for (std::size_t from = 0; from < kCommands; ++from) {
    if ((c.from >> from & 1) == 0) continue;
    // A rank-wide command has no bank group and no bank.
    if (is_rank_wide(static_cast<Command>(from)) && c.level > Level::kRank) continue;
    if (c.level == Level::kBankGroup) touches_group_[from] = true;
    if (c.window > 1) {
      window_rules_[from].push_back(window);
      continue;
    }
    for (std::uint8_t to = 0; to < kCommands; ++to)
      if ((c.to >> to & 1) != 0) add_rule((c.sibling ? sibling_rules_ : rules_)[from], {level, to, row, c.latency});
  }
}

/// Of two rules about the same commands at the same node only the longer one can ever bind.
void DramTiming::add_rule(std::vector<Rule>& rules, const Rule& rule) {
  for (Rule& other : rules) {
    if (other.level != rule.level || other.to != rule.to) continue;
    if (rule.latency > other.latency) other = rule;
    return;
  }
  rules.push_back(rule);
}

void DramTiming::remaining(Cycle now, std::vector<Cycle>& out) const {
  out.resize(ready_.size());
  for (std::size_t i = 0; i < ready_.size(); ++i) out[i] = ready_[i] > now ? ready_[i] - now : 0;
}

void DramTiming::shift(Cycle now, Cycle by) {
  for (Cycle& at : ready_)
    if (at > now) at += by;
}

DramTiming::Probe DramTiming::probe(Command column_command, std::uint32_t bank, std::uint32_t row) const {
  Probe out;
  out.row_open = is_open(bank);
  out.row_hit = open_row_[bank] == row;
  out.next = out.row_hit ? column_command : out.row_open ? Command::kPrecharge : Command::kActivate;
  out.ready = ready(out.next, bank);
  return out;
}

void DramTiming::issue(Command command, std::uint32_t bank, std::uint32_t row, Cycle at) {
  const std::size_t c = static_cast<std::size_t>(command);
  const Places& place = places_[bank];
  for (const Rule& rule : rules_[c]) raise(place[rule.level] + rule.to, at + rule.latency, rule.row);
  for (const WindowRule& rule : window_rules_[c]) {
    const std::uint32_t node = (place[rule.level] - first_[rule.level]) / kCommands;
    Cycle* ring = &history_[rule.history + std::size_t{node} * rule.window];
    std::uint8_t& head = heads_[rule.heads + node];
    ring[head] = at + 1;  // 0 stands for "never"
    head = static_cast<std::uint8_t>(head + 1u == rule.window ? 0 : head + 1);
    if (ring[head] == kLongAgo) continue;  // fewer than `window` so far; the oldest is the next to be overwritten
    for (std::size_t to = 0; to < kCommands; ++to)
      if ((rule.to >> to & 1) != 0) raise(place[rule.level] + to, ring[head] - 1 + rule.latency, rule.row);
  }
  for (const Rule& rule : sibling_rules_[c]) {
    const std::uint32_t banks = geometry_.banks_below(static_cast<Level>(rule.level));
    const std::uint32_t parent = geometry_.banks_below(static_cast<Level>(rule.level - 1));
    for (std::uint32_t b = bank / parent * parent; b < (bank / parent + 1) * parent; b += banks)
      if (b / banks != bank / banks) raise(places_[b][rule.level] + rule.to, at + rule.latency, rule.row);
  }
  const std::uint32_t rank = geometry_.node(Level::kRank, bank);
  switch (command) {
    case Command::kActivate:
      open_row_[bank] = row;
      ++open_banks_[rank];
      break;
    case Command::kPrecharge:
    case Command::kReadPrecharge:
    case Command::kWritePrecharge:
      if (open_row_[bank] != kNoRow) --open_banks_[rank];
      open_row_[bank] = kNoRow;
      break;
    case Command::kPrechargeAll: {
      const std::uint32_t banks = geometry_.banks_per_rank();
      std::fill_n(open_row_.begin() + rank * banks, banks, kNoRow);
      open_banks_[rank] = 0;
      break;
    }
    default: break;
  }
}

}  // namespace lutetia
