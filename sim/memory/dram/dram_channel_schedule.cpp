// The scheduler of a channel: which command comes next and when, refreshes among them, and what it means for the
// counts.
#include <algorithm>

#include "memory/dram/dram_channel.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kClass = std::uint64_t{1} << 62;  ///< refresh 0, column 1, row 2: above any age

std::uint64_t class_of(Command c) {
  return is_column(c) ? kClass : 2 * kClass;
}

}  // namespace

Cycle DramChannel::next_event() {
  if (!choice_valid_) select();
  take_at_ = next_accept(take_port_);
  return std::min({refresh_due_, choice_.at, take_at_});
}

void DramChannel::step() {
  if (refresh_due_ <= std::min(choice_.at, take_at_))
    refreshes_due(refresh_due_);
  else if (choice_.at <= take_at_)
    issue(choice_);
  else
    accept(take_port_, take_at_);
}

void DramChannel::refreshes_due(Cycle at) {
  now_ = at;
  const bool all = config_.refresh == RefreshMode::kAllBank;
  refresh_due_ = kNever;
  for (Rank& rank : ranks_) {
    if (rank.due <= at) {
      ++rank.owed;
      rank.due += all ? spec_.refresh_interval : spec_.bank_refresh_interval;
    }
    refresh_due_ = std::min(refresh_due_, rank.due);
  }
  choice_valid_ = false;
}

void DramChannel::offer(Command command, std::uint32_t bank, std::uint16_t entry, Direction direction,
                        std::uint64_t order) {
  Cycle at = std::max({timing_.ready(command, bank), now_, bus_of(command)});
  if (entry != kNone) at = std::max({at, entries_[entry].visible, direction_since_});
  if (at > choice_.at || (at == choice_.at && order >= choice_.order)) return;
  choice_ = {at, order, command, bank, entry, direction};
}

/// Refreshes come before everything else at their node once they are owed and cannot be postponed, or nobody waits.
void DramChannel::select_refresh() {
  const std::uint32_t banks = spec_.geometry.banks_per_rank();
  for (std::uint32_t r = 0; r < ranks_.size(); ++r) {
    Rank& rank = ranks_[r];
    rank.blocked = false;
    rank.blocked_bank = UINT32_MAX;
    if (rank.owed == 0) continue;
    const std::uint32_t first = r * banks;
    if (config_.refresh == RefreshMode::kAllBank) {
      if (rank.owed <= config_.postponed_refreshes && rank.queued > 0) continue;
      rank.blocked = true;
      offer(timing_.open_banks(r) > 0 ? Command::kPrechargeAll : Command::kRefresh, first, kNone, kRead, r);
      continue;
    }
    const std::uint32_t bank = first + rank.refresh_bank;
    const Bank& b = banks_[bank];
    const bool wanted = b.lists[kRead].count + b.lists[kWrite].count > 0;
    if (rank.owed <= config_.postponed_refreshes && wanted) continue;
    rank.blocked_bank = bank;
    offer(timing_.is_open(bank) ? Command::kPrecharge : Command::kRefreshBank, bank, kNone, kRead, r);
  }
}

void DramChannel::select() {
  choice_ = {};
  choice_valid_ = true;
  if (config_.refresh != RefreshMode::kNone) select_refresh();
  row_work_ = false;
  if (config_.scheduler == Scheduler::kFcfs) {
    std::uint32_t oldest = UINT32_MAX;
    for (const std::uint32_t bank : active_[direction_])
      if (oldest == UINT32_MAX ||
          entries_[banks_[bank].lists[direction_].head].order < entries_[banks_[oldest].lists[direction_].head].order)
        oldest = bank;
    if (oldest != UINT32_MAX) consider(direction_, oldest, false);
    return;
  }
  for (const std::uint32_t bank : active_[direction_]) consider(direction_, bank, false);
  const auto other = static_cast<Direction>(1 - direction_);
  if (opened_[other] > 0) {
    for (const std::uint32_t bank : active_[other]) {
      const std::uint16_t opened = banks_[bank].opened_for;
      if (opened == kNone || entries_[opened].direction != other || is_blocked(bank)) continue;
      const Command command = column_command(entries_[opened]);
      offer(command, bank, opened, other, class_of(command) + entries_[opened].order);
    }
  }
  // With every queued read at an open row, row commands may already prepare writes in other banks.
  if (direction_ == kRead && !row_work_)
    for (const std::uint32_t bank : active_[kWrite])
      if (banks_[bank].lists[kRead].count == 0) consider(kWrite, bank, true);
}

/// Whether a refresh has to come first.
bool DramChannel::is_blocked(std::uint32_t bank) const {
  const Rank& rank = ranks_[rank_of(bank)];
  return rank.blocked || rank.blocked_bank == bank;
}

