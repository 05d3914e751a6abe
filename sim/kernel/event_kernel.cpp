#include "kernel/event_kernel.h"

#include <algorithm>

namespace lutetia {

EventKernel::~EventKernel() {
  for (Entry& entry : entries_) entry.block->set_listener(nullptr);
}

void EventKernel::add(Clocked& block) {
  entries_.push_back({&block, 0, 0, 0});
  block.set_listener(this);
}

void EventKernel::schedule(Entry& entry, Cycle at) {
  entry.next = at;
  entry.due = at == kNever ? UINT64_MAX : entry.block->clock().femtoseconds(at);
}

void EventKernel::woken(Clocked& block, Cycle at) {
  for (Entry& entry : entries_) {
    if (entry.block != &block) continue;
    if (at < entry.next) schedule(entry, at);
    return;
  }
}

void EventKernel::gone(Clocked& block) {
  entries_.erase(std::remove_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.block == &block; }),
                 entries_.end());
}

bool EventKernel::step() {
  std::uint64_t earliest = UINT64_MAX;
  for (const Entry& entry : entries_) earliest = std::min(earliest, entry.due);
  if (earliest == UINT64_MAX) return false;
  due_.clear();
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (entries_[i].due == earliest) due_.push_back(i);
  if (options_.shuffle) std::shuffle(due_.begin(), due_.end(), random_);
  for (const std::size_t i : due_) {
    Entry& entry = entries_[i];
    const Cycle now = entry.next;
    entry.last = now;
    entry.next = kNever;  // wake-ups during the tick may bring it forward
    entry.block->tick(now);
    ++activations_;
    Cycle next = entry.block->next_event(now);
    if (options_.tick_every_cycle && next != kNever) next = now + 1;
    schedule(entry, std::min(next, entry.next));
  }
  return true;
}

bool EventKernel::run_until_idle(const std::function<bool()>& finished, const std::function<bool()>& interrupted) {
  while (!finished()) {
    if (interrupted() || !step()) return false;
  }
  return true;
}

RunOutcome EventKernel::run(const std::function<bool()>& finished, const std::function<bool()>& interrupted) {
  RunOutcome outcome;
  if (!run_until_idle(finished, interrupted)) outcome.status = RunStatus::kDeadlock;
  if (outcome.status == RunStatus::kDeadlock && interrupted()) outcome.status = RunStatus::kInterrupted;
  outcome.activations = activations_;
  if (outcome.status != RunStatus::kDeadlock) return outcome;

  std::vector<Clocked*> blocks;
  std::vector<ChannelBase*> full;
  const auto last_cycles = [&] {
    std::vector<Cycle> last;
    for (const Entry& entry : entries_) last.push_back(entry.last);
    return last;
  };
  for (const Entry& entry : entries_) blocks.push_back(entry.block);
  outcome.deadlock = diagnose_deadlock(blocks, last_cycles(), full);
  DepthSearch search(outcome.deadlock);
  bool done = false;
  std::uint64_t time = outcome.deadlock.femtoseconds;
  while (!done && search.deepen(full, time)) {
    done = run_until_idle(finished, interrupted);
    if (!done) time = diagnose_deadlock(blocks, last_cycles(), full).femtoseconds;
  }
  search.finished(done);
  return outcome;
}

}  // namespace lutetia
