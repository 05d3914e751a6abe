#include "units/attention/attention_transaction.h"

#include <ostream>

namespace lutetia {

AttentionTransaction::AttentionTransaction(const std::string& name, const ClockDomain& clock,
                                           const AttentionConfig& config, StatGroup* parent)
    : ComputeUnit(name, clock, parent), config_(config), recurrence_(config), reads_(operands_read_), dones_(done_) {
  for (const StreamPort& port : AttentionPort::inputs(config)) input_names_.push_back(port.name);
  for (auto& loads : loads_) loads.fill(-1);
  readers_.unit = this;
}

/// First cycle in which the tile at the front can be forked: a job queue holds two.
Stamp AttentionTransaction::fork_from() const {
  Stamp from = last_fork_ + 1;
  if (commands_.occupancy() == 0) return from;
  const AttentionCommand first = AttentionTileCommands(config_, commands_.front()).command(0);
  for (std::uint32_t input = 0; input < AttentionPort::kInputs; ++input)
    if (attention_beats(first, input) > 0) from = std::max(from, loads_[input].back() + 1);
  return from;
}

void AttentionTransaction::tick(Cycle now) {
  if (commands_.can_pop(now) && static_cast<Stamp>(now) >= fork_from())
    run(commands_.pop(now), static_cast<Stamp>(now));
  reads_.tick(now);
  dones_.tick(now);
}

void AttentionTransaction::run(const TileCommand& tile, Stamp now) {
  const AttentionTileCommands commands(config_, tile);
  const AttentionCommand first = commands.command(0);
  last_fork_ = now;
  for (std::uint32_t input = 0; input < AttentionPort::kInputs; ++input) {
    if (attention_beats(first, input) == 0) continue;
    const Stamp load = std::max(now + 1, recurrence_.accepted(input));
    std::move_backward(loads_[input].begin(), loads_[input].end() - 1, loads_[input].end());
    loads_[input].front() = load;
    readers_.start[input] = load + 1;
  }
  const std::int64_t idle_before = recurrence_.activity().idle;
  ++counters_.tiles;
  for (std::uint64_t i = 0; i < commands.size(); ++i) {
    const AttentionCommand command = commands.command(i);
    enter(tile.operator_index, counters_.count(config_, command));
    recurrence_.run(command, readers_);
  }
  Stamp read = -1;
  for (std::uint32_t input = 0; input < AttentionPort::kInputs; ++input)
    if (is_attention_operand(input) && attention_beats(first, input) > 0)
      read = std::max(read, recurrence_.accepted(input));
  reads_.add(static_cast<Cycle>(read));
  last_done_ = std::max(last_done_, tile.attention.close ? recurrence_.stamps().out : read);
  dones_.add(static_cast<Cycle>(last_done_));
  idle_.add(tile.waited, static_cast<Cycle>(recurrence_.activity().idle - idle_before));
}

Cycle AttentionTransaction::next_event(Cycle now) const {
  const Cycle fork = std::max(commands_.next_pop(now), static_cast<Cycle>(fork_from()));
  return std::min({reads_.next_event(now), dones_.next_event(now), fork});
}

void AttentionTransaction::print_state(std::ostream& out) const {
  out << dones_.size() << " tiles in flight, next command from cycle " << fork_from();
}

std::vector<Wait> AttentionTransaction::waits(Cycle) const {
  std::vector<Wait> out;
  reads_.append_wait(out);
  dones_.append_wait(out);
  if (out.empty()) out.push_back({&commands_, Wait::For::kData});
  return out;
}

std::vector<ActivityShare> AttentionTransaction::activity(Cycle end) const {
  const AttentionActivity& a = recurrence_.activity();
  std::vector<ActivityShare> shares = {{"busy", static_cast<Cycle>(a.busy)},
                                       {"queries", static_cast<Cycle>(a.queries)},
                                       {"keys", static_cast<Cycle>(a.keys)},
                                       {"downstream", static_cast<Cycle>(a.downstream)}};
  idle_.append_to(shares, end);
  return shares;
}

}  // namespace lutetia