/// The row is about to be closed, or its entry is served.
void DramChannel::forget_opened(std::uint32_t b) {
  Bank& bank = banks_[b];
  if (bank.opened_for == kNone) return;
  --opened_[entries_[bank.opened_for].direction];
  bank.opened_for = kNone;
}

void DramChannel::consider(Direction direction, std::uint32_t bank, bool rows_only) {
  const Candidate& c = candidate(direction, bank);
  const bool column = is_column(c.command);
  row_work_ = row_work_ || !column;
  if (rows_only && column) return;
  if (is_blocked(bank)) return;
  const std::uint16_t opened = banks_[bank].opened_for;
  if (!column && opened != kNone && entries_[opened].direction != direction) return;
  offer(c.command, bank, c.entry, direction, class_of(c.command) + entries_[c.entry].order);
}

/// What the bank needs for its requests of this direction.
const DramChannel::Candidate& DramChannel::candidate(Direction direction, std::uint32_t b) {
  Bank& bank = banks_[b];
  Candidate& c = bank.candidates[direction];
  if (c.valid) return c;
  c.valid = true;
  const std::uint16_t head = bank.lists[direction].head;
  c.entry = head;
  if (!timing_.is_open(b)) {
    c.command = Command::kActivate;
    return c;
  }
  c.command = Command::kPrecharge;
  std::uint16_t hit = head;
  while (hit != kNone && entries_[hit].row != timing_.open_row(b)) hit = entries_[hit].next;
  const bool capped = config_.row_hit_cap > 0 && bank.served >= config_.row_hit_cap;
  if (hit == kNone || (hit != head && (capped || config_.scheduler == Scheduler::kFcfs))) return c;
  c.entry = hit;
  c.command = column_command(entries_[hit]);
  return c;
}

/// With or without automatic precharge, as the page policy says.
Command DramChannel::column_command(const Entry& entry) const {
  const bool write = entry.direction == kWrite;
  bool precharge = config_.page_policy == PagePolicy::kClosed;
  if (config_.page_policy == PagePolicy::kOpenAdaptive || config_.page_policy == PagePolicy::kClosedAdaptive) {
    bool hits = false, conflicts = false;
    for (const List& list : banks_[entry.bank].lists) {
      for (std::uint16_t i = list.head; i != kNone; i = entries_[i].next) {
        if (&entries_[i] == &entry) continue;
        (entries_[i].row == entry.row ? hits : conflicts) = true;
      }
    }
    precharge = !hits && (conflicts || config_.page_policy == PagePolicy::kClosedAdaptive);
  }
  if (precharge) return write ? Command::kWritePrecharge : Command::kReadPrecharge;
  return write ? Command::kWrite : Command::kRead;
}

/// Why the command did not come earlier. A wait for an own earlier command (ACT, PRE) is followed to that one's cause.
std::uint8_t DramChannel::root_cause(const Choice& choice) const {
  const Cycle ready = timing_.ready(choice.command, choice.bank);
  if (choice.entry != kNone && entries_[choice.entry].visible == choice.at && ready < choice.at)
    return entries_[choice.entry].arrival_cause;
  if (ready < choice.at) return LossCauses::kCommandBus;
  const std::uint8_t row = timing_.cause(choice.command, choice.bank);
  if (row == DramTiming::kNoCause) return LossCauses::kNoRequest;
  const std::uint32_t from = spec_.constraints[row].from;
  const std::uint32_t precharges = mask(Command::kPrecharge) | mask(Command::kPrechargeAll);
  if (is_column(choice.command) && from == mask(Command::kActivate)) return banks_[choice.bank].act_cause;
  if (choice.command == Command::kActivate && (from & ~precharges) == 0) return banks_[choice.bank].pre_cause;
  return causes_.of_row(row);
}

