#include "dataflow/periodic_rows.h"

#include <algorithm>

namespace lutetia::dataflow {

bool PeriodicRows::skip(std::uint64_t work) {
  if (marker_ == nullptr) find_marker();
  if (marker_->fired == marked_ || work < next_work_) return false;
  marked_ = marker_->fired;
  capture(now_);
  next_work_ = work + now_.relative.size();  // comparing costs less than what is compared
  if (now_.relative == kept_.relative && jump(kept_, now_)) {
    kept_ = {};
    comparisons_ = 0;
    next_keep_ = 1;
    marked_ = marker_->fired;
    return true;
  }
  if (++comparisons_ >= next_keep_) {
    std::swap(kept_, now_);
    comparisons_ = 0;
    next_keep_ *= 2;
  }
  return false;
}

void PeriodicRows::find_marker() {
  for (NodeStamps& n : stamps_.nodes)
    if (marker_ == nullptr || n.node->firings <= marker_->node->firings) marker_ = &n;
}

void PeriodicRows::capture(State& state) const {
  state.base = marker_->clock;
  state.relative.clear();
  state.sums.clear();
  state.issued.clear();
  for (const NodeStamps& n : stamps_.nodes) {
    state.sums.push_back({n.fired, n.reset, n.wait_data, n.wait_space});
    state.relative.push_back(n.finished() ? 1 : 0);
    if (n.finished()) continue;
    for (const std::uint64_t x : {n.clock - state.base, n.give_phase, n.row_phase, std::uint64_t{n.was_reset},
                                  std::uint64_t{n.holds}, n.holds ? n.taken_at - state.base : 0})
      state.relative.push_back(x);
    state.relative.insert(state.relative.end(), n.phase.begin(), n.phase.end());
  }
  for (const NodeStamps& producer : stamps_.nodes)
    for (const std::uint32_t c : producer.node->outputs) {
      const FifoStamps& fifo = stamps_.fifos[c];
      const auto consumer = std::find_if(stamps_.nodes.begin(), stamps_.nodes.end(), [&](const NodeStamps& n) {
        return std::find(n.in.begin(), n.in.end(), &fifo) != n.in.end();
      });
      capture_fifo(fifo, producer, *consumer, state.base, state.relative);
    }
  for (const FifoStamps& fifo : stamps_.fifos) state.issued.push_back(fifo.issued);
}

/// Stamps before the clock of the node that reads them are as good as that clock.
void PeriodicRows::capture_fifo(const FifoStamps& fifo, const NodeStamps& producer, const NodeStamps& consumer,
                                Cycle base, std::vector<std::uint64_t>& out) const {
  out.push_back(fifo.waiting());
  out.push_back(fifo.occupancy);
  out.push_back(fifo.slots.size());
  for (std::uint64_t i = fifo.taken; i < fifo.issued; ++i) {
    out.push_back(std::max(fifo.slot(i).visible, consumer.clock) - base);
    out.push_back(std::max(fifo.slot(i).issued, consumer.clock) - base);
  }
  if (producer.finished()) return;
  const std::uint64_t window = fifo.bounded                               ? fifo.depth
                               : fifo.occupancy == FifoStamps::kUntracked ? 0
                                                                          : fifo.occupancy;
  const std::uint64_t first = fifo.issued - std::min(fifo.issued, window);
  out.push_back(fifo.taken - std::min(fifo.taken, first));
  for (std::uint64_t i = first; i < fifo.taken; ++i) out.push_back(std::max(fifo.free(i), producer.clock) - base);
}

bool PeriodicRows::jump(const State& from, const State& to) {
  std::uint64_t times = kNoLimit;
  for (std::size_t i = 0; i < stamps_.nodes.size(); ++i) {
    const NodeStamps& n = stamps_.nodes[i];
    const std::uint64_t fired = to.sums[i].fired - from.sums[i].fired;
    const std::uint64_t begun = n.holds || n.was_reset ? 1 : 0;  // a firing that must still come to an end
    if (fired != 0) times = std::min(times, (n.node->firings - n.fired - begun) / fired);
  }
  if (times == kNoLimit || times == 0) return false;
  const Cycle cycles = times * (to.base - from.base);
  for (std::size_t i = 0; i < stamps_.nodes.size(); ++i) {
    NodeStamps& n = stamps_.nodes[i];
    if (n.finished()) continue;
    const Sums &a = from.sums[i], &b = to.sums[i];
    n.fired += times * (b.fired - a.fired);
    n.clock += cycles;
    n.taken_at += cycles;
    n.reset += times * (b.reset - a.reset);
    for (std::size_t k = 0; k < n.wait_data.size(); ++k) n.wait_data[k] += times * (b.wait_data[k] - a.wait_data[k]);
    for (std::size_t k = 0; k < n.wait_space.size(); ++k)
      n.wait_space[k] += times * (b.wait_space[k] - a.wait_space[k]);
  }
  for (std::size_t c = 0; c < stamps_.fifos.size(); ++c)
    stamps_.fifos[c].advance(times * (to.issued[c] - from.issued[c]), cycles);
  return true;
}

}  // namespace lutetia::dataflow
