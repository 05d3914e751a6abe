// What a unit brings to its co-simulation: a model made from the hardware's own parameters, a random program, and an
// oracle that judges the numbers independently of both (model and RTL could share a mistake).
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/registry.h"
#include "cosim/bench.h"
#include "cosim/rtl_unit.h"

namespace lutetia {

class UnitBench {
 public:
  virtual ~UnitBench() = default;
  /// A fresh cycle body.
  virtual std::unique_ptr<StreamUnit> make_model() const = 0;
  virtual const BenchProgram& program() const = 0;
  /// Judges what came out of the output ports; empty if right, otherwise the first mistake.
  virtual std::string check(const std::vector<std::vector<Payload>>& outputs) const = 0;
};

/// By unit. Makes a bench for hardware with these parameters, and with a program of at least `transfers` transfers that
/// is the same for the same seed.
using UnitBenchRegistry =
    Registry<UnitBench, const RtlParameters& /*parameters*/, std::uint64_t /*seed*/, std::uint64_t /*transfers*/>;

}  // namespace lutetia
