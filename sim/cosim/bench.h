// The one cycle loop that compares a unit with its model. The unit under test is driven from a program of payloads per
// input port, under a stall pattern; the model is fed in the same cycle exactly what the unit accepted, and gives up
// its outputs in the cycles in which the unit's transfer. Compared in every cycle, with tolerance 0: ready of every
// input, valid of every output, the activity; and the payload of every output transfer. The first difference ends the
// run.
//
// Valid never waits for ready: a payload is offered when its hold-off is over, and stays. Failures are: a difference,
// an assertion of the RTL, something left over in either side, no transfer for `hang_cycles` while work remains, and
// nothing compared at all.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cosim/stall_pattern.h"
#include "kernel/stream_unit.h"

namespace lutetia {

/// What is fed to a unit, and how much must come out.
struct BenchProgram {
  std::vector<std::vector<Payload>> inputs;  ///< per input port, in order
  std::vector<std::uint64_t> outputs;        ///< transfers due per output port
};

struct BenchOptions {
  std::uint64_t seed = 1;  ///< of the stall pattern
  StallMode stalls = StallMode::kBoth;
  std::uint64_t hang_cycles = 5'000;  ///< longer than any stall pattern and any unit's own latency
  bool record_stamps = false;         ///< fill BenchResult::stamps
  std::string waveform;               ///< FST file; empty = none. Only if the unit under test is RTL
  std::uint64_t waveform_from = 0;    ///< first cycle of the waveform
  std::string replay;                 ///< command line that repeats the run; printed with a failure
};

/// When everything happened on the pins of the unit, for whoever predicts it from time stamps alone.
struct BenchStamps {
  std::vector<std::vector<std::uint64_t>> offered;      ///< per input, per transfer: first cycle with valid
  std::vector<std::vector<std::uint64_t>> accepted;     ///< per input, per transfer
  std::vector<std::vector<std::uint64_t>> transferred;  ///< per output, per transfer
  std::vector<std::vector<bool>> output_ready;          ///< per output, per cycle
};

struct BenchResult {
  bool passed = false;
  std::string failure;          ///< several lines for a person; empty if passed
  std::uint64_t failed_at = 0;  ///< cycle of the failure
  std::uint64_t cycles = 0;
  std::vector<std::uint64_t> input_transfers, output_transfers;  ///< per port
  std::vector<std::uint64_t> activity_cycles;                    ///< per activity of the model
  std::uint64_t digest = 0;                                      ///< of every transfer: port, cycle, payload
  std::vector<std::vector<Payload>> outputs;                     ///< per output port, for the oracle
  BenchStamps stamps;

  std::uint64_t transfers() const;
};

/// Runs the program to its end or to the first failure. Never throws for a failure of the unit. `dut` and `model` are
/// fresh, have the same ports, and are used up.
BenchResult run_bench(StreamUnit& dut, StreamUnit& model, const BenchProgram& program, const BenchOptions& options);

/// The same loop without a unit under test: what the model alone does. Compares nothing.
BenchResult run_alone(StreamUnit& model, const BenchProgram& program, const BenchOptions& options);

/// Hexadecimal digits of a payload, highest first.
std::string to_text(const Payload& payload);

}  // namespace lutetia
