#include "memory/host_port.h"

#include <algorithm>
#include <ostream>

namespace lutetia {

Cycle HostPort::cycle_after(std::uint64_t femtoseconds) const {
  Cycle cycle = clock().cycle_at(femtoseconds);
  while (clock().femtoseconds(cycle) <= femtoseconds) ++cycle;
  return cycle;
}

void HostPort::send(const MemoryRequest& request, Cycle earliest) {
  waiting_.push_back({request, earliest});
  wake(earliest);
}

void HostPort::release(Cycle from) {
  assert(offering_);
  released_from_ = from;
  if (from > now_) wake(from);  // else this tick sees to it
}

void HostPort::take_release(Cycle now) {
  if (!offering_ || released_from_ > now) return;
  offering_ = false;
  released_from_ = kNever;
  --slots_used_;
}

void HostPort::tick(Cycle now) {
  now_ = now;
  take_release(now);
  if (!offering_ && port_->responses.can_pop(now)) {
    port_->responses.pop(now);
    offering_ = true;
    host_.answered(now);
    take_release(now);
  }
  if (waiting_.empty() || waiting_.front().earliest > now || slots_used_ >= outstanding_) return;
  if (!port_->requests.can_push(now)) return;
  port_->requests.push(now, waiting_.front().request);
  waiting_.pop_front();
  ++slots_used_;
  host_.entered(now);
}

Cycle HostPort::next_event(Cycle now) const {
  Cycle next = offering_ ? released_from_ : port_->responses.next_pop(now);
  if (!waiting_.empty() && slots_used_ < outstanding_)
    next = std::min(next, std::max(waiting_.front().earliest, port_->requests.next_push(now)));
  return next;
}

void HostPort::print_state(std::ostream& out) const {
  out << waiting_.size() << " requests wait to enter, " << slots_used_ << " of " << outstanding_ << " slots used";
  if (offering_) out << ", the host has not taken its response";
}

std::vector<Wait> HostPort::waits(Cycle) const {
  std::vector<Wait> out;
  if (slots_used_ > 0 && !offering_) out.push_back({&port_->responses, Wait::For::kData});
  if (!waiting_.empty() && slots_used_ < outstanding_) out.push_back({&port_->requests, Wait::For::kSpace});
  return out;
}

}  // namespace lutetia
