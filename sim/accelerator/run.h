// One run of a workload on a design, and everything a report needs to know of it afterwards.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "accelerator/design.h"
#include "accelerator/fidelity.h"
#include "accelerator/machine.h"
#include "cost/cost_report.h"
#include "kernel/kernel.h"
#include "mapping/tile_program.h"
#include "memory/dram/dram_summary.h"
#include "stats/snapshot.h"
#include "workload/trace.h"

namespace lutetia {

/// Bytes between memory and buffers by what they are.
struct TrafficBytes {
  std::uint64_t weights_read = 0, cache_read = 0, activations_read = 0;
  std::uint64_t activations_written = 0, cache_written = 0;
  std::uint64_t total() const {
    return weights_read + cache_read + activations_read + activations_written + cache_written;
  }
};

/// Least cycles an operator or run can take on a resource, whatever the schedule.
struct LowerBounds {
  double matrix = 0, vector = 0, attention = 0, memory = 0;
  const char* core = "none";  ///< name of the matrix core
  void add(const LowerBounds& other) {
    matrix += other.matrix;
    vector += other.vector;
    attention += other.attention;
    memory += other.memory;
    core = other.core;
  }
  double largest() const;
  const char* name() const;  ///< the matrix core's, "vector", "attention" or "memory"
};

struct OperatorResult {
  std::uint64_t id = 0;
  const Operator* op = nullptr;
  std::string unit;
  Cycle start = 0, end = 0;
  std::uint64_t macs = 0;
  OperatorTraffic bytes;
  LowerBounds bounds;
  UnitEvents events{};   ///< of its unit: active cycles and transfers by port (units/event_ledger.h)
  double energy_pj = 0;  ///< dynamic, if the design has a technology
  OperatorPlan plan;     ///< mapping_of(plan, RunResult::shape) tells the tiling
};

/// A FIFO inside the attention unit, see fifo_depths.h.
struct UnitFifo {
  std::string key;          ///< "attention.score_fifo"
  std::uint32_t depth = 0;  ///< as the design has it
  std::uint32_t most = 0;   ///< slots in use at once in the run as it is
  std::uint32_t least = 0;  ///< least depth at full throughput, together with the other least ones
};

struct UnitFifoDepths {
  Cycle ample_cycles = 0;  ///< of the run with more slots than are ever in use
  std::vector<UnitFifo> fifos;
  bool interrupted = false;
};

struct BlockActivity {
  std::string block;
  std::vector<ActivityShare> shares;  ///< sum to the run's cycles
};

struct RunResult {
  RunStatus status = RunStatus::kFinished;
  DeadlockReport deadlock;
  Cycle cycles = 0;
  Hertz clock;
  MachineShape shape;
  std::uint64_t macs = 0;
  double utilization = 0;  ///< of the unit that bounds the run: least cycles it needs / cycles
  LowerBounds bounds;
  TrafficBytes traffic;
  std::uint64_t memory_read = 0, memory_written = 0;  ///< as the memory counted
  std::uint64_t memory_buffered = 0;                  ///< bytes that need not pass the memory's pins within an operator
  std::optional<DramSummary> dram;  ///< if the memory is DRAM: up to the end, writes held back then included
  std::vector<BlockActivity> activity;
  std::vector<UnitAbilities> units;
  std::vector<FifoOccupancy> fifos;           ///< inside the attention unit, if its body tells
  std::optional<UnitFifoDepths> fifo_depths;  ///< only if asked for
  std::vector<std::string> notes;  ///< what a reader should know, e.g. which operators fell back to the vector unit
  Snapshot statistics;             ///< every counter of every block
  std::vector<OperatorResult> operators;
  std::uint64_t matrix_steps = 0, idle_matrix_steps = 0;  ///< lookups (or additions, dot products) of the matrix core
  std::uint64_t attention_steps = 0;                      ///< of keys x dims multiply-accumulates
  std::uint64_t activations = 0;                          ///< evaluations of blocks: the simulator's events
  std::uint64_t instructions = 0;
  std::optional<std::uint64_t> outputs_checked, output_mismatches;  ///< bodies with values
  std::string first_mismatch;
  std::optional<CostReport> cost;        ///< if the design has a technology
  std::vector<std::string> broken_laws;  ///< empty if the run obeys the conservation and bound laws

  double seconds() const { return static_cast<double>(cycles) / static_cast<double>(clock.value); }
  bool good() const {
    return status == RunStatus::kFinished && broken_laws.empty() && output_mismatches.value_or(0) == 0;
  }
};

struct RunOptions {
  FidelityChoice fidelity;
  std::uint64_t seed = 1;
  InstructionObserver* observer = nullptr;
  StreamObserver* streams = nullptr;
  UnitRecording* recording = nullptr;   ///< keeps what its unit is given; the unit must have a body with values
  std::function<void(Machine&)> built;  ///< after assembly, before the first cycle
  std::function<bool()> interrupted = [] { return false; };
};

/// The trace as the design runs it: with an attention unit, attention is one operator where the unit can run it. Call
/// it before run_workload; what a trace says of itself stays.
Trace executed_trace(const Design& design, const Trace& trace);

/// The DMA of the design; if its number of commands is to be derived, as many as hide the memory's latency.
DmaConfig prefetching(const Design& design, const TileProgram& program);

/// Runs to the end. False if the workload does not fit the design (problems tell); `result` is then untouched.
bool run_workload(const Design& design, const Trace& trace, Kernel& kernel, const RunOptions& options,
                  RunResult& result, Problems& problems);

}  // namespace lutetia
