// Feeds and queues of a channel: how bursts come in and leave. The scheduler is in dram_channel_schedule.cpp.
#include "memory/dram/dram_channel.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <ostream>

namespace lutetia {

DramChannel::DramChannel(const DramSpec& spec, const ControllerConfig& config, const AddressMap& map,
                         std::uint32_t index)
    : spec_(spec), config_(config), map_(map), causes_(spec), index_(index), timing_(spec) {
  const DramGeometry& g = spec.geometry;
  capacity_ = {config.read_queue, config.write_queue};
  high_ = std::max(1u, static_cast<std::uint32_t>(std::ceil(config.write_high * config.write_queue)));
  low_ = std::min(high_ - 1, static_cast<std::uint32_t>(std::floor(config.write_low * config.write_queue)));
  const auto timing = [&spec](const char* name) {
    const auto found = spec.timings.find(name);
    return found == spec.timings.end() ? 0 : found->second;
  };
  auto_precharge_ = {timing("tRTP"), spec.write_latency + spec.burst_cycles + timing("tWR")};
  row_active_ = timing("tRAS");
  banks_.resize(g.banks_per_channel());
  ranks_.resize(g.ranks_per_channel());
  entries_.resize(config.read_queue + config.write_queue);
  for (std::size_t i = entries_.size(); i > 0; --i) free_entries_.push_back(static_cast<std::uint16_t>(i - 1));
  floors_.resize(g.ranks_per_channel() * kCommands);
  data_edge_.assign(g.pseudo_channels, 0);
  counts_.lost_cycles.assign(causes_.names().size(), 0);
  if (config.refresh != RefreshMode::kNone) {
    // Ranks take turns, so that they are not all busy refreshing at once. Pseudo channels do not: one queue feeds them
    // all, and a stream would stop for each of them.
    const std::uint64_t interval =
        config.refresh == RefreshMode::kAllBank ? spec.refresh_interval : spec.bank_refresh_interval;
    for (std::size_t r = 0; r < ranks_.size(); ++r) ranks_[r].due = interval * (r % g.ranks + 1) / g.ranks;
    refresh_due_ = ranks_.front().due;
  }
}

std::uint32_t DramChannel::add_port() {
  feeds_.emplace_back();
  assert(feeds_.size() <= 64);
  return static_cast<std::uint32_t>(feeds_.size() - 1);
}

void DramChannel::submit(std::uint32_t port, DramRequest* request, std::uint64_t first, std::uint64_t last, bool write,
                         Cycle at) {
  const std::uint64_t burst = map_.next_in_channel(first, index_);
  if (burst > last) return;
  feeds_[port].push_back({request, burst, last, at, write, ++serial_});
  ++feeding_;
  take_valid_ = false;
  feeding_writes_ += write;
}

/// When the next burst can be taken, and from which port: the first that can, in turn from the one after the last.
Cycle DramChannel::next_accept(std::uint32_t& port) const {
  Cycle best = kNever;
  if (feeding_ == 0) return best;
  const auto ports = static_cast<std::uint32_t>(feeds_.size());
  for (std::uint32_t i = 0; i < ports; ++i) {
    const std::uint32_t p = next_port_ + i < ports ? next_port_ + i : next_port_ + i - ports;
    if (feeds_[p].empty() || (hazard_ports_ >> p & 1) != 0) continue;
    const Share& share = feeds_[p].front();
    if (queued_[share.write] >= capacity_[share.write]) continue;
    const Cycle at = std::max({share.at, accept_free_, space_at_[share.write]});
    if (at < best) best = at, port = p;
  }
  return best;
}

void DramChannel::accept(std::uint32_t port, Cycle at) {
  now_ = last_event_ = at;
  take_valid_ = false;
  accept_free_ = at + 1;
  next_port_ = port + 1 == feeds_.size() ? 0 : port + 1;
  Share& share = feeds_[port].front();
  const DramAddress place = map_.decode(share.burst);
  if (taken_by_hazard(port, place, at)) return;
  enqueue(share, place, at);
  if (share.write) {
    --share.request->remaining;
    share.request->due = std::max(share.request->due, at + 1);
  }
  next_burst(port, at);
}

/// Reads of bursts that wait to be written are answered at once; writes to bursts that wait to be read stay where they
/// are. True if the burst did not go into a queue.
bool DramChannel::taken_by_hazard(std::uint32_t port, const DramAddress& place, Cycle at) {
  Share& share = feeds_[port].front();
  const auto other = static_cast<Direction>(share.write ? kRead : kWrite);
  std::uint16_t e = banks_[place.bank].lists[other].head;
  while (e != kNone && (entries_[e].row != place.row || entries_[e].column != place.column)) e = entries_[e].next;
  if (e == kNone) return false;
  boundary_.valid = false;
  if (share.write) {
    hazard_ports_ |= std::uint64_t{1} << port;
    return true;
  }
  ++counts_.forwarded;
  ++counts_.read_bursts;
  --share.request->remaining;
  share.request->due = std::max(share.request->due, at + 1);
  counts_.read_latency.record(1, 1);
  next_burst(port, at);
  return true;
}

/// A read was sent in cycle `at`: writes that wait for a read try again, from the next cycle on.
void DramChannel::retry_hazards(Cycle at) {
  if (hazard_ports_ == 0) return;
  for (std::size_t port = 0; port < feeds_.size(); ++port)
    if ((hazard_ports_ >> port & 1) != 0) feeds_[port].front().at = std::max(feeds_[port].front().at, at + 1);
  hazard_ports_ = 0;
  take_valid_ = false;
}

void DramChannel::enqueue(const Share& share, const DramAddress& place, Cycle at) {
  const auto direction = static_cast<Direction>(share.write);
  const std::uint16_t index = free_entries_.back();
  free_entries_.pop_back();
  Entry& e = entries_[index];
  if (order_ == kMostOrders) renumber();
  e.order = order_++;
  e.burst = share.burst;
  e.serial = share.serial;
  if (run_.serial != share.serial || run_.next != share.burst) run_ = {share.burst, share.burst, share.serial};
  run_.next = next_of(share.burst);
  e.visible = at + 1;
  e.request = share.request;
  e.bank = place.bank;
  e.row = place.row;
  e.column = place.column;
  e.next = kNone;
  e.direction = direction;
  e.row_work = 0;
  e.arrival_cause = at > share.at && at == space_at_[direction] ? LossCauses::kQueueFull : LossCauses::kNoRequest;
  Bank& bank = banks_[place.bank];
  List& list = bank.lists[direction];
  const bool had_row_work = list.count > 0 && (!active_[direction][list.active_at].valid ||
                                               !is_column(active_[direction][list.active_at].command));
  e.before = list.tail;
  if (list.tail != kNone) {
    entries_[list.tail].next = index;
  } else {
    list.head = index;
    list.active_at = static_cast<std::uint16_t>(active_[direction].size());
    active_[direction].emplace_back();
    active_[direction].back().bank = place.bank;
  }
  list.tail = index;
  ++list.count;
  ++queued_[direction];
  ++ranks_[rank_of(place.bank)].queued;
  renew_bank(place.bank);
  ++(share.write ? counts_.write_bursts : counts_.read_bursts);
  const Direction before = direction_;
  if (direction != direction_) boundary_.valid = false;  // it may want a row command in rounds to come
  update_direction(at);
  // The choice stands unless the new burst is a better one, or changes what its bank or the others may do.
  const bool plain = choice_valid_ && direction == direction_ && before == direction_ &&
                     choice_.direction == direction && choice_.entry != kNone && choice_.bank != place.bank &&
                     config_.scheduler == Scheduler::kFrFcfs && !is_blocked(place.bank) && !refresh_waits_;
  const bool apart = choice_valid_ && direction != direction_ && before == direction_ && row_work_ &&
                     choice_.bank != place.bank && config_.scheduler == Scheduler::kFrFcfs && !refresh_waits_;
  if (plain) {
    consider(active_[direction][list.active_at], direction, false);
    // A bank that needed its row changed and now has a hit may have been the last with row work.
    if (had_row_work && is_column(active_[direction][list.active_at].command)) choice_valid_ = false;
  } else if (!apart) {
    choice_valid_ = false;
  }
}

/// Ages are kept in 38 bits: once in 2^38 bursts they start again from the oldest that is queued.
void DramChannel::renumber() {
  std::uint64_t oldest = order_;
  for (const auto& active : active_)
    for (const Candidate& c : active)
      for (const List& list : banks_[c.bank].lists)
        if (list.count > 0) oldest = std::min(oldest, entries_[list.head].order);
  for (Entry& e : entries_) e.order -= oldest;  // of free entries it does not matter
  order_ -= oldest;
  for (auto& active : active_)
    for (Candidate& c : active) c.valid = false;
  choice_valid_ = false;
}

/// Moves the port's feed on to its next burst.
void DramChannel::next_burst(std::uint32_t port, Cycle at) {
  Share& share = feeds_[port].front();
  const std::uint64_t burst = map_.next_in_channel(share.burst + 1, index_);
  if (burst <= share.last) {
    share.burst = burst;
    share.at = std::max(share.at, at);
    return;
  }
  boundary_.valid = false;  // the next request is not part of the round
  --feeding_;
  feeding_writes_ -= share.write;
  feeds_[port].pop_front();
}

void DramChannel::remove(std::uint16_t index) {
  const Entry& e = entries_[index];
  const Direction direction = e.direction;
  if (e.serial == run_.serial && e.burst >= run_.first) {
    if (e.burst == run_.first)
      run_.first = next_of(e.burst);
    else
      run_.first = run_.next;  // out of order: only what comes now can be a run again
  }
  List& list = banks_[e.bank].lists[direction];
  (e.before == kNone ? list.head : entries_[e.before].next) = e.next;
  (e.next == kNone ? list.tail : entries_[e.next].before) = e.before;
  if (--list.count == 0) {
    const Candidate last = active_[direction].back();
    active_[direction][list.active_at] = last;
    banks_[last.bank].lists[direction].active_at = list.active_at;
    active_[direction].pop_back();
  }
  --queued_[direction];
  --ranks_[rank_of(e.bank)].queued;
  free_entries_.push_back(index);
}

/// Watermarks with hysteresis: seen by the scheduler from the next cycle on.
void DramChannel::update_direction(Cycle at) {
  Direction next = direction_;
  if (direction_ == kRead) {
    if (queued_[kRead] == 0) owed_reads_ = 0;
    if ((queued_[kWrite] >= high_ && owed_reads_ == 0) || (queued_[kRead] == 0 && queued_[kWrite] > 0)) next = kWrite;
  } else if (queued_[kWrite] == 0 || (queued_[kWrite] <= low_ && queued_[kRead] > 0)) {
    next = kRead;
  } else if (overtime_ >= 2 * capacity_[kWrite] && queued_[kRead] > 0) {
    next = kRead;  // writes come as fast as they drain: reads must not starve
    owed_reads_ = capacity_[kRead];
  }
  if (next == direction_) return;
  overtime_ = 0;
  direction_ = next;
  direction_since_ = at + 1;
}

DramCounts DramChannel::counts(Cycle end) const {
  DramCounts out = counts_;
  for (std::uint32_t b = 0; b < banks_.size(); ++b)
    if (timing_.is_open(b) && end > banks_[b].open_since) out.bank_open_cycles += end - banks_[b].open_since;
  for (std::uint32_t r = 0; r < ranks_.size(); ++r)
    if (timing_.open_banks(r) > 0 && end > ranks_[r].open_since) out.rank_open_cycles += end - ranks_[r].open_since;
  return out;
}

Cycle DramChannel::last_data() const {
  const Cycle edge = *std::max_element(data_edge_.begin(), data_edge_.end());
  return edge == 0 ? 0 : edge + spec_.write_latency;  // of a read this is not more than when its data are due
}

std::uint64_t DramChannel::unaccounted(Cycle end) const {
  std::uint64_t sum = 0;
  for (const Cycle edge : data_edge_) sum += end > edge ? end - edge : 0;
  return sum;
}

void DramChannel::print_state(std::ostream& out) const {
  out << "channel " << index_ << " at cycle " << now_ << ": " << queued_[kRead] << " reads and " << queued_[kWrite]
      << " writes queued, " << feeding_ << " requests to be taken";
}

}  // namespace lutetia
