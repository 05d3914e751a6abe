#include "accelerator/laws.h"

#include <fmt/format.h>

#include <algorithm>

#include "accelerator/run.h"

namespace lutetia {
namespace {

using Broken = std::vector<std::string>;

void check_bytes(const RunResult& r, Broken& broken) {
  const std::uint64_t read = r.traffic.weights_read + r.traffic.cache_read + r.traffic.activations_read;
  const std::uint64_t written = r.traffic.activations_written + r.traffic.cache_written;
  if (read != r.memory_read)
    broken.push_back(fmt::format("conservation: operators read {} bytes, memory served {}", read, r.memory_read));
  if (written != r.memory_written)
    broken.push_back(fmt::format("conservation: operators wrote {} bytes, memory took {}", written, r.memory_written));
  for (const OperatorResult& row : r.operators)
    if (row.op != nullptr && row.bytes.total() < traffic(*row.op).total())
      broken.push_back(fmt::format("bounds: operator {} moved {} bytes, its tensors have {}", row.id, row.bytes.total(),
                                   traffic(*row.op).total()));
}

void check_time(const RunResult& r, Broken& broken) {
  for (const BlockActivity& block : r.activity) {
    Cycle sum = 0, largest = 0;
    for (const ActivityShare& share : block.shares) sum += share.cycles, largest = std::max(largest, share.cycles);
    if (sum != r.cycles || largest > r.cycles)  // a share beyond the whole means that another one is negative
      broken.push_back(fmt::format("conservation: time of {} adds up to {} of {} cycles, largest share {}", block.block,
                                   sum, r.cycles, largest));
  }
}

/// What the units counted against what the operators asked for.
void check_work(const RunResult& r, Broken& broken) {
  std::uint64_t vector_macs = 0, plane_macs = 0, attention_macs = 0;
  for (const OperatorResult& row : r.operators) {
    if (row.plan.engine == Engine::kMatrix)
      plane_macs += row.macs * row.plan.weights.planes;
    else if (row.plan.engine == Engine::kAttention)
      attention_macs += row.macs;
    else
      vector_macs += row.macs;
  }
  if (vector_macs != r.statistics.counter("vector.macs"))
    broken.push_back(fmt::format("conservation: operators have {} MACs for the vector unit, it did {}", vector_macs,
                                 r.statistics.counter("vector.macs")));
  const std::uint64_t unit_macs = r.attention_steps * r.shape.attention.keys * r.shape.attention.dims;
  if (attention_macs > unit_macs)
    broken.push_back(fmt::format("conservation: operators have {} MACs for the attention unit, it did {}",
                                 attention_macs, unit_macs));
  const std::uint64_t core_macs = r.matrix_steps * r.shape.matrix.group_length;
  if (plane_macs > core_macs)
    broken.push_back(
        fmt::format("conservation: operators have {} MACs for the matrix core, counted by plane; it did {}", plane_macs,
                    core_macs));
}

void check_bounds(const RunResult& r, Broken& broken) {
  // What a memory holds back in its write queue has not passed its pins when an operator ends.
  const double buffered = static_cast<double>(r.memory_buffered) / r.shape.memory_bytes_per_cycle;
  const auto certain = [buffered](const LowerBounds& b) {
    return std::max({b.matrix, b.vector, b.attention, b.memory - buffered});
  };
  // Bounds are real numbers, cycles are whole: half a cycle of rounding is not a violation.
  if (certain(r.bounds) > static_cast<double>(r.cycles) + 0.5)
    broken.push_back(
        fmt::format("bounds: {} cycles, {} alone needs {:.0f}", r.cycles, r.bounds.name(), r.bounds.largest()));
  for (const OperatorResult& row : r.operators) {
    if (row.end < row.start) {
      broken.push_back(fmt::format("operator {} ends before it starts", row.id));
    } else if (certain(row.bounds) > static_cast<double>(row.end - row.start) + 0.5) {
      broken.push_back(fmt::format("bounds: operator {} took {} cycles, {} alone needs {:.0f}", row.id,
                                   row.end - row.start, row.bounds.name(), row.bounds.largest()));
    }
  }
}

}  // namespace

std::vector<std::string> check_laws(const RunResult& result) {
  Broken broken;
  check_bytes(result, broken);
  check_time(result, broken);
  check_work(result, broken);
  check_bounds(result, broken);
  const bool matrix_ran = result.matrix_steps > 0 || result.attention_steps > 0;
  if (matrix_ran && result.outputs_checked.value_or(1) == 0) broken.push_back("values: nothing was compared");
  return broken;
}

}  // namespace lutetia
