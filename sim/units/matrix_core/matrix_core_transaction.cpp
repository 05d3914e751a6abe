#include "units/matrix_core/matrix_core_transaction.h"

#include <ostream>

#include "units/matrix_core/matrix_core_cycle.h"

namespace lutetia {

MatrixCoreTransaction::MatrixCoreTransaction(const std::string& name, const ClockDomain& clock,
                                             const MatrixCoreShape& shape, StatGroup* parent)
    : ComputeUnit(name, clock, parent), shape_(shape), recurrence_(shape), reads_(operands_read_), dones_(done_) {
  for (const StreamPort& port : MatrixCoreCycle::input_ports(shape)) input_names_.push_back(port.name);
  for (auto& loads : loads_) loads.fill(-1);
  readers_.last_push.fill(-1);
  readers_.unit = this;
}

void MatrixCoreTransaction::tick(Cycle now) {
  const Stamp t = static_cast<Stamp>(now);
  if (t >= next_fork_ && commands_.can_pop(now)) run(commands_.pop(now), t);
  reads_.tick(now);
  dones_.tick(now);
}

void MatrixCoreTransaction::run(const TileCommand& tile, Stamp now) {
  const MatrixCoreCommand command = matrix_core_command(shape_, tile);
  const std::int64_t idle_before = recurrence_.activity().no_command;
  readers_.start[MatrixCorePort::kCommand] = now;
  for (std::uint32_t input = kFirstReader; input < MatrixCorePort::kInputs; ++input) {
    if (input == MatrixCorePort::kFill && !command.fill) continue;
    const Stamp load = std::max(now + 1, readers_.last_push[input]);
    loads_[input][1] = loads_[input][0];
    loads_[input][0] = load;
    readers_.start[input] = load + 1 + (input == MatrixCorePort::kWeight ? shape_.weight_latency : 0);
  }
  recurrence_.run(command, readers_);
  const MatrixCoreStamps& stamps = recurrence_.stamps();
  readers_.last_push = {stamps.command_accept, stamps.act_accept, stamps.weight_accept, stamps.scale_accept,
                        stamps.fill_accept};

  next_fork_ = std::max(now + 1, stamps.load[1] + 1);  // the cmd FIFO holds two
  for (std::uint32_t input = kFirstReader; input < MatrixCorePort::kInputs; ++input)
    next_fork_ = std::max(next_fork_, loads_[input][1] + 1);  // so does every job queue
  reads_.add(static_cast<Cycle>(std::max(stamps.act_accept, stamps.weight_accept)));
  dones_.add(static_cast<Cycle>(stamps.out_pop[0]));
  idle_.add(tile.waited, static_cast<Cycle>(recurrence_.activity().no_command - idle_before));
  enter(tile.operator_index, counters_.count(shape_, command));
}

Cycle MatrixCoreTransaction::next_event(Cycle now) const {
  const Cycle fork = std::max(commands_.next_pop(now), static_cast<Cycle>(next_fork_));
  return std::min({reads_.next_event(now), dones_.next_event(now), fork});
}

void MatrixCoreTransaction::print_state(std::ostream& out) const {
  out << dones_.size() << " tiles in flight, next command from cycle " << next_fork_;
}

std::vector<Wait> MatrixCoreTransaction::waits(Cycle) const {
  std::vector<Wait> out;
  reads_.append_wait(out);
  dones_.append_wait(out);
  if (out.empty()) out.push_back({&commands_, Wait::For::kData});
  return out;
}

std::vector<ActivityShare> MatrixCoreTransaction::activity(Cycle end) const {
  const MatrixCoreActivity& a = recurrence_.activity();
  std::vector<ActivityShare> shares = {{"busy", static_cast<Cycle>(a.busy)},
                                       {shape_.words.wait, static_cast<Cycle>(a.operands)},
                                       {"weights", static_cast<Cycle>(a.weights)},
                                       {"epilogue", static_cast<Cycle>(a.epilogue)}};
  idle_.append_to(shares, end);
  return shares;
}

}  // namespace lutetia