void DramChannel::issue(const Choice& choice) {
  const Command command = choice.command;
  const Cycle at = choice.at;
  now_ = last_event_ = at;
  Bank& bank = banks_[choice.bank];
  const std::uint8_t cause = root_cause(choice);
  const Entry* entry = choice.entry == kNone ? nullptr : &entries_[choice.entry];
  count_open(command, choice.bank, at);
  const std::uint32_t row = entry != nullptr && !is_rank_wide(command) ? entry->row : 0;
  if (sink_ != nullptr)
    sink_->issued({at, command, index_, choice.bank, command == Command::kActivate || is_column(command) ? row : 0,
                   is_column(command) ? entry->column : 0});
  if (is_column(command)) issue_column(choice, cause);
  timing_.issue(command, choice.bank, row, at);
  ++counts_.commands[static_cast<std::size_t>(command)];
  bus_of(command) = at + spec_.command_cycles[static_cast<std::size_t>(command)];
  Rank& rank = ranks_[rank_of(choice.bank)];
  const std::uint32_t banks = spec_.geometry.banks_per_rank();
  switch (command) {
    case Command::kActivate:
      bank.act_cause = cause;
      bank.served = 0;
      if (entry->direction == direction_) {  // not for rows that only prepare writes: these keep to their turn
        bank.opened_for = choice.entry;
        ++opened_[direction_];
      }
      entries_[choice.entry].row_work = std::max<std::uint8_t>(entries_[choice.entry].row_work, 1);
      break;
    case Command::kPrecharge:
      forget_opened(choice.bank);
      bank.pre_cause = choice.entry == kNone ? static_cast<std::uint8_t>(LossCauses::kRefresh) : cause;
      if (choice.entry != kNone) entries_[choice.entry].row_work = 2;
      break;
    case Command::kPrechargeAll:
    case Command::kRefresh:
      for (std::uint32_t b = 0; b < banks; ++b) {
        Bank& each = banks_[rank_of(choice.bank) * banks + b];
        forget_opened(rank_of(choice.bank) * banks + b);
        each.pre_cause = LossCauses::kRefresh;
        each.candidates[kRead].valid = each.candidates[kWrite].valid = false;
      }
      if (command == Command::kRefresh) --rank.owed;
      break;
    case Command::kRefreshBank:
      --rank.owed;
      rank.refresh_bank = rank.refresh_bank + 1 == banks ? 0 : rank.refresh_bank + 1;
      break;
    default: break;
  }
  bank.candidates[kRead].valid = bank.candidates[kWrite].valid = false;
  choice_valid_ = false;
}

void DramChannel::issue_column(const Choice& choice, std::uint8_t cause) {
  const Entry& entry = entries_[choice.entry];
  const Cycle at = choice.at;
  // Time of the data bus, seen at the command: from the end of the last burst to this one something was missing.
  Cycle& edge = data_edge_[spec_.geometry.node(Level::kPseudoChannel, choice.bank)];
  if (at > edge) {
    if (cause == LossCauses::kNoRequest) {  // what the device's own latency adds is not the requester's
      const Cycle asked = std::min(at, std::max(edge, entry.visible - 1));
      const std::uint8_t row = timing_.cause(choice.command, choice.bank);
      counts_.lost_cycles[LossCauses::kNoRequest] += asked - edge;
      if (row != DramTiming::kNoCause) cause = causes_.of_row(row);
      counts_.lost_cycles[cause] += at - asked;
    } else {
      counts_.lost_cycles[cause] += at - edge;
    }
  }
  edge = at + spec_.burst_cycles;
  counts_.data_cycles += spec_.burst_cycles;
  ++(entry.row_work == 0 ? counts_.row_hits : entry.row_work == 1 ? counts_.row_misses : counts_.row_conflicts);
  ++banks_[choice.bank].served;
  if (entry.direction == kRead) {
    const Cycle arrived = at + spec_.read_latency + spec_.burst_cycles;
    --entry.request->remaining;
    entry.request->due = std::max(entry.request->due, arrived);
    counts_.read_latency.record(arrived - (entry.visible - 1), 1);
    hazard_ports_ = 0;  // the burst that a write waits for may have been this one
  }
  if (banks_[choice.bank].opened_for == choice.entry) forget_opened(choice.bank);
  if (queued_[entry.direction] == capacity_[entry.direction]) space_at_[entry.direction] = at + 1;
  remove(choice.entry);
  update_direction(at);
}

/// Time with open banks, for standby energy: until the precharge takes effect, which an automatic one does by itself.
void DramChannel::count_open(Command command, std::uint32_t b, Cycle at) {
  const std::uint32_t r = rank_of(b);
  Rank& rank = ranks_[r];
  const auto close = [&](std::uint32_t bank, Cycle end) {
    if (timing_.is_open(bank)) counts_.bank_open_cycles += end - banks_[bank].open_since;
  };
  switch (command) {
    case Command::kActivate:
      banks_[b].open_since = at;
      if (timing_.open_banks(r) == 0) rank.open_since = std::max(at, rank.open_until);
      break;
    case Command::kPrecharge:
    case Command::kReadPrecharge:
    case Command::kWritePrecharge: {
      if (!timing_.is_open(b)) break;
      Cycle end = at;
      if (command == Command::kReadPrecharge) end += auto_precharge_[kRead];
      if (command == Command::kWritePrecharge) end += auto_precharge_[kWrite];
      close(b, end);
      rank.open_until = std::max(rank.open_until, end);
      if (timing_.open_banks(r) == 1) counts_.rank_open_cycles += rank.open_until - rank.open_since;
      break;
    }
    case Command::kPrechargeAll:
      if (timing_.open_banks(r) == 0) break;
      for (std::uint32_t i = 0; i < spec_.geometry.banks_per_rank(); ++i)
        close(r * spec_.geometry.banks_per_rank() + i, at);
      counts_.rank_open_cycles += at - rank.open_since;
      break;
    default: break;
  }
}

}  // namespace lutetia
