// What the memory tests drive a memory with: a requester that asks as fast as it may, and a commander for a DMA engine.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "kernel/event_kernel.h"
#include "memory/dma.h"
#include "memory/fixed_memory.h"

namespace lutetia {

/// Sends `requests` in order, none before its time, and takes a response in every cycle.
class Requester final : public Clocked {
 public:
  struct Request {
    MemoryRequest request;
    Cycle earliest = 0;
  };
  Requester(const std::string& name, const ClockDomain& clock) : Clocked(name, clock) {}

  void tick(Cycle now) override {
    if (port->responses.can_pop(now)) {
      bytes += port->responses.pop(now).bytes;
      last_response = now;
      ++responses;
      if (keep_stamps) stamps.push_back(now);
    }
    if (sent == requests.size() || requests[sent].earliest > now || !port->requests.can_push(now)) return;
    port->requests.push(now, requests[sent++].request);
  }
  Cycle next_event(Cycle now) const override {
    Cycle next = port->responses.next_pop(now);
    if (sent < requests.size()) next = std::min(next, std::max(requests[sent].earliest, port->requests.next_push(now)));
    return next;
  }
  void print_state(std::ostream& out) const override { out << responses << " of " << requests.size() << " answered"; }
  std::vector<Wait> waits(Cycle) const override { return {{&port->responses, Wait::For::kData}}; }
  bool finished() const { return responses == requests.size(); }

  MemoryPort* port = nullptr;
  std::vector<Request> requests;
  bool keep_stamps = true;
  std::vector<Cycle> stamps;  ///< of the responses
  std::size_t sent = 0, responses = 0;
  std::uint64_t bytes = 0;
  Cycle last_response = 0;
};

/// Gives a DMA engine its commands, each no earlier than its time, and takes what is done, each no earlier than its
/// time.
class Commander final : public Clocked {
 public:
  struct Command {
    DmaCommand command;
    Cycle earliest = 0;
  };
  Commander(const ClockDomain& clock, Dma& dma) : Clocked("commander", clock), dma_(dma) {
    dma.commands().connect(this, &dma);
    dma.done().connect(&dma, this);
  }
  void tick(Cycle now) override {
    if (dma_.done().can_pop(now)) {
      dma_.done().pop(now);
      done.push_back(now);
    }
    if (sent < commands.size() && commands[sent].earliest <= now && dma_.commands().can_push(now))
      dma_.commands().push(now, commands[sent++].command);
  }
  Cycle next_event(Cycle now) const override {
    Cycle next = dma_.done().next_pop(now);
    if (sent < commands.size())
      next = std::min(next, std::max(commands[sent].earliest, dma_.commands().next_push(now)));
    return next;
  }
  void print_state(std::ostream& out) const override { out << done.size() << " done"; }
  std::vector<Wait> waits(Cycle) const override { return {{&dma_.done(), Wait::For::kData}}; }
  bool finished() const { return done.size() == commands.size(); }

  std::vector<Command> commands;
  std::vector<Cycle> done;
  std::size_t sent = 0;

 private:
  Dma& dma_;
};

inline FixedMemoryConfig memory_config(std::uint64_t bytes_per_second, std::uint64_t latency_ps,
                                       std::uint64_t clock = 1'000'000'000) {
  return {BytesPerSecond(bytes_per_second), Picoseconds(latency_ps), Hertz(clock)};
}

}  // namespace lutetia
