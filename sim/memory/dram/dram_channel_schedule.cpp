// The scheduler of a channel: which command comes next and when, refreshes among them, and what it means for the
// counts.
#include <algorithm>

#include "memory/dram/dram_channel.h"

namespace lutetia {
namespace {

constexpr int kOrderBits = 40;                                          ///< of Candidate::order
constexpr std::uint64_t kClass = std::uint64_t{1} << (kOrderBits - 2);  ///< refresh 0, column 1, row 2: above any age

std::uint64_t class_of(Command c) {
  return is_column(c) ? kClass : 2 * kClass;
}

}  // namespace

Cycle DramChannel::next_event() {
  if (!choice_valid_) select();
  if (!take_valid_) take_at_ = next_accept(take_port_), take_valid_ = true;
  return std::min({refresh_due_, choice_.at, take_at_});
}

void DramChannel::step(Cycle until) {
  if (refresh_due_ <= std::min(choice_.at, take_at_))
    refreshes_due(refresh_due_);
  else if (choice_.at > take_at_)
    accept(take_port_, take_at_);
  else if (issue(choice_), repetition_ && is_column(choice_.command))
    repeat(until);
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

void DramChannel::choose(const Candidate& c, Direction direction, Cycle at) {
  choice_ = {at, c.order, c.command, c.bank, c.entry, direction};
}

void DramChannel::offer_refresh(Command command, std::uint32_t bank, std::uint64_t order) {
  const Cycle at = std::max({timing_.ready(command, bank), now_, bus_of(command)});
  if (at < choice_.at || (at == choice_.at && order < choice_.order))
    choice_ = {at, order, command, bank, kNone, kRead};
}

/// Refreshes come before everything else at their node once they are owed and cannot be postponed, or nobody waits.
void DramChannel::select_refresh() {
  const std::uint32_t banks = spec_.geometry.banks_per_rank();
  refresh_waits_ = false;
  for (std::uint32_t r = 0; r < ranks_.size(); ++r) {
    Rank& rank = ranks_[r];
    rank.blocked = false;
    rank.blocked_bank = UINT32_MAX;
    if (rank.owed == 0) continue;
    refresh_waits_ = true;
    const std::uint32_t first = r * banks;
    if (config_.refresh == RefreshMode::kAllBank) {
      if (rank.owed <= config_.postponed_refreshes && rank.queued > 0) continue;
      rank.blocked = true;
      offer_refresh(timing_.open_banks(r) > 0 ? Command::kPrechargeAll : Command::kRefresh, first, r);
      continue;
    }
    const std::uint32_t bank = first + rank.refresh_bank;
    const Bank& b = banks_[bank];
    const bool wanted = b.lists[kRead].count + b.lists[kWrite].count > 0;
    if (rank.owed <= config_.postponed_refreshes && wanted) continue;
    rank.blocked_bank = bank;
    offer_refresh(timing_.is_open(bank) ? Command::kPrecharge : Command::kRefreshBank, bank, r);
  }
}

void DramChannel::select() {
  choice_ = {};
  choice_valid_ = true;
  if (config_.refresh != RefreshMode::kNone) select_refresh();
  row_work_ = false;
  const auto other = static_cast<Direction>(1 - direction_);
  if (queued_[direction_] == 0 && opened_[other] == 0) return;
  const Cycle since = std::max(now_, direction_since_);
  const auto floor = [this, since](std::uint32_t r, Command c) {
    floors_[r * kCommands + static_cast<std::size_t>(c)] =
        std::max({timing_.ready_in_rank(c, r * spec_.geometry.banks_per_rank()), since, bus_of(c)});
  };
  const bool both = opened_[other] > 0, precharging = config_.page_policy != PagePolicy::kOpen;
  for (std::uint32_t r = 0; r < ranks_.size(); ++r) {
    floor(r, Command::kActivate);
    floor(r, Command::kPrecharge);
    if (both || direction_ == kRead) floor(r, Command::kRead);
    if (both || direction_ == kWrite) floor(r, Command::kWrite);
    if (precharging) floor(r, Command::kReadPrecharge), floor(r, Command::kWritePrecharge);
  }
  if (config_.scheduler == Scheduler::kFcfs) return both ? select_opened(other) : select_oldest();
  select_among(active_[direction_], direction_, false);
  if (opened_[other] > 0) select_opened(other);
  // With every queued read at an open row, row commands may already prepare writes in other banks.
  if (direction_ == kRead && !row_work_ && queued_[kWrite] > 0) select_among(active_[kWrite], kWrite, true);
}

void DramChannel::select_among(std::vector<Candidate>& candidates, Direction direction, bool rows_only) {
  if (rows_only || refresh_waits_ || opened_[1 - direction] > 0) {
    for (Candidate& c : candidates) consider(c, direction, rows_only);
    return;
  }
  // Cycle and order in one number, so that the loop has no branch to mispredict. Waits are below 2^23 cycles.
  const Candidate* best = nullptr;
  std::uint64_t best_key = choice_.at == kNever ? UINT64_MAX : (choice_.at - now_) << kOrderBits | choice_.order;
  std::uint64_t rows = 0;
  for (Candidate& c : candidates) {
    if (!c.valid) renew(c, direction);
    rows |= c.order;
    const std::uint64_t key = (earliest(c) - now_) << kOrderBits | c.order;
    best = key < best_key ? &c : best;
    best_key = std::min(key, best_key);
  }
  row_work_ = row_work_ || (rows & 2 * kClass) != 0;
  if (best != nullptr) choose(*best, direction, now_ + (best_key >> kOrderBits));
}

/// One bank, with all that may keep it from being served.
void DramChannel::consider(Candidate& c, Direction direction, bool rows_only) {
  if (!c.valid) renew(c, direction);
  const bool column = is_column(c.command);
  row_work_ = row_work_ || !column;
  if (is_blocked(c.bank)) return;
  // A preparing row command waits until no read is queued in its bank.
  if (rows_only && (column || banks_[c.bank].lists[kRead].count > 0)) return;
  const std::uint16_t opened = banks_[c.bank].opened_for;
  if (!column && opened != kNone && entries_[opened].direction != direction) return;
  const Cycle at = earliest(c);
  if (at < choice_.at || (at == choice_.at && c.order < choice_.order)) choose(c, direction, at);
}

/// Column commands of the direction whose turn is over, to rows that were opened for them while it was theirs.
void DramChannel::select_opened(Direction direction) {
  for (const Candidate& active : active_[direction]) {
    const std::uint16_t opened = banks_[active.bank].opened_for;
    if (opened == kNone || entries_[opened].direction != direction || is_blocked(active.bank)) continue;
    Candidate c = active;
    set(c, column_command(entries_[opened]), opened);
    const Cycle at = earliest(c);
    if (at < choice_.at || (at == choice_.at && c.order < choice_.order)) choose(c, direction, at);
  }
}

/// First come, first served: only what the oldest request needs.
void DramChannel::select_oldest() {
  Candidate* oldest = nullptr;
  const auto age = [this](const Candidate& c) { return entries_[banks_[c.bank].lists[direction_].head].order; };
  for (Candidate& c : active_[direction_])
    if (oldest == nullptr || age(c) < age(*oldest)) oldest = &c;
  if (oldest != nullptr) consider(*oldest, direction_, false);
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

void DramChannel::set(Candidate& c, Command command, std::uint16_t entry) const {
  c.command = command;
  c.entry = entry;
  c.local = std::max(entries_[entry].visible, timing_.ready_in_bank(command, c.bank));
  c.order = class_of(command) + entries_[entry].order;
  c.floor_slot = rank_of(c.bank) * kCommands + static_cast<std::uint32_t>(command);
}

void DramChannel::renew_bank(std::uint32_t b) {
  for (const Direction d : {kRead, kWrite})
    if (banks_[b].lists[d].count > 0) active_[d][banks_[b].lists[d].active_at].valid = false;
}

/// After a command to a bank: times of the others in its group have changed as well.
void DramChannel::renew_local(std::uint32_t b) {
  const std::uint32_t banks = timing_.groups_meet() ? spec_.geometry.banks_per_channel() : spec_.geometry.banks;
  const std::uint32_t first = b / banks * banks;
  for (std::uint32_t i = first; i < first + banks; ++i)
    for (const Direction d : {kRead, kWrite}) {
      if (banks_[i].lists[d].count == 0) continue;
      Candidate& c = active_[d][banks_[i].lists[d].active_at];
      if (c.valid) c.local = std::max(entries_[c.entry].visible, timing_.ready_in_bank(c.command, i));
    }
}

/// What the bank needs for its requests of this direction.
void DramChannel::renew(Candidate& c, Direction direction) {
  c.valid = true;
  const Bank& bank = banks_[c.bank];
  const std::uint16_t head = bank.lists[direction].head;
  if (!timing_.is_open(c.bank)) return set(c, Command::kActivate, head);
  std::uint16_t hit = head;
  while (hit != kNone && entries_[hit].row != timing_.open_row(c.bank)) hit = entries_[hit].next;
  const bool capped = config_.row_hit_cap > 0 && bank.served >= config_.row_hit_cap;
  if (hit == kNone || (hit != head && (capped || config_.scheduler == Scheduler::kFcfs)))
    return set(c, Command::kPrecharge, head);
  set(c, column_command(entries_[hit]), hit);
}

/// With or without automatic precharge, as the page policy says; a row stays open until what it was opened for is
/// served.
Command DramChannel::column_command(const Entry& entry) const {
  const bool write = entry.direction == kWrite;
  const std::uint16_t opened = banks_[entry.bank].opened_for;  // which may be of the other direction
  bool precharge = config_.page_policy == PagePolicy::kClosed && (opened == kNone || &entries_[opened] == &entry);
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
  const auto [ready, row] = timing_.binding(choice.command, choice.bank);
  if (choice.entry != kNone && entries_[choice.entry].visible == choice.at && ready < choice.at)
    return entries_[choice.entry].arrival_cause;
  if (ready < choice.at) return LossCauses::kCommandBus;
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
  if (!is_column(command)) {
    boundary_.valid = false;
  } else if (boundary_.valid && is_read(command) != (direction_ == kRead)) {
    boundary_.valid = false;
  } else if (boundary_.valid) {
    boundary_.sent.push_back({at, command, index_, choice.bank, row, entry->column});
    boundary_.sent_bursts.push_back(entry->burst);
    // More than a round's bursts: another request came in between.
    if (boundary_.sent.size() > map_.pattern().period / map_.pattern().stride) boundary_.valid = false;
  }
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
        renew_bank(rank_of(choice.bank) * banks + b);
      }
      if (command == Command::kRefresh) --rank.owed;
      break;
    case Command::kRefreshBank:
      --rank.owed;
      rank.refresh_bank = rank.refresh_bank + 1 == banks ? 0 : rank.refresh_bank + 1;
      break;
    default: break;
  }
  renew_bank(choice.bank);
  if (timing_.touches_group(command)) renew_local(choice.bank);
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
    retry_hazards(at);  // the burst that a write waits for may have been this one
  }
  if (banks_[choice.bank].opened_for == choice.entry) forget_opened(choice.bank);
  if (queued_[entry.direction] == capacity_[entry.direction]) space_at_[entry.direction] = at + 1, take_valid_ = false;
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
