// A compute unit as its pins show it: numbered input and output streams with valid/ready, one clock. The cycle body and
// the verilated RTL of a unit both implement it, so the machine and the co-simulation bench cannot tell them apart.
//
// Per cycle: ask ready()/valid()/front(), which depend only on registers, then push() and pop() at most once per port,
// then clock(): the edge that ends the cycle. A push is a transfer: only allowed while ready.
#pragma once
#include <string>
#include <vector>

#include "kernel/credit_fifo.h"
#include "kernel/payload.h"

namespace lutetia {

struct StreamPort {
  std::string name;
  std::uint32_t bits = 0;
};

/// What the unit did with the cycle that the next clock() ends; index into StreamUnit::activities().
using Activity = std::uint32_t;

class StreamUnit {
 public:
  virtual ~StreamUnit() = default;

  virtual const std::vector<StreamPort>& inputs() const = 0;
  virtual const std::vector<StreamPort>& outputs() const = 0;
  virtual bool ready(std::uint32_t input) const = 0;
  virtual void push(std::uint32_t input, const Payload& payload) = 0;
  virtual bool valid(std::uint32_t output) const = 0;
  virtual const Payload& front(std::uint32_t output) const = 0;
  virtual void pop(std::uint32_t output) = 0;

  /// Names of the exclusive activities by which the unit's time is attributed, e.g. {"busy", "table", ...}.
  virtual const std::vector<std::string>& activities() const = 0;
  /// Activity of the current cycle, a function of registers only.
  virtual Activity activity() const = 0;
  /// Nothing is in flight inside.
  virtual bool idle() const = 0;
  /// How far its FIFOs were filled; empty if the unit does not tell, as RTL.
  virtual std::vector<FifoOccupancy> fifo_occupancies() const { return {}; }

  virtual void clock() = 0;
};

}  // namespace lutetia
