// A command goes out: what it changes in the channel, what kept it waiting, and what is counted.
#include <algorithm>

#include "memory/dram/dram_channel.h"

namespace lutetia {

/// The row is about to be closed, or its entry is served.
void DramChannel::forget_opened(std::uint32_t b) {
  Bank& bank = banks_[b];
  if (bank.opened_for == kNone) return;
  --opened_[entries_[bank.opened_for].direction];
  bank.opened_for = kNone;
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
    // Before the requester asked, nothing was missing; what the device's own latency adds after that is not its fault.
    const bool late = entry.arrival_cause == LossCauses::kNoRequest;
    const Cycle asked = late ? std::min(at, std::max(edge, entry.visible - 1)) : edge;
    if (cause == LossCauses::kNoRequest) {
      const std::uint8_t row = timing_.cause(choice.command, choice.bank);
      if (row != DramTiming::kNoCause) cause = causes_.of_row(row);
    }
    counts_.lost_cycles[LossCauses::kNoRequest] += asked - edge;
    counts_.lost_cycles[cause] += at - asked;
  }
  edge = std::max(edge, at) + spec_.burst_cycles;  // commands to two ranks may be closer than their data
  counts_.data_cycles += spec_.burst_cycles;
  ++(entry.row_work == 0 ? counts_.row_hits : entry.row_work == 1 ? counts_.row_misses : counts_.row_conflicts);
  ++banks_[choice.bank].served;
  if (entry.direction == kWrite && queued_[kRead] > 0) ++overtime_;
  if (entry.direction == kRead && owed_reads_ > 0) --owed_reads_;
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
      if (command != Command::kPrecharge) end = std::max(end, banks_[b].open_since + row_active_);
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
