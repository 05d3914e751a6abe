#include "cosim/dram_monitor_oracle.h"

#include <algorithm>

namespace lutetia {

std::uint32_t DramMonitorOracle::shift(std::uint32_t level) const {
  switch (level) {
    case 0: return bank_bits_;
    case 1: return channel_.pseudo_channel_shift;
    case 2: return channel_.rank_shift;
    case 3: return channel_.bank_group_shift;
    default: return 0;
  }
}

DramMonitorOracle::Span DramMonitorOracle::span(const DramMonitorCommand& c) const {
  if (c.code != 2 && c.code != 7) return {c.bank, c.bank};
  const std::uint32_t size = 1u << channel_.rank_shift;
  return {c.bank / size * size, c.bank / size * size + size - 1};
}

DramMonitorOracle::Span DramMonitorOracle::nodes(const DramMonitorCommand& c, std::uint32_t level) const {
  const Span banks = span(c);
  return {banks.first >> shift(level), banks.last >> shift(level)};
}

DramMonitorVerdict DramMonitorOracle::judge(const DramMonitorCommand& command) {
  const DramMonitorVerdict verdict = look(command);
  if (verdict.kind != DramMonitorVerdict::kUnknownCommand && verdict.kind != DramMonitorVerdict::kTimeWentBack)
    history_.push_back(command);
  return verdict;
}

DramMonitorVerdict DramMonitorOracle::look(const DramMonitorCommand& c) const {
  DramMonitorVerdict verdict;
  if (c.code >= bus_cycles_.size() || bus_cycles_[c.code] == 0) {
    verdict.kind = DramMonitorVerdict::kUnknownCommand;
    return verdict;
  }
  if (!history_.empty() && c.at < history_.back().at) {
    verdict.kind = DramMonitorVerdict::kTimeWentBack;
    return verdict;
  }
  for (std::uint32_t r = 0; r < rules_.size(); ++r) {
    if ((rules_[r].to & 1u << c.code) == 0) continue;
    const Span at = nodes(c, rules_[r].level);
    for (std::uint32_t node = at.first; node <= at.last; ++node) {
      const std::uint64_t from = earliest(rules_[r], node);
      verdict.earliest = std::max(verdict.earliest, from);
      if (c.at >= from || verdict.too_early) continue;
      verdict.too_early = true;
      verdict.rule = r;
    }
  }
  bool bus_busy = false;
  for (const DramMonitorCommand& past : history_) {
    if (on_column_bus(past) != on_column_bus(c)) continue;
    const std::uint64_t free = past.at + bus_cycles_[past.code];
    verdict.earliest = std::max(verdict.earliest, free);
    bus_busy |= c.at < free;
  }
  for (std::uint32_t b = span(c).first; b <= span(c).last && verdict.kind == 0; ++b) verdict.kind = state_fault(c, b);
  if (verdict.kind == 0 && bus_busy) verdict.kind = DramMonitorVerdict::kBusBusy;
  if (verdict.kind == 0 && verdict.too_early) verdict.kind = DramMonitorVerdict::kTooEarly;
  return verdict;
}

/// First cycle in which the rule allows a command at this node; 0 if it has nothing to wait for.
std::uint64_t DramMonitorOracle::earliest(const DramMonitorRule& rule, std::uint32_t node) const {
  const std::uint32_t up = rule.level == 0 ? 0 : shift(rule.level - 1) - shift(rule.level);
  std::uint32_t seen = 0;
  for (std::size_t i = history_.size(); i-- > 0;) {
    const DramMonitorCommand& past = history_[i];
    if ((rule.from & 1u << past.code) == 0) continue;
    const Span at = nodes(past, rule.level);
    bool counts = at.first <= node && node <= at.last;
    if (rule.sibling) {  // any other node that both the command and the parent have
      const std::uint32_t first = std::max(at.first, node >> up << up);
      const std::uint32_t last = std::min(at.last, (node >> up << up) + (1u << up) - 1);
      counts = first < last || (first == last && first != node);
    }
    if (counts && ++seen == rule.window) return past.at + rule.latency;
  }
  return 0;
}

std::uint32_t DramMonitorOracle::state_fault(const DramMonitorCommand& c, std::uint32_t bank) const {
  bool open = false;
  std::uint32_t row = 0;
  for (std::size_t i = history_.size(); i-- > 0;) {
    const DramMonitorCommand& past = history_[i];
    const Span at = span(past);
    // Reads, writes and refreshes leave a bank as it is.
    if (bank < at.first || bank > at.last || past.code == 3 || past.code == 5 || past.code >= 7) continue;
    open = past.code == 0;
    row = past.row;
    break;
  }
  const bool column = c.code >= 3 && c.code <= 6;
  if (c.code == 0 && open) return DramMonitorVerdict::kBankOpen;
  if (column && !open) return DramMonitorVerdict::kBankClosed;
  if (column && row != c.row) return DramMonitorVerdict::kOtherRow;
  if (c.code >= 7 && open) return DramMonitorVerdict::kNotPrecharged;
  return DramMonitorVerdict::kLegal;
}

}  // namespace lutetia
