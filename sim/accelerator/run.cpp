#include "accelerator/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "accelerator/laws.h"
#include "accelerator/matrix_core_rtl.h"
#include "cosim/rtl_registry.h"
#include "memory/dram/dram_memory.h"
#include "workload/fuse_attention.h"

namespace lutetia {
namespace {

/// Cycles the matrix core needs at least: a weight beat per cycle, or one epilogue step per output and scale group.
double matrix_core_bound(const MatrixCoreShape& core, const OperatorPlan& plan) {
  const Product& p = plan.shape;
  const double fires = static_cast<double>(plan.work) * plan.weights.planes / static_cast<double>(core.macs_per_fire());
  const double groups = static_cast<double>(p.scale_group == 0 ? 1 : ceil_div(p.k, p.scale_group));
  const double epilogue =
      static_cast<double>(p.m) * static_cast<double>(p.n) * groups / core.epilogue_lanes / core.epilogue_rows;
  return std::max(fires, epilogue);
}

LowerBounds bounds_of(const Design& design, const MachineShape& shape, const Operator& op, const OperatorPlan& plan) {
  LowerBounds bounds;
  const auto core = matrix_core_shape(design);
  if (core) bounds.core = core->unit;
  const double work = static_cast<double>(plan.work);
  if (plan.engine == Engine::kMatrix) {
    bounds.matrix = matrix_core_bound(*core, plan);
  } else if (plan.engine == Engine::kAttention) {
    // Both arrays work side by side, each on its own product.
    const double pairs = static_cast<double>(plan.attention.passes * plan.attention.heads * visited_pairs(op));
    const std::uint64_t longest = std::max<std::uint64_t>(plan.attention.head_dim, plan.attention.tile.value_dims);
    bounds.attention = pairs * static_cast<double>(longest) / design.attention->macs_per_fire();
  } else if (plan.product) {
    bounds.vector = work / design.vector.products_per_cycle();
  } else {
    TileCommand row;
    row.op = plan.op;
    row.m = static_cast<std::uint32_t>(plan.rows);
    row.n = static_cast<std::uint32_t>(plan.row_length);
    bounds.vector = static_cast<double>(vector_time(design.vector, row).issue);
  }
  bounds.memory = static_cast<double>(traffic(op).total()) / shape.memory_bytes_per_cycle;
  return bounds;
}

void add_traffic(const Operator& op, const OperatorTraffic& bytes, TrafficBytes& total) {
  const bool cache_out = find_tensor(op, Role::kCacheWrite) != nullptr;
  if (find_tensor(op, Role::kWeight) != nullptr)
    total.weights_read += bytes.stationary;
  else if (find_tensor(op, Role::kCacheRead) != nullptr)
    total.cache_read += bytes.stationary;
  else
    total.activations_read += bytes.stationary;
  (op.kind == OperatorKind::kEmbedding ? total.weights_read : total.activations_read) += bytes.streaming;
  (cache_out ? total.cache_written : total.activations_written) += bytes.written;
}

std::vector<ActivityShare> busy_and_idle(Cycle busy, Cycle end) {
  return {{"busy", busy}, {"idle", end - std::min(busy, end)}};
}

/// The memory's own account of its time, in cycles of the run; rounding goes to the last share, so that they add up.
std::vector<ActivityShare> memory_activity(const MainMemory& memory, const RunResult& result) {
  const ClockDomain core{"core", result.clock};
  const Cycle end = memory.clock().cycle_at(core.femtoseconds(result.cycles));
  std::vector<MemoryTime> time = memory.time_until(end);
  std::uint64_t total = 0, before = 0;
  for (const MemoryTime& share : time) total += share.cycles;
  std::vector<ActivityShare> out;
  std::uint64_t sum = 0;
  for (const MemoryTime& share : time) {  // each share ends where the exact running sum, rounded, ends
    sum += share.cycles;
    const Cycle upto = total == 0 ? 0 : static_cast<Cycle>(Wide(sum) * result.cycles / total);
    out.push_back({share.name, upto - before});
    before = upto;
  }
  if (total == 0) out.push_back({"idle", result.cycles});
  return out;
}

void collect_operators(const Design& design, const TileProgram& program, const Machine& machine, RunResult& result) {
  const std::vector<Operator>& operators = program.trace().operators;
  result.operators.reserve(operators.size());
  for (std::size_t i = 0; i < operators.size(); ++i) {
    OperatorResult row;
    const OperatorPlan& plan = program.plans()[i];
    row.id = operators[i].id;
    row.op = &operators[i];
    row.unit = plan.engine == Engine::kMatrix      ? result.shape.matrix.unit
               : plan.engine == Engine::kAttention ? "attention"
                                                   : "vector";
    row.start = machine.sequencer().operator_times()[i].start;
    row.end = machine.sequencer().operator_times()[i].end;
    row.macs = plan.work;
    row.bytes = program.traffic()[i];
    row.bounds = bounds_of(design, result.shape, operators[i], plan);
    row.plan = plan;
    row.events = machine.events().of(i);
    result.macs += row.macs;
    result.bounds.add(row.bounds);
    add_traffic(operators[i], row.bytes, result.traffic);
    result.operators.push_back(std::move(row));
  }
}

/// How far the RTL has been compared with the simulator at just these parameters.
std::string rtl_evidence(const std::string& unit, const RtlParameters& parameters) {
  const std::string folder = "rtl/units/" + unit;
  const RtlVariant* variant = find_rtl_variant(unit, parameters);
  if (variant != nullptr) return folder + " with these parameters (" + variant->name + "), equal cycle by cycle";
  return folder + " is equal cycle by cycle, but not verilated with these parameters";
}

std::string matrix_core_evidence(const Design& design, const std::string& unit) {
  const std::string core = rtl_evidence(unit, matrix_core_rtl(design));
  if (!design.weight_decoder) return core;
  return core + fmt::format("; behind a decoder of {}: ", to_text(design.weight_decoder->code)) +
         rtl_evidence("weight_decoder", rtl_parameters_of(weight_decoder_config(design)));
}

/// Linear operators that one might expect on the matrix unit but that run on the vector unit, by reason.
std::vector<std::string> fallback_notes(const Trace& trace, const MachineShape& shape) {
  std::map<std::string, std::pair<std::uint64_t, std::string>> reasons;  // count and an example
  for (const Operator& op : trace.operators) {
    if (op.kind != OperatorKind::kLinear) continue;
    const std::string obstacle = matrix_obstacle(op, shape.matrix);
    if (obstacle.empty()) continue;
    auto& [count, example] = reasons[obstacle];
    if (count++ == 0) example = op.name;
  }
  std::vector<std::string> notes;
  const auto add = [&notes, &reasons](const char* what) {
    for (const auto& [reason, found] : reasons)
      notes.push_back(fmt::format("{} {} operator{} on the vector unit, e.g. {}: {}", found.first, what,
                                  found.first == 1 ? " runs" : "s run", found.second, reason));
    reasons.clear();
  };
  add("linear");
  if (!shape.attention.present) return notes;
  fuse_attention(trace, [&](const Operator& op) {  // what is fused already is no group any more
    auto& [count, example] = reasons[attention_obstacle(op, shape.attention)];
    if (count++ == 0) example = op.name;
    return false;
  });
  add("attention");
  return notes;
}

void collect_blocks(const Design& design, Machine& machine, RunResult& result) {
  for (const auto& unit : machine.units()) {
    result.units.push_back(unit->abilities());
    if (unit->name() == "attention")
      result.units.back().rtl = rtl_evidence("attention", rtl_parameters_of(*design.attention));
    else if (unit->name() != "vector")
      result.units.back().rtl = matrix_core_evidence(design, unit->name());
    result.activity.push_back({unit->name(), unit->activity(result.cycles)});
    if (unit->name() == "attention") result.fifos = unit->fifo_occupancies();
  }
  for (const Dma* dma : {&machine.load(), &machine.store()})
    result.activity.push_back({dma->name(), busy_and_idle(dma->busy_cycles(result.cycles), result.cycles)});
  MainMemory& memory = machine.memory();
  result.activity.push_back({"memory", memory_activity(memory, result)});
  result.statistics = machine.statistics();
  if (const auto core = matrix_core_shape(design)) {
    result.matrix_steps = result.statistics.counter(fmt::format("{}.{}", core->unit, core->words.steps));
    result.idle_matrix_steps = result.statistics.counter(fmt::format("{}.idle_{}", core->unit, core->words.steps));
  }
  if (design.attention)
    result.attention_steps =
        result.statistics.counter("attention.score_steps") + result.statistics.counter("attention.value_steps");
  result.memory_read = memory.bytes_read();
  result.memory_written = memory.bytes_written();
  result.memory_buffered = memory.buffered_bytes();
  memory.drain();
  if (const auto* dram = dynamic_cast<const DramMemory*>(&memory)) {
    const Cycle end = memory.clock().cycle_at(ClockDomain{"core", result.clock}.femtoseconds(result.cycles));
    result.dram = summary_of(dram->system(), end);
  }
}

}  // namespace

double LowerBounds::largest() const {
  return std::max({matrix, vector, attention, memory});
}

const char* LowerBounds::name() const {
  if (memory >= std::max({matrix, vector, attention})) return "memory";
  if (attention > std::max(matrix, vector)) return "attention";
  return matrix >= vector ? core : "vector";
}

Trace executed_trace(const Design& design, const Trace& trace) {
  if (!design.attention) return trace;
  const MachineShape shape = machine_shape(design);
  return fuse_attention(trace, [&](const Operator& op) { return attention_obstacle(op, shape.attention).empty(); });
}

DmaConfig prefetching(const Design& design, const TileProgram& program) {
  DmaConfig dma = design.dma;
  if (dma.commands > 0) return dma;
  constexpr std::uint32_t kLeast = 4, kMost = 256;  // as without a cache; what a design may ask for
  const double bytes = unloaded_read_latency(design.memory) * peak_bandwidth(design.memory);
  const std::uint64_t piece = std::min(program.cache_piece_bytes(), dma.request_bytes.value);
  // One more: the piece whose last bytes arrive just now.
  const double pieces = piece == 0 ? 0 : std::ceil(bytes / static_cast<double>(piece)) + 1;
  dma.commands = static_cast<std::uint32_t>(std::clamp<double>(pieces, kLeast, kMost));
  dma.outstanding = std::max(dma.outstanding, dma.commands);
  return dma;
}

bool run_workload(const Design& design, const Trace& trace, Kernel& kernel, const RunOptions& options,
                  RunResult& result, Problems& problems) {
  const std::size_t before = problems.size();
  TileProgram program(trace, machine_shape(design), problems);
  const std::optional<std::uint64_t> capacity = memory_capacity(design.memory);
  if (capacity && program.memory_bytes() > *capacity)
    problems.add({}, "memory",
                 fmt::format("the memory holds {} bytes, the tensors of {} take {}", *capacity, trace.header.model,
                             program.memory_bytes()));
  if (problems.size() != before) return false;
  Design derived = design;
  derived.dma = prefetching(design, program);
  Machine machine(derived, options.fidelity, program, trace.operators.size(), options.seed, problems,
                  options.recording);
  if (problems.size() != before) return false;
  machine.sequencer().set_observer(options.observer);
  machine.set_stream_observer(options.streams);
  machine.add_to(kernel);
  if (options.built) options.built(machine);

  RunOutcome outcome = kernel.run([&] { return machine.finished(); }, options.interrupted);
  result = {};
  result.status = outcome.status;
  result.deadlock = std::move(outcome.deadlock);
  result.activations = outcome.activations;
  result.instructions = machine.sequencer().instructions_done();
  result.clock = design.clock;
  result.shape = machine_shape(design);
  result.cycles = machine.sequencer().finished_at();
  if (result.status != RunStatus::kFinished) return true;

  collect_operators(design, program, machine, result);
  collect_blocks(design, machine, result);
  result.notes = fallback_notes(trace, result.shape);
  if (design.dma.commands == 0 && program.cache_piece_bytes() > 0)
    result.notes.push_back(fmt::format("dma.commands is {}: {:.3g} ns of memory latency hidden by pieces of {} bytes",
                                       derived.dma.commands, 1e9 * unloaded_read_latency(design.memory),
                                       std::min(program.cache_piece_bytes(), design.dma.request_bytes.value)));
  result.utilization = result.cycles == 0 ? 0 : result.bounds.largest() / static_cast<double>(result.cycles);
  const auto add_checked = [&result](const auto* data) {
    if (data == nullptr) return;
    result.outputs_checked = result.outputs_checked.value_or(0) + data->outputs_checked();
    result.output_mismatches = result.output_mismatches.value_or(0) + data->mismatches();
    if (result.first_mismatch.empty()) result.first_mismatch = data->first_mismatch();
  };
  add_checked(machine.data());
  add_checked(machine.attention_data());
  result.broken_laws = check_laws(result);
  return true;
}

}  // namespace lutetia
