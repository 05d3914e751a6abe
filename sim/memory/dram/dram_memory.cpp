#include "memory/dram/dram_memory.h"

#include <algorithm>
#include <ostream>

namespace lutetia {

DramMemory::DramMemory(const std::string& name, const DramConfig& config, StatGroup* parent)
    : MainMemory(name, {"memory",
                        [&config] {
                          DramSpec spec;
                          Problems ignored;
                          resolve(config, "", spec, ignored);
                          return spec.clock.frequency;
                        }()}),
      system_(config),
      response_latency_(cycles_in(clock(), config.controller.response_latency)),
      write_queue_(config.controller.write_queue),
      stats_(leaf_name(), parent) {}

MemoryPort& DramMemory::add_port(const std::string& name, std::uint32_t outstanding, Clocked* requester) {
  ports_.push_back({std::make_unique<MemoryPort>(name, outstanding), outstanding, {}});
  ports_.back().port->connect(requester, this);
  system_.add_port();
  return *ports_.back().port;
}

void DramMemory::tick(Cycle now) {
  if (now > 0) system_.advance(now - 1);
  for (std::uint32_t p = 0; p < ports_.size(); ++p) {
    Port& port = ports_[p];
    if (!port.pending.empty()) {
      const Pending& oldest = port.pending.front();
      if (oldest.request->remaining == 0 && oldest.request->due + response_latency_ <= now &&
          port.port->responses.can_push(now)) {
        (oldest.response.write ? bytes_written_ : bytes_read_) += oldest.response.bytes;
        port.port->responses.push(now, oldest.response);
        system_.release(oldest.request);
        port.pending.pop_front();
      }
    }
    if (port.pending.size() >= port.window || !port.port->requests.can_pop(now)) continue;
    const MemoryRequest r = port.port->requests.pop(now);
    port.pending.push_back({system_.submit(p, r.address, r.bytes, r.write, now), {r.bytes, r.write}});
    ++requests_;
  }
}

Cycle DramMemory::next_event(Cycle now) const {
  Cycle next = kNever;
  for (const Port& port : ports_) {
    if (!port.pending.empty()) {
      const Pending& oldest = port.pending.front();
      const Cycle end = system_.earliest_end(*oldest.request, oldest.response.write, now);
      next = std::min(next, std::max(end + response_latency_, port.port->responses.next_push(now)));
    }
    if (port.pending.size() < port.window) next = std::min(next, port.port->requests.next_pop(now));
  }
  return next == kNever ? kNever : std::max(next, now + 1);
}

std::vector<MemoryTime> DramMemory::time_until(Cycle end) const {
  // Three kinds in short; dram_summary.h has every constraint by name.
  std::vector<MemoryTime> out = {{"busy", 0}, {"refresh", 0}, {"dram_timing", 0}, {"idle", 0}};
  for (const auto& [name, cycles] : system_.bus_time(end)) {
    const std::size_t kind = name == "data" ? 0 : name == "refresh" ? 1 : name == "no_request" ? 3 : 2;
    out[kind].cycles += cycles;
  }
  return out;
}

std::uint64_t DramMemory::buffered_bytes() const {
  const DramGeometry& g = system_.spec().geometry;
  return (std::uint64_t{g.channels} * write_queue_ + system_.counts(0).forwarded) * g.burst_bytes;
}

void DramMemory::drain() {
  system_.drain();
}

void DramMemory::print_state(std::ostream& out) const {
  for (const auto& channel : system_.channels()) {
    if (channel != system_.channels().front()) out << "; ";
    channel->print_state(out);
  }
}

std::vector<Wait> DramMemory::waits(Cycle) const {
  std::vector<Wait> out;
  for (const Port& port : ports_) {
    if (!port.pending.empty())
      out.push_back({&port.port->responses, Wait::For::kSpace});
    else
      out.push_back({&port.port->requests, Wait::For::kData});
  }
  return out;
}

}  // namespace lutetia
