#include "accelerator/sequencer.h"

#include <algorithm>
#include <ostream>

namespace lutetia {
void describe(Schema& s, SequencerConfig& c) {
  s.field("queue_depth", c.queue_depth, "instructions waiting per engine").range(1, 4096);
  s.field("fetch_width", c.fetch_width, "instructions fetched per cycle").range(1, 64);
}

Sequencer::Sequencer(const std::string& name, const ClockDomain& clock, const SequencerConfig& config,
                     InstructionSource& program, std::size_t operators)
    : Clocked(name, clock), config_(config), program_(program), times_(operators) {
  has_fetched_ = program_.next(fetched_);
  exhausted_ = !has_fetched_;
}

void Sequencer::connect_dma(Engine engine, Dma& dma) {
  Queue& queue = queues_[static_cast<std::size_t>(engine)];
  queue.dma_commands = &dma.commands();
  queue.dma_done = &dma.done();
  queue.done = engine == Engine::kLoad ? Event::kLoadDone : Event::kStoreDone;
  dma.commands().connect(this, &dma);
  dma.done().connect(&dma, this);
}

void Sequencer::connect_unit(Engine engine, ComputeUnit& unit) {
  Queue& queue = queues_[static_cast<std::size_t>(engine)];
  queue.tile_commands = &unit.commands();
  queue.tile_read = &unit.operands_read();
  queue.tile_done = &unit.done();
  queue.read = read_event(engine);
  queue.done = done_event(engine);
  unit.commands().connect(this, &unit);
  unit.operands_read().connect(&unit, this);
  unit.done().connect(&unit, this);
}

void Sequencer::tick(Cycle now) {
  for (Queue& queue : queues_)
    if (queue.idle) queue.waited[static_cast<std::size_t>(queue.blocked_on)] += now - waits_counted_;
  waits_counted_ = now;
  for (Queue& queue : queues_) collect(queue, now);
  for (Queue& queue : queues_) issue(queue, now);
  for (std::uint32_t i = 0; i < config_.fetch_width; ++i)
    if (!fetch()) break;
  for (Queue& queue : queues_) note_wait(queue);
}

/// Nothing changes here until the next tick, so what holds now is what the cycles until then are counted as.
void Sequencer::note_wait(Queue& queue) {
  queue.idle = queue.issued.empty();
  queue.blocked_on = WaitCause::kIssue;
  // With an empty queue the next tile has not even been fetched: the queue that fetch waits for tells why.
  const bool starved = queue.waiting.empty() && has_fetched_;
  const Queue& waiting = starved ? queues_[static_cast<std::size_t>(fetched_.engine)] : queue;
  if (waiting.waiting.empty()) return;
  Event missing = Event::kLoadDone;
  if (!may_go(waiting.waiting.front(), &missing)) {
    queue.blocked_on = root_cause(missing);
  } else if (starved) {
    queue.blocked_on = cause_of(fetched_.engine);
  }
}

/// The engine at work, followed from the one that was waited for: a load may wait for a store, which waits for a unit.
WaitCause Sequencer::root_cause(Event missing) const {
  for (std::size_t hops = 0; hops < kEngines; ++hops) {
    const Queue& queue = queues_[static_cast<std::size_t>(engine_of(missing))];
    Event deeper = missing;
    if (!queue.issued.empty() || queue.waiting.empty() || may_go(queue.waiting.front(), &deeper)) break;
    missing = deeper;
  }
  return cause_of(engine_of(missing));
}

void Sequencer::collect(Queue& queue, Cycle now) {
  if (queue.dma_done != nullptr && queue.dma_done->can_pop(now)) {
    queue.dma_done->pop(now);
    complete(queue, now);
  }
  if (queue.tile_read != nullptr && queue.tile_read->can_pop(now)) {
    queue.tile_read->pop(now);
    ++counts_[static_cast<std::size_t>(queue.read)];
  }
  if (queue.tile_done != nullptr && queue.tile_done->can_pop(now)) {
    queue.tile_done->pop(now);
    complete(queue, now);
  }
}

void Sequencer::complete(Queue& queue, Cycle now) {
  ++counts_[static_cast<std::size_t>(queue.done)];
  const Issued issued = queue.issued.front();
  queue.issued.pop_front();
  --in_flight_;
  ++done_;
  times_[issued.operator_index].end = now;
  if (observer_ != nullptr)
    observer_->completed(static_cast<Engine>(&queue - queues_.data()), issued.operator_index, issued.at, now);
  if (finished()) finished_at_ = now;
}

bool Sequencer::may_go(const Instruction& instruction, Event* missing) const {
  for (std::size_t e = 0; e < kEvents; ++e) {
    if (counts_[e] >= instruction.wait[e]) continue;
    *missing = static_cast<Event>(e);
    return false;
  }
  return true;
}

void Sequencer::issue(Queue& queue, Cycle now) {
  if (queue.waiting.empty()) return;
  Instruction& head = queue.waiting.front();
  Event missing = Event::kLoadDone;
  if (!may_go(head, &missing)) return;
  if (queue.dma_commands != nullptr) {
    if (!queue.dma_commands->can_push(now)) return;
    queue.dma_commands->push(now, {head.address, head.bytes, head.engine == Engine::kStore});
  } else {
    if (!queue.tile_commands->can_push(now)) return;
    head.tile.waited = queue.waited;
    queue.tile_commands->push(now, head.tile);
  }
  OperatorTime& time = times_[head.operator_index];
  time.start = std::min(time.start, now);
  newest_operator_ = std::max(newest_operator_, head.operator_index);
  queue.issued.push_back({head.operator_index, now});
  queue.waiting.pop_front();
  queue.waited.fill(0);
}

bool Sequencer::fetch() {
  if (!has_fetched_) return false;
  Queue& queue = queues_[static_cast<std::size_t>(fetched_.engine)];
  if (queue.waiting.size() >= config_.queue_depth) return false;
  queue.waiting.push_back(fetched_);
  ++in_flight_;
  has_fetched_ = program_.next(fetched_);
  exhausted_ = !has_fetched_;
  return true;
}

Cycle Sequencer::next_event(Cycle now) const {
  Cycle next = kNever;
  if (has_fetched_ && queues_[static_cast<std::size_t>(fetched_.engine)].waiting.size() < config_.queue_depth)
    return now + 1;
  for (const Queue& queue : queues_) {
    if (queue.dma_done != nullptr) next = std::min(next, queue.dma_done->next_pop(now));
    if (queue.tile_read != nullptr) next = std::min(next, queue.tile_read->next_pop(now));
    if (queue.tile_done != nullptr) next = std::min(next, queue.tile_done->next_pop(now));
    Event missing = Event::kLoadDone;
    if (queue.waiting.empty() || !may_go(queue.waiting.front(), &missing)) continue;
    next = std::min(
        next, queue.dma_commands != nullptr ? queue.dma_commands->next_push(now) : queue.tile_commands->next_push(now));
  }
  return next;
}

void Sequencer::print_state(std::ostream& out) const {
  out << done_ << " instructions done, " << in_flight_ << " in flight";
  for (std::size_t e = 0; e < kEngines; ++e) {
    const Queue& queue = queues_[e];
    Event missing = Event::kLoadDone;
    if (queue.waiting.empty()) continue;
    const Instruction& head = queue.waiting.front();
    out << "; " << kEngineNames[e] << " head of operator " << head.operator_index;
    if (!may_go(head, &missing))
      out << " " << lutetia::name(cause_of(engine_of(missing))) << " " << head.wait[static_cast<std::size_t>(missing)]
          << " (at " << counts_[static_cast<std::size_t>(missing)] << ")";
  }
}

std::vector<Wait> Sequencer::waits(Cycle now) const {
  std::vector<Wait> out;
  for (const Queue& queue : queues_) {
    Event missing = Event::kLoadDone;
    if (!queue.waiting.empty() && may_go(queue.waiting.front(), &missing)) {
      if (queue.dma_commands != nullptr && !queue.dma_commands->can_push(now))
        out.push_back({queue.dma_commands, Wait::For::kSpace});
      if (queue.tile_commands != nullptr && !queue.tile_commands->can_push(now))
        out.push_back({queue.tile_commands, Wait::For::kSpace});
    }
    if (queue.issued.empty()) continue;
    if (queue.dma_done != nullptr) out.push_back({queue.dma_done, Wait::For::kData});
    if (queue.tile_done != nullptr) out.push_back({queue.tile_done, Wait::For::kData});
  }
  return out;
}

}  // namespace lutetia
