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
  places_.resize(std::size_t{banks} * kLevels);
  for (std::uint32_t b = 0; b < banks; ++b)
    for (std::size_t l = 0; l < kLevels; ++l)
      places_[std::size_t{b} * kLevels + l] = first_[l] + geometry_.node(static_cast<Level>(l), b) * kCommands;
  for (std::size_t i = 0; i < spec.constraints.size(); ++i) compile(spec.constraints[i], static_cast<std::uint8_t>(i));
}

void DramTiming::compile(const DramConstraint& c, std::uint8_t row) {
  const auto level = static_cast<std::size_t>(c.level);
  for (std::size_t to = 0; to < kCommands; ++to) {
    if ((c.to >> to & 1) == 0) continue;
    auto& used = used_[to];
    auto& count = levels_used_[to];
    if (std::find(used.begin(), used.begin() + count, level) == used.begin() + count)
      used[count++] = static_cast<std::uint8_t>(level);
  }
  WindowRule window{c.to, row, c.latency, c.window, 0, 0};
  if (c.window > 1) {  // one history for all commands of the mask
    window.history = static_cast<std::uint32_t>(history_.size());
    window.heads = static_cast<std::uint32_t>(heads_.size());
    history_.resize(history_.size() + std::size_t{geometry_.nodes(c.level)} * c.window, kLongAgo);
    heads_.resize(heads_.size() + geometry_.nodes(c.level), 0);
  }
  for (std::size_t from = 0; from < kCommands; ++from) {
    if ((c.from >> from & 1) == 0) continue;
    if (c.window > 1) {
      window_rules_[from][level].push_back(window);
      continue;
    }
    if (c.sibling) has_siblings_[from] = true;
    for (std::uint8_t to = 0; to < kCommands; ++to)
      if ((c.to >> to & 1) != 0) (c.sibling ? sibling_rules_ : rules_)[from][level].push_back({to, row, c.latency});
  }
}

std::uint8_t DramTiming::cause(Command command, std::uint32_t bank) const {
  const std::size_t c = static_cast<std::size_t>(command);
  const std::uint32_t* place = &places_[std::size_t{bank} * kLevels];
  Cycle at = 0;
  std::uint8_t row = kNoCause;
  for (std::uint8_t l = 0; l < levels_used_[c]; ++l) {
    const std::size_t slot = place[used_[c][l]] + c;
    if (ready_[slot] > at) at = ready_[slot], row = cause_[slot];
  }
  return row;
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
  const std::uint32_t* place = &places_[std::size_t{bank} * kLevels];
  const std::size_t deepest = is_rank_wide(command) ? static_cast<std::size_t>(Level::kRank) + 1 : kLevels;
  for (std::size_t l = 0; l < deepest; ++l) {
    for (const Rule& rule : rules_[c][l]) raise(place[l] + rule.to, at + rule.latency, rule.row);
    for (const WindowRule& rule : window_rules_[c][l]) {
      const std::uint32_t node = (place[l] - first_[l]) / kCommands;
      Cycle* ring = &history_[rule.history + std::size_t{node} * rule.window];
      std::uint8_t& head = heads_[rule.heads + node];
      ring[head] = at + 1;  // 0 stands for "never"
      head = static_cast<std::uint8_t>(head + 1u == rule.window ? 0 : head + 1);
      if (ring[head] == kLongAgo) continue;  // fewer than `window` so far; the oldest is the next to be overwritten
      for (std::size_t to = 0; to < kCommands; ++to)
        if ((rule.to >> to & 1) != 0) raise(place[l] + to, ring[head] - 1 + rule.latency, rule.row);
    }
  }
  if (has_siblings_[c]) {
    for (std::size_t l = 1; l < deepest; ++l) {
      if (sibling_rules_[c][l].empty()) continue;
      const std::uint32_t banks = geometry_.banks_below(static_cast<Level>(l));
      const std::uint32_t parent = geometry_.banks_below(static_cast<Level>(l - 1));
      for (std::uint32_t b = bank / parent * parent; b < (bank / parent + 1) * parent; b += banks) {
        if (b / banks == bank / banks) continue;
        const std::uint32_t slot = places_[std::size_t{b} * kLevels + l];
        for (const Rule& rule : sibling_rules_[c][l]) raise(slot + rule.to, at + rule.latency, rule.row);
      }
    }
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
