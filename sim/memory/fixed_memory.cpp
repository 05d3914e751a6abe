#include "memory/fixed_memory.h"

#include <algorithm>
#include <ostream>

namespace lutetia {

void describe(Schema& s, FixedMemoryConfig& c) {
  s.field("bandwidth", c.bandwidth, "bytes per second the data bus carries")
      .range(BytesPerSecond(1'000'000), BytesPerSecond(100'000'000'000'000));
  s.field("latency", c.latency, "from the last byte on the bus to its arrival")
      .range(Picoseconds(0), Picoseconds(100'000'000));
  s.field("clock", c.clock, "clock of the controller").range(Hertz(1'000'000), Hertz(10'000'000'000));
}

FixedMemory::FixedMemory(const std::string& name, const FixedMemoryConfig& config, StatGroup* parent)
    : MainMemory(name, {"memory", config.clock}),
      config_(config),
      latency_(cycles_in(clock(), config.latency)),
      stats_(leaf_name(), parent) {}

MemoryPort& FixedMemory::add_port(const std::string& name, std::uint32_t outstanding, Clocked* requester) {
  ports_.push_back({std::make_unique<MemoryPort>(name, outstanding), {}});
  ports_.back().port->connect(requester, this);
  return *ports_.back().port;
}

void FixedMemory::tick(Cycle now) {
  for (Port& port : ports_) {
    if (port.pending.empty() || port.pending.front().due > now || !port.port->responses.can_push(now)) continue;
    port.port->responses.push(now, port.pending.front().response);
    port.pending.pop_front();
  }
  if (bus_free_ > now) return;
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    Port& port = ports_[(next_port_ + i) % ports_.size()];
    if (!port.port->requests.can_pop(now)) continue;
    const MemoryRequest request = port.port->requests.pop(now);
    const std::uint64_t bandwidth = config_.bandwidth.value;
    bus_time_ = std::max(bus_time_, Wide(now) * bandwidth) + Wide(request.bytes) * config_.clock.value;
    bus_free_ = static_cast<Cycle>(bus_time_ / bandwidth);
    const Cycle last_byte = bus_free_ + (Wide(bus_free_) * bandwidth < bus_time_ ? 1 : 0);
    port.pending.push_back({{request.bytes, request.write}, last_byte + (request.write ? 0 : latency_)});
    (request.write ? bytes_written_ : bytes_read_) += request.bytes;
    ++requests_;
    next_port_ = (next_port_ + i + 1) % ports_.size();
    return;
  }
}

Cycle FixedMemory::next_event(Cycle now) const {
  Cycle next = kNever;
  for (const Port& port : ports_) {
    if (!port.pending.empty())
      next = std::min(next, std::max(port.pending.front().due, port.port->responses.next_push(now)));
    next = std::min(next, std::max(port.port->requests.next_pop(now), bus_free_));
  }
  return next == kNever ? kNever : std::max(next, now + 1);
}

void FixedMemory::print_state(std::ostream& out) const {
  out << requests() << " requests taken, bus free from cycle " << bus_free_;
  for (const Port& port : ports_) out << ", " << port.port->requests.name() << " " << port.pending.size() << " pending";
}

std::vector<Wait> FixedMemory::waits(Cycle) const {
  std::vector<Wait> out;
  for (const Port& port : ports_) {
    if (!port.pending.empty())
      out.push_back({&port.port->responses, Wait::For::kSpace});
    else
      out.push_back({&port.port->requests, Wait::For::kData});
  }
  return out;
}

std::vector<MemoryTime> FixedMemory::time_until(Cycle end) const {
  const Cycle busy = std::min(busy_cycles(), end);
  return {{"busy", busy}, {"idle", end - busy}};
}

Cycle FixedMemory::busy_cycles() const {
  const Wide busy = Wide(bytes_read() + bytes_written()) * config_.clock.value;
  return static_cast<Cycle>((busy + config_.bandwidth.value - 1) / config_.bandwidth.value);
}

}  // namespace lutetia
