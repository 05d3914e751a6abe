#include "accelerator/fifo_depths.h"

#include <algorithm>
#include <optional>

#include "kernel/event_kernel.h"

namespace lutetia {
namespace {

struct FifoKey {
  const char* key;
  const char* name;  ///< of the FIFO in the unit
  std::uint32_t AttentionConfig::*depth;
};

constexpr FifoKey kFifos[] = {{"key_fifo", "key", &AttentionConfig::key_fifo},
                              {"score_fifo", "score", &AttentionConfig::score_fifo},
                              {"probability_fifo", "probability", &AttentionConfig::probability_fifo},
                              {"value_fifo", "value", &AttentionConfig::value_fifo},
                              {"output_fifo", "out", &AttentionConfig::output_fifo}};
constexpr std::uint32_t kAmple = 256;  // the most a design may ask for

struct Outcome {
  Cycle cycles = 0;
  std::vector<FifoOccupancy> fifos;
};

/// Empty if interrupted.
std::optional<Outcome> outcome(const Design& design, const Trace& trace, const RunOptions& options) {
  EventKernel kernel;
  RunOptions quiet;
  quiet.interrupted = options.interrupted;
  Outcome out;
  RunResult result;
  Problems problems;  // the workload fits: it has run
  if (!run_workload(design, trace, kernel, quiet, result, problems) || result.status != RunStatus::kFinished) return {};
  out.cycles = result.cycles;
  out.fifos = result.fifos;
  return out;
}

std::uint32_t most_of(const std::vector<FifoOccupancy>& fifos, const char* name) {
  for (const FifoOccupancy& fifo : fifos)
    if (fifo.name == name) return fifo.most;
  return 0;
}

}  // namespace

UnitFifoDepths find_fifo_depths(const Design& design, const Trace& trace, const RunOptions& options) {
  UnitFifoDepths found;
  Design ample = design;
  for (const FifoKey& fifo : kFifos) (*ample.attention).*fifo.depth = kAmple;
  const auto as_it_is = outcome(design, trace, options), full = outcome(ample, trace, options);
  found.interrupted = !as_it_is || !full;
  if (found.interrupted) return found;
  found.ample_cycles = full->cycles;
  for (const FifoKey& fifo : kFifos) {
    std::uint32_t& depth = (*ample.attention).*fifo.depth;
    std::uint32_t low = 1, high = std::max(1u, std::min(kAmple, most_of(full->fifos, fifo.name)));
    while (low < high) {  // `high` is enough
      depth = low + (high - low) / 2;
      const auto narrowed = outcome(ample, trace, options);
      found.interrupted = !narrowed;
      if (found.interrupted) return found;
      if (narrowed->cycles == full->cycles)
        high = depth;
      else
        low = depth + 1;
    }
    depth = high;
    found.fifos.push_back({std::string("attention.") + fifo.key, (*design.attention).*fifo.depth,
                           most_of(as_it_is->fifos, fifo.name), high});
  }
  return found;
}

}  // namespace lutetia
