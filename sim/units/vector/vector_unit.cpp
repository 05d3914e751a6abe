#include "units/vector/vector_unit.h"

#include <algorithm>
#include <ostream>

namespace lutetia {

VectorUnit::VectorUnit(const std::string& name, const ClockDomain& clock, const VectorConfig& config, StatGroup* parent)
    : ComputeUnit(name, clock, parent), config_(config), reads_(operands_read_), dones_(done_) {}

void VectorUnit::tick(Cycle now) {
  reads_.tick(now);
  dones_.tick(now);
  if (free_at_ > now || dones_.size() >= kTilesInFlight || !commands_.can_pop(now)) return;
  const TileCommand tile = commands_.pop(now);
  const VectorTime time = vector_time(config_, tile);
  idle_.add(tile.waited, now - free_at_);
  busy_ += time.issue;
  ++tiles_;
  macs_ += tile.work;
  enter(tile.operator_index, {time.issue});
  if (tile.op != TileOp::kMultiplyAdd) elements_ += std::uint64_t{tile.m} * tile.n;
  free_at_ = now + time.issue;
  reads_.add(free_at_);
  dones_.add(free_at_ + time.latency);
}

Cycle VectorUnit::next_event(Cycle now) const {
  Cycle next = std::min(reads_.next_event(now), dones_.next_event(now));
  if (dones_.size() < kTilesInFlight) next = std::min(next, std::max(commands_.next_pop(now), free_at_));
  return next;
}

void VectorUnit::print_state(std::ostream& out) const {
  out << dones_.size() << " tiles in flight, issue port free from cycle " << free_at_;
}

std::vector<Wait> VectorUnit::waits(Cycle) const {
  std::vector<Wait> out;
  reads_.append_wait(out);
  dones_.append_wait(out);
  if (out.empty()) out.push_back({&commands_, Wait::For::kData});
  return out;
}

UnitAbilities VectorUnit::abilities() const {
  return {name(), "transaction", "RTL: none (timing from lanes and latencies)", 0, config_.products_per_cycle()};
}

std::vector<ActivityShare> VectorUnit::activity(Cycle end) const {
  std::vector<ActivityShare> shares = {{"busy", busy_}};
  idle_.append_to(shares, end);
  return shares;
}

}  // namespace lutetia
