// `lutetia switching`: a program through the netlist of a unit and its cycle model at once. The netlist is proven
// equal, transfer by transfer, and what it switched comes out by windows of cycles with what happened in them.
#pragma once
#include <memory>
#include <string>

#include "gates/recorded_operands.h"
#include "gates/switching_json.h"

namespace lutetia {

struct SwitchingTask {
  std::string unit, workload;
  RtlParameters parameters;
  std::unique_ptr<StreamUnit> model;
  BenchProgram program;
};

/// From recorded operands, `repeat` times in a row.
bool recorded_task(const RecordedOperands& operands, const std::string& file, const Netlist& netlist,
                   std::uint64_t repeat, SwitchingTask& out, Problems& problems);
/// A random program of the unit's co-simulation; parameters that are not given are those of the netlist.
bool random_task(const std::string& unit, RtlParameters parameters, std::uint64_t seed, std::uint64_t transfers,
                 const Netlist& netlist, SwitchingTask& out, Problems& problems);

struct SwitchingResult {
  BenchResult bench;    ///< if not passed, of the rest only the vectors are there
  std::string json;     ///< schema 1
  std::string nets;     ///< net,driver_cell_type,component,toggles,energy_fj
  std::string vectors;  ///< GateLevelUnit::input_vectors()
  /// Of a run that passed.
  void finish(const SwitchingRecord& record, const Netlist& netlist, const std::string& netlist_file,
              const CellLibrary& library, const SwitchingEnergy& energy, double seconds, std::uint64_t evaluations);
  double cycles_per_second = 0, evaluations_per_second = 0, pj_per_cycle = 0, clock_share = 0;
};

/// Whether it could be tried; see `bench` for how it went. `netlist_file` is for the record.
bool run_switching(SwitchingTask task, const Netlist& netlist, const std::string& netlist_file,
                   const CellLibrary& library, const GateLevelUnit::Options& options, SwitchingResult& out,
                   Problems& problems);

}  // namespace lutetia
