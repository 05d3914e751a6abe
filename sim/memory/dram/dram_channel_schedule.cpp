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

void DramChannel::choose(const Candidate& c, Direction direction, Cycle at) {
  choice_ = {at, c.order, c.command, c.bank, c.entry, direction};
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
  if (!rows_only) row_work_ = row_work_ || !column;
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

}  // namespace lutetia
