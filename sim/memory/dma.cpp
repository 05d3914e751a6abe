#include "memory/dma.h"

#include <algorithm>
#include <ostream>

namespace lutetia {
void describe(Schema& s, DmaConfig& c) {
  s.field("request_bytes", c.request_bytes, "largest memory request").range(Bytes(32), Bytes(1u << 30));
  s.field("outstanding", c.outstanding, "requests in flight").range(1, 256);
  s.field("commands", c.commands,
          "commands (ranges, e.g. pages of a KV cache) in flight; 0: as many as hide the memory's latency with the "
          "smallest pieces of the cache that the attention unit reads, and as many requests")
      .range(0, 256);
}

Dma::Dma(const std::string& name, const ClockDomain& clock, const DmaConfig& config, StatGroup* parent)
    : Clocked(name, clock),
      config_(config),
      commands_({name + ".commands", 2, 1}),
      done_({name + ".done", 4, 1}),
      stats_(leaf_name(), parent) {
  commands_.connect(nullptr, this);
  done_.connect(this, nullptr);
}

std::size_t Dma::to_request() const {
  std::size_t i = 0;
  while (i < active_.size() && active_[i].left.bytes == 0) ++i;
  return i;
}

std::size_t Dma::to_answer() const {
  std::size_t i = 0;
  while (i < active_.size() && active_[i].responses == 0) ++i;
  return i;
}

void Dma::tick(Cycle now) {
  if (port_->responses.can_pop(now)) {
    bytes_ += port_->responses.pop(now).bytes;
    --active_[to_answer()].responses;
    --in_flight_;
  }
  if (!active_.empty() && active_.front().left.bytes == 0 && active_.front().responses == 0 && done_.can_push(now)) {
    done_.push(now, {});
    active_.pop_front();
    ++transfers_;
    if (active_.empty()) busy_ += now - busy_since_;
  }
  if (active_.size() < config_.commands && commands_.can_pop(now)) {
    if (active_.empty()) busy_since_ = now;
    active_.push_back({commands_.pop(now), 0});
  }
  if (to_request() == active_.size() || in_flight_ >= config_.outstanding || !port_->requests.can_push(now)) return;
  Active& next = active_[to_request()];
  const std::uint64_t bytes = std::min(next.left.bytes, config_.request_bytes.value);
  port_->requests.push(now, {next.left.address, bytes, next.left.write});
  next.left.address += bytes;
  next.left.bytes -= bytes;
  ++next.responses;
  ++in_flight_;
  ++requests_;
}

Cycle Dma::next_event(Cycle now) const {
  Cycle next = port_->responses.next_pop(now);
  if (!active_.empty() && active_.front().left.bytes == 0 && active_.front().responses == 0)
    next = std::min(next, done_.next_push(now));
  if (active_.size() < config_.commands) next = std::min(next, commands_.next_pop(now));
  if (in_flight_ < config_.outstanding && to_request() < active_.size())
    next = std::min(next, port_->requests.next_push(now));
  return next;
}

void Dma::print_state(std::ostream& out) const {
  out << transfers() << " transfers done, " << active_.size() << " active";
  if (!active_.empty()) {
    out << " (oldest: " << active_.front().left.bytes << " B to request, " << active_.front().responses
        << " responses to come)";
  }
}

std::vector<Wait> Dma::waits(Cycle) const {
  if (active_.empty()) return {{&commands_, Wait::For::kData}};
  std::vector<Wait> out;
  const Active& oldest = active_.front();
  if (oldest.left.bytes == 0 && oldest.responses == 0) out.push_back({&done_, Wait::For::kSpace});
  if (oldest.responses > 0) out.push_back({&port_->responses, Wait::For::kData});
  if (oldest.left.bytes > 0) out.push_back({&port_->requests, Wait::For::kSpace});
  return out;
}

}  // namespace lutetia
