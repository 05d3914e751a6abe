// A long stream repeats itself: once the queue holds nothing but its bursts, all in open rows, the state after one
// round through the banks is the state before it, only later. Then the rounds that follow are known up to the end of
// the rows, of the request, the next refresh, or the cycle that somebody waits for, and are worked off at once. Nothing
// is estimated: the whole state is compared, and tests hold the result equal to going command by command.
#include <algorithm>

#include "memory/dram/dram_channel.h"

namespace lutetia {

bool DramChannel::streaming() const {
  const auto other = static_cast<Direction>(1 - direction_);
  if (queued_[direction_] == 0 || opened_[other] != 0 || feeding_ == 0) return false;
  if (direction_ == kWrite ? queued_[kRead] > 0 : owed_reads_ > 0) return false;  // the turn is being counted
  const AddressMap::Pattern& pattern = map_.pattern();
  if ((run_.next - run_.first) / pattern.stride != queued_[direction_]) return false;
  if ((run_.next - pattern.stride) / pattern.block != run_.first / pattern.block) return false;
  std::size_t ports = 0;
  for (const Ring<Share>& feed : feeds_) {
    if (feed.empty()) continue;
    if (++ports > 1) return false;
    const Share& share = feed.front();
    if (share.serial != run_.serial || share.burst != run_.next || share.write != (direction_ == kWrite)) return false;
  }
  for (const Rank& rank : ranks_)
    if (rank.owed > 0) return false;
  for (const Candidate& c : active_[direction_])
    if (timing_.open_row(c.bank) != entries_[banks_[c.bank].lists[direction_].head].row) return false;
  return true;
}

/// Called after each column command; looks when the stream is about to begin a new round.
void DramChannel::repeat(Cycle until) {
  const AddressMap::Pattern& pattern = map_.pattern();
  if (pattern.period == 0 || run_.first % pattern.period >= pattern.stride) return;
  if (!streaming()) {
    boundary_.valid = false;
    return;
  }
  take_boundary(here_);
  if (boundary_.valid && here_.first == boundary_.first + pattern.period && same_state(boundary_, here_) &&
      here_.first / pattern.block == boundary_.first / pattern.block) {
    const Cycle period = here_.at - boundary_.at;
    Share* share = nullptr;
    for (Ring<Share>& feed : feeds_)
      if (!feed.empty()) share = &feed.front();
    const std::uint64_t block_end = (run_.first / pattern.block + 1) * pattern.block;
    const std::uint64_t left = block_end > share->burst ? ceil_div(block_end - share->burst, pattern.stride) : 0;
    std::uint64_t rounds = std::min(left / (pattern.period / pattern.stride),
                                    share->last > share->burst ? (share->last - share->burst) / pattern.period : 0);
    rounds = std::min(rounds, rounds_before_hazard(share->burst));
    const Cycle end = std::min(until, refresh_due_ - 1);
    if (order_ + rounds * pattern.period >= kMostOrders) rounds = 0;  // renumbering comes first
    rounds = end > now_ ? std::min<std::uint64_t>(rounds, (end - now_) / period) : 0;
    if (rounds > 0) {
      skip(rounds, period, *share);
      boundary_.valid = false;
      return;
    }
  }
  std::swap(boundary_, here_);
  boundary_.sent.clear();
  boundary_.sent_bursts.clear();
}

/// Bursts of the other direction may wait meanwhile, unless one of them is about to be asked for.
std::uint64_t DramChannel::rounds_before_hazard(std::uint64_t burst) const {
  std::uint64_t rounds = UINT64_MAX;
  const auto other = static_cast<Direction>(1 - direction_);
  for (const Candidate& c : active_[other])
    for (std::uint16_t i = banks_[c.bank].lists[other].head; i != kNone; i = entries_[i].next)
      if (entries_[i].burst >= burst) rounds = std::min(rounds, (entries_[i].burst - burst) / map_.pattern().period);
  return rounds;
}

void DramChannel::take_boundary(Boundary& b) const {
  b.valid = true;
  b.at = now_;
  b.first = run_.first;
  timing_.remaining(now_, b.remaining);
  b.entries.resize(queued_[direction_]);
  const std::uint64_t stride = map_.pattern().stride;
  for (const Candidate& c : active_[direction_])
    for (std::uint16_t i = banks_[c.bank].lists[direction_].head; i != kNone; i = entries_[i].next) {
      const Entry& e = entries_[i];
      // Age, and what its statistics will depend on.
      b.entries[(e.burst - run_.first) / stride] = (now_ - e.visible) * 1024 + e.arrival_cause * 4u + e.row_work;
    }
  const auto ahead = [this](Cycle at) { return at >= now_ ? at - now_ + 1 : 0; };  // what is free now may be taken now
  b.buses = {ahead(bus_free_[0]), ahead(bus_free_[1]), ahead(accept_free_), ahead(space_at_[direction_])};
  b.edges = data_edge_;
  b.lost = counts_.lost_cycles;
  b.latency = counts_.read_latency;
}

bool DramChannel::same_state(const Boundary& a, const Boundary& b) const {
  // A data bus that the stream does not use stays behind.
  const auto same_edge = [&](const DramCommand& c) {
    const std::uint32_t bus = spec_.geometry.node(Level::kPseudoChannel, c.bank);
    return a.edges[bus] - a.at == b.edges[bus] - b.at;
  };
  return a.entries == b.entries && a.buses == b.buses && a.remaining == b.remaining &&
         std::all_of(a.sent.begin(), a.sent.end(), same_edge);
}

/// `rounds` times what was sent since boundary_, each `period` cycles later than the one before.
void DramChannel::skip(std::uint64_t rounds, Cycle period, Share& share) {
  const AddressMap::Pattern& pattern = map_.pattern();
  const Cycle by = rounds * period;
  const std::uint64_t bursts = rounds * (pattern.period / pattern.stride);
  if (sink_ != nullptr) {
    for (std::uint64_t r = 1; r <= rounds; ++r)
      for (std::size_t i = 0; i < boundary_.sent.size(); ++i) {
        DramCommand c = boundary_.sent[i];
        c.at += r * period;
        c.column = map_.decode(boundary_.sent_bursts[i] + r * pattern.period).column;
        sink_->issued(c);
      }
  }
  std::uint32_t moved = 0;  // pseudo channels
  for (const DramCommand& c : boundary_.sent) {
    counts_.commands[static_cast<std::size_t>(c.command)] += rounds;
    banks_[c.bank].served += static_cast<std::uint32_t>(rounds);
    const std::uint32_t bus = spec_.geometry.node(Level::kPseudoChannel, c.bank);
    if ((moved >> bus & 1) == 0) data_edge_[bus] += by;
    moved |= 1u << bus;
  }
  counts_.data_cycles += bursts * spec_.burst_cycles;
  counts_.row_hits += bursts;
  (direction_ == kRead ? counts_.read_bursts : counts_.write_bursts) += bursts;
  for (std::size_t i = 0; i < counts_.lost_cycles.size(); ++i)
    counts_.lost_cycles[i] += rounds * (here_.lost[i] - boundary_.lost[i]);
  HistogramData& latency = counts_.read_latency;
  latency.count += rounds * (here_.latency.count - boundary_.latency.count);
  latency.sum += rounds * (here_.latency.sum - boundary_.latency.sum);
  for (std::size_t i = 0; i < latency.buckets.size(); ++i)
    latency.buckets[i] +=
        rounds * (here_.latency.buckets[i] - (i < boundary_.latency.buckets.size() ? boundary_.latency.buckets[i] : 0));

  timing_.shift(now_, by);
  for (const Candidate& c : active_[direction_])
    for (std::uint16_t i = banks_[c.bank].lists[direction_].head; i != kNone; i = entries_[i].next) {
      Entry& e = entries_[i];
      e.burst += rounds * pattern.period;
      e.column = map_.decode(e.burst).column;
      e.order += bursts;
      e.visible += by;
    }
  for (auto& active : active_)  // what waits in the other direction has to wait for these rounds, too
    for (Candidate& c : active) c.valid = false;
  order_ += bursts;
  run_.first += rounds * pattern.period;
  run_.next += rounds * pattern.period;
  share.burst += rounds * pattern.period;
  share.at += by;
  share.request->remaining -= bursts;
  for (Cycle* at : {&bus_free_[0], &bus_free_[1], &accept_free_, &space_at_[direction_]})
    if (*at >= now_) *at += by;
  now_ += by;
  last_event_ = now_;
  // The other channels' shares of the request may end later: what ends here is the last burst sent or taken.
  const Cycle end = share.write ? share.at + 1 : now_ + spec_.read_latency + spec_.burst_cycles;
  share.request->due = std::max(share.request->due, end);
  take_valid_ = false;
}

}  // namespace lutetia
