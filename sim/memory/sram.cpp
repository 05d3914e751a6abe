#include "memory/sram.h"

#include <algorithm>
#include <cassert>
#include <ostream>

namespace lutetia {
namespace {

std::string stat_name(std::string port) {
  std::replace(port.begin(), port.end(), '.', '_');
  return port;
}

/// Calls `visit` with each port of a set.
template <class Visit>
void for_each_port(std::uint64_t ports, const Visit& visit) {
  for (; ports != 0; ports &= ports - 1) visit(static_cast<std::size_t>(__builtin_ctzll(ports)));
}

}  // namespace

Sram::Port::Port(const std::string& name, std::uint32_t outstanding, StatGroup& stats)
    : channels(name, outstanding), outstanding(outstanding), stats(stat_name(name), &stats) {}

Sram::Sram(const std::string& name, const SramConfig& config, StatGroup* parent)
    : MainMemory(name, {"sram", config.clock}), config_(config), banks_(config), stats_(leaf_name(), parent) {}

MemoryPort& Sram::add_port(const std::string& name, std::uint32_t outstanding, Clocked* requester) {
  assert(ports_.size() < SramBanks::kMaxPorts);
  Port& port = ports_.emplace_back(name, outstanding, stats_);
  port.channels.connect(requester, this);
  return port.channels;
}

void Sram::tick(Cycle now) {
  advance(now);
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    Port& port = ports_[i];
    if (!port.pending.empty() && port.pending.front().due <= now && port.channels.responses.can_push(now)) {
      port.channels.responses.push(now, port.pending.front().response);
      port.pending.pop_front();
    }
    if (port.serving() || !port.channels.requests.can_pop(now)) continue;
    if (port.pending.size() < port.outstanding)
      take_request(i, now);
    else if (port.response_wait_since == kNever)
      port.response_wait_since = now;
  }
}

void Sram::take_request(std::size_t index, Cycle now) {
  Port& port = ports_[index];
  if (port.response_wait_since != kNever) port.response_wait += now - port.response_wait_since;
  port.response_wait_since = kNever;
  port.request = port.channels.requests.pop(now);
  const MemoryRequest& r = port.request;
  assert(r.bytes > 0 && r.bytes <= config_.capacity.value && r.address <= config_.capacity.value - r.bytes);
  const std::uint64_t first = r.address / config_.bank_width.value;
  port.left = (r.address + r.bytes - 1) / config_.bank_width.value - first + 1;
  port.word = first % config_.words();
  serving_ |= std::uint64_t{1} << index;
  (r.write ? bytes_written_ : bytes_read_) += r.bytes;
  ++requests_;
}

void Sram::advance(Cycle until) {
  while (time_ < until && serving_ != 0) {
    const std::uint64_t asking = serving_;
    for_each_port(asking, [&](std::size_t i) { banks_.ask(i, ports_[i].word, ports_[i].request.write); });
    const std::uint64_t granted = banks_.grant();
    Cycle cycles = 1;
    if (granted == asking) {
      cycles = until - time_;
      for_each_port(asking, [&](std::size_t i) {
        cycles = std::min({cycles, ports_[i].left, banks_.regular_words(ports_[i].word)});
      });
    }
    for_each_port(granted, [&](std::size_t i) { move(i, cycles, time_ + cycles - 1); });
    for_each_port(asking & ~granted, [&](std::size_t i) { ++ports_[i].conflict; });
    if (granted != asking) ++conflict_cycles_;
    busy_cycles_ += cycles;
    time_ += cycles;
  }
  time_ = until;
}

void Sram::move(std::size_t index, std::uint64_t words, Cycle last) {
  Port& port = ports_[index];
  banks_.count(port.word, words);
  accesses_ += words;
  port.granted += words;
  port.left -= words;
  port.word += words;
  if (port.word == config_.words()) port.word = 0;
  if (port.left > 0) return;
  serving_ &= ~(std::uint64_t{1} << index);
  port.pending.push_back({{port.request.bytes, port.request.write}, last + (port.request.write ? 1 : config_.latency)});
}

// Never later than the next push or pop that is due. A request being served ends no earlier than without conflicts; it
// is looked at in that cycle, and if words are left, again when these could be done.
Cycle Sram::next_event(Cycle now) const {
  Cycle next = kNever;
  for (const Port& port : ports_) {
    const auto& [requests, responses] = port.channels;
    if (!port.pending.empty()) next = std::min(next, std::max(port.pending.front().due, responses.next_push(now)));
    const Cycle last = now + port.left - 1;  // of the request being served, if any
    if (port.serving())
      next = std::min(next, std::max(last + (port.request.write ? 1 : config_.latency), responses.next_push(now)));
    // A port that is full needs no look: what frees it is a response. But its waiting has to be seen to begin.
    if (port.response_wait_since == kNever)
      next = std::min(next, std::max(requests.next_pop(now), port.serving() ? last + 1 : 0));
  }
  return next == kNever ? kNever : std::max(next, now + 1);
}

void Sram::print_state(std::ostream& out) const {
  out << requests() << " requests taken, " << accesses_.value() << " words accessed";
  for (const Port& port : ports_) {
    out << ", " << port.channels.requests.name() << " " << port.left << " words to go, " << port.pending.size()
        << " pending";
  }
}

std::vector<Wait> Sram::waits(Cycle) const {
  std::vector<Wait> out;
  for (const Port& port : ports_) {
    if (!port.pending.empty())
      out.push_back({&port.channels.responses, Wait::For::kSpace});
    else if (!port.serving())
      out.push_back({&port.channels.requests, Wait::For::kData});
  }
  return out;
}

std::vector<MemoryTime> Sram::time_until(Cycle end) const {
  std::uint64_t longest = 0;
  for (const Port& port : ports_) longest = std::max(longest, port.left);
  const Cycle accessed = busy_cycles() + (end > time_ ? std::min(end - time_, longest) : 0);
  const Cycle conflict = conflict_cycles_.value();
  return {{"busy", accessed - conflict}, {"conflict", conflict}, {"idle", end - accessed}};
}

Sram::PortCycles Sram::port_cycles(std::size_t port) const {
  const Port& p = ports_[port];
  return {p.granted.value(), p.conflict.value(), p.response_wait.value()};
}

}  // namespace lutetia
