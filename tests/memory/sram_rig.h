// What the SRAM is held against: the same memory written down word by word and cycle by cycle, as simply as possible;
// and a requester that takes its responses only now and then.
#pragma once
#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "base/random.h"
#include "memory/sram.h"

namespace lutetia {

/// Sends `requests` in order, none before its time; takes a response only in the cycles that `seed` and `take` choose.
class Customer final : public Clocked {
 public:
  struct Request {
    MemoryRequest request;
    Cycle earliest = 0;
  };
  Customer(const std::string& name, const ClockDomain& clock) : Clocked(name, clock) {}

  void tick(Cycle now) override {
    ++ticks;
    if (takes_in(now) && port->responses.can_pop(now)) {
      bytes += port->responses.pop(now).bytes;
      stamps.push_back(now);
    }
    if (sent == requests.size() || requests[sent].earliest > now || !port->requests.can_push(now)) return;
    port->requests.push(now, requests[sent++].request);
  }
  Cycle next_event(Cycle now) const override {
    Cycle next = port->responses.next_pop(now);
    while (next != kNever && !takes_in(next)) ++next;
    if (sent < requests.size()) next = std::min(next, std::max(requests[sent].earliest, port->requests.next_push(now)));
    return next;
  }
  void print_state(std::ostream& out) const override { out << stamps.size() << " of " << requests.size(); }
  std::vector<Wait> waits(Cycle) const override { return {{&port->responses, Wait::For::kData}}; }
  bool finished() const { return stamps.size() == requests.size(); }

  MemoryPort* port = nullptr;
  std::vector<Request> requests;
  std::uint64_t seed = 0;
  std::uint64_t take = 8;     ///< eighths of the cycles, at random
  std::vector<Cycle> stamps;  ///< of the responses
  std::size_t sent = 0;
  std::uint64_t bytes = 0, ticks = 0;

 private:
  bool takes_in(Cycle cycle) const { return take == 8 || hash(seed, cycle) % 8 < take; }
};

/// The oracle. Evaluated in every cycle; every word is an entry of a list.
class WordByWordSram final : public Clocked {
 public:
  WordByWordSram(const std::string& name, const SramConfig& config)
      : Clocked(name, {"sram", config.clock}), config_(config) {}
  MemoryPort& add_port(const std::string& name, std::uint32_t outstanding, Clocked* requester) {
    ports_.push_back(std::make_unique<Port>(name, outstanding));
    ports_.back()->channels.connect(requester, this);
    return ports_.back()->channels;
  }

  void tick(Cycle now) override {
    for (auto& p : ports_) {
      if (!p->answers.empty() && p->answers.front().due <= now && p->channels.responses.can_push(now)) {
        p->channels.responses.push(now, p->answers.front().response);
        p->answers.pop_front();
      }
      if (!p->words.empty() || !p->channels.requests.can_pop(now)) continue;
      if (p->answers.size() >= p->outstanding) {
        ++p->cycles.response_wait;
        continue;
      }
      p->request = p->channels.requests.pop(now);
      const std::uint64_t width = config_.bank_width.value;
      for (std::uint64_t byte = p->request.address; byte < p->request.address + p->request.bytes; ++byte)
        if (p->words.empty() || p->words.back() != byte / width) p->words.push_back(byte / width);
    }
    std::map<std::uint64_t, std::vector<std::size_t>> asking;  // by bank
    for (std::size_t i = 0; i < ports_.size(); ++i)
      if (!ports_[i]->words.empty()) asking[bank(ports_[i]->words.front())].push_back(i);
    for (const auto& [bank, ports] : asking) arbitrate(bank, ports, now);
    busy += asking.empty() ? 0 : 1;
  }
  Cycle next_event(Cycle now) const override { return now + 1; }
  void print_state(std::ostream&) const override {}
  std::vector<Wait> waits(Cycle) const override { return {}; }

  Sram::PortCycles port_cycles(std::size_t port) const { return ports_[port]->cycles; }
  std::map<std::uint64_t, std::uint64_t> accesses;  ///< by bank
  Cycle busy = 0;

 private:
  struct Answer {
    MemoryResponse response;
    Cycle due;
  };
  struct Port {
    Port(const std::string& name, std::uint32_t n) : channels(name, n), outstanding(n) {}
    MemoryPort channels;
    std::uint32_t outstanding;
    MemoryRequest request;
    std::deque<std::uint64_t> words;
    std::deque<Answer> answers;
    Sram::PortCycles cycles;
  };

  std::uint64_t bank(std::uint64_t word) const {
    if (config_.interleave == SramInterleave::kNone) return word / (config_.words() / config_.banks);
    if (!config_.double_buffer) return word % config_.banks;
    const std::uint64_t half = word / (config_.words() / 2);
    return half * (config_.banks / 2) + word % (config_.banks / 2);
  }
  void arbitrate(std::uint64_t bank, std::vector<std::size_t> ports, Cycle now) {
    const std::size_t n = ports_.size();
    const auto place = [&](std::size_t port) { return (port + n - priority_[bank]) % n; };
    std::sort(ports.begin(), ports.end(), [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
    int reads = 0, writes = 0;
    bool lost = false;
    std::size_t first_loser = 0;
    for (const std::size_t index : ports) {
      Port& p = *ports_[index];
      int& same = p.request.write ? writes : reads;
      const bool fits = config_.ports == SramPorts::kOneReadOneWrite ? same < 1
                        : config_.ports == SramPorts::kOneReadWrite  ? reads + writes < 1
                                                                     : reads + writes < 2;
      if (!fits) {
        ++p.cycles.conflict;
        if (!lost) first_loser = index;
        lost = true;
        continue;
      }
      ++same;
      ++p.cycles.granted;
      ++accesses[bank];
      p.words.pop_front();
      if (p.words.empty())
        p.answers.push_back({{p.request.bytes, p.request.write}, now + (p.request.write ? 1 : config_.latency)});
    }
    if (lost) priority_[bank] = first_loser;
  }

  SramConfig config_;
  std::vector<std::unique_ptr<Port>> ports_;
  std::map<std::uint64_t, std::size_t> priority_;
};

}  // namespace lutetia
