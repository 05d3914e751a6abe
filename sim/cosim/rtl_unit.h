// A verilated compute unit seen through its pins: a StreamUnit like the cycle body, plus what only RTL has: parameters
// that were fixed when it was verilated, pins that may be driven without a transfer, waveforms, live assertions.
// Users of this header need no verilated class; rtl_registry.h makes the objects.
#pragma once
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>

#include "kernel/stream_unit.h"

namespace lutetia {

/// Name of an RTL parameter (UpperCamel, as in the Verilog) to its value.
using RtlParameters = std::map<std::string, std::uint64_t>;

/// An assertion of the RTL failed ($error, $fatal, $stop), or the unit was driven against its contract. The unit must
/// not be used any more. Thrown by RtlUnit::clock(); the co-simulation bench turns it into a failed result.
class RtlFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class RtlUnit : public StreamUnit {
 public:
  /// Name of the verilation, e.g. "small_a8".
  virtual const std::string& variant() const = 0;
  /// Parameters as the verilated model itself states them.
  virtual const RtlParameters& parameters() const = 0;
  /// One of them; throws std::out_of_range for an unknown name.
  std::uint64_t parameter(const std::string& name) const { return parameters().at(name); }

  /// Holds `valid` with this payload during the current cycle, whatever `ready` is; a transfer if ready(input).
  virtual void offer(std::uint32_t input, const Payload& payload) = 0;
  /// Holds `ready` during the current cycle, whatever `valid` is; a transfer if valid(output).
  virtual void accept(std::uint32_t output) = 0;
  void push(std::uint32_t input, const Payload& payload) override {
    if (!ready(input)) throw RtlFailure("push to a port that is not ready: " + inputs()[input].name);
    offer(input, payload);
  }
  void pop(std::uint32_t output) override {
    if (!valid(output)) throw RtlFailure("pop from a port that is not valid: " + outputs()[output].name);
    accept(output);
  }

  /// Writes all signals from now on to an FST file, two samples a cycle: the pins settled, and after the edge. False if
  /// the model was verilated without tracing. Time is in units of half a cycle.
  virtual bool open_waveform(const std::string& path) = 0;
  virtual void close_waveform() = 0;
};

}  // namespace lutetia
