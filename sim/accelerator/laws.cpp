#include "accelerator/laws.h"

#include <fmt/format.h>

#include "accelerator/run.h"

namespace lutetia {

std::vector<std::string> check_laws(const RunResult& r) {
  std::vector<std::string> broken;
  const std::uint64_t read = r.traffic.weights_read + r.traffic.cache_read + r.traffic.activations_read;
  const std::uint64_t written = r.traffic.activations_written + r.traffic.cache_written;
  if (read != r.memory_read)
    broken.push_back(fmt::format("conservation: operators read {} bytes, memory served {}", read, r.memory_read));
  if (written != r.memory_written)
    broken.push_back(fmt::format("conservation: operators wrote {} bytes, memory took {}", written, r.memory_written));
  for (const BlockActivity& block : r.activity) {
    Cycle sum = 0;
    for (const ActivityShare& share : block.shares) sum += share.cycles;
    if (sum != r.cycles)
      broken.push_back(fmt::format("conservation: time of {} adds up to {} of {} cycles", block.block, sum, r.cycles));
  }
  // Bounds are real numbers, cycles are whole: half a cycle of rounding is not a violation.
  if (r.bounds.largest() > static_cast<double>(r.cycles) + 0.5)
    broken.push_back(fmt::format("bounds: {} cycles, {} alone needs {:.0f}", r.cycles, r.bounds.name(), r.bounds.largest()));
  for (const OperatorResult& row : r.operators) {
    if (row.end < row.start) broken.push_back(fmt::format("operator {} ends before it starts", row.id));
    if (row.bounds.largest() > static_cast<double>(row.end - row.start) + 0.5)
      broken.push_back(fmt::format("bounds: operator {} took {} cycles, {} alone needs {:.0f}", row.id, row.end - row.start,
                                   row.unit, row.bounds.largest()));
  }
  return broken;
}

}  // namespace lutetia
