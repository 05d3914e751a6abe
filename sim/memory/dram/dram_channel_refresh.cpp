// Refreshes of a channel: when they fall due, how long they may be postponed, and what they keep waiting.
#include <algorithm>

#include "memory/dram/dram_channel.h"

namespace lutetia {

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

/// Whether a refresh has to come first.
bool DramChannel::is_blocked(std::uint32_t bank) const {
  const Rank& rank = ranks_[rank_of(bank)];
  return rank.blocked || rank.blocked_bank == bank;
}

}  // namespace lutetia
